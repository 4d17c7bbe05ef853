"""Years in words: ``twenty twenty seven``, ``two thousand and seven``, ``nineteen oh five``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from voiceassist.grammar.language.numbers import spell

FIRST_YEAR, LAST_YEAR = 1900, 2099

_CENTURIES = {19: "nineteen", 20: "twenty"}
_LONG_CENTURIES = {19: ("nineteen hundred", "one thousand nine hundred"), 20: ("two thousand", "twenty hundred")}


def year_spellings(year: int) -> tuple[str, ...]:
    """Every usual way to say a year, the plainest first.

    Raises:
        ValueError: it is none of those between `FIRST_YEAR` and `LAST_YEAR`.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year {year} is too far away")
    century, rest = divmod(year, 100)
    if not rest:
        return _LONG_CENTURIES[century]
    long = tuple(f"{head} {joint}{spell(rest)}" for head in _LONG_CENTURIES[century] for joint in ("and ", ""))
    return (f"{_CENTURIES[century]} {'oh ' if rest < 10 else ''}{spell(rest)}", *long)


def year_template(rests: Iterable[int]) -> str:
    """A template for the years of both centuries that end in these two digits."""
    wanted = sorted(rests)
    short = [f"{'oh ' if rest < 10 else ''}{spell(rest)}" for rest in wanted if rest]
    long = "|".join(spell(rest) for rest in wanted if rest)
    centuries = "|".join(_CENTURIES.values())
    heads = "|".join(head for heads in _LONG_CENTURIES.values() for head in heads)
    return f"(({centuries}) ({'|'.join(short)})|({heads}) [and] ({long}){_round(wanted)})"


def read_year(said: str) -> int | None:
    """The year, ``None`` where the words are none."""
    return _years().get(said)


def _round(rests: Iterable[int]) -> str:
    return "".join(f"|{head}" for heads in _LONG_CENTURIES.values() for head in heads) if 0 in rests else ""


@cache
def _years() -> dict[str, int]:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return {said: year for year in years for said in year_spellings(year)}
