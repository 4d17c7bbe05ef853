"""A window with all its real parts, and a measurement of how long its main thread is busy at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytestqt.qtbot import QtBot

from voiceassist.cli.window import Installation
from voiceassist.gui.shell.main_window import MainWindow


@contextmanager
def real_window(qtbot: QtBot, installation: Installation) -> Iterator[MainWindow]:
    """Opens it as the program does, and ends all its threads."""
    with installation:
        opened = MainWindow(installation.services())
        qtbot.addWidget(opened)
        opened.show()
        opened.begin()
        try:
            yield opened
        finally:
            opened.shut_down()
