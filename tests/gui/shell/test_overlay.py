"""The overlay under a real window manager: on top, without the focus, with answers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
from gui_fakes import RINGS, SHUT_DOWN, TIMER, FakeServices, recognition
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from voiceassist.action_spec import ActionOutcome
from voiceassist.domain import Verdict
from voiceassist.engine.events import ListenState
from voiceassist.gui.shell.main_window import MainWindow

Open = Callable[[], MainWindow]
DONE = recognition(TIMER, Verdict.ACT, outcome=ActionOutcome(True, "The timer runs.", "7"))


@pytest.fixture(scope="module")
def window_manager(qapp: QApplication) -> Iterator[None]:
    manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while "window id" not in _ask("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"):
        assert manager.poll() is None, "openbox has ended"
    yield
    manager.terminate()
    manager.wait()


def _ask(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20).stdout.strip()


@pytest.fixture(scope="module")
def other_program(window_manager: None) -> Iterator[str]:
    """The X id of another program's window."""
    program = subprocess.Popen(["xterm", "-T", "other program"])
    while not (found := _ask("xdotool", "search", "--onlyvisible", "--name", "other program")):
        assert program.poll() is None, "xterm has ended"
    yield found.splitlines()[-1]
    program.terminate()
    program.wait()


@pytest.fixture
def window(qtbot: QtBot, open_window: Open, other_program: str) -> MainWindow:
    """Our window, while another program has the focus."""
    opened = open_window()
    qtbot.waitUntil(opened.isActiveWindow)
    qtbot.waitUntil(lambda: opened.bridge.state is ListenState.IDLE)
    _ask("xdotool", "windowactivate", other_program)
    qtbot.waitUntil(lambda: not opened.isActiveWindow())
    return opened


def answers(window: MainWindow) -> dict[str, QPushButton]:
    QApplication.processEvents()
    return {
        button.text(): button
        for button in window.follow_up.overlay.card.findChildren(QPushButton)
        if button.isVisible()
    }


def test_it_is_no_higher_than_its_words(qtbot: QtBot, window: MainWindow) -> None:
    overlay = window.follow_up.overlay
    window.bridge.state_changed.emit(ListenState.HEARING)
    qtbot.waitExposed(overlay)
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    layout = overlay.layout()
    assert layout is not None
    qtbot.waitUntil(lambda: overlay.height() == layout.totalHeightForWidth(overlay.width()), timeout=20_000)
    last = list(answers(window).values())[-1]
    bottom = last.mapTo(overlay, last.rect().bottomLeft()).y()
    assert overlay.height() - bottom < 30
    below = window.screen().availableGeometry().bottom() - overlay.geometry().bottom()
    assert 40 < below < 80
    assert overlay.card._title.height() < 2 * overlay.card._title.fontMetrics().height()


def test_it_shows_the_result_on_top_and_leaves_the_focus_where_it_is(
    qtbot: QtBot, window: MainWindow, other_program: str
) -> None:
    window.bridge.recognized.emit(recognition(TIMER, Verdict.ACT, outcome=RINGS))
    qtbot.waitExposed(window.follow_up.overlay)
    qtbot.wait(200)
    assert _ask("xdotool", "getactivewindow") == other_program
    assert _ask("xdotool", "getwindowfocus") == other_program
    assert window.follow_up.overlay.card.outcome_text == RINGS.message
    assert "_NET_WM_STATE_ABOVE" in _ask("xprop", "-id", str(int(window.follow_up.overlay.winId())), "_NET_WM_STATE")
    screen = window.screen().availableGeometry()
    assert screen.contains(window.follow_up.overlay.frameGeometry())


def test_it_tells_state_and_words_while_somebody_speaks(qtbot: QtBot, window: MainWindow) -> None:
    window.bridge.state_changed.emit(ListenState.HEARING)
    window.bridge.partial.emit("set a")
    assert window.follow_up.overlay.isVisible()
    assert window.follow_up.overlay.state_line.text() == "Listening: I hear you"
    assert window.follow_up.overlay.partial.text() == "set a …"
    assert not window.follow_up.overlay.card.isVisible()


def test_an_open_microphone_in_silence_shows_nothing(window: MainWindow) -> None:
    window.bridge.state_changed.emit(ListenState.LISTENING)
    assert not window.follow_up.overlay.isVisible()


def test_a_question_is_answered_in_it(qtbot: QtBot, window: MainWindow, fakes: FakeServices) -> None:
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    answers(window)["Yes: shut down the computer"].click()
    qtbot.waitUntil(lambda: fakes.done == [SHUT_DOWN.command.action])


def test_no_in_it_is_no_in_the_window(window: MainWindow) -> None:
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    window.follow_up.overlay.close_button.click()
    assert not window.follow_up.overlay.isVisible()
    assert not window.pages.speak.card.question_buttons()
    assert "Left alone" in window.pages.speak.card.outcome_text


def test_undo_in_it_undoes_once(qtbot: QtBot, window: MainWindow, fakes: FakeServices) -> None:
    window.bridge.recognized.emit(DONE)
    answers(window)["Undo"].click()
    qtbot.waitUntil(lambda: window.follow_up.overlay.card.outcome_text == "The timer is cancelled.")
    assert fakes.undone == ["7"]
    assert not window.pages.speak.card.undo()


def test_a_tap_of_the_key_leads_to_the_answers(qtbot: QtBot, window: MainWindow) -> None:
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    window.bridge.tapped.emit()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.focusWidget() is window.pages.speak.card.question_buttons()[-1]
    qtbot.waitUntil(lambda: not window.follow_up.overlay.isVisible())


def test_it_is_not_shown_over_the_window_itself_nor_where_it_is_switched_off(qtbot: QtBot, window: MainWindow) -> None:
    window.pages.settings.overlay.setChecked(False)
    window.bridge.recognized.emit(DONE)
    assert not window.follow_up.overlay.isVisible()
    window.pages.settings.overlay.setChecked(True)
    window.come_forward()
    qtbot.waitUntil(window.isActiveWindow)
    window.bridge.recognized.emit(DONE)
    assert not window.follow_up.overlay.isVisible()
