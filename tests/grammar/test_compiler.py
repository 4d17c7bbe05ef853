"""Compiling again after a change gives what compiling anew gives."""

from pathlib import Path

import numpy as np
import pytest
from automaton_language import node_names
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton, Compiler, compile_automaton
from voiceassist.grammar.compiler.dag import GraphLimits
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import TextList

SENTENCES = [
    "go now",
    "go {place}",
    "(set|put) it to {0..30}",
    "(up;down;[very] fast)",
    "wait for {duration}",
    "stop <what>",
    "TV on",
    "note {*text}",
]
REST = (
    "lists: {place: [home, {in: the park, out: 7}]}\nexpansion_rules: {what: '[all] [of] it'}\nskip_words: [please]\n"
)


def encode(word: str) -> list[list[int]]:
    return [[ord(char) for char in word]]


def write(folder: Path, sentences: list[str]) -> list[Path]:
    file = folder / "commands.yaml"
    intents = "".join(f"  I{number}: ['{sentence}']\n" for number, sentence in enumerate(sentences))
    file.write_text(f"intents:\n{intents}{REST}", encoding="utf-8")
    return [file]


def spelled(automaton: Automaton) -> list[tuple[object, ...]]:
    """What `language` says, and whether all nodes can be reached."""
    names = node_names(automaton)
    return [names[0], len(names) == automaton.nodes]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5, unique=True), min_size=2, max_size=4))
def test_a_changed_file_gives_what_a_new_one_gives(
    tmp_path_factory: pytest.TempPathFactory, versions: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("commands")
    compiler = Compiler(encode)
    for sentences in versions:
        files = write(folder, sentences)
        again, anew = compiler.compile(load_commands(files)), compile_automaton(load_commands(files), encode)
        assert (again.states, again.nodes, again.singles) == (anew.states, anew.nodes, anew.singles)
        assert spelled(again) == spelled(anew)
        for text in ("go now", "go home", "go the park", "put it to twelve", "tv on", "t v on please", "note So it is"):
            assert again.parse(text) == anew.parse(text)


def test_unchanged_commands_add_nothing(tmp_path: Path) -> None:
    compiler = Compiler(encode)
    first = compiler.compile(load_commands(write(tmp_path, SENTENCES)))
    cached = compiler.cached_nodes
    second = compiler.compile(load_commands(write(tmp_path, SENTENCES)))
    assert compiler.cached_nodes == cached
    assert np.array_equal(first.phone, second.phone)


def test_the_order_of_definition_counts_also_after_a_change(tmp_path: Path) -> None:
    compiler = Compiler(encode)
    for sentences, intent in ((["go now", "go [now]"], "I0"), (["stop", "go [now]", "go now"], "I1")):
        found = compiler.compile(load_commands(write(tmp_path, sentences))).parse("go now")
        assert found is not None
        assert found.command.intent == intent


def test_lists_from_outside_may_change(tmp_path: Path) -> None:
    file = tmp_path / "apps.yaml"
    file.write_text("intents: {Open: ['open {app}']}\n", encoding="utf-8")
    compiler = Compiler(encode)
    for names in ({"firefox": 1}, {"firefox": 2, "gimp": 3}, {"gimp": 4}):
        automaton = compiler.compile(load_commands([file], lists={"app": TextList.of(names)}))
        for name in ("firefox", "gimp"):
            found = automaton.parse(f"open {name}")
            assert (found.slots["app"] if found else None) == names.get(name)


def test_the_wake_phrase_may_change(tmp_path: Path) -> None:
    compiler = Compiler(encode)
    commands = load_commands(write(tmp_path, SENTENCES))
    for phrase in ("computer", "hey robot"):
        automaton = compiler.compile(commands, WakePrefix(phrase, required=True))
        assert {heard: automaton.parse(heard) is not None for heard in ("computer", "hey robot")} == {
            "computer": phrase == "computer",
            "hey robot": phrase == "hey robot",
        }


def test_after_a_mistake_it_compiles_on(tmp_path: Path) -> None:
    compiler = Compiler(encode, GraphLimits(max_word_nodes=2_000))
    good = write(tmp_path, ["go now", "wait {0..20}"])
    assert compiler.compile(load_commands(good)).parse("wait twelve") is not None
    bad = write(tmp_path, ["go " + " ".join(["(a b;c d;e f;g h;i j;k l;m n)"] * 4)])
    with pytest.raises(GrammarError, match="too many variants"):
        compiler.compile(load_commands(bad))
    good = write(tmp_path, ["go now", "wait {0..20}"])
    for _ in range(5):
        assert compiler.compile(load_commands(good)).parse("wait thirteen") is not None


def test_what_is_long_out_of_use_is_forgotten(tmp_path: Path) -> None:
    compiler = Compiler(encode, GraphLimits(spare_word_nodes=100))
    for number in range(40):
        names = [f"{first}{second}" for first in "bcdfg" for second in ("a", "o", "ast", "ong", "ick")]
        sentences = [f"go {name} {'very ' * (number % 20)}{'often ' * (number // 20)}now" for name in names]
        commands = load_commands(write(tmp_path, sentences))
        again, anew = compiler.compile(commands), compile_automaton(commands, encode)
        assert spelled(again) == spelled(anew)
    assert compiler.generation > 1
    assert compiler.cached_nodes < 40 * anew.nodes
