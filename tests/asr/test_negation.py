"""Negations beside the words of a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from enumeration import random_scores
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.alignment import against_best
from voiceassist.asr.evidence import Part, partial_scores
from voiceassist.asr.negation import NegationSpotter, most_gain, negations_in
from voiceassist.errors import GrammarError

BLANK, PHONES = 0, 10
WAYS = {"not": (1, 2, 3), "don't": (4, 5, 1, 3), "do": (4, 6), "never": (1, 7, 6), "no": (1, 5), "that": (3, 2, 3)}
GO, HOME = [9, 8], [2, 8]


def pronounce(word: str) -> list[tuple[int, ...]]:
    if word not in WAYS:
        raise GrammarError("unheard of", hint="say something else")
    return [WAYS[word]]


def heard(*phones: int) -> np.ndarray:
    """Each phone for two frames."""
    probs = np.eye(PHONES, dtype=np.float32)[np.repeat([BLANK, *phones, BLANK], 2)] + 0.002
    return np.log(probs / probs.sum(axis=1, keepdims=True))


@pytest.fixture
def spotter() -> NegationSpotter:
    return NegationSpotter(pronounce, BLANK)


@pytest.mark.parametrize("word", ["not", "don't", "never"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_negation_is_heard_wherever_it_stands(spotter: NegationSpotter, word: str, place: int) -> None:
    parts = [GO, HOME]
    said = [*parts[:place], list(WAYS[word]), *parts[place:]]
    found = spotter.spot(heard(*(phone for part in said for phone in part)), parts, ("go", "home"))
    assert found is not None
    assert (found.phrase, found.place) == (word, place)


def test_nothing_is_heard_in_the_sentence_itself_or_in_another_word_beside_it(spotter: NegationSpotter) -> None:
    assert spotter.spot(heard(*GO, *HOME), [GO, HOME], ("go", "home")) is None
    assert spotter.spot(heard(*GO, 5, 7, 5, *HOME), [GO, HOME], ("go", "home")) is None
    assert spotter.spot(heard(), [GO], ("go",)) is None


def test_a_sentence_with_a_negation_of_its_own_is_not_searched_for_it(spotter: NegationSpotter) -> None:
    sentence = [list(WAYS["not"]), GO]
    assert spotter.spot(heard(*WAYS["not"], *GO), sentence, ("not", "go")) is None


@pytest.mark.parametrize(
    ("words", "sentence", "found"),
    [("don't set a timer", "set a timer", "don't"), ("ten minutes not five", "ten minutes", "not"),
     ("do not disturb", "do not disturb", None), ("stop no cancel that", "stop", "no"), ("stop it", "stop", None)],
)  # fmt: skip
def test_negations_in_a_transcript(words: str, sentence: str, found: str | None) -> None:
    assert negations_in(words.split(), sentence.split()) == found


SHORT_WORDS = st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=3)


@given(SHORT_WORDS, st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(8, 20), st.integers(0, 2**32 - 1))
def test_no_word_gains_more_than_there_is_room_for(
    words: list[list[int]], another: list[int], frames: int, seed: int
) -> None:
    ratios = against_best(random_scores(frames, seed))
    ((begun, ended),) = partial_scores([Part(ratios, words, BLANK)])
    for place in range(len(words) + 1):
        ((longer, _),) = partial_scores([Part(ratios, [*words[:place], another, *words[place:]], BLANK)])
        assert longer[-1, -1] - begun[-1, -1] <= most_gain(begun, ended) + 1e-3
