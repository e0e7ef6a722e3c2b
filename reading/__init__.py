"""The room where a file that a person wrote becomes typed values, or Problems with file, line and key."""
