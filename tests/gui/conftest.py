"""Fake services around the window, and a window that is shut down after the test with every thread it had."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui_fakes import ASSETS, FakeServices
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.gui.translation import install_translation
from voiceassist.gui.widgets.theme import LIGHT, apply_theme


@pytest.fixture
def fakes(tmp_path: Path) -> FakeServices:
    return FakeServices(tmp_path)


@pytest.fixture(scope="session")
def themed(qapp: QApplication) -> None:
    """The application theme, applied once per session because it is slow."""
    apply_theme(qapp, LIGHT, ASSETS)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    """The German window, until the end of the test."""
    before = set(qapp.findChildren(QTranslator))
    assert install_translation(qapp, "de", ASSETS)
    yield
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)


@pytest.fixture
def open_window(qtbot: QtBot, themed: None, fakes: FakeServices) -> Iterator[Callable[[], MainWindow]]:
    """Opens windows and begins; afterwards no thread of theirs is left and every pipeline is closed once."""
    before = set(threading.enumerate())
    windows: list[MainWindow] = []

    def open_one() -> MainWindow:
        window = MainWindow(fakes.services())
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        window.begin()
        qtbot.waitUntil(lambda: window.engine.services is not None)
        qtbot.waitUntil(lambda: bool(window.pages.models.packs.rows))
        if fakes.settings.model not in fakes.missing_models:
            qtbot.waitUntil(lambda: window.bridge.ready)
        return window

    yield open_one
    for window in windows:
        window.hides_on_close = False
        window.close()
    for registry in fakes.registries:
        registry.close()
    assert set(threading.enumerate()) <= before
    assert [pipeline.closed for pipeline in fakes.pipelines] == [1] * len(fakes.pipelines)
