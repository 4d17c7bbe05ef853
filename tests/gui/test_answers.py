"""Answers of actions: English wherever they are kept or printed, in the language of the window where they are shown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from gui_fakes import ASSETS
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.ringer import ring_message
from voiceassist.actions.schedule_store import Entry
from voiceassist.actions.volume import Level, describe
from voiceassist.engine.execution import execute
from voiceassist.engine.pipeline import parse_text
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import builtin_lists
from voiceassist.gui.messages import outcome_words
from voiceassist.gui.pages.commands.list_model import CommandRow, rows_of
from voiceassist.gui.pages.utterance_card import UtteranceCard
from voiceassist.gui.services.command_views import CommandExamples
from voiceassist.gui.services.history import HistoryEntry
from voiceassist.gui.translation import shown
from voiceassist.i18n import Marked

COMMANDS = sorted((ASSETS / "commands").glob("*.yaml"))
ACTIONS = sorted((ASSETS.parent / "voiceassist" / "actions").glob("*.py"))


@pytest.fixture(scope="module")
def parser() -> TextParser:
    return TextParser(load_commands(COMMANDS, lists=builtin_lists()))


@pytest.fixture
def actions(tmp_path: Path) -> Iterator[ActionRegistry]:
    """All built-in actions, at 7:05 on a Monday morning."""
    made = default_registry(print, now=lambda: datetime(2026, 3, 9, 7, 5).astimezone(), data=tmp_path)
    yield made
    made.close()


SAID = [
    ("what time is it", "It is 07:05.", "Es ist 07:05 Uhr."),
    ("what is the date today", "Today is Monday, 9 March 2026.", "Heute ist Montag, 9. März 2026."),
    (
        "set a tea timer for an hour and five minutes",
        "The tea timer for 1 hour 5 minutes runs.",
        "Der Timer „tea“ über 1 Stunde 5 Minuten läuft.",
    ),
    ("pause the timer", "The tea timer for 1 hour 5 minutes is paused.", "ist angehalten."),
    ("resume the timer", "The tea timer for 1 hour 5 minutes runs on.", "läuft weiter."),
    ("resume the timer", "no timer is paused (say: pause the timer)", "kein Timer ist angehalten (sagen: „pause the"),
    ("cancel the timer", "is cancelled.", "Der Timer „tea“ über 1 Stunde 5 Minuten ist abgebrochen."),
    ("undo that", "The timer runs again. The tea timer", "Der Timer läuft wieder. Der Timer „tea“"),
    ("which alarms are set", "No alarm is set.", "Kein Wecker ist gestellt."),
    ("set an alarm for half past seven", "The alarm rings today at 07:30.", "Der Wecker klingelt heute um 07:30."),
    ("set an alarm for eight", "The alarm rings today at 08:00.", "Der Wecker klingelt heute um 08:00."),
    (
        "which alarms are set",
        "2 alarms are set: today at 07:30 and today at 08:00.",
        "2 Wecker sind gestellt: heute um 07:30 und heute um 08:00.",
    ),
    (
        "cancel all alarms",
        "The alarms today at 07:30 and today at 08:00 are off.",
        "Die Wecker heute um 07:30 und heute um 08:00 entfallen.",
    ),
    ("wake me up at six every monday", "rings every Monday at 06:00.", "Der Wecker klingelt jeden Montag um 06:00."),
    (
        "remind me tomorrow at 17:00 to call ann",
        "I remind you tomorrow at 17:00: call ann",
        "Erinnerung morgen um 17:00: call ann",
    ),
    ("what are my reminders", "Tomorrow at 17:00: call ann.", "Erinnerung morgen um 17:00: call ann."),
    ("start the stopwatch", "The stopwatch runs.", "Die Stoppuhr läuft."),
    ("take a note Delete", "Noted: Delete", "Notiert: Delete"),
    ("add milk to my shopping list", "Added to your shopping list: milk", "Zur Liste „shopping“ hinzugefügt: milk"),
    (
        "remove bread from my shopping list",
        "bread is not on your shopping list",
        "bread steht nicht auf der Liste „shop",
    ),
    ("what is on my shopping list", "On your shopping list: milk.", "Auf der Liste „shopping“: milk."),
    ("cancel the alarm", "The alarm every Monday at 06:00 is off.", "Der Wecker jeden Montag um 06:00 entfällt."),
    ("snooze", "nothing is ringing (this stops", "gerade klingelt nichts (das beendet einen Wecker"),
]


def test_what_real_actions_answer_is_german_in_the_window_only(
    german: None, parser: TextParser, actions: ActionRegistry
) -> None:
    for said, english, words in SAID:
        done = execute(parse_text(said, parser), actions)
        assert done.outcome is not None, said
        assert english in done.outcome.message
        assert english in done.to_json()["outcome"]["message"]
        assert english in HistoryEntry.of(done, acting=True).outcome
        assert words in outcome_words(done, acting=True)


def test_what_was_undone_is_told_in_german(
    qtbot: QtBot, themed: None, german: None, parser: TextParser, actions: ActionRegistry
) -> None:
    card = UtteranceCard()
    qtbot.addWidget(card)
    done = execute(parse_text("take a note buy milk", parser), actions)
    assert done.outcome is not None
    assert done.outcome.undo_token is not None
    card.show_recognition(done, acting=True)
    card.show_undone(done, actions.undo(done.outcome.undo_token))
    assert "Die Notiz ist gelöscht: buy milk" in [label.text() for label in card.findChildren(QLabel)]


def test_what_rings_is_told_in_german(german: None) -> None:
    timer = Entry(number=1, kind="timer", name="tea", duration_s=300.0)
    assert ring_message(timer) == "The tea timer for 5 minutes is over."
    assert shown(ring_message(timer)) == "Der Timer „tea“ über 5 Minuten ist abgelaufen."


def test_a_level_is_told_in_german(german: None) -> None:
    assert describe(Level(40, muted=True)) == "The sound is off, volume is at 40 %."
    assert shown(describe(Level(40, muted=True))) == "Der Ton ist aus, Lautstärke bei 40 %."
    assert shown("Volume is at {percent} %.") == "Volume is at {percent} %."  # written by somebody else


def test_shipped_commands_are_described_in_german_and_own_ones_as_they_were_written(german: None) -> None:
    shipped, own = COMMANDS[0], Path("/home/a/commands/mine.yaml")
    both = [CommandExamples("Lock", (), description="Locks the screen.", file=file) for file in (shipped, own)]
    rows = {row.command.file: row for row in rows_of(both, own.parent, ())}
    assert rows[shipped].second == "Sperrt den Bildschirm."
    assert rows[own].second.endswith("Locks the screen.")
    assert "sperrt den bildschirm" in CommandRow(both[0]).searched


@pytest.mark.parametrize("file", ACTIONS, ids=lambda file: file.stem)
def test_no_action_answers_with_a_sentence_that_is_not_marked(file: Path) -> None:
    """A sentence of words outside ``mark`` is an error's, a description, or an answer that no language knows."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    answers: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ActionOutcome":
            answers += [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "message")]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"_done", "_set", "_placed", "play"}:
            answers += node.args
        elif isinstance(node, ast.FunctionDef) and getattr(node.returns, "id", "") == "str":
            answers += [found.value for found in ast.walk(node) if isinstance(found, ast.Return) and found.value]
    assert [words for answer in answers for words in _loose(answer)] == []


def _loose(node: ast.AST) -> Iterator[str]:
    """The sentences of an expression that stand outside ``mark``."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "mark":
        return
    if isinstance(node, ast.Constant | ast.JoinedStr):
        words = "".join(str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant))
        if re.search(r"[A-Za-z]{2}.*[.]$|[A-Za-z]{2,}: ?$", words):
            yield words
        return
    for child in ast.iter_child_nodes(node):
        yield from _loose(child)


def test_a_marked_answer_is_its_english_text() -> None:
    level = describe(Level(40, muted=False))
    assert isinstance(level, Marked)
    assert level == "Volume is at 40 %."
