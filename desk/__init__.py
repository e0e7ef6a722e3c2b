"""The room where people and commands come in: command line, web pages, wiring."""
