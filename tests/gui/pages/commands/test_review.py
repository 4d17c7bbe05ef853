"""A look over all commands: sentences that sound alike, and the report of a test file."""

from __future__ import annotations

from pathlib import Path

import pytest
from gui_fakes import ScriptedCommandTools
from pytestqt.qtbot import QtBot

from voiceassist.gui.pages.commands.review import ReviewDialog
from voiceassist.gui.services.command_views import AlikePair, CommandReview, CommandTests, WrongTest


@pytest.fixture
def tools() -> ScriptedCommandTools:
    return ScriptedCommandTools()


def shown(qtbot: QtBot, tools: ScriptedCommandTools) -> ReviewDialog:
    dialog = ReviewDialog(tools, Path("commands"))
    qtbot.addWidget(dialog, before_close_func=lambda made: made.done(0))
    with qtbot.waitSignal(dialog.finished_look):
        dialog.show()
    return dialog


def test_nothing_stands_out(qtbot: QtBot, themed: None, tools: ScriptedCommandTools) -> None:
    tools.found = CommandReview((AlikePair("open mail", "Mail", "set a timer", "TimerStart", 60.0),))
    dialog = shown(qtbot, tools)
    assert dialog.words.startswith("Nothing stands out")
    assert not dialog.progress.isVisible()


def test_what_sounds_alike_is_told_with_the_warnings(qtbot: QtBot, themed: None, tools: ScriptedCommandTools) -> None:
    tools.found = CommandReview(
        (AlikePair("open my mail", "OpenMail", "open my maps", "OpenMaps", 1.5),), ("mine.yaml:3: said twice",)
    )
    words = shown(qtbot, tools).words
    assert "“open my mail” (Open mail) could be taken for “open my maps” (Open maps)" in words
    assert "mine.yaml:3: said twice" in words


def test_a_test_file_is_reported(qtbot: QtBot, themed: None, tools: ScriptedCommandTools) -> None:
    dialog = shown(qtbot, tools)
    tools.tests = CommandTests(5, (WrongTest("/a/t.yaml:3", "mail", "male", "OpenMail", ""),))
    with qtbot.waitSignal(dialog.finished_look):
        dialog.run_tests(Path("t.yaml"))
    assert dialog.words.splitlines() == [
        "t.yaml: 4 of 5 tests are right.",
        "✗ “mail” (heard: “male”): expected Open mail, found no command   t.yaml:3",
    ]
