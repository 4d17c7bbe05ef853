"""The Commands page: what can be said, own commands, what is wrong, and trying a sentence."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from gui_fakes import TIMER, FakeServices, ScriptedCommandTools
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from voiceassist.action_spec import ActionSpec
from voiceassist.errors import GrammarError
from voiceassist.gui.pages.commands.editor import CommandEditor
from voiceassist.gui.pages.commands.file_editor import FileEditor
from voiceassist.gui.pages.commands.page import CommandsPage
from voiceassist.gui.pages.commands.problems import problem_words
from voiceassist.gui.services.command_views import CommandExamples, CommandView
from voiceassist.gui.services.interfaces import EngineServices
from voiceassist.gui.services.own_commands import OwnCommand
from voiceassist.gui.services.tasks import TaskThread

LIGHTS = Path("/home/me/lights.yaml")
COMMANDS = (
    CommandExamples(
        "TimerStart", ("set a timer for {duration}",), description="Starts a timer.", example="set a timer"
    ),
    CommandExamples("LightOn", ("light on", "let there be light"), file=LIGHTS),
)
VIEW = CommandView(COMMANDS)
PROBLEM = GrammarError(f"{LIGHTS}:3:12: unknown list 'room'", hint="did you mean 'rooms'?", file=str(LIGHTS), line=3)
MAIL = OwnCommand(("open my mail",), "clock.time")


@pytest.fixture
def services(fakes: FakeServices) -> EngineServices:
    return replace(
        fakes.engine(),
        commands=VIEW,
        understand=lambda text: TIMER if text == TIMER.text else None,
        actions=(ActionSpec("clock.time", "Tells the time."),),
        command_tools=ScriptedCommandTools(),
    )


@pytest.fixture
def page(qtbot: QtBot, themed: None, services: EngineServices, fakes: FakeServices) -> Iterator[CommandsPage]:
    tasks = TaskThread("tested")
    made = CommandsPage(services, fakes.paths(), tasks)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close_page()
    tasks.close()


def shown(page: CommandsPage) -> list[tuple[str, str]]:
    return [(row.title, row.second) for row in page.model.rows]


def choose(page: CommandsPage, title: str) -> None:
    titles = [row.title for row in page.model.rows]
    page.list.setCurrentIndex(page.model.index(titles.index(title)))


def told(page: CommandsPage) -> list[str]:
    words: list[str] = []
    page.news.connect(words.append)
    return words


def read_folder(page: CommandsPage) -> None:
    """What the watcher of the files would do."""
    files = sorted(page.own.folder.glob("*.yaml"))
    own = [CommandExamples(file.stem, ("open my mail",), file=file, example=file.stem) for file in files]
    page.show_view(CommandView((*COMMANDS, *own)))


def test_commands_are_shown_by_an_example_and_can_be_searched(page: CommandsPage) -> None:
    assert shown(page) == [("“Set a timer”", "Starts a timer."), ("Light on", "")]
    for words, found in (("LIGHTS.yaml", ["Light on"]), ("starts a", ["“Set a timer”"]), ("let there", ["Light on"])):
        page.filter.setText(words)
        assert [title for title, _ in shown(page)] == found


def test_how_a_command_is_written_is_shown_for_the_chosen_one_only(page: CommandsPage) -> None:
    assert not page.details.isVisible()
    choose(page, "Light on")
    assert page.details.text().endswith("light on\nlet there be light")


def test_a_file_is_shown_as_a_text_and_opened_by_the_desktop(qtbot: QtBot, page: CommandsPage) -> None:
    assert not page.file_button.isEnabled()
    choose(page, "Light on")
    page.file_button.click()
    with qtbot.waitSignal(page.open_wanted) as wanted:
        page.findChild(FileEditor).open_button.click()
    assert wanted.args == [LIGHTS]
    choose(page, "“Set a timer”")
    assert not page.file_button.isEnabled()


def test_the_users_folder_is_made_and_opened_or_it_says_why_not(qtbot: QtBot, page: CommandsPage) -> None:
    with qtbot.waitSignal(page.open_wanted) as wanted:
        page.folder_button.click()
    assert wanted.args == [page.own.folder]
    page.own.folder.rmdir()
    page.own.folder.write_text("in the way")
    with qtbot.waitSignal(page.failed) as failed:
        page.folder_button.click()
    assert "cannot be changed" in failed.args[0].message


def test_a_new_command_is_made_without_an_editor(qtbot: QtBot, page: CommandsPage) -> None:
    words = told(page)
    page.new_button.click()
    editor = page.findChild(CommandEditor)
    editor.sentences.setPlainText("open my mail")
    qtbot.waitUntil(editor.save_button.isEnabled)
    editor.save_button.click()
    qtbot.waitUntil(lambda: words == ["Saved. Say “open my mail”."])
    (file,) = page.own.folder.iterdir()
    assert file.name == "open-my-mail.yaml"
    assert page.saving
    made = CommandExamples("OpenMyMail", ("open my mail",), file=file, example="open my mail")
    page.show_view(CommandView((*COMMANDS, made)))
    chosen = page.selected()
    assert chosen is not None
    assert chosen.title == "“Open my mail”"
    assert not page.saving


def test_own_commands_stand_on_top_and_are_marked(qtbot: QtBot, page: CommandsPage) -> None:
    page.own.save(MAIL)
    read_folder(page)
    assert shown(page)[0] == ("“Open-my-mail”", "my own")
    for title, own in (("“Open-my-mail”", True), ("Light on", False)):
        choose(page, title)
        assert page.delete_button.isVisible() is own


def test_an_own_command_is_switched_off_and_on(qtbot: QtBot, page: CommandsPage) -> None:
    page.own.save(MAIL)
    read_folder(page)
    choose(page, "“Open-my-mail”")
    page.switch_button.click()
    qtbot.waitUntil(lambda: bool(page.own.switched_off()))
    read_folder(page)
    choose(page, "Open-my-mail")
    assert "switched off" in shown(page)[0][1]
    assert page.switch_button.text() == "Switch on"
    page.switch_button.click()
    qtbot.waitUntil(lambda: not page.own.switched_off())


def test_an_own_command_is_deleted_and_put_back(qtbot: QtBot, page: CommandsPage) -> None:
    path = page.own.save(MAIL)
    read_folder(page)
    choose(page, "“Open-my-mail”")
    page.delete_button.click()
    qtbot.waitUntil(page.undelete_button.isVisible)
    assert not path.exists()
    page.undelete_button.click()
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: not page.undelete_button.isVisible())


def test_an_own_command_is_edited_or_opened_as_a_text(qtbot: QtBot, page: CommandsPage) -> None:
    path = page.own.save(MAIL)
    read_folder(page)
    choose(page, "“Open-my-mail”")
    page.edit_button.click()
    qtbot.waitUntil(lambda: page.findChild(CommandEditor) is not None)
    editor = page.findChild(CommandEditor)
    assert editor.sentences.toPlainText() == "open my mail"
    editor.reject()
    path.write_text("intents: {A: [a], B: [b]}")
    page.edit_button.click()
    qtbot.waitUntil(lambda: page.findChild(FileEditor) is not None)
    text = page.findChild(FileEditor).text
    qtbot.waitUntil(lambda: text.toPlainText() == path.read_text())


def test_a_sentence_is_tried_while_it_is_typed(qtbot: QtBot, page: CommandsPage) -> None:
    assert not page.meaning.isVisible()
    qtbot.keyClicks(page.try_line, "set a timer")
    qtbot.waitUntil(lambda: page.meaning.text() == "No command reads like this.")
    qtbot.keyClicks(page.try_line, " for ten minutes")
    qtbot.waitUntil(lambda: page.meaning.text() == "Timer start: duration: 10 minutes")
    page.try_line.clear()
    assert not page.meaning.isVisible()


def test_changed_commands_keep_what_is_searched_for(page: CommandsPage) -> None:
    page.filter.setText("light")
    page.show_view(
        CommandView((CommandExamples("LightOff", ("lights out",), file=LIGHTS), CommandExamples("Stop", ("stop it",))))
    )
    assert [title for title, _ in shown(page)] == ["Light off"]
    assert not page.problems.isVisible()


def test_ten_thousand_commands_are_shown_and_searched_in_no_time(page: CommandsPage) -> None:
    many = tuple(CommandExamples(f"Play{n}", (f"play number {n}",), example=f"play {n}") for n in range(10_000))
    page.show_view(CommandView(many))
    started = time.process_time()
    page.filter.setText("number 9999")
    assert time.process_time() - started < 0.5
    assert [title for title, _ in shown(page)] == ["“Play 9999”"]


def test_what_is_wrong_stands_there_with_its_line_until_it_is_mended(qtbot: QtBot, page: CommandsPage) -> None:
    page.show_view(CommandView(VIEW.commands, (PROBLEM,)))
    assert page.problems.isVisible()
    assert page.problems.text == "lights.yaml, line 3: unknown list 'room' (did you mean 'rooms'?)"
    button = next(button for button in page.problems.findChildren(QPushButton) if button.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.findChild(FileEditor).windowTitle() == "lights.yaml"
    page.show_view(VIEW)
    assert not page.problems.isVisible()
    assert page.problems.text == ""


def problem(file: Path, line: int) -> GrammarError:
    return GrammarError(f"{file}:{line}:1: wrong {line}", hint="mend it", file=str(file), line=line)


def buttons_of(page: CommandsPage) -> list[QPushButton]:
    return [button for button in page.problems.findChildren(QPushButton) if not button.isHidden()]


def test_each_mistake_of_a_file_is_told_and_leads_to_its_line(qtbot: QtBot, page: CommandsPage) -> None:
    page.own.folder.mkdir(parents=True)
    file = page.own.folder / "lights.yaml"
    file.write_text("# \n" * 9)
    first = problem(file, 3)
    first.more = (problem(file, 5), problem(file, 8))
    page.show_view(CommandView(VIEW.commands, (first,)))
    assert page.problems.text.splitlines() == [
        "3 mistakes in command files",
        "lights.yaml, line 3: wrong 3 (mend it)",
        "lights.yaml, line 5: wrong 5 (mend it)",
        "lights.yaml, line 8: wrong 8 (mend it)",
    ]
    buttons_of(page)[2].click()
    editor = page.findChild(FileEditor)
    qtbot.waitUntil(lambda: bool(editor.text.toPlainText()))
    assert editor.text.textCursor().blockNumber() == 7


def test_very_many_mistakes_leave_room_for_the_rest_and_are_all_shown_on_demand(
    qtbot: QtBot, page: CommandsPage
) -> None:
    first, other = problem(LIGHTS, 1), problem(Path("/home/me/mail.yaml"), 1)
    first.more = tuple(problem(LIGHTS, line) for line in range(2, 20))
    view = CommandView(VIEW.commands, (first, other))
    page.show_view(view)
    assert page.problems.text.startswith("20 mistakes")
    assert page.problems.text.endswith("line 5: wrong 5 (mend it)\nand 15 more")
    buttons_of(page)[-1].click()
    assert page.window().focusWidget() is buttons_of(page)[-1]  # the first of those that have come
    assert page.problems.text.splitlines()[-2:] == [
        "lights.yaml, line 19: wrong 19 (mend it)",
        "mail.yaml, line 1: wrong 1 (mend it)",
    ]
    page.show_view(view)  # another file was saved
    qtbot.waitUntil(lambda: len(buttons_of(page)) == 20)


def test_a_problem_of_no_file_is_told_as_it_is() -> None:
    assert problem_words(GrammarError("far too many", hint="use fewer")) == "far too many (use fewer)"
