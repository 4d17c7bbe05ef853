"""Typed words that are spelled in another way than those of the grammar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken_value_sampling import automaton_of

from voiceassist.grammar.language.respelling import respellings, spelling_key, spelling_keys
from voiceassist.grammar.values.lists import builtin_lists


@pytest.mark.parametrize(
    ("british", "american"),
    [("colour", "color"), ("favourites", "favorites"), ("minimise", "minimize"), ("maximised", "maximized"),
     ("organising", "organizing"), ("centre", "center"), ("theatre", "theater"), ("catalogue", "catalog"),
     ("programme", "program"), ("cancelled", "canceled"), ("grey", "gray"), ("licence", "license"),
     ("analyse", "analyze"), ("cheques", "checks")],
)  # fmt: skip
def test_spellings_have_the_same_key(british: str, american: str) -> None:
    assert spelling_key(british) == spelling_key(american)


@pytest.mark.parametrize(("one", "other"), [("four", "for"), ("hours", "hors"), ("your", "yor"), ("mouse", "mose")])
def test_other_words_do_not_meet(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


@pytest.mark.parametrize(
    ("template", "typed"),
    [
        ("what's the time", "whats the time"),
        ("what's the time", "what is the time"),
        ("what is the time", "what's the time"),
        ("what is the time", "whats the time"),
        ("who is there and what are they doing", "who's there and what're they doing"),
        ("let us go", "let's go"),
        ("let's go", "let us go"),
        ("paint it in my favorite color", "paint it in my favourite colour"),
        ("set the colour to grey", "set the color to gray"),
        ("minimize it", "minimise it"),
        ("today's weather", "todays weather"),
        ("i am home", "im home"),
        ("do not disturb", "don't disturb"),
        ("don't stop", "do not stop"),
        ("can't wait", "cannot wait"),
        ("we will not go", "we won't go"),
        ("show the livingroom", "show the living room"),
        ("show the living room", "show the livingroom"),
        ("take a screenshot", "take a screen shot"),
        ("turn on wi-fi", "turn on wi fi"),
    ],
)
def test_what_is_typed_in_another_way(template: str, typed: str) -> None:
    found = automaton_of(template, {}).parse(typed)
    assert found is not None
    assert found.text == template.replace("-", "")


@pytest.mark.parametrize("typed", ["what the time", "what are the time", "it's what the time"])
def test_what_is_not_the_same(typed: str) -> None:
    assert automaton_of("what's the time", {}).parse(typed) is None


def test_free_text_stays_as_it_was_typed() -> None:
    found = automaton_of("my favorite note is {*text}", {}).parse("my favourite note is Grey Colour, my favourite!")
    assert found is not None
    assert found.slots == {"text": "Grey Colour, my favourite!"}


@pytest.mark.parametrize(
    ("typed", "slots"),
    [
        ("wait 1h30", {"duration": 5400}),
        ("wait 2h 5m", {"duration": 7500}),
        ("wait 1 h 30 mins", {"duration": 5400}),
        ("wait 45s", {"duration": 45}),
        ("wait 3m", {"duration": 180}),
        ("wake me at 6.45", {"time": "06:45"}),
        ("wake me at 6.45pm", {"time": "18:45"}),
        ("wake me at 6 p.m", {"time": "18:00"}),
        ("wake me at 6 p. m.", {"time": "18:00"}),
        ("wake me at 6 o clock", {"time": "06:00"}),
        ("wake me at 6 o' clock", {"time": "06:00"}),
        ("wake me at 18", {"time": "18:00"}),
        ("go on 3 oct", {"date": "2026-10-03"}),
        ("go on Sept. 21", {"date": "2026-09-21"}),
        ("play 90s music", {}),
    ],
)
def test_short_forms_are_written_out(typed: str, slots: dict[str, object]) -> None:
    lists = builtin_lists(lambda: date(2026, 5, 1))
    automaton = automaton_of("(wait {duration}|wake me at {time}|go on {date}|play 90s music)", lists)
    found = automaton.parse(typed)
    assert found is not None
    assert found.slots == slots


WORDS = st.lists(st.sampled_from(["what", "is", "what's", "colour", "whats", "the", "i", "am"]), max_size=6)


@given(WORDS, WORDS)
def test_words_that_are_not_known_stay_or_become_known(words: list[str], more: list[str]) -> None:
    known = {*more}
    for variant in respellings(words, known, spelling_keys(known)):
        assert variant != words
        unknown = {word for word in variant if word not in known}
        assert all(word in words or word in " ".join(words) for word in unknown)
