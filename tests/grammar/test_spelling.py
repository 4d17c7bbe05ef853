"""Letters and spelled words."""

from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken_value_sampling import automaton_of, value, ways_to_say

from voiceassist.grammar.values.lists import GrammarList, builtin_lists
from voiceassist.grammar.values.spelling import MAX_CHARACTERS, read_letter, read_spelled

LISTS = builtin_lists()
LETTER, SPELLED = (automaton_of(f"{{{name}}}", LISTS) for name in ("letter", "spelled"))


@pytest.mark.parametrize("letter", ascii_lowercase)
def test_each_letter_is_said_by_itself(letter: str) -> None:
    assert value(LETTER, letter) == value(LETTER, letter.upper()) == letter


@pytest.mark.parametrize(
    ("text", "letter"),
    [("alpha", "a"), ("bravo", "b"), ("X-ray", "x"), ("zulu", "z"), ("double u", "w"), ("zed", "z"), ("whiskey", "w")],
)
def test_other_names_of_letters(text: str, letter: str) -> None:
    assert value(LETTER, text) == letter


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("h e l l o", "hello"), ("h e double l o", "hello"), ("capital h i", "Hi"), ("bravo 4 7", "b47"), ("q", "q"),
     ("double u w w", "www"), ("a dash b dot c", "a-b.c"), ("double seven", "77"), ("x ray sierra", "xs")],
)  # fmt: skip
def test_spelled(text: str, spelled: str) -> None:
    assert value(SPELLED, text) == spelled


@given(st.text(ascii_lowercase + "0123456789", min_size=1, max_size=MAX_CHARACTERS))
def test_every_text_can_be_spelled(text: str) -> None:
    assert value(SPELLED, " ".join(text)) == text


@pytest.mark.parametrize(
    "text", ["double", "capital", "hello", "a double", "ray", " ".join("a" * (MAX_CHARACTERS + 1))]
)
def test_what_is_not_spelled(text: str) -> None:
    assert SPELLED.parse(text) is None


@given(st.data())
def test_whatever_can_be_said_can_be_read(data: st.DataObject) -> None:
    for name, read in (("letter", read_letter), ("spelled", read_spelled)):
        spoken = LISTS[name]
        assert isinstance(spoken, GrammarList)
        assert read(data.draw(ways_to_say(spoken)))


@pytest.mark.parametrize("read", [read_letter, read_spelled])
def test_words_that_are_no_letters_are_refused(read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="fish"):
        read(["fish"])
