"""Texts for synthetic speech: short phrases, numbers and commands, which read books lack.

Phrases are drawn from broad word lists, never from the grammar of a test: the model must learn words, so that it
understands commands of any domain.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

UNITS = "zero one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth last next".split()
PERIODS = "second seconds minute minutes hour hours day days week weeks month months year years".split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday tonight".split()
MONTHS = "january february march april may june july august september october november december".split()
LETTERS = list("abcdefghijklmnopqrstuvwxyz")
VERBS = (
    "open close start stop launch run quit exit show hide play pause resume skip turn set make put take give move go "
    "switch enable disable mute unmute raise lower increase decrease add remove delete create cancel save load send "
    "read write type search find call dial lock unlock restart shut print copy paste cut undo redo select scroll zoom "
    "minimize maximize snooze remind tell ask check list connect disconnect record capture book order clean check "
    "activate dim brighten change rename share sort filter begin end finish repeat continue"
).split()
THINGS = (
    "volume brightness timer alarm clock window tab page file folder document browser terminal calculator calendar "
    "camera music song track album playlist video movie radio television lights lamp kitchen bedroom office bathroom "
    "garage door window blinds curtains fan heater temperature humidity thermostat weather forecast screen keyboard "
    "mouse microphone speaker headphones battery network printer message mail email note notes list reminder meeting "
    "event contact phone number picture photo screenshot desktop workspace menu button line word paragraph text "
    "settings system computer laptop project report invoice customer order package ship engine pump valve robot arm "
    "coffee pizza water milk bread apples shopping garden pool car bus train flight ticket hotel room table chair news "
    "sports stock market language map street camera sensor machine conveyor drill laser motor patient doctor dose"
).split()
DESCRIPTIONS = (
    "red green blue yellow orange purple white black warm cold bright dark loud quiet slow fast new old big small "
    "left right up down front back top bottom full half empty open closed living dining main upper lower outdoor"
).split()
LITTLE = "the a my all of in on at to for from with and please now again it this that there here".split()
QUESTIONS = (
    "what is the",
    "what's the",
    "how much",
    "how many",
    "how long is the",
    "is the",
    "are the",
    "when is the",
    "where is the",
    "who is the",
    "what time is",
    "which",
    "can you",
    "do i have",
    "how is the",
    "tell me the",
)


def draw_phrases(count: int, words: Sequence[str], seed: int = 0) -> list[str]:
    """Draws ``count`` phrases; ``words`` are further words, such as those of the recordings."""
    rng = random.Random(seed)
    makers = (
        _command,
        _command,
        _question,
        _number_phrase,
        _clock_phrase,
        _words(words),
        _words(words),
        _words(words),
        _letters,
    )
    return [rng.choice(makers)(rng) for _ in range(count)]


def _thing(rng: random.Random) -> str:
    thing = rng.choice(THINGS)
    return f"{rng.choice(DESCRIPTIONS)} {thing}" if rng.random() < 0.3 else thing


def _command(rng: random.Random) -> str:
    parts = [rng.choice(VERBS)]
    if rng.random() < 0.25:
        parts.append(rng.choice(("on", "off", "up", "down", "out", "in", "back")))
    if rng.random() < 0.5:
        parts.append(rng.choice(("the", "my", "a", "all the", "all of the", "this")))
    parts.append(_thing(rng))
    tail = rng.random()
    if tail < 0.2:
        parts += ["to", rng.choice((_number(rng), f"{_number(rng)} percent", rng.choice(DESCRIPTIONS)))]
    elif tail < 0.4:
        parts += [rng.choice(("in the", "on the", "from the", "of the", "for the")), _thing(rng)]
    elif tail < 0.5:
        parts += ["for", _duration(rng)]
    return " ".join(parts)


def _question(rng: random.Random) -> str:
    question = f"{rng.choice(QUESTIONS)} {_thing(rng)}"
    return question + rng.choice(("", "", f" {rng.choice(DESCRIPTIONS)}", f" in the {_thing(rng)}", " like", " today"))


def _number(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(UNITS)
    if kind < 0.55:
        return rng.choice(TEENS)
    if kind < 0.85:
        return rng.choice(TENS) + (f" {rng.choice(UNITS[1:])}" if rng.random() < 0.6 else "")
    return f"{rng.choice(UNITS[1:])} hundred" + (
        f" {rng.choice(('', 'and '))}{rng.choice(TENS)}" if rng.random() < 0.5 else ""
    )


def _duration(rng: random.Random) -> str:
    first = f"{_number(rng)} {rng.choice(PERIODS)}"
    return first + rng.choice(("", "", f" and {_number(rng)} {rng.choice(PERIODS)}", " and a half"))


def _number_phrase(rng: random.Random) -> str:
    return rng.choice(
        (
            f"{_number(rng)} percent",
            _duration(rng),
            f"{rng.choice(('a', 'the', 'set a', 'start a'))} timer for {_duration(rng)}",
            f"{rng.choice(THINGS)} {_number(rng)}",
            f"{_number(rng)} point {rng.choice(UNITS)}",
            f"the {rng.choice(ORDINALS)} {rng.choice(THINGS)}",
            " ".join(rng.choice(UNITS) for _ in range(rng.randint(2, 6))),
            f"{_number(rng)} {rng.choice(('plus', 'minus', 'times'))} {_number(rng)}",
        )
    )


def _clock_phrase(rng: random.Random) -> str:
    hour = rng.choice((*UNITS[1:], "ten", "eleven", "twelve"))
    return rng.choice(
        (
            f"at {hour} o'clock",
            f"{hour} {rng.choice(TENS[:4])} {rng.choice(('a m', 'p m'))}",
            f"half past {hour}",
            f"quarter {rng.choice(('past', 'to'))} {hour}",
            f"wake me up at {hour} {rng.choice(TENS[:4])}",
            f"on {rng.choice(DAYS)} at {hour}",
            f"{rng.choice(MONTHS)} {rng.choice(ORDINALS)}",
            f"next {rng.choice(DAYS)}",
            f"remind me {rng.choice(DAYS)} to {rng.choice(VERBS)} the {_thing(rng)}",
        )
    )


def _letters(rng: random.Random) -> str:
    spelled = " ".join(rng.choice(LETTERS) for _ in range(rng.randint(2, 5)))
    return rng.choice(
        (
            spelled,
            f"{rng.choice(VERBS)} the t v",
            f"press {rng.choice(('control', 'alt', 'shift'))} {rng.choice(LETTERS)}",
        )
    )


class _words:  # noqa: N801  (a closure with a name, used like a function)
    """Draws a few words, now and then joined by a function word."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def __call__(self, rng: random.Random) -> str:
        drawn: list[str] = []
        for _ in range(rng.randint(1, 5)):
            if drawn and rng.random() < 0.25:
                drawn.append(rng.choice(LITTLE))
            drawn.append(rng.choice(self._words))
        return " ".join(drawn)
