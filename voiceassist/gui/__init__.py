"""The window: pages, tray and the bridge that brings the engine's events to the main thread."""

from __future__ import annotations

import contextlib
from importlib import import_module

import PySide6.QtCore  # noqa: F401 - what is changed below comes with it

# PySide reads the source of every module that is imported after it, in search of switches ("from __feature__ import")
# that nobody here uses, and Python keeps what was read: a third of the time to start and 18 MB. A bundle has no sources
# and answers the same: this module does not switch.
with contextlib.suppress(ImportError):
    vars(import_module("shibokensupport.feature"))["_mod_uses_pyside"] = lambda _module: False
