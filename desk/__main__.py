"""`python -m desk` is `./loa`."""

from desk.command import main

if __name__ == "__main__":
    main()
