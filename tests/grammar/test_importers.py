"""Grammars of Rhino and of Rhasspy or voice2json in our language."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.importers.scan import MAX_IMPORT_BYTES
from voiceassist.grammar.importers.tree import ImportedGrammar
from voiceassist.grammar.importers.writer import command_file, load_text, read_grammar

COFFEE = """\
context:
  expressions:
    orderDrink:
      - "[make, get] (me, us) a ($size:size) $drink:what (@polite)"
      - "@polite bring $pv.TwoDigitInteger:count [$drink:cup, cups]"
    setLevel:
      - "set [volume, the (main) level] to $pv.Percent:level"
  slots:
    size: [small, large, "extra large"]
    drink: [coffee, tea, "café latte"]
  macros:
    polite: [please, "if you (would) please"]
"""
LIGHTS = r"""
# lights
[ChangeLight]
colours = (red | green | (navy:blue)){colour}
lamp = [the] ($lamps){name}
turn (on | off){state} <lamp>
\[please | now] make <lamp> <colours>
dim <lamp> (to | by) (0..100){percent!int} percent
(:){mode:party} party (time | mode)
set (one:1 | two:2)!int{level} as level
paint it white{shade:pale}

[GetTime]
what time is it
tell me the time in $city

[Other]
also <ChangeLight.lamp>
"""


def imported(folder: Path, text: str, name: str = "sentences.ini") -> ImportedGrammar:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_grammar(path)


def grammar_of(found: ImportedGrammar) -> TextParser:
    return TextParser(load_text(command_file(found, "a test")))


def meaning(grammar: TextParser, text: str) -> tuple[str, dict[str, object]] | None:
    found = grammar.parse(text)
    return None if found is None else (found.command.intent, found.slots)


@pytest.fixture
def lights(tmp_path: Path) -> ImportedGrammar:
    (tmp_path / "slots").mkdir()
    (tmp_path / "slots" / "lamps").write_text("# lamps\n(living room lamp):light_1\n(desk | table) lamp\ngarage\n")
    (tmp_path / "slots" / "city").write_text("london\nnew york\n")
    return imported(tmp_path, LIGHTS)


def test_rhinos_choices_options_slots_and_macros(tmp_path: Path) -> None:
    found = imported(tmp_path, COFFEE, "coffee.yml")
    grammar = grammar_of(found)
    order = {"size": "extra large", "what": "café latte"}
    assert meaning(grammar, "get us a extra large cafe latte if you please") == ("orderDrink", order)
    assert meaning(grammar, "make a tea") == ("orderDrink", {"what": "tea"})
    assert meaning(grammar, "please bring forty two cups") == ("orderDrink", {"count": 42})
    assert meaning(grammar, "if you would please bring 7 tea") == ("orderDrink", {"count": 7, "cup": "tea"})
    assert meaning(grammar, "set the level to fifty percent") == ("setLevel", {"level": 50})
    assert meaning(grammar, "make me us a tea") is None
    (note,) = found.notes
    assert note.startswith(f"{tmp_path / 'coffee.yml'}:7:")
    assert "50%" in note


def test_dropped_weights_are_said(tmp_path: Path) -> None:
    found = imported(tmp_path, "[Go]\n  how = (/2/ fast | / 0.5 / at 1/2/3 speed)\ngo <how>\n/3/ [/2/ now] run\n")
    assert meaning(grammar_of(found), "go fast") == ("Go", {})
    place = tmp_path / "sentences.ini"
    assert [note for note in found.notes if "weight" in note] == [
        f"{place}:2:10: weights were dropped",
        f"{place}:4:1: weights were dropped",
    ]


def test_sentences_ini_with_tags_rules_lists_and_substitutions(lights: ImportedGrammar) -> None:
    grammar = grammar_of(lights)
    assert meaning(grammar, "turn off the living room lamp") == ("ChangeLight", {"state": "off", "name": "light_1"})
    assert meaning(grammar, "now make table lamp navy") == ("ChangeLight", {"name": "table lamp", "colour": "blue"})
    assert meaning(grammar, "dim the garage by 30 percent") == ("ChangeLight", {"name": "garage", "percent": 30})
    assert meaning(grammar, "party mode") == ("ChangeLight", {"mode": "party"})
    assert meaning(grammar, "set two as level") == ("ChangeLight", {"level": 2})
    assert meaning(grammar, "paint it white") == ("ChangeLight", {"shade": "pale"})
    assert meaning(grammar, "tell me the time in new york") == ("GetTime", {})
    assert meaning(grammar, "also the desk lamp") == ("Other", {"name": "desk lamp"})
    assert meaning(grammar, "please now make garage red") is None
    assert lights.notes == []


def test_what_cannot_be_carried_over_is_said_with_its_place(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "[A]\nplay $missing{song}\n(very (nested){a} tag){b}\nswitch it two:2\ngo <r>\n"
        "r = (home!upper | x!roman){where}\n"
        "открой дверь\nlevel 0..5\n",
    )
    path = tmp_path / "sentences.ini"
    places = [(note.split(": ")[0].removeprefix(f"{path}:"), note) for note in found.notes]
    assert [place for place, _ in places] == ["2:6", "3:8", "4:11", "6:19", "7:1", "8:7"]
    for (_, note), word in zip(
        places,
        ["slots/missing", "tag inside", "'2' was dropped", "!roman was dropped", "in English", "number"],
        strict=True,
    ):
        assert word in note
    assert meaning(grammar_of(found), "switch it two") == ("A", {})
    assert meaning(grammar_of(found), "go home") == ("A", {"where": "HOME"})


@pytest.mark.parametrize(
    ("name", "text", "place", "what"),
    [
        ("x.ini", "hello\n", "1:1", "in no intent"),
        ("x.ini", "", "1:1", "no sentences"),
        ("x.ini", "[A]\nopen (the door\n", "2:15", "')' must end"),
        ("x.ini", "[A]\nopen the) door\n", "2:9", "is not allowed here"),
        ("x.ini", "[A]\nopen <it>\n", "2:6", "there is no rule <it>"),
        ("x.ini", "[A]\na = <b>\nb = <a>\ngo <a>\n", "", ""),
        ("x.ini", "[A]\n" + "(" * 50 + "a" + ")" * 50, "2:32", "nested too deeply"),
        ("x.yml", "context: {expressions: {A: ['a $b:c']}}", "1:32", "no slot type 'b'"),
        ("x.yml", "context: {expressions: {A: ['a @b']}}", "1:32", "no macro 'b'"),
        ("x.yml", "context: {expressions: {A: ['a [b']}}", "1:34", "']' must end"),
        ("x.yml", "context: {expressions: {A: ['a b]']}}", "1:33", "is not allowed here"),
        ("x.yml", "intents: {A: [b]}", "1:1", "no key 'intents'"),
        ("x.grxml", "{}", "", "grammars of this kind are unknown"),
    ],
)
def test_mistakes_are_pointed_at(tmp_path: Path, name: str, text: str, place: str, what: str) -> None:
    with pytest.raises(GrammarError) as caught:
        grammar_of(imported(tmp_path, text, name))
    if place:
        assert caught.value.message.startswith(f"{tmp_path / name}:{place}: ")
    assert what in caught.value.message


def test_slot_lists_outside_of_the_folder_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("password\n")
    inner = tmp_path / "inner"
    inner.mkdir()
    found = imported(inner, "[A]\nsay $../secret{what}\nsay it\n")
    assert "password" not in command_file(found, "a test")
    assert len(found.notes) == 1


def rhasspy_says(text: str) -> bool:
    """Whether the sentences of `LIGHTS` allow a text, by an independent reading of them: all written out."""
    lamps = ["living room lamp", "desk lamp", "table lamp", "garage"]
    named = [f"{the}{lamp}" for the in ("", "the ") for lamp in lamps]
    said = {f"turn {state} {lamp}" for state in ("on", "off") for lamp in named}
    said |= {
        f"{first}make {lamp} {colour}"
        for first in ("", "please ", "now ")
        for lamp in named
        for colour in ("red", "green", "navy")
    }
    said |= {"party time", "party mode", "set one as level", "set two as level", "paint it white", "what time is it"}
    said |= {f"tell me the time in {city}" for city in ("london", "new york")} | {f"also {lamp}" for lamp in named}
    words = text.split()
    dims = text.startswith("dim ") and text.endswith(" percent") and any(f" {lamp} " in f" {text} " for lamp in named)
    return text in said or (dims and ("to" in words or "by" in words))


def test_samples_of_what_was_imported_are_sentences_of_the_source(lights: ImportedGrammar) -> None:
    commands: CommandSet = load_text(command_file(lights, "a test"))
    texts = [found.text for found in Sampler(commands, seed=1).draw_many(150)]
    assert [text for text in texts if not rhasspy_says(text)] == []
    assert len({found.split()[0] for found in texts}) >= 8


PIECES = [
    "(",
    ")",
    "[",
    "]",
    "{x}",
    "{y:z}",
    "|",
    ":",
    "a",
    "b:c",
    "<r>",
    "<A.r>",
    "$list",
    "0..9",
    "!int",
    "\\",
    " ",
    ",",
]
RHINO = ["(", ")", "[", "]", ",", "a", "bc", "$s:t", "$pv.Percent:p", "@m", "$", " ", "%"]


def only_grammar_errors(folder: Path, name: str, text: str) -> None:
    """Whatever stands in a file, it is imported or refused with a message."""
    try:
        commands = load_text(command_file(imported(folder, text, name), "a test"))
    except GrammarError:
        return
    assert all(one.text for one in Sampler(commands, seed=1).draw_many(3))


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=10), min_size=1, max_size=4))
def test_any_sentences_are_imported_or_refused(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "list").write_text("one\n(two|three):four\n")
    lines = "".join(f"start {''.join(row)}\n" for row in rows)
    only_grammar_errors(folder, "sentences.ini", f"[A]\nr = (p | q){{w}}\n{lines}")


@given(st.lists(st.lists(st.sampled_from(RHINO), max_size=10).map("".join), min_size=1, max_size=4))
def test_any_expressions_are_imported_or_refused(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    expressions = "".join(f"      - 'start {row}'\n" for row in rows)
    text = f"context:\n  expressions:\n    A:\n{expressions}  slots: {{s: [one, two]}}\n  macros: {{m: [please]}}\n"
    only_grammar_errors(tmp_path_factory.mktemp("fuzz"), "context.yml", text)


def test_one_unreadable_line_leaves_out_that_line(tmp_path: Path) -> None:
    text = """\
