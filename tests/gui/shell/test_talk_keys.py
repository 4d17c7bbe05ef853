"""The hotkey in the window: by listening mode, while it is chosen anew, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from gui_fakes import FakeServices
from pytestqt.qtbot import QtBot

from voiceassist.engine.events import ListenState
from voiceassist.errors import HotkeyError
from voiceassist.gui.shell.main_window import MainWindow

Open = Callable[[], MainWindow]


def heard_states(qtbot: QtBot, window: MainWindow) -> list[ListenState]:
    """What it does from the moment on when the microphone delivers."""
    seen: list[ListenState] = []
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.IDLE)
    window.bridge.state_changed.connect(seen.append)
    return seen


def test_it_is_held_to_talk(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    seen = heard_states(qtbot, window)
    (hotkey,) = fakes.hotkeys
    assert (str(hotkey.combination), hotkey.started) == ("ctrl+alt+space", 1)
    hotkey.events.press()
    qtbot.waitUntil(lambda: ListenState.HEARING in seen)
    hotkey.events.release()
    qtbot.waitUntil(lambda: seen[-1] is ListenState.IDLE)


def test_it_switches_where_that_is_the_mode(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    fakes.settings = replace(fakes.settings, listen_mode="toggle")
    window = open_window()
    seen = heard_states(qtbot, window)
    for _ in range(2):
        before = len(seen)
        fakes.hotkeys[0].events.press()
        fakes.hotkeys[0].events.release()
        qtbot.waitUntil(lambda: len(seen) > before)  # noqa: B023 (used at once)
    assert seen == [ListenState.LISTENING, ListenState.IDLE]


def test_another_one_takes_its_place(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.pages.settings.hotkey._set("super+f7")
    assert fakes.saved[-1].hotkey == "super+f7"
    first, second = fakes.hotkeys
    assert (first.closed, str(second.combination)) == (1, "super+f7")
    qtbot.waitUntil(lambda: window.pages.settings.hotkey.status.text() == "Works in every window: Super+F7")
    window.pages.settings.hotkey.clear_button.click()
    assert (second.closed, len(fakes.hotkeys)) == (1, 2)


def test_what_an_old_one_still_says_is_not_heard(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    pressed: list[bool] = []
    window.hotkey.pressed.connect(lambda: pressed.append(True))
    window.hotkey.use("f9")
    fakes.hotkeys[0].events.press()
    fakes.hotkeys[1].events.press()
    qtbot.waitUntil(lambda: bool(pressed))
    assert pressed == [True]


def test_it_is_let_go_while_another_is_chosen(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.pages.settings.hotkey.capturing.emit(True)
    assert [hotkey.closed for hotkey in fakes.hotkeys] == [1]
    window.pages.settings.hotkey.capturing.emit(False)
    assert [(hotkey.closed, hotkey.started) for hotkey in fakes.hotkeys] == [(1, 1), (0, 1)]


def test_closing_while_it_is_held_ends_the_utterance(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    released: list[bool] = []
    window.hotkey.released.connect(lambda: released.append(True))
    fakes.hotkeys[0].events.press()
    qtbot.waitUntil(lambda: window.hotkey._held)
    window.shut_down()
    assert released == [True]
    assert fakes.hotkeys[0].closed == 1


def test_one_that_cannot_be_had_is_explained_in_the_settings(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    fakes.hotkeys[0].events.failed(HotkeyError("another program holds it", hint="choose another"))
    qtbot.waitUntil(lambda: window.pages.settings.hotkey.status.text() == "Another program holds it: choose another.")
    assert not window.messages.isVisible()


def test_a_desktop_without_any_is_explained_too(
    open_window: Open, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_arguments: object) -> object:
        raise HotkeyError("there is no desktop", hint="bind voiceassist --toggle")

    monkeypatch.setattr(fakes, "make_hotkey", none)
    assert open_window().pages.settings.hotkey.status.text() == "There is no desktop: bind voiceassist --toggle."
