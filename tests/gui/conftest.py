"""A world around the window, and a window that is shut down after the test with every thread it had."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui_parts import ASSETS, World
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from voiceassist.gui.main_window import MainWindow
from voiceassist.gui.theme import LIGHT, apply_look


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> None:
    """The look of the program, put on once: it takes its time."""
    apply_look(qapp, LIGHT, ASSETS)


@pytest.fixture
def open_window(qtbot: QtBot, dressed: None, world: World) -> Iterator[Callable[[], MainWindow]]:
    """Opens windows and begins; afterwards no thread of theirs is left and every pipeline is closed once."""
    before = set(threading.enumerate())
    windows: list[MainWindow] = []

    def open_one() -> MainWindow:
        window = MainWindow(world.services())
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        window.begin()
        qtbot.waitUntil(lambda: bool(window.models.packs.rows))
        if world.settings.model not in world.missing_models:
            qtbot.waitUntil(lambda: window.bridge.ready)
        return window

    yield open_one
    for window in windows:
        window.hides_on_close = False
        window.close()
    assert set(threading.enumerate()) <= before
    assert [pipeline.closed for pipeline in world.pipelines] == [1] * len(world.pipelines)