before any section
[Blinds]
part = (upper | lower) {part}
broken = (open
raise the <part> blinds (/2/ now | /0.5/ soon)
lower the <broken>
move (fast:yes | slow:no) {quick!bool}
tilt ) it
"""
    found = imported(tmp_path, text)
    parser = grammar_of(found)
    for said, slots in (
        ("raise the upper blinds soon", {"part": "upper"}),
        ("move fast", {"quick": True}),
        ("move slow", {"quick": False}),
    ):
        one = parser.parse(said)
        assert one is not None
        assert one.slots == slots
    path = tmp_path / "sentences.ini"
    lost = [note.removeprefix(f"{path}:") for note in found.notes]
    assert [note.partition(" ")[0] for note in lost] == ["1:1:", "5:26:", "6:1:", "8:6:"]
    assert lost[0].endswith("the line was left out")
    assert f"{path}:4:" in lost[2]
    assert all(note.endswith("the sentence was left out") for note in lost[2:])


def test_slot_programs_and_broken_values(tmp_path: Path) -> None:
    (tmp_path / "slots").mkdir()
    (tmp_path / "slots" / "room").write_text("hall\n(attic\ncellar\n", encoding="utf-8")
    (tmp_path / "slot_programs").mkdir()
    (tmp_path / "slot_programs" / "songs").write_text("#!/bin/sh\necho blue\n", encoding="utf-8")
    found = imported(tmp_path, "[Go]\ngo to the $room {where}\nplay $songs,new {song}\n")
    assert found.programs == {"songs_new": [str(tmp_path / "slot_programs" / "songs"), "new"]}
    one = grammar_of(imported(tmp_path, "[Go]\ngo to the $room {where}\n")).parse("go to the cellar")
    assert one is not None
    assert one.slots == {"where": "cellar"}
    assert any("slots/room:2:" in note and note.endswith("the value was left out") for note in found.notes)


WAYS = """\
[Oven]
bake for (1..90!int){minutes} minute[s]
stop the oven[s] [now]
heat to $rhasspy/number,50,250,10{degrees!int} degrees
clean it on $rhasspy/days{day}
[(kindly | please)]{polite:yes} open the oven
call me (once:1!int | twice:2!int){times}
wait (a bit:short!int){time}
count (zero:0!float){number}
"""


def test_what_people_write_in_sentences_ini(tmp_path: Path) -> None:
    found = imported(tmp_path, WAYS)
    grammar = grammar_of(found)
    for said, slots in (
        ("bake for 20 minutes", {"minutes": 20}),
        ("bake for one minute", {"minutes": 1}),
        ("stop the ovens now", {}),
        ("heat to two hundred degrees", {"degrees": 200}),
        ("clean it on friday", {"day": "friday"}),
        ("please open the oven", {"polite": "yes"}),
        ("open the oven", {}),
        ("call me twice", {"times": 2}),
        ("wait a bit", {"time": "a short"}),
        ("count zero", {"number": 0.0}),
    ):
        one = grammar.parse(said)
        assert one is not None, said
        assert one.slots == slots
        assert list(map(type, one.slots.values())) == list(map(type, slots.values()))
    path = tmp_path / "sentences.ini"
    assert found.notes == [
        f"{path}:6:1: 'polite' is filled only where its words are said",
        f"{path}:8:9: 'short' is no number, so it was not converted",
    ]


def test_an_expression_of_rhino_that_cannot_be_carried_over_is_left_out(tmp_path: Path) -> None:
    text = "context:\n  expressions:\n    dial:\n      - dial $pv.PhoneNumber:number\n      - hang up (now)\n"
    found = imported(tmp_path, text, "phone.yml")
    assert meaning(grammar_of(found), "hang up now") == ("dial", {})
    (note,) = found.notes
    assert note == (
        f"{tmp_path / 'phone.yml'}:4:14: there is no slot type 'pv.PhoneNumber'; the expression was left out"
    )


@pytest.mark.parametrize(
    "name", ["long.ini", "long.yml", "long.jsgf", "long.talon", "long.py", "long.intent", "long.json"]
)
def test_a_file_that_is_too_large_is_refused_with_a_hint(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"a " * MAX_IMPORT_BYTES)
    with pytest.raises(GrammarError, match="more than") as caught:
        read_grammar(path)
    assert "split a file that is too large" in caught.value.hint
