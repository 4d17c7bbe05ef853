"""``python -m voiceassist`` and the entry of the frozen program. Qt is not imported unless the window opens."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the command line and returns the exit status."""
    from voiceassist.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
