"""Free text with a letter model, compared with all that could be written."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from voiceassist.asr.letter_model import ALPHABET, LetterModel, context_key
from voiceassist.asr.transcription import BEAM, LETTER_BONUS, MIN_PROB, MODEL_WEIGHT, Transcriber

PIECES = ["", " a", "a", "b", " ab"]
"""Piece 0 is the blank; "ab" can be written in three ways."""


def letter_model(**costs: int) -> LetterModel:
    """A model that says 30 steps for every letter, and otherwise for those after ``a``."""
    rows = [[30] * len(ALPHABET), [costs.get(letter, 30) for letter in ALPHABET]]
    return LetterModel(np.array([0, context_key("a")], np.uint64), np.array(rows, np.uint8))


def every_text(log_probs: NDArray[np.float32], model: LetterModel) -> dict[str, float]:
    """The score of every text: all paths that write it, its letters and its end."""
    sums: defaultdict[str, float] = defaultdict(lambda: -math.inf)
    for path in itertools.product(range(len(PIECES)), repeat=len(log_probs)):
        pieces = [piece for piece, before in zip(path, (None, *path), strict=False) if piece and piece != before]
        text = "".join(PIECES[piece] for piece in pieces).lstrip(" ")
        score = float(sum(log_probs[frame, piece] for frame, piece in enumerate(path)))
        sums[text] = float(np.logaddexp(sums[text], score))
    return {
        text: score + (LETTER_BONUS * len(text) - MODEL_WEIGHT * model.cost(" ", f"{text} ") if text else 0.0)
        for text, score in sums.items()
    }


@st.composite
def posteriors(draw: st.DrawFn) -> NDArray[np.float32]:
    frames = draw(st.integers(1, 4))
    seed = draw(st.integers(0, 2**32 - 1))
    raw = np.random.default_rng(seed).gumbel(scale=1.5, size=(frames, len(PIECES)))
    return np.asarray(np.log(np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)), np.float32)


@settings(max_examples=60)
@given(log_probs=posteriors(), cost=st.integers(0, 120))
def test_the_best_of_all_texts_is_written(log_probs: NDArray[np.float32], cost: int) -> None:
    model = letter_model(b=cost)
    scores = every_text(log_probs, model)
    written = Transcriber(model, PIECES, blank=0).transcribe(log_probs)
    # the beam drops what is far behind and pieces under a probability of 0.002
    assert scores[written] >= max(scores.values()) - 0.1


def _certain(*pieces: int) -> NDArray[np.float32]:
    return np.log(np.full((len(pieces), len(PIECES)), 1e-4) + np.eye(len(PIECES))[list(pieces)]).astype(np.float32)


def test_a_piece_is_written_twice_only_after_a_blank() -> None:
    transcriber = Transcriber(letter_model(), PIECES, blank=0)
    assert transcriber.transcribe(_certain(1, 3, 3)) == "ab"
    assert transcriber.transcribe(_certain(1, 3, 0, 3)) == "abb"


def test_nothing_is_written_from_blanks_or_no_frames() -> None:
    transcriber = Transcriber(letter_model(), PIECES, blank=0)
    assert transcriber.transcribe(_certain(0, 0, 0)) == ""
    assert transcriber.transcribe(np.zeros((0, len(PIECES)), np.float32)) == ""


def test_the_model_decides_between_texts_that_sound_alike() -> None:
    log_probs = _certain(1, 3)
    log_probs[1, [2, 3]] = math.log(0.5)
    assert Transcriber(letter_model(a=0, b=90), PIECES, blank=0).transcribe(log_probs) == "aa"
    assert Transcriber(letter_model(a=90, b=0), PIECES, blank=0).transcribe(log_probs) == "ab"


MANY = ["", " a", "a", "b", " ab", " b", "ba", " c", "c", "bc"]


def plain_beam_search(log_probs: NDArray[np.float32], model: LetterModel) -> set[str]:
    """The best texts of a beam search that asks the letter model for every piece of every frame."""
    beam = {("", 0): (0.0, -math.inf)}

    def letters_of(text: str) -> float:
        return LETTER_BONUS * len(text) - MODEL_WEIGHT * model.cost(" ", text) if text else 0.0

    for row in log_probs.astype(float):
        found: defaultdict[tuple[str, int], list[float]] = defaultdict(lambda: [-math.inf, -math.inf])
        for (text, last), (in_blank, in_piece) in beam.items():
            stays = found[text, last]
            stays[0] = np.logaddexp(stays[0], np.logaddexp(in_blank, in_piece) + row[0])
            stays[1] = np.logaddexp(stays[1], in_piece + row[last])
            for piece in np.flatnonzero(row[1:] > math.log(MIN_PROB)) + 1:
                before = in_blank if piece == last else np.logaddexp(in_blank, in_piece)
                longer = found[(text + MANY[piece]).lstrip(" "), int(piece)]
                longer[1] = np.logaddexp(longer[1], before + row[piece])
        totals = {key: np.logaddexp(*scores) + letters_of(key[0]) for key, scores in found.items()}
        beam = {key: (found[key][0], found[key][1]) for key in sorted(totals, key=lambda key: -totals[key])[:BEAM]}
    whole: defaultdict[str, float] = defaultdict(lambda: -math.inf)
    for (text, _), scores in beam.items():
        end = MODEL_WEIGHT * model.cost(f" {text}", " ") if text else 0.0
        whole[text] = float(np.logaddexp(whole[text], np.logaddexp(*scores) + letters_of(text) - end))
    return {text for text, score in whole.items() if score >= max(whole.values()) - 1e-6}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.integers(0, 2**32 - 1), st.integers(0, 120), st.floats(0.5, 3.0))
def test_a_text_that_the_letter_model_is_not_asked_about_could_not_be_among_the_best(
    frames: int, seed: int, cost: int, scale: float
) -> None:
    raw = np.random.default_rng(seed).gumbel(scale=scale, size=(frames, len(MANY)))
    log_probs = np.log(np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)).astype(np.float32)
    model = letter_model(b=cost)
    assert Transcriber(model, MANY, blank=0).transcribe(log_probs) in plain_beam_search(log_probs, model)
