"""Gives memory back to the system where the C library would keep it."""

from __future__ import annotations

import ctypes
import sys


def release_free_memory() -> None:
    """Returns freed heap pages to the system; without glibc there is nothing to do.

    Loading a model frees more than it keeps, and glibc holds on to most of it: without this a loaded pack
    seems to cost up to twice its weights.
    """
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
