"""Synthetic speech: short phrases, numbers and commands, which read books lack, spoken by ``flite``.

Phrases are drawn from broad word lists, never from the grammar of a test: the model must learn words, so that it
understands commands of any domain. The phone times of flite's speech come for free.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voiceassist.errors import DataError
from voiceassist.train.data.forced_alignment import Span

VOICES = ("awb", "rms", "slt", "kal16")
SAME_PHONE = {"ax": "AH", "axr": "ER", "pau": "SIL"}
"""flite's phone names that differ from the dictionary's."""

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
    "what is the", "what's the", "how much", "how many", "how long is the", "is the", "are the", "when is the",
    "where is the", "who is the", "what time is", "which", "can you", "do i have", "how is the", "tell me the",
)  # fmt: skip


class PhraseMaker:
    """Draws phrases of several kinds.

    Args:
        words: further words, such as those of the recordings.
        seed: of all random numbers.
    """

    def __init__(self, words: Sequence[str], seed: int) -> None:
        self._rng, self._words = random.Random(seed), words

    def draw(self, count: int) -> list[str]:
        """Draws so many phrases; commands and loose words come more often than the other kinds."""
        kinds = (
            self.command,
            self.command,
            self.question,
            self.number_phrase,
            self.clock_phrase,
            self.loose_words,
            self.loose_words,
            self.loose_words,
            self.letters,
        )
        return [self._rng.choice(kinds)() for _ in range(count)]

    def loose_words(self) -> str:
        """A few words, now and then joined by a function word."""
        drawn: list[str] = []
        for _ in range(self._rng.randint(1, 5)):
            if drawn and self._rng.random() < 0.25:
                drawn.append(self._rng.choice(LITTLE))
            drawn.append(self._rng.choice(self._words))
        return " ".join(drawn)

    def thing(self) -> str:
        """A thing, now and then with an adjective."""
        thing = self._rng.choice(THINGS)
        return f"{self._rng.choice(DESCRIPTIONS)} {thing}" if self._rng.random() < 0.3 else thing

    def command(self) -> str:
        """A verb, a thing and perhaps a value, place or duration."""
        parts = [self._rng.choice(VERBS)]
        if self._rng.random() < 0.25:
            parts.append(self._rng.choice(("on", "off", "up", "down", "out", "in", "back")))
        if self._rng.random() < 0.5:
            parts.append(self._rng.choice(("the", "my", "a", "all the", "all of the", "this")))
        parts.append(self.thing())
        tail = self._rng.random()
        if tail < 0.2:
            parts += [
                "to",
                self._rng.choice((self.number(), f"{self.number()} percent", self._rng.choice(DESCRIPTIONS))),
            ]
        elif tail < 0.4:
            parts += [self._rng.choice(("in the", "on the", "from the", "of the", "for the")), self.thing()]
        elif tail < 0.5:
            parts += ["for", self.duration()]
        return " ".join(parts)

    def question(self) -> str:
        """A question about a thing."""
        question = f"{self._rng.choice(QUESTIONS)} {self.thing()}"
        return question + self._rng.choice(
            ("", "", f" {self._rng.choice(DESCRIPTIONS)}", f" in the {self.thing()}", " like", " today")
        )

    def number(self) -> str:
        """A number below a thousand."""
        kind = self._rng.random()
        if kind < 0.35:
            return self._rng.choice(UNITS)
        if kind < 0.55:
            return self._rng.choice(TEENS)
        if kind < 0.85:
            return self._rng.choice(TENS) + (f" {self._rng.choice(UNITS[1:])}" if self._rng.random() < 0.6 else "")
        return f"{self._rng.choice(UNITS[1:])} hundred" + (
            f" {self._rng.choice(('', 'and '))}{self._rng.choice(TENS)}" if self._rng.random() < 0.5 else ""
        )

    def duration(self) -> str:
        """One or two numbers with units of time."""
        first = f"{self.number()} {self._rng.choice(PERIODS)}"
        return first + self._rng.choice(("", "", f" and {self.number()} {self._rng.choice(PERIODS)}", " and a half"))

    def number_phrase(self) -> str:
        """A phrase that is all about a number."""
        return self._rng.choice(
            (
                f"{self.number()} percent",
                self.duration(),
                f"{self._rng.choice(('a', 'the', 'set a', 'start a'))} timer for {self.duration()}",
                f"{self._rng.choice(THINGS)} {self.number()}",
                f"{self.number()} point {self._rng.choice(UNITS)}",
                f"the {self._rng.choice(ORDINALS)} {self._rng.choice(THINGS)}",
                " ".join(self._rng.choice(UNITS) for _ in range(self._rng.randint(2, 6))),
                f"{self.number()} {self._rng.choice(('plus', 'minus', 'times'))} {self.number()}",
            )
        )

    def clock_phrase(self) -> str:
        """A time of day or a date."""
        hour = self._rng.choice((*UNITS[1:], "ten", "eleven", "twelve"))
        return self._rng.choice(
            (
                f"at {hour} o'clock",
                f"{hour} {self._rng.choice(TENS[:4])} {self._rng.choice(('a m', 'p m'))}",
                f"half past {hour}",
                f"quarter {self._rng.choice(('past', 'to'))} {hour}",
                f"wake me up at {hour} {self._rng.choice(TENS[:4])}",
                f"on {self._rng.choice(DAYS)} at {hour}",
                f"{self._rng.choice(MONTHS)} {self._rng.choice(ORDINALS)}",
                f"next {self._rng.choice(DAYS)}",
                f"remind me {self._rng.choice(DAYS)} to {self._rng.choice(VERBS)} the {self.thing()}",
            )
        )

    def letters(self) -> str:
        """Spelled letters."""
        spelled = " ".join(self._rng.choice(LETTERS) for _ in range(self._rng.randint(2, 5)))
        return self._rng.choice(
            (
                spelled,
                f"{self._rng.choice(VERBS)} the t v",
                f"press {self._rng.choice(('control', 'alt', 'shift'))} {self._rng.choice(LETTERS)}",
            )
        )


def synthesise(texts: Sequence[str], processes: int = 2) -> Iterator[tuple[str, NDArray[np.int16], tuple[Span, ...]]]:
    """Synthesises each text, with the voices in rotation.

    Yields:
        text, int16 audio at 16 kHz ``(samples,)`` and its phones without silence.

    Raises:
        DataError: flite is not installed.
    """
    if shutil.which("flite") is None:
        raise DataError("flite is not installed", hint="install the package flite, or prepare with synthetic = 0")
    with ProcessPoolExecutor(processes) as pool:
        jobs = ((text, VOICES[index % len(VOICES)]) for index, text in enumerate(texts))
        for text, (sound, phones) in zip(texts, pool.map(_speak, jobs, chunksize=64), strict=True):
            yield text, sound, phones


def _speak(job: tuple[str, str]) -> tuple[NDArray[np.int16], tuple[Span, ...]]:
    text, voice = job
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "speech.wav"
        printed = subprocess.run(
            ["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(wav)],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        sound, _ = soundfile.read(wav, dtype="int16")
    phones, start_ms = [], 0
    for entry in printed.split():  # each is phone:end_s
        name, _, end_s = entry.rpartition(":")
        label, end_ms = SAME_PHONE.get(name, name.upper()), round(float(end_s) * 1000)
        if label != "SIL":
            phones.append(Span(label, start_ms, end_ms))
        start_ms = end_ms
    return sound, tuple(phones)
