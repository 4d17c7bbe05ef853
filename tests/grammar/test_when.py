"""Where an intent applies, and values that a sentence stands for."""

from pathlib import Path

import pytest

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_file import read_command_file
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import join_files, load_commands
from voiceassist.grammar.files.when import current_system


def written(folder: Path, text: str) -> Path:
    path = folder / "commands.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def on(system: str, path: Path) -> CommandSet:
    return join_files([read_command_file(path)], system=system)


TEXT = """
intents:
  Everywhere: [stop]
  Here: {sentences: [lock it], when: {os: linux}}
  There: {sentences: [lock it all], when: {os: [Windows, macos]}}
  InBrowser: {sentences: [new tab], when: {app: [Firefox, chromium]}}
"""


def test_intents_for_other_systems_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    assert list(on("linux", path).intents) == ["Everywhere", "Here", "InBrowser"]
    for system in ("windows", "macos"):
        assert list(on(system, path).intents) == ["Everywhere", "There", "InBrowser"]
    parse = compile_automaton(on("linux", path), lambda word: [[ord(char) for char in word]]).parse
    assert parse("lock it") is not None
    assert parse("lock it all") is None


def test_applications_go_with_the_command(tmp_path: Path) -> None:
    commands = on("linux", written(tmp_path, TEXT))
    assert commands.intents["InBrowser"].apps == ("Firefox", "chromium")
    assert commands.intents["Everywhere"].apps == ()


def test_nothing_for_this_system_is_no_mistake(tmp_path: Path) -> None:
    commands = on("linux", written(tmp_path, "intents: {A: {sentences: [a], when: {os: macos}}}"))
    assert compile_automaton(commands, lambda word: [[ord(char) for char in word]]).parse("a") is None


def test_sentences_for_other_systems_are_checked_too(tmp_path: Path) -> None:
    path = written(tmp_path, "intents: {A: {sentences: ['a {b}'], when: {os: macos}}, B: [b]}")
    with pytest.raises(GrammarError, match="unknown list 'b'"):
        on("linux", path)


@pytest.mark.parametrize(
    ("when", "column", "what"),
    [
        ("{os: bsd}", 19, "unknown operating system 'bsd'"),
        ("{system: linux}", 15, "'when' has no key 'system'"),
        ("linux", 14, "'when' must be a mapping"),
        ("{app: []}", 20, "'app' is empty"),
        ("{app: [[a]]}", 21, "a name in 'app' must be text"),
    ],
)
def test_mistakes_are_pointed_at(tmp_path: Path, when: str, column: int, what: str) -> None:
    path = written(tmp_path, f"intents:\n A:\n  sentences: [a]\n  when:      {when}\n")
    with pytest.raises(GrammarError) as caught:
        load_commands([path])
    assert caught.value.message.startswith(f"{path}:4:{column}: {what}")


def test_systems() -> None:
    assert [current_system(name) for name in ("linux", "win32", "darwin")] == ["linux", "windows", "macos"]


def test_a_fixed_slot_is_said_by_the_whole_sentence(tmp_path: Path) -> None:
    text = "intents: {A: {data: [{sentences: ['turn {n} off'], slots: {on: false, level: 0}}]}}\nlists: {n: [it]}"
    found = compile_automaton(load_commands([written(tmp_path, text)]), lambda word: [[ord(c) for c in word]]).parse(
        "Turn it OFF!"
    )
    assert found is not None
    assert [(entity.name, entity.value, entity.raw_value) for entity in found.entities] == [
        ("n", "it", "it"),
        ("on", False, "turn it off"),
        ("level", 0, "turn it off"),
    ]
    assert all(found.text[entity.start : entity.end] == entity.raw_value for entity in found.entities)


def test_each_alternative_without_out_is_its_own_value(tmp_path: Path) -> None:
    values = (
        "['(light|pale) red', {in: '(dark|navy) blue'}, {in: ['[the] (sea|moss) green', '(a|b)'], context: {x: y}}]"
    )
    text = f"intents: {{A: ['paint it {{c}}']}}\nlists: {{c: {values}}}"
    found = TextParser(load_commands([written(tmp_path, text)]))
    for said, value in (
        ("light red", "light red"),
        ("pale red", "pale red"),
        ("navy blue", "navy blue"),
        ("the moss green", "moss green"),
        ("sea green", "sea green"),
        ("b", "b"),
    ):
        meant = found.parse(f"paint it {said}")
        assert meant is not None
        assert meant.slots == {"c": value}


@pytest.mark.parametrize(
    ("out", "value"),
    [("5", 5), ("0.5", 0.5), ("true", True), ("'5'", "5"), ("null", None), ("[1, a]", [1, "a"]), ("{a: 1}", {"a": 1})],
)
def test_out_values_keep_their_type(tmp_path: Path, out: str, value: object) -> None:
    path = written(tmp_path, f"intents: {{A: ['a {{l}}']}}\nlists: {{l: [{{in: (b|c), out: {out}}}]}}")
    found = compile_automaton(load_commands([path]), lambda word: [[ord(char) for char in word]]).parse("a c")
    assert found is not None
    assert found.slots == {"l": value}
    assert type(found.slots["l"]) is type(value)
