"""Words that turn a command round, heard beside the words of a sentence even where no grammar has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from voiceassist.asr.evidence import FILLER_PRICE, Scores, partial_scores
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Pronounce

NEGATIONS = ("not", "don't", "do not", "never", "no", "except", "cancel that")
MIN_GAIN = 3.0
"""Nats by which the sentence must fit better with the word than without: something was said there."""
MIN_LEAD = 0.0
"""Nats by which the word must fit better than a filler in its place: it was this word."""
_NEVER = np.float32(-1e4)


class Spotted(NamedTuple):
    """A negation, and how many words of the sentence come before it."""

    phrase: str
    place: int


class NegationSpotter:
    """Looks for negations in the phones, in competition with fillers.

    Args:
        pronounce: the ways to say a word.
        blank: the phone of silence.
    """

    def __init__(self, pronounce: Pronounce, blank: int) -> None:
        self._blank = blank
        self._ways = list(_pronounced(pronounce))

    def spot(self, log_probs: Scores, words: Sequence[Sequence[int]], spoken: Sequence[str]) -> Spotted | None:
        """The clearest negation before, between or after the words of a sentence; ``None`` where there is none.

        Args:
            log_probs: of the phones. Shape: ``(frames, phones)``.
            words: the phones of the sentence's words.
            spoken: these words; a negation that the sentence has itself is not looked for.
        """
        looked_for = [(phrase, way) for phrase, way in self._ways if not set(phrase.split()) & set(spoken)]
        if not words or not looked_for or not len(log_probs):
            return None
        begun, ended = partial_scores(log_probs, words, self._blank)
        plain = float(begun[-1, -1])
        paid = (np.arange(len(begun), dtype=np.float32) * np.float32(FILLER_PRICE))[:, None]
        opened = np.maximum.accumulate(begun + paid) - paid
        with_filler = (opened + ended).max(axis=0)
        ratios = log_probs - log_probs.max(axis=1, keepdims=True)
        best: tuple[float, Spotted] | None = None
        for phrase, way in looked_for:
            said = np.maximum.accumulate(_after_word(ratios, way, opened, self._blank) + paid) - paid
            with_word = (said + ended).max(axis=0)
            lead = np.where(with_word - plain >= MIN_GAIN, with_word - with_filler, -np.inf)
            place = int(np.argmax(lead))
            if lead[place] > MIN_LEAD and (best is None or lead[place] > best[0]):
                best = float(lead[place]), Spotted(phrase, place)
        return None if best is None else best[1]


def _pronounced(pronounce: Pronounce) -> Iterator[tuple[str, list[int]]]:
    """The negations that a model can hear."""
    for phrase in NEGATIONS:
        try:
            yield phrase, [phone for word in phrase.split() for phone in pronounce(word)[0]]
        except GrammarError:
            continue


def _after_word(ratios: Scores, way: Sequence[int], entering: Scores, blank: int) -> Scores:
    """The best score of having said a word by each frame, from those of beginning it at each frame.

    Shape: ``entering`` and the result are ``(frames + 1, places)``.
    """
    labels = np.full(2 * len(way) - 1, blank)
    labels[::2] = way
    skips = np.full(len(labels), _NEVER, np.float32)
    skips[2::2] = np.where(labels[2::2] != labels[:-2:2], 0.0, _NEVER)
    after = np.full_like(entering, _NEVER)
    best = np.full((len(labels) + 2, entering.shape[1]), _NEVER, np.float32)
    for frame, scores in enumerate(ratios):
        best[1] = _NEVER
        came = np.maximum(best[2:], np.maximum(best[1:-1], best[:-2] + skips[:, None]))
        came[0] = np.maximum(came[0], entering[frame])
        best[2:] = came + scores[labels][:, None]
        after[frame + 1] = best[-1]
    return after


def negations_in(words: Sequence[str], sentence: Sequence[str]) -> str | None:
    """A negation among words, a transcript or typed text, that the sentence does not have."""
    for phrase in NEGATIONS:
        parts = phrase.split()
        if _count(words, parts) > _count(sentence, parts):
            return phrase
    return None


def _count(words: Sequence[str], phrase: Sequence[str]) -> int:
    return sum(list(words[first : first + len(phrase)]) == list(phrase) for first in range(len(words)))
