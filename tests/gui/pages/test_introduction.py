"""The first minute: four steps that can be skipped and opened again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from gui_fakes import RINGS, TIMER, FakeServices, recognition
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from voiceassist.audio.selftest import SelfTest
from voiceassist.config.settings import Settings
from voiceassist.domain import RejectReason, Verdict
from voiceassist.gui.pages.introduction import Introduction
from voiceassist.gui.shell.main_window import MainWindow

Open = Callable[[], MainWindow]


def introduction_of(fakes: FakeServices, open_window: Open) -> tuple[MainWindow, Introduction]:
    fakes.settings = replace(fakes.settings, introduced=False)
    window = open_window()
    assert window.pages.introduction.isVisible()
    return window, window.pages.introduction


def test_it_is_shown_until_it_was_taken_or_skipped(open_window: Open, fakes: FakeServices) -> None:
    window, introduction = introduction_of(fakes, open_window)
    introduction.skip_button.click()
    assert not introduction.isVisible()
    assert window.pages.speak.isVisible()
    assert fakes.saved[-1].introduced
    fakes.settings = fakes.saved[-1]
    assert not open_window().pages.introduction.isVisible()


def test_it_can_be_opened_again_from_settings(open_window: Open) -> None:
    window = open_window()
    window.pages.show_page(window.pages.settings)
    window.pages.settings.introduction_button.click()
    assert window.pages.introduction.isVisible()
    assert window.pages.introduction.place.text() == "Step 1 of 4"


def test_a_step_that_was_not_done_can_be_skipped(open_window: Open, fakes: FakeServices) -> None:
    _, introduction = introduction_of(fakes, open_window)
    seen = []
    for _ in range(4):
        seen.append((introduction.place.text(), introduction.next_button.text()))
        introduction.next_button.click()
    assert seen == [
        ("Step 1 of 4", "Skip"), ("Step 2 of 4", "Skip"), ("Step 3 of 4", "Next"), ("Step 4 of 4", "Finish"),
    ]  # fmt: skip
    assert fakes.saved[-1].introduced


def test_a_microphone_that_hears_well_completes_the_first_step(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    good = SelfTest("Desk microphone", -25.0, -58.0, -9.0, 0.0, False, ())
    fakes.test_microphone = lambda _name: lambda _on_level, _cancelled: good
    _, introduction = introduction_of(fakes, open_window)
    introduction.microphone.check.start_button.click()
    qtbot.waitUntil(lambda: introduction.next_button.text() == "Next")
    assert "All is well" in introduction.microphone.check.words.text()


def test_the_focus_stays_with_the_test_of_the_microphone(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    go_on = threading.Event()

    def listen(_on_level: object, _is_cancelled: object) -> SelfTest:
        go_on.wait(60)
        return SelfTest("Desk microphone", None, -58.0, -50.0, 0.0, False, ("Nobody spoke.",))

    fakes.test_microphone = lambda _name: listen
    window, introduction = introduction_of(fakes, open_window)
    step = introduction.microphone
    window.activateWindow()
    step.check.start_button.setFocus()
    qtbot.waitUntil(step.check.start_button.hasFocus)
    step.check.start_button.click()
    assert step.check.cancel_button.hasFocus()
    assert step.level.isHidden()
    go_on.set()
    qtbot.waitUntil(step.check.start_button.hasFocus)
    assert not step.level.isHidden()


def test_only_a_spoken_command_completes_the_second_step(open_window: Open, fakes: FakeServices) -> None:
    window, introduction = introduction_of(fakes, open_window)
    introduction.show_step(1)
    window.bridge.recognized.emit(recognition(None, Verdict.REJECT, reason=RejectReason.NO_MATCH, heard="mumble"))
    assert introduction.next_button.text() == "Skip"
    assert introduction.speak.heard.text() == "I heard: “mumble”"
    window.bridge.recognized.emit(recognition(TIMER, Verdict.ACT, outcome=RINGS, model="text"))
    assert introduction.next_button.text() == "Skip"
    window.bridge.recognized.emit(recognition(TIMER, Verdict.ACT, outcome=RINGS))
    assert introduction.speak.answer.text() == RINGS.message
    assert introduction.next_button.text() == "Next"


def test_the_key_is_held_in_the_second_step(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window, introduction = introduction_of(fakes, open_window)
    introduction.show_step(1)
    qtbot.waitUntil(lambda: introduction.speak.state_line.text().startswith("Hold"))
    qtbot.keyPress(window, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: introduction.speak.state_line.text().startswith("Listening"))
    qtbot.wait(350)
    qtbot.keyRelease(window, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: introduction.speak.state_line.text().startswith("Hold"))
    assert introduction.isVisible()


def test_how_to_listen_is_chosen_in_the_third_step(open_window: Open, fakes: FakeServices) -> None:
    window, introduction = introduction_of(fakes, open_window)
    introduction.show_step(2)
    introduction.listening.mode.buttons["toggle"].setChecked(True)
    assert fakes.saved[-1] == Settings(listen_mode="toggle")
    assert window.pages.settings.mode.mode == "toggle"


def test_commands_that_were_tried_are_ticked(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    _, introduction = introduction_of(fakes, open_window)
    introduction.show_step(3)
    buttons = introduction.tries.findChildren(QPushButton)
    next(button for button in buttons if "ten minutes" in button.text()).click()
    qtbot.waitUntil(lambda: introduction.tries.answer.text() == RINGS.message)
    marks = {sentence: mark.text() for sentence, mark in introduction.tries._marks.items()}
    assert marks == {"what time is it": "○", TIMER.text: "✓"}
