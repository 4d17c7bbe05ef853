"""Where the frozen app begins."""

import sys

from voiceassist.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
