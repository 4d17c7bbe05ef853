"""Size and place of the window, kept from one start to the next."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QMainWindow

from voiceassist.config.files import write_atomically

_LOG = logging.getLogger(__name__)
_MARGIN_PX = 48
"""Room for the title bar and a panel around a window that is as large as the screen allows."""


def restore_geometry(window: QMainWindow, file: Path, default: QSize) -> None:
    """Give the window the size that it had at last, or the default, but never more than the screen has."""
    try:
        kept = file.read_bytes()
    except OSError:
        kept = b""
    if not (kept and window.restoreGeometry(QByteArray.fromBase64(kept))):
        window.resize(default)
    screen = window.screen()
    if screen is not None and not window.isMaximized():
        room = screen.availableGeometry().size()
        window.resize(window.size().boundedTo(room - QSize(0, _MARGIN_PX)))


def keep_geometry(window: QMainWindow, file: Path) -> None:
    """Remember the size and place of the window. A file that cannot be written is only logged."""
    try:
        write_atomically(file, bytes(window.saveGeometry().toBase64().data()))
    except OSError as error:
        _LOG.warning("the size of the window cannot be kept in %s: %s", file, error)
