"""Opening files and folders in the programs that the desktop has for them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from voiceassist.gui.translation import tr


def open_in_desktop(path: Path) -> bool:
    """Open a file or folder; ``False`` where the desktop has no program for it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_or_explain(path: Path) -> str:
    """Open a file, or its folder where no program takes the file. Returns why that failed, or nothing."""
    if not path.exists():
        return tr("There is nothing there yet: {path}", path=path)
    if open_in_desktop(path) or open_in_desktop(path.parent):
        return ""
    return tr("The desktop has no program to open it with: {path}", path=path)
