"""The window on a real runner: speaking, typing, answering, settings, and that nothing outlives it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from gui_fakes import CALENDAR, RINGS, SHUT_DOWN, TIMER, FakeServices, recognition
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QRadioButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from voiceassist.action_spec import ActionOutcome
from voiceassist.domain import RejectReason, Verdict
from voiceassist.engine.runner import ListenState, Runner
from voiceassist.errors import ConfigError, DeviceError, GrammarError
from voiceassist.gui.pages.commands.page import CommandsPage
from voiceassist.gui.services.command_views import CommandExamples, CommandView
from voiceassist.gui.services.interfaces import EngineServices
from voiceassist.gui.shell.main_window import MainWindow

Open = Callable[[], MainWindow]


def states_of(window: MainWindow) -> list[ListenState]:
    seen: list[ListenState] = []
    window.bridge.state_changed.connect(seen.append)
    return seen


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the microphone delivers."""
    qtbot.waitUntil(lambda: window.pages.speak.state_line.text().startswith("Hold"))


def test_a_typed_command_goes_through_the_pipeline_and_is_shown(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    window.pages.speak.command_line.setText(f"  {TIMER.text} ")
    qtbot.keyClick(window.pages.speak.command_line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.speak.card.outcome_text == "The timer rings in 10 minutes.")
    assert fakes.pipelines[0].typed == [TIMER.text]
    assert fakes.done == [TIMER.command.action]
    assert fakes.pipelines[0].threads == {"voiceassist-runner"}
    assert window.pages.speak.command_line.text() == ""


def test_the_button_is_held_with_the_mouse(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    settle(qtbot, window)
    seen = states_of(window)
    button = window.pages.speak.talk_button
    qtbot.mousePress(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
    qtbot.waitUntil(lambda: ListenState.HEARING in seen)
    qtbot.wait(350)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
    qtbot.waitUntil(lambda: seen[-1] is ListenState.IDLE)


def test_a_short_click_says_to_hold_the_button_and_recognises_nothing(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    settle(qtbot, window)
    button = window.pages.speak.talk_button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
    assert window.pages.speak.state_line.text() == "Hold the button while you speak"
    window.bridge.state_changed.emit(ListenState.HEARING)  # the runner may tell of the press when it is over
    qtbot.wait(400)  # longer than the runner takes to hear of the press and of the cancel
    assert window.bridge.state is ListenState.IDLE
    assert window.pages.speak.state_line.text() == "Hold the button while you speak"
    assert window.pages.speak.card.recognition is None
    assert fakes.pipelines[0].heard == []


def test_a_mistyped_command_can_be_mended(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    settle(qtbot, window)
    window.activateWindow()
    qtbot.waitUntil(window.pages.speak.talk_button.hasFocus)
    line = window.pages.speak.command_line
    qtbot.keyClicks(window.pages.speak.talk_button, "s")  # nobody has clicked into the line
    qtbot.keyClicks(line, "et a timer")
    assert (line.hasFocus(), line.text()) == (True, "set a timer")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.speak.card.recognition is not None)
    assert (line.text(), line.selectedText(), line.hasFocus()) == ("set a timer", "set a timer", True)
    line.setText(TIMER.text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.speak.card.title_text == "Set a timer for ten minutes")
    assert line.text() == ""
    declined = recognition(SHUT_DOWN, Verdict.REJECT, reason=RejectReason.DECLINED, model="text")
    window.bridge.recognized.emit(declined)
    assert line.text() == ""  # it was typed well, and is not wanted


def test_a_short_click_listens_for_one_command_where_that_is_chosen(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    settle(qtbot, window)
    window.pages.settings.click_toggles.setChecked(True)
    seen = states_of(window)
    button = window.pages.speak.talk_button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center())
    qtbot.waitUntil(lambda: ListenState.LISTENING in seen)


def test_what_was_wrong_at_the_start_is_told_in_the_window(qtbot: QtBot, fakes: FakeServices) -> None:
    problem = ConfigError("the settings are damaged", hint="the defaults are in force")
    window = MainWindow(replace(fakes.services(), problem=problem))
    qtbot.addWidget(window)
    window.show()
    window.begin()
    assert window.messages.text == "The settings are damaged\nThe defaults are in force"
    window.shut_down()


def test_where_the_chosen_model_is_missing_the_shipped_one_listens(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    fakes.settings = replace(fakes.settings, model="gone")
    fakes.missing_models.add("gone")
    window = open_window()
    qtbot.waitUntil(lambda: window.bridge.ready)
    assert "There is no model gone." in window.messages.text
    assert fakes.pipelines[0].model == "shared-int8"


def test_typing_works_without_a_model(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    fakes.missing_models.add("shared-int8")
    window = open_window()
    qtbot.waitUntil(window.messages.isVisible)
    window.pages.speak.command_line.setText(TIMER.text)
    qtbot.keyClick(window.pages.speak.command_line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.speak.card.outcome_text == RINGS.message)


def test_shortcuts_lead_to_the_typed_command_the_search_and_undo(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.pages.commands.filter.hasFocus)
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.pages.speak.command_line.hasFocus)
    window.bridge.recognized.emit(recognition(TIMER, Verdict.ACT, outcome=ActionOutcome(True, "It runs.", "7")))
    window.pages.speak.talk_button.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.pages.speak.card.outcome_text == "The timer is cancelled.")


def test_escape_answers_a_question_with_no(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    qtbot.waitUntil(window.pages.speak.card.question_buttons()[-1].hasFocus)  # not on what cannot be put back
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert "Left alone" in window.pages.speak.card.outcome_text
    assert fakes.done == []


def with_focus_on_the_button(qtbot: QtBot, open_window: Open) -> MainWindow:
    window = open_window()
    settle(qtbot, window)
    window.activateWindow()
    qtbot.waitUntil(window.pages.speak.talk_button.hasFocus)
    return window


@pytest.mark.parametrize("answer", ["yes", "no", "esc", "by voice", "other"])
@pytest.mark.parametrize("spoken", [True, False])
def test_after_an_answer_the_focus_is_where_one_goes_on(
    qtbot: QtBot, open_window: Open, answer: str, spoken: bool
) -> None:
    window = with_focus_on_the_button(qtbot, open_window)
    page = window.pages.speak
    model = "shared-int8" if spoken else "text"
    if not spoken:
        page.command_line.setFocus()
    passed: list[QWidget | None] = []
    QApplication.instance().focusChanged.connect(lambda _, now: passed.append(now))
    window.bridge.recognized.emit(recognition(CALENDAR, Verdict.ASK, alternatives=(SHUT_DOWN,), model=model))
    yes, other, no = page.card.question_buttons()
    qtbot.waitUntil(yes.hasFocus)
    if answer == "yes":
        qtbot.keyClick(yes, Qt.Key.Key_Return)
    elif answer == "no":
        qtbot.keyClick(yes, Qt.Key.Key_Tab)
        qtbot.keyClick(other, Qt.Key.Key_Tab)
        qtbot.keyClick(no, Qt.Key.Key_Return)
    elif answer == "esc":
        qtbot.keyClick(yes, Qt.Key.Key_Escape)
    elif answer == "other":  # which cannot be put back, so it is asked about in turn
        other.setFocus()
        qtbot.keyClick(other, Qt.Key.Key_Return)
        assert page.card.question_buttons()[-1].hasFocus()
        qtbot.keyClick(page.card.question_buttons()[-1], Qt.Key.Key_Return)
    else:
        window.bridge.recognized.emit(recognition(CALENDAR, Verdict.ACT, outcome=RINGS, model=model))
    assert (page.talk_button if spoken else page.command_line).hasFocus()
    assert window.pages.tabs.tabBar() not in passed


def test_after_undo_and_after_a_click_on_a_suggestion_the_focus_stays_on_the_page(
    qtbot: QtBot, open_window: Open
) -> None:
    window = with_focus_on_the_button(qtbot, open_window)
    page = window.pages.speak
    page.set_suggestions([TIMER.text])
    qtbot.mouseClick(page.card.question_buttons()[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.card.recognition is not None)
    assert page.command_line.hasFocus()  # a click on a command is as good as typing it
    window.bridge.recognized.emit(recognition(TIMER, Verdict.ACT, outcome=ActionOutcome(True, "It runs.", "7")))
    undo = next(button for button in page.card.findChildren(QPushButton) if button.text() == "Undo")
    qtbot.waitUntil(undo.isVisible)
    qtbot.keyClick(page.command_line, Qt.Key.Key_Backtab)
    qtbot.keyClick(page.card.details_button, Qt.Key.Key_Backtab)
    assert undo.hasFocus()
    qtbot.keyClick(undo, Qt.Key.Key_Return)
    assert page.talk_button.hasFocus()


def test_the_size_is_remembered_and_never_larger_than_the_screen(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.resize(700, 600)
    window.close()
    assert (open_window().width(), open_window().height()) == (700, 600)
    huge = open_window()
    huge.resize(9_000, 9_000)
    huge.close()
    room = huge.screen().availableGeometry()
    again = open_window()
    assert again.width() <= room.width()
    assert again.height() <= room.height()


def test_the_corner_beside_the_round_button_is_not_the_button(qtbot: QtBot, open_window: Open) -> None:
    button = open_window().pages.speak.talk_button
    with qtbot.assertNotEmitted(button.pressed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_the_space_bar_holds_the_focused_button(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    settle(qtbot, window)
    seen = states_of(window)
    qtbot.keyPress(window.pages.speak.talk_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: ListenState.HEARING in seen)
    qtbot.keyRelease(window.pages.speak.talk_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: seen[-1] is ListenState.IDLE)


def test_the_key_is_held_on_any_page_and_leads_to_the_speak_page(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    settle(qtbot, window)
    seen = states_of(window)
    window.pages.tabs.setCurrentWidget(window.pages.commands)
    qtbot.keyPress(window.pages.commands.list, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: ListenState.HEARING in seen)
    assert window.pages.tabs.currentWidget() is window.pages.speak
    qtbot.keyRelease(window, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: seen[-1] is ListenState.IDLE)


def test_the_level_of_the_microphone_is_shown(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.pages.speak.level.value() > 10)
    assert window.pages.microphone.level.value() > 10


def test_what_destroys_is_done_only_after_yes(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    assert fakes.done == []
    answers = window.pages.speak.card.findChildren(QPushButton)
    next(button for button in answers if button.text().startswith("Yes")).click()
    qtbot.waitUntil(lambda: window.pages.speak.card.outcome_text == "Did: power.off")
    assert fakes.done == ["power.off"]


def test_the_level_is_watched_while_the_window_can_be_seen(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    runner = window.bridge._runner
    assert isinstance(runner, Runner)
    assert runner._level_watched
    window.hide()
    assert not runner._level_watched
    window.show()
    assert runner._level_watched
    window.bridge.restart(window.bridge.settings, window.engine.tasks)
    window.hide()
    qtbot.waitUntil(lambda: window.bridge.ready)
    made = window.bridge._runner
    assert isinstance(made, Runner)
    assert made is not runner
    assert not made._level_watched


def test_a_device_error_stands_in_the_banner_until_the_microphone_is_back(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    settle(qtbot, window)
    window.bridge.failed.emit(DeviceError("There is no microphone.", hint="plug one in"))
    assert window.messages.isVisible()
    assert window.messages.text == "There is no microphone.\nPlug one in"
    window.bridge.state_changed.emit(ListenState.LISTENING)
    assert not window.messages.isVisible()


def test_a_lost_microphone_is_waited_for(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    settle(qtbot, window)
    window.bridge.failed.emit(DeviceError("The microphone is gone.", hint="plug it in"))
    for state in (ListenState.STARTING, ListenState.THINKING, ListenState.STARTING):  # a typed command in between
        window.bridge.state_changed.emit(state)
    assert window.pages.speak.state_line.text().startswith("Waiting for a microphone")
    window.bridge.state_changed.emit(ListenState.IDLE)
    assert window.pages.speak.state_line.text().startswith("Hold")
    assert not window.messages.isVisible()


def test_a_missing_model_leaves_a_window_that_says_so(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    fakes.missing_models.add("shared-int8")
    window = open_window()
    qtbot.waitUntil(window.messages.isVisible)
    assert "There is no model shared-int8." in window.messages.text
    assert "Models page" in window.pages.speak.state_line.text()
    assert not window.pages.speak.talk_button.isEnabled()
    window.engine.use_model("unshared-int8")
    qtbot.waitUntil(lambda: window.bridge.ready)
    assert window.pages.speak.talk_button.isEnabled()


def test_a_change_of_settings_is_saved_and_in_force_at_once(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    window.pages.settings.push_key.setCurrentText("F8")
    assert fakes.saved[-1] == replace(fakes.settings, push_key="F8")
    settle(qtbot, window)
    assert "F8" in window.pages.speak.state_line.text()
    window.pages.settings.mode.buttons["open"].setChecked(True)
    assert fakes.saved[-1].listen_mode == "open"
    qtbot.waitUntil(lambda: window.pages.speak.state_line.text() == "Listening")
    assert fakes.runners == 1


def test_another_microphone_starts_the_runner_anew(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.pages.tabs.setCurrentWidget(window.pages.microphone)
    qtbot.waitUntil(lambda: window.pages.microphone.microphone.count() == 2)
    window.pages.microphone.microphone.setCurrentIndex(1)
    assert fakes.saved[-1].microphone == "Desk microphone"
    qtbot.waitUntil(lambda: fakes.runners == 2)
    qtbot.waitUntil(lambda: window.bridge.ready)
    assert [pipeline.closed for pipeline in fakes.pipelines] == [0]  # no model is loaded anew for it


def test_commands_only_shown_are_not_carried_out(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.pages.settings.act.setChecked(False)
    qtbot.waitUntil(lambda: fakes.runners == 2)
    window.bridge.type_text(TIMER.text)
    qtbot.waitUntil(lambda: "switched off" in window.pages.speak.card.outcome_text)
    assert fakes.pipelines[0].typed == [TIMER.text]
    assert fakes.done == []


def test_what_an_action_says_later_is_shown_from_any_thread(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    announcer = threading.Thread(target=fakes.announce[0], args=("Ten minutes are over.",))
    announcer.start()
    announcer.join()
    qtbot.waitUntil(window.messages.isVisible)
    assert window.messages.text == "Ten minutes are over."


def test_commands_can_be_searched(open_window: Open) -> None:
    page = open_window().pages.commands
    page.filter.setText("what TIME")
    assert [row.title for row in page.model.rows] == ["Tell time"]
    page.filter.clear()
    assert len(page.model.rows) == 2


def test_changed_commands_arrive_from_any_thread(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    changed = CommandView((CommandExamples("Stop", ("stop it",)),))
    told = threading.Thread(target=fakes.followers[0], args=(changed,))
    told.start()
    told.join()
    qtbot.waitUntil(lambda: "in use" in window.messages.text)
    assert [row.title for row in window.pages.commands.model.rows] == ["Stop"]


def test_what_is_wrong_with_commands_at_the_start_is_told(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    fakes.command_problems = (GrammarError("mine.yaml: unknown list", hint="did you mean another?"),)
    window = open_window()
    qtbot.waitUntil(lambda: "has a mistake" in window.messages.text)
    assert "unknown list" in window.pages.commands.problems.text


def test_an_engine_that_cannot_be_loaded_leaves_a_window_that_says_why(qtbot: QtBot, fakes: FakeServices) -> None:
    def connect() -> EngineServices:
        raise GrammarError("no command file is valid", hint="correct one")

    window = MainWindow(replace(fakes.services(), connect=connect))
    qtbot.addWidget(window)
    window.show()
    window.begin()
    qtbot.waitUntil(lambda: window.messages.text == "No command file is valid\nCorrect one")
    assert "Models page" in window.pages.speak.state_line.text()
    window.find_command()
    window.change_settings(replace(fakes.settings, push_key="F8"))
    assert fakes.saved[-1].push_key == "F8"
    window.shut_down()


def test_a_page_is_built_when_it_is_first_shown(qtbot: QtBot, fakes: FakeServices) -> None:
    window = MainWindow(fakes.services())
    qtbot.addWidget(window)
    window.show()
    window.pages.tabs.setCurrentIndex(1)
    assert isinstance(window.pages.tabs.currentWidget(), QLabel)  # the engine is not there yet
    window.engine.connect_services()
    qtbot.waitUntil(lambda: isinstance(window.pages.tabs.currentWidget(), CommandsPage))
    assert isinstance(window.pages.tabs.widget(3), QLabel)
    window.shut_down()


def test_a_question_is_in_sight_in_a_low_window(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.resize(512, 300)
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    page = window.pages.speak

    def seen(widget: QWidget) -> bool:
        top = widget.mapTo(page.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + widget.height() <= page.viewport().height()

    qtbot.waitUntil(lambda: all(seen(button) for button in page.card.question_buttons()), timeout=20_000)
    window.bridge.state_changed.emit(ListenState.HEARING)
    assert seen(page.talk_button)


def test_it_fits_into_a_small_window(open_window: Open) -> None:
    window = open_window()
    window.resize(440, 320)
    for index in range(window.pages.tabs.count()):
        window.pages.tabs.setCurrentIndex(index)
        assert (window.width(), window.height()) == (440, 320)
        assert window.pages.tabs.currentWidget().width() <= 440


def test_the_answer_is_seen_in_a_low_window(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.resize(680, 360)
    window.bridge.recognized.emit(recognition(TIMER, Verdict.ACT, outcome=RINGS))
    outcome = window.pages.speak.card._outcome
    qtbot.waitUntil(
        lambda: (
            window.pages.speak.viewport()
            .rect()
            .contains(outcome.mapTo(window.pages.speak.viewport(), outcome.rect().center()))
        )
    )


def test_closing_while_a_model_loads_closes_that_model(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.engine.use_model("unshared-int8")
    window.close()
    assert all(pipeline.closed == 1 for pipeline in fakes.pipelines)


def controls_of(window: MainWindow) -> list[QWidget]:
    """What can be reached with the Tab key on the page that is shown."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not isinstance(widget, QScrollArea) and widget.focusProxy() is None
    ]


@pytest.mark.parametrize("page", range(6))
def test_every_control_has_a_name_and_can_be_reached_with_the_keyboard(
    qtbot: QtBot, open_window: Open, page: int
) -> None:
    window = open_window()
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK, alternatives=(TIMER,)))
    window.show_news("Something new.")
    window.pages.tabs.setCurrentIndex(page)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.wait(10)  # what has come to a layout is shown on the next turn of the loop
    wanted = controls_of(window)
    nameless = [
        widget for widget in wanted if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert nameless == []
    window.pages.tabs.tabBar().setFocus()
    reached: list[QWidget | None] = []
    for _ in range(2 * len(wanted) + 4):
        reached.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
    groups = {widget for widget in wanted if isinstance(widget, QRadioButton)}  # the arrow keys lead on within a group
    missed = [widget for widget in wanted if widget not in reached and widget not in groups]
    assert missed == []
    assert not groups or groups & set(reached)


@pytest.mark.parametrize("size", [(1080, 700), (512, 274)])
@pytest.mark.parametrize("page", range(-1, 6))
def test_a_message_covers_nothing_and_leaves_room(
    qtbot: QtBot, open_window: Open, page: int, size: tuple[int, int]
) -> None:
    window = open_window()
    window.resize(*size)
    window.pages.tabs.setCurrentIndex(max(0, page))
    if page < 0:
        window.pages.show_introduction()
    window.show_error(ConfigError("the settings are damaged " * 3, hint="the defaults are in force " * 3))
    qtbot.waitUntil(lambda: window.messages.dismiss_button.visibleRegion().boundingRect().height() > 20)
    shown = window.messages.geometry()

    def place(widget: QWidget) -> QRect:
        seen = widget.visibleRegion().boundingRect()
        return QRect(widget.mapTo(window.messages.parentWidget(), seen.topLeft()), seen.size())

    qtbot.waitUntil(lambda: window.centralWidget().rect().contains(window.messages.geometry()))
    own = window.messages.findChildren(QWidget)
    assert [widget for widget in controls_of(window) if widget not in own and place(widget).intersects(shown)] == []
    assert window.pages.stack.height() >= 100
    assert (window.width(), window.height()) == size
    window.messages.dismiss()
    qtbot.waitUntil(lambda: window.pages.stack.height() == window.centralWidget().height())


def test_a_message_scrolls_nothing_away_that_has_the_focus(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    settle(qtbot, window)
    window.resize(700, 300)
    window.activateWindow()
    page = window.pages.speak
    button = page.run_button
    button.setFocus()
    qtbot.waitUntil(lambda: page.talk_button.height() < 120)  # in so low a window
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() == page.widget().height() - page.viewport().height())
    qtbot.wait(50)
    page.ensureWidgetVisible(button)
    window.show_error(ConfigError("the settings are damaged", hint="the defaults are in force"))
    qtbot.waitUntil(lambda: window.messages.geometry().bottom() == window.centralWidget().rect().bottom())
    qtbot.waitUntil(lambda: button.visibleRegion().boundingRect() == button.rect())


def test_undo_goes_to_the_action_and_its_answer_to_the_card(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    done = recognition(TIMER, Verdict.ACT, outcome=ActionOutcome(True, "The timer runs.", "7"))
    for answer in ("The timer is cancelled.", "The timer runs."):
        window.bridge.recognized.emit(done)
        next(button for button in window.pages.speak.card.findChildren(QPushButton) if button.text() == "Undo").click()
        qtbot.waitUntil(lambda: not window.pages.action_tasks.busy)
        assert window.pages.speak.card.outcome_text == answer
    assert fakes.undone == ["7", "7"]
    assert "cannot be undone any more" in window.messages.text
