"""Days: relative to today, by weekday, by the calendar."""

from calendar import isleap, monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken_value_sampling import automaton_of, value, ways_to_say

from voiceassist.grammar.language.numbers import FIRST_YEAR, LAST_YEAR, ordinal, read_year, spell, year_spellings
from voiceassist.grammar.language.text_normalization import MONTHS
from voiceassist.grammar.values.dates import WEEKDAYS, read_date
from voiceassist.grammar.values.lists import GrammarList, builtin_lists

TODAY = date(2026, 11, 25)  # a Wednesday
DATES = builtin_lists(lambda: TODAY)["date"]
DATE = automaton_of("{date}", {"date": DATES})
DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-25"),
        ("tomorrow", "2026-11-26"),
        ("yesterday", "2026-11-24"),
        ("the day after tomorrow", "2026-11-27"),
        ("wednesday", "2026-11-25"),
        ("friday", "2026-11-27"),
        ("this friday", "2026-11-27"),
        ("tuesday", "2026-12-01"),
        ("next friday", "2026-12-04"),
        ("next wednesday", "2026-12-02"),
        ("last wednesday", "2026-11-18"),
        ("last monday", "2026-11-23"),
        ("last friday", "2026-11-20"),
        ("in three days", "2026-11-28"),
        ("in a week", "2026-12-02"),
        ("in a couple of weeks", "2026-12-09"),
        ("two weeks from now", "2026-12-09"),
        ("a month ago", "2026-10-25"),
        ("in 2 years", "2028-11-25"),
        ("the third of may", "2027-05-03"),
        ("may third", "2027-05-03"),
        ("may the third", "2027-05-03"),
        ("November 25", "2026-11-25"),
        ("3 May", "2027-05-03"),
        ("December 3rd", "2026-12-03"),
        ("march 3 2027", "2027-03-03"),
        ("march third twenty thirty one", "2031-03-03"),
        ("may twenty twenty twenty seven", "2027-05-20"),
        ("may twenty one two thousand", "2000-05-21"),
        ("friday the fourth of december", "2026-12-04"),
        ("the thirty first", "2026-12-31"),
        ("the twenty fifth", "2026-11-25"),
        ("the twenty ninth of february", "2028-02-29"),
        ("2027-05-03", "2027-05-03"),
    ],
)
def test_days(text: str, day: str) -> None:
    assert value(DATE, text) == day


@pytest.mark.parametrize(
    "text",
    ["", "may", "the thirtieth of february", "thirty first of june", "february 29 2027", "in days", "next tomorrow",
     "the thirty second", "three days", "2027-02-30", "may twenty seven hundred"],
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    assert DATE.parse(text) is None


@given(DAYS)
def test_every_day_in_every_order(day: date) -> None:
    month, place, number = MONTHS[day.month - 1], ordinal(day.day), spell(day.day)
    for year in year_spellings(day.year):
        for said in (f"the {place} of {month} {year}", f"{month} {place} {year}", f"{month} {number} {year}"):
            assert value(DATE, said) == day.isoformat()
    assert value(DATE, day.isoformat()) == day.isoformat()
    assert value(DATE, f"{month} {day.day} {day.year}") == day.isoformat()


@given(DAYS.filter(lambda day: day.year < LAST_YEAR - 8), st.integers(1, 12), st.integers(1, 31))
def test_a_day_without_a_year_is_the_next_one(today: date, month: int, day: int) -> None:
    if day <= monthrange(2000, month)[1]:
        found = date.fromisoformat(read_date([MONTHS[month - 1], *ordinal(day).split()], today))
        assert (found.month, found.day) == (month, day)
        assert today <= found
        between = [year for year in range(today.year, found.year) if today <= date(year, month, min(day, 28))]
        assert all(day == 29 and not isleap(year) for year in between)


@given(DAYS.filter(lambda day: 2000 < day.year < 2090), st.sampled_from(WEEKDAYS))
def test_weekdays(today: date, weekday: str) -> None:
    near, following, last = (date.fromisoformat(read_date([*how, weekday], today)) for how in ([], ["next"], ["last"]))
    assert {near.weekday(), following.weekday(), last.weekday()} == {WEEKDAYS.index(weekday)}
    assert timedelta(0) <= near - today < timedelta(7)
    assert timedelta(-7) <= last - today < timedelta(0)
    monday = today - timedelta(today.weekday())
    assert timedelta(7) <= following - monday < timedelta(14)


@given(DAYS, ways_to_say(DATES) if isinstance(DATES, GrammarList) else st.nothing())
def test_whatever_can_be_said_is_a_day(today: date, words: list[str]) -> None:
    assert date.fromisoformat(read_date(words, today))


@pytest.mark.parametrize(("year", "day"), [("nineteen hundred", "1900-02-28"), ("twenty twenty four", "2024-02-29")])
def test_a_leap_day_of_a_year_without_one_is_the_last_of_february(year: str, day: str) -> None:
    assert read_date(f"twenty nine february {year}".split(), date(2026, 1, 1)) == day


@given(st.integers(FIRST_YEAR, LAST_YEAR))
def test_years(year: int) -> None:
    assert {read_year(said) for said in year_spellings(year)} == {year}


def test_today_is_asked_when_something_is_said() -> None:
    days = iter([date(2026, 1, 31), date(2026, 2, 1)])
    automaton = automaton_of("{date}", {"date": builtin_lists(lambda: next(days))["date"]})
    assert value(automaton, "in a month") == "2026-02-28"
    assert value(automaton, "in a month") == "2026-03-01"
