"""The commands that come with the program."""

from __future__ import annotations

import itertools
import re
from contextlib import closing
from pathlib import Path

import pytest

from voiceassist.action_spec import Risk
from voiceassist.actions.builtin import EXAMPLES, default_registry
from voiceassist.domain import Interpretation
from voiceassist.errors import ActionError
from voiceassist.grammar.compiler.ambiguity import find_ambiguities
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.files.test_cases import CommandTestCase, read_test_file
from voiceassist.grammar.values.lists import TextList

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "assets" / "commands").glob("*.yaml"))
TESTS = sorted((ROOT / "tests" / "commands").glob("*.yaml"))
LISTS = {
    "app": TextList.of({"Firefox": "Firefox", "Text Editor": "Text Editor", "Files": "Files"}),
    "window": TextList.of({"Letter to Ann": "Letter to Ann"}),
    "folder": TextList.of(
        {"home": "/home/ann", "documents": "/home/ann/Documents", "downloads": "/home/ann/Downloads"}
    ),
}


@pytest.fixture(scope="module")
def commands() -> CommandSet:
    return load_commands(FILES, lists=LISTS)


@pytest.fixture(scope="module")
def grammar(commands: CommandSet) -> TextParser:
    return TextParser(commands)


@pytest.fixture(scope="module")
def automaton(commands: CommandSet) -> Automaton:
    return compile_automaton(commands, lambda word: [[ord(char) for char in word]])


EVERY_EXAMPLE = [example for file in TESTS for example in read_test_file(file).cases]


@pytest.mark.parametrize("example", EVERY_EXAMPLE, ids=lambda example: f"{example.place.file}:{example.text}"[-60:])
def test_what_is_said_is_understood(grammar: TextParser, example: CommandTestCase) -> None:
    found = grammar.parse(example.text)
    assert (found.command.intent if found and not found.out_of_range else None) == example.intent
    if example.slots is not None:
        assert found is not None
        assert found.slots == example.slots


def test_every_file_and_every_intent_has_its_tests(commands: CommandSet) -> None:
    assert [file.name for file in TESTS] == [file.name for file in FILES]
    said: dict[str | None, set[str]] = {}
    for example in EVERY_EXAMPLE:
        said.setdefault(example.intent, set()).add(example.text)
    assert {name for name in commands.intents if len(said.get(name, ())) < 2} == set()


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_every_file_says_what_is_no_command(file: Path) -> None:
    assert len([example for example in read_test_file(file).cases if example.intent is None]) >= 4


def test_random_sentences_mean_the_same_to_the_automaton(commands: CommandSet, automaton: Automaton) -> None:
    sampler = Sampler(commands, seed=7)
    for intent in commands.intents:
        for drawn in filter(None, (sampler.draw(intent) for _ in range(8))):
            found = automaton.parse(drawn.text)
            assert found is not None, drawn.text
            assert (found.command.intent, found.slots) == (intent, drawn.slots), drawn.text


def test_every_intent_can_be_drawn(commands: CommandSet) -> None:
    sampler = Sampler(commands, seed=1)
    assert [intent for intent in commands.intents if sampler.draw(intent) is None] == []


def test_every_action_is_there(commands: CommandSet, tmp_path: Path) -> None:
    registry = default_registry(print, data=tmp_path)
    run = {spec.action for spec in commands.intents.values() if spec.action is not None}
    assert run <= set(registry.names())
    assert [name for name, spec in commands.intents.items() if spec.action is None] == ["NeverMind"]
    registry.close()


def test_what_destroys_is_asked_about(commands: CommandSet) -> None:
    destroying = {name for name, spec in commands.intents.items() if spec.risk is Risk.DESTROYS}
    assert destroying == {
        "ClearList", "CloseApplication", "CloseTab", "CloseWindow", "LogOut", "Restart", "ShutDown", "Suspend",
    }  # fmt: skip


def test_no_sentence_belongs_to_two_intents(commands: CommandSet) -> None:
    assert list(find_ambiguities(commands)) == []


def test_no_command_is_a_single_short_word(commands: CommandSet) -> None:
    """A small model hears those in everything."""
    letters = set("abcdefghijklmnopqrstuvwxyz")
    grammar = TextParser(commands)
    known = {"snooze", "mute", "unmute", "louder", "quieter", "undo", "cancel", "nevermind", "rewind"}
    words = {word for file in FILES for word in _words(file, letters)}
    assert {word for word in words if grammar.parse(word) is not None} <= known


def _words(file: Path, letters: set[str]) -> set[str]:
    text = "".join(char if char in letters or char == "'" else " " for char in file.read_text(encoding="utf-8").lower())
    return set(text.split())


def test_no_sentence_turns_another_one_round(commands: CommandSet) -> None:
    """Words of negation stop a command; only the names of two things have one."""
    negations = {"not", "never", "no", "except", "without", "nothing", "don't"}
    sentences = {(intent, tuple(drawn.text.split())) for intent, drawn in _drawn(commands, count=40)}
    found = {(intent, words) for intent, words in sentences if negations.intersection(words)}
    assert {intent for intent, _ in found} <= {"SetDoNotDisturb", "NeverMind"}
    assert all("do not disturb" in " ".join(words) for intent, words in found if intent == "SetDoNotDisturb")


def test_each_file_stands_alone() -> None:
    for file in FILES:
        assert load_commands([file], lists=LISTS).intents


def test_help_names_real_commands(grammar: TextParser) -> None:
    meant = [grammar.parse(text) for text in EXAMPLES]
    assert None not in meant
    intents = [found.command.intent for found in meant if found]
    assert len(set(intents)) == len(EXAMPLES)


def test_the_hints_of_errors_are_real_commands(grammar: TextParser, tmp_path: Path) -> None:
    failing: list[tuple[str, dict[str, object]]] = [
        ("timer.pause", {}), ("timer.resume", {}), ("timer.cancel", {}), ("timer.cancel", {"name": "tea"}),
        ("alarm.cancel", {}), ("alarm.cancel", {"time": "07:00"}), ("reminder.cancel", {}),
        ("reminder.cancel", {"number": 3}), ("stopwatch.stop", {}),
        ("list.remove", {"list": "shopping", "item": "milk"}),
    ]  # fmt: skip
    with closing(default_registry(lambda _text: None, data=tmp_path, rings=False)) as registry:
        for action, slots in failing:
            with pytest.raises(ActionError) as caught:
                registry.run(action, {}, slots)
            sentence = re.fullmatch(r"(?:say|ask|set one, for example with): (.+)", caught.value.hint)
            assert sentence is not None, caught.value.hint
            assert grammar.parse(sentence[1]) is not None, sentence[1]


def test_nothing_harmless_is_the_beginning_of_something_harmful(commands: CommandSet) -> None:
    safe, destroying = _samples(commands, {Risk.SAFE, Risk.CHANGES}), _samples(commands, {Risk.DESTROYS})
    for harmless, harmful in itertools.product(safe, destroying):
        assert not harmful.startswith(f"{harmless} "), (harmless, harmful)


def _samples(commands: CommandSet, risks: set[Risk]) -> set[str]:
    return {drawn.text for _, drawn in _drawn(commands, count=5) if drawn.command.risk in risks}


def _drawn(commands: CommandSet, count: int) -> list[tuple[str, Interpretation]]:
    """Random sentences of each intent."""
    sampler = Sampler(commands, seed=3)
    drawn = ((intent, sampler.draw(intent)) for intent in commands.intents for _ in range(count))
    return [(intent, sentence) for intent, sentence in drawn if sentence is not None]
