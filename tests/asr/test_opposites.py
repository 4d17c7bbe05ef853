"""Opposites in place of the words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from voiceassist.asr.opposites import OppositeSpotter, opposites_of
from voiceassist.asr.recognizer import Posteriors
from voiceassist.errors import GrammarError

BLANK, LABELS = 0, 12
WAYS = {"turn": (1, 2, 3), "on": (4, 5), "off": (4, 6), "it": (7, 8), "stop": (9, 8, 10), "start": (9, 8, 11, 8)}
PIECES = {word: (number,) for number, word in enumerate(WAYS, start=1)}


def pronounce(word: str) -> list[tuple[int, ...]]:
    if word not in WAYS:
        raise GrammarError("unheard of", hint="say something else")
    return [WAYS[word]]


class Speller:
    blank = BLANK

    def spell(self, words: Sequence[str]) -> tuple[int, ...] | None:
        return tuple(piece for word in words for piece in PIECES[word]) if set(words) <= set(PIECES) else None


def rows(labels: Sequence[int]) -> np.ndarray:
    probs = np.eye(LABELS, dtype=np.float32)[np.repeat([BLANK, *labels, BLANK], 3)] + 0.01
    return np.log(probs / probs.sum(axis=1, keepdims=True))


def heard(*words: str) -> Posteriors:
    phones, pieces = (rows([label for word in words for label in table[word]]) for table in (WAYS, PIECES))
    frames = max(len(phones), len(pieces))
    silence = rows([])[:1]
    return Posteriors(*(np.concatenate([one, *[silence] * (frames - len(one))]) for one in (phones, pieces)))


def spot(said: str, sentence: str) -> str | None:
    posteriors, words = heard(*said.split()), sentence.split()
    spotter = OppositeSpotter(pronounce, Speller())
    return spotter.spot(posteriors.phones, posteriors.pieces, [list(WAYS[word]) for word in words], words)


@pytest.mark.parametrize(
    ("said", "sentence", "found"),
    [
        ("turn it off", "turn it on", "off"),
        ("turn it on", "turn it on", None),
        ("turn it off", "turn it off", None),
        ("stop it", "start it", "stop"),
        ("start it", "start it", None),
        ("turn it", "turn it", None),
        ("turn on it off", "turn on it on", "off"),
    ],
)
def test_an_opposite_is_found_where_it_fits_better(said: str, sentence: str, found: str | None) -> None:
    assert spot(said, sentence) == found


def test_what_fits_neither_is_no_opposite() -> None:
    assert spot("turn it stop", "turn it on") is None


def test_opposites_go_both_ways_and_what_the_model_cannot_hear_is_left_out() -> None:
    assert opposites_of("off") == ("on",)
    assert opposites_of("pause") == ("play", "resume")
    assert spot("it", "it") is None


def test_without_sound_there_is_nothing_to_find() -> None:
    nothing = Posteriors(np.empty((0, LABELS), np.float32), np.empty((0, LABELS), np.float32))
    assert (
        OppositeSpotter(pronounce, Speller()).spot(nothing.phones, nothing.pieces, [list(WAYS["on"])], ["on"]) is None
    )
