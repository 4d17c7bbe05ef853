"""The commands that come with the program."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hassil.expression import Alternative, Expression, ListReference, Permutation, RuleReference, TextChunk

from voiceassist.domain import Risk
from voiceassist.grammar.automaton import compile_automaton
from voiceassist.grammar.commands import CommandSet, SentenceSpec
from voiceassist.grammar.lists import TextList
from voiceassist.grammar.loader import load_commands

FILES = sorted((Path(__file__).parents[2] / "assets" / "commands").glob("*.yaml"))
APPS = TextList.of({"Firefox": "firefox", "Text Editor": "gedit", "Files": "nautilus"})
VALUES = {
    "app": [("firefox", "firefox"), ("text editor", "gedit")],
    "percent": [("fifty percent", 50), ("a hundred per cent", 100)],
    "duration": [("ten minutes", 600), ("an hour and a half", 5400), ("two minutes thirty", 150)],
}


@pytest.fixture(scope="module")
def commands() -> CommandSet:
    return load_commands(FILES, lists={"app": APPS})


def spoken(expression: Expression, sentence: SentenceSpec, choose: random.Random, slots: dict[str, object]) -> str:
    """One way to say an expression, and the slots that it then has."""
    if isinstance(expression, TextChunk):
        return str(expression.original_text)
    if isinstance(expression, RuleReference):
        rule = sentence.scope.rules[expression.rule_name]
        return spoken(rule.expression, sentence, choose, slots)
    if isinstance(expression, ListReference):
        words, slots[expression.slot_name] = choose.choice(VALUES[expression.list_name])
        return words
    items = list(expression.items)  # type: ignore[attr-defined]
    if isinstance(expression, Alternative):
        return spoken(choose.choice(items), sentence, choose, slots)
    if isinstance(expression, Permutation):
        choose.shuffle(items)
    return "".join(spoken(item, sentence, choose, slots) for item in items)


def ways(commands: CommandSet, repeats: int) -> Iterator[tuple[str, str, dict[str, object]]]:
    choose = random.Random(7)  # noqa: S311 - no secret
    for intent, sentences in commands.sentences.items():
        for sentence in sentences * repeats:
            slots: dict[str, object] = {}
            yield intent, spoken(sentence.template.expression, sentence, choose, slots), slots


def test_every_way_to_say_a_command_gives_its_intent_and_slots(commands: CommandSet) -> None:
    automaton = compile_automaton(commands, lambda word: [ord(char) for char in word])
    for intent, text, slots in ways(commands, repeats=30):
        found = automaton.parse(text)
        assert found is not None, text
        assert (found.command.intent, found.slots) == (intent, slots), text


def test_what_each_intent_runs(commands: CommandSet) -> None:
    runs = {name: (spec.action, spec.arguments) for name, spec in commands.intents.items()}
    assert runs == {
        "OpenApplication": ("app.open", {}),
        "SetVolume": ("volume.set", {}),
        "VolumeUp": ("volume.change", {"delta_percent": 10}),
        "VolumeDown": ("volume.change", {"delta_percent": -10}),
        "Mute": ("volume.mute", {"muted": True}),
        "Unmute": ("volume.mute", {"muted": False}),
        "TimerStart": ("timer.start", {}),
        "TimerCancel": ("timer.cancel", {}),
        "TimerStatus": ("timer.status", {}),
        "TellTime": ("clock.time", {}),
        "TellDate": ("clock.date", {}),
        "Undo": ("undo", {}),
        "NeverMind": (None, {}),
    }
    assert not [name for name, spec in commands.intents.items() if spec.risk is Risk.DESTROYS]


@pytest.mark.parametrize("text", ["", "open", "set the volume", "timer", "hello there", "volume"])
def test_what_is_no_command(commands: CommandSet, text: str) -> None:
    assert compile_automaton(commands, lambda word: [ord(char) for char in word]).parse(text) is None


def test_each_file_stands_alone() -> None:
    for file in FILES:
        assert load_commands([file], lists={"app": APPS}).intents
