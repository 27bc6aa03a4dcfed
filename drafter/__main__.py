"""`python -m drafter` and the script `drafter`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; ends the process with its exit status."""
    from drafter.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
