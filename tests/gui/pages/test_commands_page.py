"""The Commands page: what can be said, what is wrong, and trying a sentence."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from gui_fakes import TIMER
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from voiceassist.errors import GrammarError
from voiceassist.gui.pages.command_problems import problem_words
from voiceassist.gui.pages.commands import CommandsPage
from voiceassist.gui.services.interfaces import CommandExamples, CommandView

LIGHTS = Path("/home/me/commands/lights.yaml")
VIEW = CommandView(
    (
        CommandExamples("TimerStart", ("set a timer for {duration}",), description="Starts a timer."),
        CommandExamples("LightOn", ("light on", "let there be light"), file=LIGHTS),
    )
)
PROBLEM = GrammarError(f"{LIGHTS}:3:12: unknown list 'room'", hint="did you mean 'rooms'?", file=str(LIGHTS), line=3)


class FakeDesktop:
    """Remembers what was to be opened."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.refuses: set[Path] = set()

    def open(self, path: Path) -> bool:
        self.opened.append(path)
        return path not in self.refuses


@pytest.fixture
def desktop() -> FakeDesktop:
    return FakeDesktop()


@pytest.fixture
def page(qtbot: QtBot, themed: None, desktop: FakeDesktop, tmp_path: Path) -> CommandsPage:
    made = CommandsPage(
        VIEW, tmp_path / "commands", lambda text: TIMER if text == TIMER.text else None, open_path=desktop.open
    )
    qtbot.addWidget(made)
    made.show()
    return made


def shown(page: CommandsPage) -> list[tuple[str, str]]:
    items = [page.tree.topLevelItem(index) for index in range(page.tree.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item is not None and not item.isHidden()]


def test_intents_stand_with_their_file(page: CommandsPage) -> None:
    assert shown(page) == [("Timer start", ""), ("Light on", "lights.yaml")]
    page.filter.setText("LIGHTS.yaml")
    assert shown(page) == [("Light on", "lights.yaml")]
    page.filter.setText("starts a")
    assert shown(page) == [("Timer start", "")]


def test_an_example_stands_before_the_templates(page: CommandsPage) -> None:
    page.show_view(CommandView((CommandExamples("Stop", ("[please] stop",), "", "Stops it.", example="stop"),)))
    item = page.tree.topLevelItem(0)
    assert item is not None
    assert [item.child(index).text(0) for index in range(item.childCount())] == ["“stop”   Stops it.", "[please] stop"]


def test_the_file_of_the_selected_sentence_is_opened(qtbot: QtBot, page: CommandsPage, desktop: FakeDesktop) -> None:
    assert not page.open_file.isEnabled()
    item = page.tree.topLevelItem(1)
    assert item is not None
    page.tree.setCurrentItem(item.child(1))
    qtbot.mouseClick(page.open_file, Qt.MouseButton.LeftButton)
    assert desktop.opened == [LIGHTS]
    page.tree.setCurrentItem(page.tree.topLevelItem(0))
    assert not page.open_file.isEnabled()


def test_what_no_program_opens_is_opened_by_its_folder_or_named(
    qtbot: QtBot, page: CommandsPage, desktop: FakeDesktop
) -> None:
    desktop.refuses = {LIGHTS}
    page.open(LIGHTS)
    assert desktop.opened == [LIGHTS, LIGHTS.parent]
    desktop.refuses = {LIGHTS, LIGHTS.parent}
    with qtbot.waitSignal(page.news) as told:
        page.open(LIGHTS)
    assert str(LIGHTS) in told.args[0]


def test_the_users_folder_is_made_and_opened(
    qtbot: QtBot, page: CommandsPage, desktop: FakeDesktop, tmp_path: Path
) -> None:
    qtbot.mouseClick(page.open_folder, Qt.MouseButton.LeftButton)
    assert (tmp_path / "commands").is_dir()
    assert desktop.opened == [tmp_path / "commands"]


def test_a_folder_that_cannot_be_made_is_told(qtbot: QtBot, page: CommandsPage, tmp_path: Path) -> None:
    (tmp_path / "commands").write_text("in the way")
    with qtbot.waitSignal(page.news) as told:
        qtbot.mouseClick(page.open_folder, Qt.MouseButton.LeftButton)
    assert "cannot be made" in told.args[0]


def test_a_sentence_is_tried_while_it_is_typed(qtbot: QtBot, page: CommandsPage) -> None:
    assert not page.meaning.isVisible()
    qtbot.keyClicks(page.try_line, "set a timer")
    assert page.meaning.text() == "This is no command."
    qtbot.keyClicks(page.try_line, " for ten minutes")
    assert page.meaning.text() == "Timer start: duration: 10 minutes"
    page.try_line.clear()
    assert not page.meaning.isVisible()


def test_changed_commands_arrive_from_any_thread(qtbot: QtBot, page: CommandsPage) -> None:
    page.filter.setText("light")
    new = CommandView(
        (CommandExamples("LightOff", ("lights out",), file=LIGHTS), CommandExamples("Stop", ("stop it",)))
    )
    told: list[str] = []
    page.news.connect(told.append)
    thread = threading.Thread(target=page.arrived.emit, args=(new,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told))
    assert shown(page) == [("Light off", "lights.yaml")]  # the filter goes on to hold
    assert "in use" in told[0]
    assert not page.problems.isVisible()


def test_what_is_wrong_stands_there_with_its_line_until_it_is_mended(
    qtbot: QtBot, page: CommandsPage, desktop: FakeDesktop
) -> None:
    with qtbot.waitSignal(page.news) as told:
        page.arrived.emit(CommandView(VIEW.commands, (PROBLEM,)))
    assert "mistake" in told.args[0]
    assert page.problems.isVisible()
    assert page.problems.text == "lights.yaml, line 3: unknown list 'room' (did you mean 'rooms'?)"
    button = next(button for button in page.problems.findChildren(QPushButton) if button.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desktop.opened == [LIGHTS]
    page.show_view(VIEW)
    assert not page.problems.isVisible()
    assert page.problems.text == ""


def test_what_was_wrong_from_the_start_is_told(qtbot: QtBot, page: CommandsPage) -> None:
    with qtbot.assertNotEmitted(page.news):
        page.tell_problems()
    page.show_view(CommandView(VIEW.commands, (PROBLEM,)))
    with qtbot.waitSignal(page.news):
        page.tell_problems()


def test_very_many_problems_leave_room_for_the_rest(page: CommandsPage) -> None:
    page.show_view(CommandView(VIEW.commands, (PROBLEM,) * 30))
    assert page.problems.text.endswith("and 25 more")


def test_a_problem_of_no_file_is_told_as_it_is() -> None:
    assert problem_words(GrammarError("far too many", hint="use fewer")) == "far too many (use fewer)"


def test_without_commands_it_says_what_to_do(qtbot: QtBot, themed: None, tmp_path: Path) -> None:
    empty = CommandsPage(CommandView(()), tmp_path)
    qtbot.addWidget(empty)
    empty.show()
    assert "commands folder" in empty.explanation.text()
    assert not empty.try_line.isVisible()
