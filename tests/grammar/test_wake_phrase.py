"""The wake phrase before commands, on text and on what can be said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.wake_phrase import WAKE_INTENT, WakePrefix
from voiceassist.grammar.files.merge import load_commands

COMMANDS = "intents: {Go: [go now], Stop: ['stop [it]'], Note: ['note {*text}']}\nskip_words: [please]\n"


def compiled(tmp_path: Path, wake: WakePrefix | None) -> Automaton:
    file = tmp_path / "commands.yaml"
    file.write_text(COMMANDS, encoding="utf-8")
    return compile_automaton(load_commands([file]), lambda word: [[ord(char) for char in word]], wake=wake)


def spoken_sentences(automaton: Automaton) -> Iterator[tuple[str, tuple[int, ...]]]:
    leaving: dict[int, list[int]] = {}
    for state, node in enumerate(automaton.source.tolist()):
        leaving.setdefault(node, []).append(state)
    waiting: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    while waiting:
        node, path = waiting.pop()
        if automaton.accepting[node]:
            yield " ".join(automaton.spoken(path)), path
        waiting.extend((int(automaton.target[state]), (*path, state)) for state in leaving.get(node, []))


@pytest.mark.parametrize("required", [False, True])
def test_what_is_said_with_the_wake_phrase_means_the_same(tmp_path: Path, required: bool) -> None:
    automaton = compiled(tmp_path, WakePrefix("Hey, computer!", required=required))
    said = dict(spoken_sentences(automaton))
    for text in ("go now", "stop", "stop it", "please go now"):
        with_phrase = automaton.meaning(said[f"hey computer {text}"])
        assert with_phrase.woken
        plain = automaton.parse(text)
        assert plain is not None
        assert not plain.woken
        assert (with_phrase.command, with_phrase.text) == (plain.command, plain.text)
        assert (text in said) == (not required)
    assert all(text.startswith("hey computer") for text in said) == required


def test_the_wake_phrase_by_itself_is_understood_and_runs_nothing(tmp_path: Path) -> None:
    automaton = compiled(tmp_path, WakePrefix("hey computer", required=True))
    alone = automaton.meaning(dict(spoken_sentences(automaton))["hey computer"])
    assert alone == automaton.parse("Hey computer")
    assert (alone.command.intent, alone.command.action) == (WAKE_INTENT, None)
    assert (alone.text, alone.woken, alone.entities) == ("hey computer", True, ())


def test_slots_are_where_their_words_are_after_the_wake_phrase(tmp_path: Path) -> None:
    found = compiled(tmp_path, WakePrefix("hey computer")).parse("hey computer note Milk and eggs")
    assert found is not None
    (entity,) = found.entities
    assert (entity.value, found.text[entity.start : entity.end]) == ("Milk and eggs", "Milk and eggs")
    assert found.woken


def test_without_a_wake_phrase_there_is_none(tmp_path: Path) -> None:
    automaton = compiled(tmp_path, None)
    assert automaton.parse("hey computer go now") is None
    found = automaton.parse("go now")
    assert found is not None
    assert not found.woken


@pytest.mark.parametrize("text", ["", "...", "he", "компьютер", "a " * 11])
def test_a_wake_phrase_that_cannot_be_heard_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(GrammarError, match="wake phrase"):
        compiled(tmp_path, WakePrefix(text))
