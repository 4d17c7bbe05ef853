"""The program from start to end: smoke test, tray, interrupt, looks."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from gui_fakes import ASSETS, CALENDAR, FakeServices, recognition
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from voiceassist.domain import RejectReason, Verdict
from voiceassist.engine.runner import ListenState
from voiceassist.errors import InstanceError
from voiceassist.gui.app import run
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.gui.shell.tray import Tray
from voiceassist.gui.widgets.icons import application_icon
from voiceassist.gui.widgets.theme import CONTRAST, DARK, LIGHT, apply_theme, current_theme

Open = Callable[[], MainWindow]


def test_the_smoke_test_recognises_a_sample_and_says_so_in_one_line(
    qapp: QApplication, fakes: FakeServices, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(fakes.services(), smoke_test=True) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    result = json.loads(lines[0])
    assert result["understood"] is True
    assert result["card"]["heard"] == "what was heard"
    assert fakes.runners == 0
    assert [pipeline.closed for pipeline in fakes.pipelines] == [1]
    assert fakes.pipelines[0].heard[0].samples.size > 8_000


def test_the_smoke_test_fails_when_nothing_was_understood(
    qapp: QApplication, fakes: FakeServices, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.answer = recognition(CALENDAR, Verdict.REJECT, reason=RejectReason.NO_MATCH)
    assert run(fakes.services(), smoke_test=True) == 1
    assert json.loads(capsys.readouterr().out)["reject_reason"] == "no_match"


def test_the_smoke_test_fails_with_the_error_of_the_model(
    qapp: QApplication, fakes: FakeServices, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.missing_models.add("shared-int8")
    assert run(fakes.services(), smoke_test=True) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "There is no model shared-int8."


def test_the_smoke_test_fails_on_an_unexpected_error(
    qapp: QApplication, fakes: FakeServices, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(_model: str) -> object:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(fakes, "make_pipeline", wrong)
    assert run(fakes.services(), smoke_test=True) == 1
    assert "by zero" in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize("hidden", [False, True])
def test_an_interrupt_ends_the_program_in_good_order(qapp: QApplication, fakes: FakeServices, hidden: bool) -> None:
    before = set(threading.enumerate())
    handler = signal.getsignal(signal.SIGINT)
    QTimer.singleShot(300, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert run(fakes.services(), hidden=hidden) == 0
    assert set(threading.enumerate()) <= before
    assert signal.getsignal(signal.SIGINT) is handler
    assert [pipeline.closed for pipeline in fakes.pipelines] == [1]


def test_a_socket_that_cannot_be_made_is_said_in_the_window(
    qapp: QApplication, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Exception] = []
    monkeypatch.setattr(MainWindow, "show_error", lambda _window, error: shown.append(error))
    error = InstanceError("the socket cannot be made", hint="look")

    def refuse(_answer: object) -> None:
        raise error

    QTimer.singleShot(300, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert run(replace(fakes.services(), serve=refuse)) == 0
    assert shown == [error]


def test_the_tray_shows_hides_and_listens(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    tray = Tray(window, fakes.settings, fakes.paths().assets)
    window.hides_on_close = True
    window.close()
    assert not window.isVisible()
    assert window.bridge.ready
    tray.show_action.trigger()
    assert window.isVisible()
    tray.listen_action.trigger()
    assert fakes.saved[-1].listen_mode == "open"
    window.pages.settings.mode.buttons["push"].setChecked(True)
    assert not tray.listen_action.isChecked()
    tray.quit_action.trigger()
    assert not window.bridge.ready


def test_the_tray_tells_the_state_and_pauses(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    tray = Tray(window, fakes.settings, fakes.paths().assets)
    qtbot.waitUntil(lambda: tray.state_line.text() == "Ready")
    tray.talk_action.trigger()
    qtbot.waitUntil(lambda: tray.state_line.text() == "Listening")
    assert tray.talk_action.text() == "That was all"
    assert tray.icon.toolTip() == "voiceassist: Listening"
    tray.talk_action.trigger()
    qtbot.waitUntil(lambda: tray.state_line.text() == "Ready")
    tray.pause_action.trigger()
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.ASLEEP)
    assert tray.pause_action.isChecked()
    tray.pause_action.trigger()
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.IDLE)
    assert not tray.pause_action.isChecked()


def test_where_the_window_goes_is_said_once(
    open_window: Open, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    window = open_window()
    tray = Tray(window, fakes.settings, fakes.paths().assets)
    monkeypatch.setattr(tray.icon, "showMessage", lambda _title, words, _icon: said.append(words))
    window.hides_on_close = True
    for _ in range(2):
        window.close()
        tray.toggle_window()
    assert len(said) == 1
    assert "Quit" in said[0]
    assert fakes.saved[-1].tray_hint is False
    window.close()
    again = Tray(window, fakes.saved[-1], fakes.paths().assets)
    monkeypatch.setattr(again.icon, "showMessage", lambda _title, words, _icon: said.append(words))
    window.show()
    window.close()
    assert len(said) == 1


def test_the_icon_is_drawn_also_where_its_file_is_missing(qapp: QApplication, tmp_path: Path) -> None:
    assert not application_icon(tmp_path).pixmap(64, 64).isNull()


def test_dark_and_light_can_be_told_apart_and_read(qapp: QApplication) -> None:
    for theme in (DARK, CONTRAST, LIGHT):
        apply_theme(qapp, theme, ASSETS)
        assert current_theme() is theme
        for words in (theme.text, theme.quiet, theme.good, theme.warn, theme.bad):
            assert _contrast(words, theme.card) >= 4.5
        assert _contrast(theme.on_accent, theme.accent) >= 4.5
        assert _contrast(theme.on_bad, theme.bad) >= 4.5


def _contrast(one: str, other: str) -> float:
    """Contrast of two colours as the web accessibility guidelines define it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = QColor(colour).getRgbF()[:3]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
