"""New command: "When I say ... do ...", checked while one types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from gui_fakes import CALENDAR, ScriptedCommandTools, recognition
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from voiceassist.action_spec import ActionSpec, Parameter, ValueKind
from voiceassist.domain import CommandSpec, Interpretation, Recognition, RejectReason, Verdict
from voiceassist.errors import GrammarError
from voiceassist.gui.pages.commands.editor import CommandEditor
from voiceassist.gui.services.command_views import CommandCheck
from voiceassist.gui.services.own_commands import OwnCommand

ACTIONS = (
    ActionSpec("clock.time", "Tells the time."),
    ActionSpec(
        "program.run",
        "Runs a program.",
        (
            Parameter("argv", ValueKind.TEXTS),
            Parameter("environment", ValueKind.MAPPING, required=False),
            Parameter("output", required=False, choices=("say", "show")),
        ),
    ),
    ActionSpec("wait", "Waits.", (Parameter("seconds", ValueKind.NUMBER),)),
    ActionSpec("odd", "Needs what no field can take.", (Parameter("content", ValueKind.ANY),)),
)


class Tools(ScriptedCommandTools):
    """Understands the sentences of the file, and allows the program that it runs."""

    def check(self, text: str, tried: str = "", path: Path | None = None) -> CommandCheck:
        content = yaml.safe_load(text)
        ((intent, fields),) = content["intents"].items()
        assert intent
        if "bad" in text:
            return CommandCheck((GrammarError("that is bad", hint="write something else", line=4),))
        allowed = tuple(fields.get("arguments", {}).get("argv", ()))
        return CommandCheck((), tried in fields["data"][0]["sentences"], allowed)


@pytest.fixture
def tools() -> Tools:
    return Tools()


@pytest.fixture
def editor(qtbot: QtBot, themed: None, tools: Tools) -> Iterator[CommandEditor]:
    made = CommandEditor(ACTIONS, tools)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.reject()


def field(editor: CommandEditor, name: str) -> QLineEdit:
    found = editor._fields[name].input
    assert isinstance(found, QLineEdit)
    return found


def test_a_command_that_runs_a_program(qtbot: QtBot, editor: CommandEditor) -> None:
    qtbot.waitUntil(lambda: editor.status.text() == "Write what you will say.")
    assert not editor.save_button.isEnabled()
    qtbot.keyClicks(editor.sentences, "open my mail")
    qtbot.waitUntil(lambda: editor.status.text() == "Still missing: Program and what it is given")
    qtbot.keyClicks(field(editor, "argv"), "thunderbird 'my mail'")
    qtbot.waitUntil(editor.save_button.isEnabled)
    assert "Saving it allows this: thunderbird; my mail" in editor.status.text()
    with qtbot.waitSignal(editor.finished_command) as saved:
        editor.save_button.click()
    assert saved.args == [OwnCommand(("open my mail",), "program.run", {"argv": ["thunderbird", "my mail"]})]


def test_tab_goes_through_the_fields_from_top_to_bottom(qtbot: QtBot, editor: CommandEditor) -> None:
    editor.activateWindow()
    editor.action.setFocus()
    qtbot.waitUntil(editor.action.hasFocus)
    wanted = (
        editor._fields["argv"].input,
        editor._fields["argv"].tab_last,
        editor._fields["output"].input,
        editor.try_line,
    )
    for widget in wanted:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is widget


def test_what_is_left_to_the_action_is_not_written(editor: CommandEditor) -> None:
    box = editor._fields["output"].input
    assert isinstance(box, QComboBox)
    assert [box.itemText(index) for index in range(box.count())] == ["Default", "say", "show"]
    assert editor._fields["output"].value() == ""
    editor._fields["output"].show_value("show")
    assert editor._fields["output"].value() == "show"


def test_actions_are_chosen_by_what_they_do_and_the_usual_ones_come_first(editor: CommandEditor) -> None:
    words = [editor.action.itemText(index) for index in range(editor.action.count())]
    assert words == ["Run a program", "Tells the time", "Waits"]


def test_a_value_that_is_said_need_not_be_written(qtbot: QtBot, editor: CommandEditor) -> None:
    editor.action.setCurrentIndex(editor.action.findData("wait"))
    editor.sentences.setPlainText("wait {seconds}")
    qtbot.waitUntil(editor.save_button.isEnabled)
    editor.sentences.setPlainText("wait a moment")
    qtbot.waitUntil(lambda: editor.status.text() == "Still missing: Seconds")
    field(editor, "seconds").setText("2.5")
    qtbot.waitUntil(editor.save_button.isEnabled)
    assert editor.command().arguments == {"seconds": 2.5}


def test_mistakes_are_told_at_their_line_and_keep_it_from_being_saved(qtbot: QtBot, editor: CommandEditor) -> None:
    editor.action.setCurrentIndex(editor.action.findData("clock.time"))
    editor.sentences.setPlainText("bad")
    qtbot.waitUntil(lambda: "that is bad" in editor.status.text())
    assert not editor.save_button.isEnabled()
    assert [mark.cursor.blockNumber() for mark in editor.file.extraSelections()] == [3]
    editor.sentences.setPlainText("good")
    qtbot.waitUntil(editor.save_button.isEnabled)
    assert editor.file.extraSelections() == []


def test_a_sentence_is_tried_and_the_file_shown(qtbot: QtBot, editor: CommandEditor) -> None:
    editor.action.setCurrentIndex(editor.action.findData("clock.time"))
    editor.sentences.setPlainText("how late is it")
    editor.try_line.setText("what time is it")
    qtbot.waitUntil(lambda: editor.meaning.text().startswith("✗"))
    editor.try_line.setText("how late is it")
    qtbot.waitUntil(lambda: editor.meaning.text().startswith("✓"))
    assert not editor.file.isVisible()
    editor.file_button.click()
    assert editor.file.isVisible()
    assert "- how late is it" in editor.file.toPlainText()


def test_a_command_is_changed_and_keeps_what_has_no_field(qtbot: QtBot, themed: None, tmp_path: Path) -> None:
    old = OwnCommand(
        ("open my mail",), "program.run", {"argv": ["mail"], "environment": {"A": "b"}, "output": "show"}, "OpenMail"
    )
    editor = CommandEditor(ACTIONS, Tools(), old)
    qtbot.addWidget(editor)
    editor.show()
    qtbot.waitUntil(editor.save_button.isEnabled)
    assert editor.command() == old
    field(editor, "argv").setText("mail --new")
    assert editor.command().arguments == {"argv": ["mail", "--new"], "environment": {"A": "b"}, "output": "show"}
    assert editor.command().name == "OpenMail"
    editor.reject()


def ready_to_say(qtbot: QtBot, editor: CommandEditor) -> None:
    editor.sentences.setPlainText("open my mail")
    editor.action.setCurrentIndex(editor.action.findData("clock.time"))
    qtbot.waitUntil(editor.say_button.isEnabled)


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (
            recognition(Interpretation("open my mail", CommandSpec("OpenMyMail")), Verdict.ASK),
            "✓ I heard “open my mail”: that is this command.",
        ),
        (recognition(CALENDAR, Verdict.ACT), "✗ I heard “show the calendar”: that is the command “Open application”."),
        (
            recognition(None, Verdict.REJECT, reason=RejectReason.NO_MATCH, heard="oh mail"),
            "✗ I heard “oh mail”. I heard speech, but no command that I know. The Commands page lists them all.",
        ),
    ],
)
def test_a_draft_is_tried_by_voice(
    qtbot: QtBot, editor: CommandEditor, tools: Tools, heard: Recognition, words: str
) -> None:
    ready_to_say(qtbot, editor)
    tools.heard = heard
    tools.go_on.clear()
    with qtbot.waitSignal(editor.testing) as testing:
        editor.say_button.click()
    assert testing.args == [True]
    qtbot.waitUntil(lambda: editor.level.value() > 50)
    with qtbot.waitSignal(editor.testing) as testing:
        tools.go_on.set()
    assert testing.args == [False]
    assert editor.meaning.text() == words


def test_a_trial_ends_with_the_dialog(qtbot: QtBot, editor: CommandEditor, tools: Tools) -> None:
    ready_to_say(qtbot, editor)
    tools.go_on.clear()
    editor.say_button.click()
    with qtbot.waitSignal(editor.testing) as testing:
        editor.reject()
    assert testing.args == [False]
