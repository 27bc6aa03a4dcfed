"""`python -m drafter` and the script `drafter`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line; ends the process with its exit status."""
    # `python -m` puts the working folder first on the path: a received folder must not bring modules or plugins
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    # Python looks for garbage after every 700 objects; a start makes hundreds of thousands that all stay
    gc.set_threshold(10_000)
    try:
        from drafter.cli import run

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        # before the command line could take care of it
        sys.exit(130)


if __name__ == "__main__":
    main()
