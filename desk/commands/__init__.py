"""The commands of `./loa`, a file for each family."""
