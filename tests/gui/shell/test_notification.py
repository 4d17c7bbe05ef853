"""Where no window may stay on top: what is heard is told, and asked, by a real notification daemon."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from dunst import Dunst
from gui_fakes import RINGS, SHUT_DOWN, TIMER, FakeServices, recognition
from private_desktop import private_bus
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from voiceassist.actions.notifications import Notifier
from voiceassist.domain import Verdict
from voiceassist.gui.shell.main_window import MainWindow

WAIT_MS = 30_000


@pytest.fixture
def dunst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dunst]:
    with private_bus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield Dunst(bus, os.environ["DISPLAY"], tmp_path)
        bus.stop_services()


@pytest.fixture
def window(
    qtbot: QtBot,
    fakes: FakeServices,
    open_window: Callable[[], MainWindow],
    dunst: Dunst,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MainWindow]:
    """A hidden window on a desktop that says it is Wayland."""
    with closing(Notifier()) as notifier:
        fakes.notify = notifier.show
        opened = open_window()
        opened.hides_on_close = True
        opened.close()
        monkeypatch.setattr(QGuiApplication, "platformName", lambda: "wayland")
        yield opened
        opened.shut_down()


def test_what_was_done_is_told(qtbot: QtBot, window: MainWindow, dunst: Dunst) -> None:
    window.bridge.recognized.emit(recognition(TIMER, Verdict.ACT, outcome=RINGS))
    qtbot.waitUntil(lambda: dunst.shown() == 1, timeout=WAIT_MS)
    qtbot.waitUntil(dunst.said.exists, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(dunst.said.read_text().splitlines()) == 2, timeout=WAIT_MS)
    assert dunst.said.read_text().splitlines() == ["Set a timer for ten minutes", RINGS.message]
    assert not any(type(widget).__name__ == "Overlay" for widget in window.findChildren(object))


@pytest.mark.parametrize(("answer", "done"), [("Yes", ["power.off"]), ("No", [])])
def test_a_question_is_answered_by_its_buttons(
    qtbot: QtBot, window: MainWindow, dunst: Dunst, fakes: FakeServices, answer: str, done: list[str]
) -> None:
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    qtbot.waitUntil(lambda: dunst.shown() == 1, timeout=WAIT_MS)
    assert sorted(dunst.press(answer)) == ["No", "Yes"]
    qtbot.waitUntil(lambda: not window.pages.speak.card.question_buttons(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: fakes.done == done, timeout=WAIT_MS)
