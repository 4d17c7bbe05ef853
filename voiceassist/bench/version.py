"""Version of the code that produced a result."""

from __future__ import annotations

import subprocess
from pathlib import Path

from voiceassist import __version__


def code_version() -> str:
    """Package version and last commit of this package; a trailing ``+`` marks uncommitted changes."""
    package = Path(__file__).resolve().parents[1]

    def ask_git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(package), *arguments], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = "+" if ask_git("status", "--porcelain", "--", ".") else ""
    return f"{__version__}-{ask_git('log', '-1', '--format=%h', '--', '.') or 'unknown'}{changed}"
