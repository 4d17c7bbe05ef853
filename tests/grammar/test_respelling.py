"""Typed words that are spelled in another way than those of the grammar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken_value_sampling import automaton_of

from voiceassist.grammar.language.respelling import respellings, spelling_key, spelling_keys


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
    ],
)
def test_what_is_typed_in_another_way(template: str, typed: str) -> None:
    found = automaton_of(template, {}).parse(typed)
    assert found is not None
    assert found.text == template


@pytest.mark.parametrize("typed", ["what the time", "what are the time", "it's what the time"])
def test_what_is_not_the_same(typed: str) -> None:
    assert automaton_of("what's the time", {}).parse(typed) is None


def test_free_text_stays_as_it_was_typed() -> None:
    found = automaton_of("my favorite note is {*text}", {}).parse("my favourite note is Grey Colour, my favourite!")
    assert found is not None
    assert found.slots == {"text": "Grey Colour, my favourite!"}


WORDS = st.lists(st.sampled_from(["what", "is", "what's", "colour", "whats", "the", "i", "am"]), max_size=6)


@given(WORDS, WORDS)
def test_words_that_are_not_known_stay_or_become_known(words: list[str], more: list[str]) -> None:
    known = {*more}
    for variant in respellings(words, known, spelling_keys(known)):
        assert variant != words
        assert {word for word in variant if word not in known} <= set(words)
