"""Lets the frozen app find the PortAudio that lies in its own folder.

sounddevice asks ``ctypes.util.find_library``, which on Linux knows only what the system has installed.
"""

import ctypes.util
import sys
from pathlib import Path

_find_in_system = ctypes.util.find_library


def _find_library(name: str) -> str | None:
    bundled = Path(sys._MEIPASS) / "libportaudio.so.2"  # type: ignore[attr-defined]
    if name == "portaudio" and bundled.exists():
        return str(bundled)
    return _find_in_system(name)


ctypes.util.find_library = _find_library
