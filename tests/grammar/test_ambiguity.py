"""Sentences with two meanings are found, and the rule for who wins holds."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from voiceassist.grammar.compiler.ambiguity import MAX_REPORTED, find_ambiguities
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.merge import load_commands

WORDS = ["up", "down", "go"]


def written(folder: Path, text: str, name: str = "commands.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_both_places_are_named_and_the_later_file_wins(tmp_path: Path) -> None:
    first = written(
        tmp_path, "intents:\n  A:\n    - go\n    - 'open [the] {what}'\nlists: {what: [door, lid]}", "1.yaml"
    )
    second = written(tmp_path, "intents:\n  B: ['(open|shut) the (window|door) [now]']", "2.yaml")
    commands = load_commands([first, second])
    (found,) = find_ambiguities(commands)
    assert found.text == "open the door"
    assert (found.winner.intent, str(found.winner.place)) == ("B", f"{second}:2:8")
    assert (found.loser.intent, str(found.loser.place)) == ("A", f"{first}:4:8")
    parsed = TextParser(commands).parse(found.text)
    assert parsed is not None
    assert parsed.command.intent == "B"
    assert f"{second}:2:8" in str(found)
    assert f"{first}:4:8" in str(found)


def test_within_a_file_the_earlier_sentence_wins(tmp_path: Path) -> None:
    commands = load_commands([written(tmp_path, "intents:\n  B: [go home]\n  A: ['go (home|out)']")])
    (found,) = find_ambiguities(commands)
    assert (found.winner.intent, found.loser.intent) == ("B", "A")


def test_two_ways_to_the_same_intent_are_none(tmp_path: Path) -> None:
    assert not find_ambiguities(load_commands([written(tmp_path, "intents: {A: ['go [now]', 'go now'], B: [leave]}")]))


def test_free_text_meets_free_text(tmp_path: Path) -> None:
    path = written(tmp_path, "intents: {A: ['note {*text}'], B: ['[make a] note {*what}'], C: [note]}")
    (found,) = find_ambiguities(load_commands([path]))
    assert (found.winner.intent, found.loser.intent) == ("A", "B")


def test_of_very_many_only_some_are_told(tmp_path: Path) -> None:
    sentences = ", ".join(f"number {n}" for n in range(200))
    path = written(tmp_path, f"intents: {{A: [{sentences}], B: ['number {{0..300}}']}}")
    assert len(find_ambiguities(load_commands([path]))) == MAX_REPORTED


@given(
    st.lists(st.lists(st.sampled_from([*WORDS, "[up]", "(go|down)"]), min_size=1, max_size=3), min_size=2, max_size=5)
)
def test_just_what_two_grammars_both_accept_is_found(tmp_path_factory, rows: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("ambiguity")
    lines = [f"  I{n}: ['{' '.join(row)} it']\n" for n, row in enumerate(rows)]
    commands = load_commands([written(folder, "intents:\n" + "".join(lines))])
    alone = {name: TextParser(commands.only([name])) for name in commands.intents}
    texts = [""]
    for _ in range(3):
        texts += [f"{text} {word}".strip() for text in texts for word in WORDS]
    shared = set()
    for text in {f"{text} it".strip() for text in texts}:
        accepting = [name for name, grammar in alone.items() if grammar.parse(text) is not None]
        shared |= {(accepting[0], other) for other in accepting[1:]}
    assert {(found.winner.intent, found.loser.intent) for found in find_ambiguities(commands)} == shared
