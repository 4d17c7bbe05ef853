"""Buttons beside each other, in as many lines as they need."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from voiceassist.gui.widgets.flow_layout import FlowLayout


def test_hidden_buttons_leave_no_gap(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    layout = FlowLayout(box)
    buttons = [QPushButton(text) for text in ("Edit", "Copy", "Show file")]
    for button in buttons:
        layout.addWidget(button)
    buttons[0].hide()
    buttons[1].hide()
    box.resize(400, 100)
    box.show()
    qtbot.waitUntil(buttons[2].isVisible)
    assert buttons[2].x() == 0
    assert layout.sizeHint().width() == buttons[2].sizeHint().width()
