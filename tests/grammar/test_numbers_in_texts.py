"""Numbers in sentences: fixed ones in a template, and those that are typed in digits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken_value_sampling import automaton_of

from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.language.numbers import name_spellings
from voiceassist.grammar.language.templates import parse_template
from voiceassist.grammar.language.text_normalization import second_numbers, template_fragments
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.lists import TextList, TextValue, builtin_lists

LISTS = builtin_lists()


def slots_of(automaton: Automaton, text: str) -> dict[str, object] | None:
    found = automaton.parse(text)
    return None if found is None or found.out_of_range else found.slots


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("play it in 720p", "play it in seven twenty p"),
        ("play it in 720p", "play it in seven hundred and twenty p"),
        ("play it in 720p", "play it in 720p"),
        ("convert to h264", "convert to h two six four"),
        ("convert to h264", "convert to h two sixty four"),
        ("take route 66", "take route sixty six"),
        ("take route 66", "take route double six"),
        ("songs of 1984", "songs of nineteen eighty four"),
        ("songs of 2007", "songs of two thousand and seven"),
        ("songs of 2007", "songs of twenty oh seven"),
        ("channel 404", "channel four oh four"),
        ("agent 007", "agent double oh seven"),
        ("agent 007", "agent 007"),
        ("the 1080p (film|show)", "the ten eighty p show"),
        ("call 12345678901", "call one two three four five six seven eight nine oh one"),
    ],
)
def test_numbers_in_fixed_words(template: str, said: str) -> None:
    assert automaton_of(template, {}).parse(said) is not None


@given(st.integers(10, 99_999))
def test_every_way_to_say_a_fixed_number(number: int) -> None:
    automaton = automaton_of(f"go to {number} now", {})
    for words in (*name_spellings(str(number)), str(number)):
        assert automaton.parse(f"go to {words} now") is not None


@pytest.mark.parametrize(
    "text", ["75%", "2.5", "the 21st", "at 10:30", "2027-05-03", "1,250", "10 min", "-25", "12 1/2", "3/40", "7"]
)
def test_other_numbers_are_said_in_one_way(text: str) -> None:
    assert not any(part.isdigit() for part in template_fragments(text))


def test_the_value_of_a_text_with_a_number_is_the_text() -> None:
    template = parse_template("720p", lambda offset: SourcePosition("test", 1, offset + 1))
    automaton = automaton_of("play in {size}", {"size": TextList((TextValue(template, "720p"),))})
    assert slots_of(automaton, "play in seven twenty p") == {"size": "720p"}


@pytest.mark.parametrize(
    ("text", "places"),
    [("20 5", {1}), ("from 20, 5 to 7", {2}), ("1,25", {1}), ("1,250", set()), ("1 1/2", set()), ("20 and 5", set()),
     ("7, 8; 9", {1, 2}), ("2h 30min", set()), ("twenty 5", set())],
)  # fmt: skip
def test_where_a_second_number_begins(text: str, places: set[int]) -> None:
    assert second_numbers(text) == places


@pytest.mark.parametrize("name", ["number", "decimal", "0..5000", "0..500,5"])
@pytest.mark.parametrize("text", ["20 5", "1 20", "100 5", "4, 0, 4", "1,25"])
def test_two_numbers_side_by_side_are_not_one(name: str, text: str) -> None:
    automaton = automaton_of(f"go {{{name}}}", LISTS)
    assert slots_of(automaton, f"go {text}") is None


def test_two_numbers_side_by_side_fill_two_slots() -> None:
    automaton = automaton_of("score {0..30:home} {0..30:away}", {})
    assert slots_of(automaton, "score 20 5") == {"home": 20, "away": 5}
    assert slots_of(automaton, "score 3 12") == {"home": 3, "away": 12}


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [("en", "1,250.5", 1250.5), ("de", "1.250,5", 1250.5), ("de-AT", "2,5", 2.5), ("en-GB", "2.5", 2.5),
     ("fr", "1.250", 1250),
     ("en", "1.250", 1.25), ("de", "250", 250)],
)  # fmt: skip
def test_separators_are_those_of_the_language_of_the_file(
    tmp_path: Path, language: str, text: str, number: float
) -> None:
    others, own = tmp_path / "a.yaml", tmp_path / "b.yaml"
    others.write_text("language: en\nintents: {Count: ['count to {decimal}']}\n", encoding="utf-8")
    own.write_text(f"language: {language}\nintents: {{Go: ['go to {{decimal}}']}}\n", encoding="utf-8")
    grammar = TextParser(load_commands([others, own]))
    found = [grammar.parse(f"{verb} to {typed}") for verb, typed in (("go", text), ("count", "1,250.5"))]
    assert [meant.slots["decimal"] for meant in found if meant] == [number, 1250.5]


def test_a_date_may_have_two_numbers() -> None:
    assert slots_of(automaton_of("{date}", LISTS), "march 3 2027") == {"date": "2027-03-03"}
