"""Speech for tests, made by a synthesizer."""

from __future__ import annotations

import subprocess
from pathlib import Path


def speak(text: str, target: Path) -> Path:
    """Write a WAV of a synthetic voice that says the text (Debian package espeak-ng)."""
    subprocess.run(["espeak-ng", "-s", "150", "-w", str(target), text], check=True, capture_output=True)
    return target
