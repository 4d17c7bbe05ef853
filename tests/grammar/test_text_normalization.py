"""What is written, as it is said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.grammar.language.text_normalization import BREAK, fragments, is_sayable, normalize


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Set the TV to 75%!", "set the tv to seventy five percent"),
        ("what's the time?", "what's the time"),
        ("What\u2019s up", "what's up"),
        ("'quoted' words", "quoted words"),
        ("4.5 hours", "four point five hours"),
        ("wake me at 6:30 pm", "wake me at six thirty pm"),
        ("7:05", "seven oh five"),
        ("at 10:00 a.m.", "at ten o'clock am"),
        ("the 21st", "the twenty first"),
        ("1,250 files", "one thousand two hundred and fifty files"),
        ("-5 degrees", "minus five degrees"),
        ("rock & roll", "rock and roll"),
        ("wi-fi", "wifi"),
        ("café Zoë", "cafe zoe"),
        ("example.com", "example dot com"),
        ("agent 007", "agent zero zero seven"),
        ("call 12345678901", "call one two three four five six seven eight nine zero one"),
        ("2½ hours", "two and a half hours"),
        ("1 1/2 hours", "one and a half hours"),
        ("3/4", "three quarters"),
        ("1/2/2027", "one two two thousand and twenty seven"),
        (".5 or -.25", "point five or minus point two five"),
        ("\u22123", "minus three"),
        ("2h 30 mins 5 sec", "two hours thirty minutes five seconds"),
        ("5 h", "five h"),
        ("1 min or 1.5 hrs", "one minute or one point five hours"),
        ("1/2 hr or 1 1/2 hrs", "a half hour or one and a half hours"),
        ("13:00", "thirteen hundred"),
        ("on 2027-05-03.", "on the third of may twenty twenty seven"),
        ("the first of May, 1919", "the first of may nineteen nineteen"),
        ("march 3 2007 at 7pm", "march three twenty oh seven at seven pm"),
        ("2027-13-03", "two thousand and twenty seven thirteen zero three"),
        ("  ...  ", ""),
    ],
)
def test_normalize(written: str, said: str) -> None:
    assert " ".join(normalize(written)) == said


def test_units_before_a_noun_are_singular() -> None:
    assert normalize("a 10 min timer", singular_units=True) == ["a", "ten", "minute", "timer"]


@given(st.text(max_size=40))
def test_words_are_sayable_and_stay_as_they_are(text: str) -> None:
    words = normalize(text)
    assert all(re.fullmatch(r"[a-z]([a-z']*[a-z])?", word) for word in words)
    assert normalize(" ".join(words)) == words


def test_abbreviations_are_kept_apart() -> None:
    assert fragments("the TVs on") == ["the", BREAK, "TV", "s", BREAK, "on"]
    assert fragments("the TV", abbreviations=False) == ["the", BREAK, "tv"]


def test_other_scripts_cannot_be_said() -> None:
    assert is_sayable("naïve 3 ...")
    assert not is_sayable("Привет")
