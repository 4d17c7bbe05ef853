"""A command file as a text: checked while it is typed, saved only without mistakes, and never over another's change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_fakes import ScriptedCommandTools
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from voiceassist.errors import VoiceAssistError
from voiceassist.gui.pages.commands.file_actions import FileActions
from voiceassist.gui.pages.commands.file_editor import FileEditor
from voiceassist.gui.services.own_commands import OwnCommands
from voiceassist.gui.services.tasks import TaskThread

GOOD = "intents:\n  Mail:\n    - open my mail\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "mail.yaml"
    file.write_text(GOOD)
    return file


@pytest.fixture
def tools() -> ScriptedCommandTools:
    return ScriptedCommandTools()


@pytest.fixture
def files(qtbot: QtBot, tmp_path: Path, tools: ScriptedCommandTools) -> Iterator[FileActions]:
    tasks = TaskThread("tested")
    yield FileActions(OwnCommands(tmp_path), tools, tasks)
    tasks.close()


def opened(qtbot: QtBot, path: Path, tools: ScriptedCommandTools, **options: bool) -> FileEditor:
    editor = FileEditor(path, tools, **options)
    qtbot.addWidget(editor, before_close_func=lambda made: made.done(0))
    editor.show()
    qtbot.waitUntil(lambda: editor.status.text().startswith("✓"))
    return editor


def test_a_valid_text_is_saved_and_what_it_runs_agreed_to(
    qtbot: QtBot, themed: None, path: Path, tools: ScriptedCommandTools, files: FileActions
) -> None:
    editor = opened(qtbot, path, tools)
    assert not editor.save_button.isEnabled()  # nothing has changed
    editor.save_wanted.connect(lambda text, before: files.save_text(path, text, before))
    editor.text.setPlainText(GOOD.replace("mail", "rm"))
    qtbot.waitUntil(editor.save_button.isEnabled)
    assert "Saving it allows this: rm -r {folder}" in editor.status.text()
    with qtbot.waitSignal(files.changed):
        editor.save_button.click()
    assert path.read_text() == GOOD.replace("mail", "rm")
    assert tools.agreed == [GOOD.replace("mail", "rm")]
    assert not editor.isVisible()


def test_a_mistake_is_marked_at_its_line_and_cannot_be_saved(
    qtbot: QtBot, themed: None, path: Path, tools: ScriptedCommandTools
) -> None:
    editor = opened(qtbot, path, tools)
    editor.text.setPlainText(GOOD + "bad: [\n")
    qtbot.waitUntil(lambda: "bad" in editor.status.text())
    assert editor.status.text() == "Line 4: that is bad (write something else)"
    assert [mark.cursor.blockNumber() for mark in editor.text.extraSelections()] == [3]
    assert not editor.save_button.isEnabled()
    editor.save_button.click()
    assert path.read_text() == GOOD
    editor.text.setPlainText(GOOD)
    qtbot.waitUntil(lambda: editor.status.text().startswith("✓"))
    assert editor.text.extraSelections() == []


def test_a_file_that_another_program_has_changed_is_not_overwritten(
    qtbot: QtBot, path: Path, files: FileActions
) -> None:
    path.write_text("changed: elsewhere\n")
    with qtbot.waitSignal(files.failed) as failed:
        files.save_text(path, "mine", GOOD)
    assert isinstance(failed.args[0], VoiceAssistError)
    assert "another program has changed it" in failed.args[0].message
    assert path.read_text() == "changed: elsewhere\n"


def test_a_file_of_the_program_is_only_shown(
    qtbot: QtBot, themed: None, path: Path, tools: ScriptedCommandTools
) -> None:
    editor = opened(qtbot, path, tools, shipped=True)
    assert editor.text.isReadOnly()
    assert not editor.save_button.isVisible()
    editor.close_button.click()
    assert not editor.isVisible()


@pytest.mark.parametrize(("answer", "stays"), [("Go on editing", True), ("Close without saving", False)])
def test_what_is_not_saved_is_asked_about(
    qtbot: QtBot, themed: None, path: Path, tools: ScriptedCommandTools, answer: str, stays: bool
) -> None:
    editor = opened(qtbot, path, tools)
    editor.text.setPlainText("something else")
    editor.close_button.click()
    box = editor.findChild(QMessageBox)
    next(button for button in box.buttons() if button.text() == answer).click()
    assert editor.isVisible() is stays
    assert path.read_text() == GOOD


def test_a_file_that_cannot_be_read_is_told(
    qtbot: QtBot, themed: None, tmp_path: Path, tools: ScriptedCommandTools
) -> None:
    editor = FileEditor(tmp_path / "gone.yaml", tools)
    qtbot.addWidget(editor, before_close_func=lambda made: made.done(0))
    qtbot.waitUntil(lambda: "cannot be read" in editor.status.text())
    assert not editor.save_button.isEnabled()
