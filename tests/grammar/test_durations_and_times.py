"""Durations, times and percentages: what is said, what it means, and that the grammar takes it."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken_value_sampling import automaton_of, value, ways_to_say

from voiceassist.grammar.language.numbers import spell, spellings
from voiceassist.grammar.values.clock_times import read_clock
from voiceassist.grammar.values.durations import read_duration
from voiceassist.grammar.values.lists import GrammarList, RangeList, TextList, builtin_lists
from voiceassist.open_time import OpenTime

LISTS = builtin_lists()
DURATION, TIME, PERCENT, ADJECTIVE, DETERMINED = (
    automaton_of(f"{{{name}}}", LISTS)
    for name in ("duration", "time", "percent", "duration_adjective", "a_duration_adjective")
)
BEFORE_NOUN = automaton_of("{duration} timer", LISTS)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("ten minutes", 600),
        ("10 minutes", 600),
        ("an hour and a half", 5400),
        ("two minutes thirty", 150),
        ("three hours and ten minutes", 11400),
        ("half an hour", 1800),
        ("thirty seconds", 30),
        ("one hour", 3600),
        ("five and a half minutes", 330),
        ("5.5 minutes", 330),
        ("4 and a half hours", 16200),
        ("six hours and twenty minutes", 22800),
        ("one hour and one minute", 3660),
        ("one hour two minutes and three seconds", 3723),
        ("a quarter of an hour", 900),
        ("three quarters of an hour", 2700),
        ("a couple of minutes", 120),
        ("a minute and a half", 90),
        ("one hour thirty", 5400),
        ("two days", 172800),
        ("a hundred and twenty seconds", 120),
        ("ninety minutes", 5400),
        ("one point five seconds", 1.5),
        ("an hour and a quarter", 4500),
        ("two and a quarter hours", 8100),
        ("a minute thirty", 90),
        ("1 1/2 hours", 5400),
        ("90 min", 5400),
        ("2h 30min", 9000),
        ("three hundred seconds", 300),
        ("two weeks", 1_209_600),
        ("a day and a half", 129_600),
        ("half a second", 0.5),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert value(DURATION, text) == seconds


@given(st.integers(0, 48), st.integers(0, 59), st.integers(0, 59))
def test_durations_made_of_parts(hours: int, minutes: int, seconds: int) -> None:
    parts = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
    said = [f"{spell(count)} {unit}{'s' * (count != 1)}" for count, unit in parts if count]
    if said:
        assert value(DURATION, " ".join(said)) == hours * 3600 + minutes * 60 + seconds
        assert value(DURATION, " and ".join(said)) == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize(
    "text",
    ["minutes", "ten", "ten minutes and", "half", "ten minutes ten hours", "", "nine hour ten minutes", "a hour five",
     "an hour five", "a seconds", "a hour", "an minute", "one minutes", "two minute", "ten minutes five",
     "ten minutes not five", "ten minutes fifteen minutes", "an hour ninety minutes", "ten minute", "half a hours",
     "a couple of minute", "one and a half hour", "two hours and ten", "minute", "hour and a half"],
)  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    assert DURATION.parse(text) is None
    with pytest.raises(ValueError, match="is no"):
        read_duration(["fish", *text.split()])


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("half past six", "06:30"),
        ("six thirty p m", "18:30"),
        ("6:30 pm", "18:30"),
        ("7:05 a.m.", "07:05"),
        ("seven o'clock", "07:00"),
        ("seven o'clock in the evening", "19:00"),
        ("a quarter to eight", "07:45"),
        ("quarter past noon", "12:15"),
        ("ten to midnight", "23:50"),
        ("twelve thirty am", "00:30"),
        ("twelve pm", "12:00"),
        ("eleven at night", "23:00"),
        ("two in the morning", "02:00"),
        ("twenty one fifteen", "21:15"),
        ("twenty five past three", "03:25"),
        ("thirteen oh five", "13:05"),
        ("eighteen hundred hours", "18:00"),
        ("midnight", "00:00"),
        ("six o'clock in the evening", "18:00"),
        ("six in the morning", "06:00"),
        ("quarter to nine", "08:45"),
        ("ten after six", "06:10"),
        ("ten minutes before six", "05:50"),
        ("twenty till seven pm", "18:40"),
        ("half six", "06:30"),
        ("noon", "12:00"),
        ("18:00", "18:00"),
        ("00:00", "00:00"),
        ("6pm", "18:00"),
        ("twelve noon", "12:00"),
        ("eight tonight", "20:00"),
        ("seven this evening", "19:00"),
        ("oh five thirty", "05:30"),
        ("oh seven hundred hours", "07:00"),
    ],
)
def test_times(text: str, time: str) -> None:
    assert value(TIME, text) == time


@pytest.mark.parametrize(
    "text",
    ["six morning", "six at morning", "three in the night", "half past six o'clock", "twenty one o'clock", "six oh",
     "zero o'clock", "one minutes past six", "five minute to six", "twenty five thirty", "six seventy", "half noon",
     "two past", "six thirty forty"],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert TIME.parse(text) is None


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("five", "17:00"),
        ("seven o'clock", "19:00"),
        ("half past five", "17:30"),
        ("quarter to six", "17:45"),
        ("quarter to one", "12:45"),
        ("half six", "18:30"),
        ("five thirty", "17:30"),
        ("five oh five", "17:05"),
        ("twelve", "00:00"),
        ("twelve thirty", "00:30"),
        ("5:00", "17:00"),
        ("ten to twelve", "23:50"),
    ],
)
def test_times_that_leave_the_half_of_the_day_open(text: str, also: str) -> None:
    found = value(TIME, text)
    assert isinstance(found, OpenTime)
    assert found.also == also
    assert OpenTime(found.also).also == found
    assert json.dumps({"time": found}) == f'{{"time": "{found}"}}'
    assert type(copy.deepcopy(found)) is OpenTime


@pytest.mark.parametrize(
    "text",
    ["five p m", "5am", "five in the morning", "six this evening", "eight tonight", "noon", "ten to midnight",
     "quarter past noon", "twelve noon", "five hundred", "five hundred hours", "oh five thirty", "oh five hundred",
     "zero thirty", "seventeen thirty", "17:00", "05:00", "07:30", "00:15"],
)  # fmt: skip
def test_times_that_say_the_half_of_the_day(text: str) -> None:
    assert type(value(TIME, text)) is str


@given(st.integers(0, 23), st.integers(0, 59))
def test_times_of_24_hours(hour: int, minute: int) -> None:
    assert value(TIME, f"{hour:02d}:{minute:02d}".removeprefix("0")) == f"{hour:02d}:{minute:02d}"


@given(st.sampled_from(["am", "pm"]), st.integers(1, 12), st.integers(10, 59))
def test_times_of_12_hours(half: str, hour: int, minute: int) -> None:
    expected = f"{hour % 12 + 12 * (half == 'pm'):02d}:{minute}"
    assert value(TIME, f"{hour}:{minute} {half}") == expected
    assert value(TIME, f"{hour}:{minute} {half[0]} {half[1]}") == expected
    assert read_clock([*spell(hour).split(), *spell(minute).split(), half]) == expected


@given(st.integers(0, 100))
def test_percent(number: int) -> None:
    assert value(PERCENT, f"{number}%") == number
    for words in spellings(number):
        assert value(PERCENT, f"{words} percent") == value(PERCENT, f"{words} per cent") == number


@given(st.data())
def test_whatever_can_be_said_has_a_value_and_is_understood(data: st.DataObject) -> None:
    kinds = {
        "duration": (DURATION, int | float),
        "duration_adjective": (ADJECTIVE, int | float),
        "a_duration_adjective": (DETERMINED, int | float),
        "time": (TIME, str),
        "percent": (PERCENT, int),
    }
    for name, (automaton, kind) in kinds.items():
        spoken = LISTS[name]
        assert isinstance(spoken, GrammarList)
        words = data.draw(ways_to_say(spoken))
        assert isinstance(spoken.read(words), kind)
        assert value(automaton, " ".join(words)) == spoken.read(words)


UNITS_S = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


@given(st.integers(1, 99), st.sampled_from(list(UNITS_S)))
def test_singular_and_plural_agree(count: int, unit: str) -> None:
    unit_s = UNITS_S[unit]
    right, wrong = (f"{unit}{ending}" for ending in (("", "s") if count == 1 else ("s", "")))
    for words in spellings(count):
        assert value(DURATION, f"{words} {right}") == count * unit_s
        assert DURATION.parse(f"{words} {wrong}") is None
        assert value(BEFORE_NOUN, f"{words} {unit} timer") == value(ADJECTIVE, f"{words} {unit}") == count * unit_s
        assert ADJECTIVE.parse(f"{words} {unit}s") is None
    assert value(DURATION, f"{spell(count)} {right} and a half") == (count + 0.5) * unit_s
    assert value(DURATION, f"{spell(count)} and a half {unit}s") == (count + 0.5) * unit_s


@pytest.mark.parametrize(
    "text", ["an ten minute", "a eight minute", "a hour", "hour", "another an hour", "a ten minutes"]
)
def test_what_does_not_stand_before_a_noun(text: str) -> None:
    assert DETERMINED.parse(text) is None
    assert ADJECTIVE.parse(text) is None


def test_an_article_of_its_own_takes_no_other_one() -> None:
    assert value(ADJECTIVE, "ten minute") == 600
    assert [ADJECTIVE.parse(f"{article} ten minute") for article in ("a", "another", "a new")] == [None] * 3


@given(st.integers(1, 40), st.integers(1, 59), st.sampled_from([("hour", "minute"), ("minute", "second")]))
def test_a_single_digit_after_a_unit_is_another_value(count: int, rest: int, units: tuple[str, str]) -> None:
    text = f"{spell(count)} {units[0]}{'s' * (count != 1)} {spell(rest)}"
    if rest < 10:
        assert DURATION.parse(text) is None
    else:
        assert value(DURATION, text) == count * UNITS_S[units[0]] + rest * UNITS_S[units[1]]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("ten minute timer", 600), ("two and a half hour timer", 9000), ("half hour timer", 1800), ("10 min timer", 600),
     ("one hour thirty minute timer", 5400), ("one hour thirty timer", 5400), ("ten minutes timer", 600)],
)  # fmt: skip
def test_durations_before_a_noun(text: str, seconds: float) -> None:
    assert value(BEFORE_NOUN, text) == seconds


def test_a_preposition_is_not_a_noun() -> None:
    automaton = automaton_of("remind me in {duration} (to|[again] please)", LISTS)
    assert automaton.parse("remind me in ten minute to") is None
    assert automaton.parse("remind me in ten minute please") is None
    assert value(automaton, "remind me in ten minutes to") == 600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("an hour", 3600),
        ("a minute and a half", 90),
        ("1h 30min", 5400),
        ("a ten minute", 600),
        ("an eight hour", 28_800),
        ("another half hour", 1800),
        ("a hundred minute", 6000),
        ("a new eighty minute", 4800),
    ],
)
def test_adjectives(text: str, seconds: float) -> None:
    assert value(DETERMINED, text) == seconds


@given(st.integers(1, 12), st.integers(2, 29))
def test_minutes_past_and_to(hour: int, minute: int) -> None:
    assert value(TIME, f"{spell(minute)} past {spell(hour)}") == f"{hour:02d}:{minute:02d}"
    assert value(TIME, f"{spell(minute)} minutes to {spell(hour)}") == f"{hour - 1:02d}:{60 - minute}"


def test_a_range_names_its_fractions_and_scales_its_values() -> None:
    phrases = dict(RangeList(1, 2, fractions=(5,), multiplier=10.0).phrases())
    assert phrases == {
        "one": 10,
        "one point five": 15,
        "one and a half": 15,
        "two": 20,
        "two point five": 25,
        "two and a half": 25,
    }


def test_names_from_outside_are_plain_words() -> None:
    found = TextList.of([("Files (Nautilus) [beta]", 1), ("Привет", 2), ("C|D", 3)])
    assert [entry.value for entry in found.values] == [1, 3]
