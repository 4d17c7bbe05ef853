"""Finds shared libraries for the packages that bind them, without starting a compiler.

``ctypes.util.find_library`` runs ``ldconfig``, and where that does not know a name also ``gcc`` and ``ld``, which write
temporary files. Some dependencies call it at import or with every connection. On Linux their libraries are known by
their sonames, which the dynamic linker finds itself.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

_SONAMES = {
    "portaudio": "libportaudio.so.2",
    "libpulse": "libpulse.so.0",
    "pulse": "libpulse.so.0",
    "sndfile": "libsndfile.so.1",
    "xcb": "libxcb.so.1",
    "X11": "libX11.so.6",
}

_find_library = ctypes.util.find_library


def find_library(name: str) -> str | None:
    """The soname of a library that the dynamic linker can load, else whatever the standard library finds."""
    soname = _SONAMES.get(name)
    if soname is None:
        return None if set(name) & set("/\\") else _find_library(name)  # a path of another system
    try:
        ctypes.CDLL(soname)
    except OSError:
        return None
    return soname


def find_libraries_by_soname() -> None:
    """Use `find_library` in this process from now on; on other systems than Linux nothing changes."""
    if sys.platform == "linux" and ctypes.util.find_library is not find_library:
        ctypes.util.find_library = find_library
