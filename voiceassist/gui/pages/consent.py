"""Asks whether a command file may run what it wants to run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from voiceassist.domain import ConsentRequest
from voiceassist.gui.translation import tr


def ask_consent(request: ConsentRequest, allowed: Callable[[], None], parent: QWidget) -> QMessageBox:
    """Show word for word what would be run; ``allowed`` is called if the user agrees."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("May this command do this?"))
    box.setText(tr("A command file wants to do this, and you have not agreed to it yet:"))
    box.setInformativeText("\n".join(request.lines))
    refuse = box.addButton(tr("Do not run"), QMessageBox.ButtonRole.RejectRole)
    allow = box.addButton(tr("Allow"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.buttonClicked.connect(lambda button: allowed() if button is allow else None)
    box.open()
    return box
