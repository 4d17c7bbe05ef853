"""A look over all commands: sentences that sound alike, and the report of a test file."""

from __future__ import annotations

from pathlib import Path

import pytest
from gui_fakes import ScriptedCommandTools
from pytestqt.qtbot import QtBot

from voiceassist.errors import MissingError
from voiceassist.grammar.compiler.ambiguity import find_ambiguities
from voiceassist.grammar.compiler.doubtful_sentences import find_doubtful_sentences
from voiceassist.grammar.compiler.sound_alikes import find_sound_alikes
from voiceassist.grammar.files.merge import load_commands
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


def test_what_sounds_alike_is_told(qtbot: QtBot, themed: None, tools: ScriptedCommandTools) -> None:
    tools.found = CommandReview((AlikePair("open my mail", "OpenMail", "open my maps", "OpenMaps", 1.5),))
    words = shown(qtbot, tools).words
    assert "“open my mail” (Open mail) could be taken for “open my maps” (Open maps)" in words


def test_what_this_machine_does_not_have_is_told(qtbot: QtBot, themed: None, tools: ScriptedCommandTools) -> None:
    missing = MissingError("/home/a/mine.yaml:3:5: no program", hint="install it", file="/home/a/mine.yaml", line=3)
    tools.found = CommandReview(warnings=(missing,))
    assert shown(qtbot, tools).words.endswith("\nmine.yaml, line 3: no program (install it)")


FILE = """\
lists:
  room:
    values: [{in: den, out: 1}, {in: Den, out: 2}, {in: hall, out: 3}, {in: hall, out: 4}]
intents:
  OpenMail: ["open my mail", "light the {room} [the]"]
  open_my_mail: ["open [my] mail"]
  Wait:
    data:
      - {sentences: ["wait"], requires_context: {place: home}}
"""
TOLD = """\
mine.yaml, line 9: this sentence was left out: it needs the context 'place', which no value of its lists has
('context: {place: ...}')

“open my mail” means two things: Open mail (mine.yaml, line 5) and Open my mail (mine.yaml, line 6).
Only the first is ever done. Change one of the two sentences.

“Den” in the list “room” (mine.yaml, line 3) sounds like “den”, so only “den” is ever understood.
Give it another name, or tell with “sounds_like:” how it is said.

“hall” is in the list “room” twice (mine.yaml, line 3). Only the first is ever understood.
Delete one of them, or give it another name.

“light the den the” can be said (mine.yaml, line 5), which ends with “the”.
Make fewer words of that sentence optional.
"""


def test_warnings_name_the_file_and_say_what_to_do(
    qtbot: QtBot, themed: None, tools: ScriptedCommandTools, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(FILE)
    commands = load_commands([file])
    tools.found = CommandReview(
        warnings=(
            *commands.warnings,
            *find_ambiguities(commands),
            *find_sound_alikes(commands),
            *find_doubtful_sentences(commands),
        )
    )
    words = shown(qtbot, tools).words
    assert str(tmp_path) not in words
    assert "OpenMail" not in words
    assert words.splitlines()[1:] == [" ".join(one.split()) for one in TOLD.split("\n\n")]


def test_a_test_file_is_reported(qtbot: QtBot, themed: None, tools: ScriptedCommandTools) -> None:
    dialog = shown(qtbot, tools)
    tools.tests = CommandTests(5, (WrongTest("/a/t.yaml:3", "mail", "male", "OpenMail", ""),))
    with qtbot.waitSignal(dialog.finished_look):
        dialog.run_tests(Path("t.yaml"))
    assert dialog.words.splitlines() == [
        "t.yaml: 4 of 5 tests are right.",
        "✗ “mail” (heard: “male”): expected Open mail, found no command   t.yaml:3",
    ]
