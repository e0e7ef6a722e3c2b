"""`python -m desk` is `./loa`."""

import sys

if __name__ == "__main__":
    try:
        from desk.command import main
    except KeyboardInterrupt:  # pressed before anything had begun: there is nothing to tell
        sys.exit(130)
    main()
