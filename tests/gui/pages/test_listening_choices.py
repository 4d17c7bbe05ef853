"""How to listen is chosen in Settings, and what the ears tell is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from gui_fakes import FakeServices
from pytestqt.qtbot import QtBot

from voiceassist.audio.health import MicrophoneHealth
from voiceassist.audio.selftest import SelfTest
from voiceassist.config.settings import LISTEN_MODES, Settings
from voiceassist.engine.runner import ListenState
from voiceassist.errors import DeviceError
from voiceassist.gui.pages.microphone_check import MicrophoneCheck
from voiceassist.gui.pages.mode_choice import MODE_WORDS, ModeChoice
from voiceassist.gui.shell.main_window import MainWindow

GOOD = SelfTest("Desk microphone", -25.0, -58.0, -9.0, 0.0, False, ())
BAD = replace(GOOD, speech_db=None, findings=("Sound arrives, but no speech is in it.",))


@pytest.fixture
def choice(qtbot: QtBot) -> ModeChoice:
    made = ModeChoice(Settings())
    qtbot.addWidget(made)
    return made


def test_every_mode_can_be_chosen_and_is_announced_once(choice: ModeChoice, qtbot: QtBot) -> None:
    assert tuple(sorted(MODE_WORDS)) == tuple(sorted(LISTEN_MODES))
    announced: list[str] = []
    choice.changed.connect(lambda: announced.append(choice.mode))
    for mode in ("toggle", "wake", "open", "push"):
        choice.buttons[mode].setChecked(True)
        assert choice.taken_over(Settings()).listen_mode == mode
    assert announced == ["toggle", "wake", "open", "push"]


def test_only_what_belongs_to_the_mode_is_shown(choice: ModeChoice, qtbot: QtBot) -> None:
    choice.show()
    shown = {}
    for mode in LISTEN_MODES:
        choice.buttons[mode].setChecked(True)
        shown[mode] = (choice.phrase.isVisible(), choice.stay_open.isVisible())
    assert shown == {"push": (False, False), "toggle": (False, True), "open": (False, False), "wake": (True, True)}


@pytest.mark.parametrize("seconds", [0.0, 4.5, 6.0, 20.0])
def test_how_long_it_goes_on_listening_is_kept_and_can_be_changed(qtbot: QtBot, seconds: float) -> None:
    choice = ModeChoice(Settings(stay_open_s=seconds))
    qtbot.addWidget(choice)
    assert choice.taken_over(Settings()).stay_open_s == seconds
    with qtbot.waitSignal(choice.changed):
        choice.stay_open.setCurrentText("for 3 seconds")
    assert choice.taken_over(Settings()).stay_open_s == 3


def test_a_wake_phrase_is_taken_over_when_it_can_be_said(choice: ModeChoice) -> None:
    choice.buttons["wake"].setChecked(True)
    choice.phrase.setText("  Good   Morning ")
    choice.phrase.editingFinished.emit()
    assert choice.taken_over(Settings()).wake_phrase == "good morning"
    assert choice.phrase.text() == "good morning"
    choice.phrase.setText("?!")
    choice.phrase.editingFinished.emit()
    assert choice.taken_over(Settings()).wake_phrase == "good morning"
    assert "stays in use" in choice.phrase_note.text()


@pytest.fixture
def window(fakes: FakeServices, qtbot: QtBot) -> MainWindow:
    made = MainWindow(fakes.services())
    qtbot.addWidget(made)
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: made.bridge.state is ListenState.IDLE)
    yield made
    made.shut_down()


def test_choosing_a_mode_changes_what_the_engine_does(window: MainWindow, fakes: FakeServices, qtbot: QtBot) -> None:
    for mode, state in (("open", ListenState.LISTENING), ("toggle", ListenState.IDLE), ("wake", ListenState.WAITING)):
        window.pages.settings.mode.buttons[mode].setChecked(True)
        qtbot.waitUntil(lambda state=state: window.bridge.state is state)
        assert fakes.saved[-1].listen_mode == mode
    qtbot.waitUntil(lambda: "hey computer" in window.pages.speak.state_line.text())


def test_the_wake_phrase_brings_new_commands_and_no_mode_another_model(
    window: MainWindow, fakes: FakeServices, qtbot: QtBot
) -> None:
    made = len(fakes.pipelines)
    window.pages.settings.mode.buttons["open"].setChecked(True)
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.LISTENING)
    assert fakes.recompiled == []
    window.pages.settings.mode.buttons["wake"].setChecked(True)
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.WAITING)
    assert fakes.recompiled == ["hey computer"]
    window.pages.settings.mode.buttons["push"].setChecked(True)
    qtbot.waitUntil(lambda: len(fakes.recompiled) == 2)
    assert (len(fakes.pipelines), fakes.runners) == (made, 1)


def test_what_is_heard_so_far_is_shown_until_it_is_understood(window: MainWindow) -> None:
    window.bridge.partial.emit("set a timer")
    assert window.pages.speak.partial.text() == "set a timer …"
    window.bridge.partial.emit("")
    assert window.pages.speak.partial.text() == ""


def test_what_is_wrong_with_the_microphone_is_shown_while_it_is_wrong(window: MainWindow) -> None:
    window.bridge.condition_changed.emit(MicrophoneHealth("Desk", muted=True, dropped_samples=3))
    assert window.pages.speak.warning.isVisible()
    assert "muted" in window.pages.speak.warning.text()
    assert "sound was lost" in window.pages.speak.warning.toolTip()
    window.bridge.condition_changed.emit(MicrophoneHealth("Desk"))
    assert not window.pages.speak.warning.isVisible()


class ScriptedMicrophoneTest:
    """A microphone test with given results; it can be held up."""

    def __init__(self, *results: SelfTest | DeviceError) -> None:
        self.results = list(results)
        self.go_on = threading.Event()
        self.go_on.set()
        self.cancelled = False

    def __call__(self, on_level: Callable[[float], None], cancelled: Callable[[], bool]) -> SelfTest:
        on_level(-12.0)
        while not self.go_on.wait(0.01):
            if cancelled():
                self.cancelled = True
                break
        result = self.results.pop(0)
        if isinstance(result, DeviceError):
            raise result
        return result


@pytest.fixture
def check(qtbot: QtBot) -> Iterator[MicrophoneCheck]:
    made = MicrophoneCheck()
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close_check()


def test_the_microphone_test_says_what_it_found_and_can_be_repeated(qtbot: QtBot, check: MicrophoneCheck) -> None:
    check.make_test = ScriptedMicrophoneTest(BAD, GOOD, DeviceError("It is busy", hint="close the other program"))
    check.start_button.click()
    assert not check.start_button.isEnabled()
    qtbot.waitUntil(check.start_button.isEnabled)
    assert check.words.text() == BAD.findings[0]
    assert "no speech" in check.figures.text()
    with qtbot.waitSignal(check.passed):
        check.start_button.click()
    assert "All is well" in check.words.text()
    assert "your voice -25 dB" in check.figures.text()
    check.start_button.click()
    qtbot.waitUntil(check.start_button.isEnabled)
    assert "It is busy" in check.words.text()


@pytest.mark.parametrize("asleep", [False, True])
def test_what_is_said_in_the_test_is_not_taken_for_a_command(fakes: FakeServices, qtbot: QtBot, asleep: bool) -> None:
    test = ScriptedMicrophoneTest(GOOD)
    test.go_on.clear()
    fakes.test_microphone = lambda _: test
    window = MainWindow(fakes.services())
    qtbot.addWidget(window)
    window.begin()
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.IDLE)
    before = ListenState.ASLEEP if asleep else ListenState.IDLE
    window.bridge.sleep(asleep)
    qtbot.waitUntil(lambda: window.bridge.state is before)
    window.pages.microphone.check.start_button.click()
    qtbot.waitUntil(lambda: window.bridge.state is ListenState.ASLEEP)
    window.pages.microphone.check.cancel_button.click()
    qtbot.waitUntil(lambda: test.cancelled and window.bridge.state is before)
    window.shut_down()


def test_closing_ends_the_test(qtbot: QtBot, check: MicrophoneCheck) -> None:
    test = ScriptedMicrophoneTest(GOOD)
    test.go_on.clear()
    check.make_test = test
    check.begin()
    qtbot.waitUntil(lambda: check.level.value() > 0)
    check.close_check()
    assert test.cancelled
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("voiceassist-microphone-test")]
