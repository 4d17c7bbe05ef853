"""Words that turn a command round, heard beside the words of a sentence even where no grammar has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from voiceassist.asr.alignment import against_best
from voiceassist.asr.evidence import FILLER_PRICE, Part, Scores, partial_scores
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
        ratios = against_best(log_probs)
        ((begun, ended),) = partial_scores([Part(ratios, words, self._blank)])
        plain = float(begun[-1, -1])
        if most_gain(begun, ended) < MIN_GAIN:
            return None
        paid = (np.arange(len(begun), dtype=np.float32) * np.float32(FILLER_PRICE))[:, None]
        opened = np.maximum.accumulate(begun + paid) - paid
        with_filler = (opened + ended).max(axis=0)
        said = _after_words(ratios, [way for _, way in looked_for], opened, self._blank)
        said = np.maximum.accumulate(said + paid[:, None], axis=0) - paid[:, None]
        with_word = (said + ended[:, None]).max(axis=0)
        lead = np.where(with_word - plain >= MIN_GAIN, with_word - with_filler, -np.inf)
        phrase, place = np.unravel_index(int(np.argmax(lead)), lead.shape)
        return Spotted(looked_for[phrase][0], int(place)) if lead[phrase, place] > MIN_LEAD else None


def most_gain(begun: Scores, ended: Scores) -> float:
    """What any word beside those of a sentence can gain at most: as much as sound that costs nothing would.

    Where the sentence explains all that was heard there is no room for a word, and none needs to be looked for.

    Args:
        begun, ended: the `partial_scores` of the sentence.
    """
    return float((np.maximum.accumulate(begun) + ended).max() - begun[-1, -1])


def _pronounced(pronounce: Pronounce) -> Iterator[tuple[str, list[int]]]:
    """The negations that a model can hear."""
    for phrase in NEGATIONS:
        try:
            yield phrase, [phone for word in phrase.split() for phone in pronounce(word)[0]]
        except GrammarError:
            continue


def _after_words(ratios: Scores, ways: Sequence[Sequence[int]], entering: Scores, blank: int) -> Scores:
    """The best score of having said each word by each frame, from those of beginning it at each frame.

    Shape: ``entering`` is ``(frames + 1, places)``, the result ``(frames + 1, words, places)``.
    """
    longest = max(map(len, ways))
    labels = np.full((len(ways), 2 * longest - 1), blank)
    for row, way in zip(labels, ways, strict=True):
        row[: 2 * len(way) : 2] = way
    skips = np.full(labels.shape, _NEVER, np.float32)
    skips[:, 2::2] = np.where(labels[:, 2::2] != labels[:, :-2:2], 0.0, _NEVER)
    last = np.array([2 * len(way) - 2 for way in ways])
    rows = np.arange(len(ways))
    emitted = ratios[:, labels][..., None]
    after = np.full((len(entering), len(ways), entering.shape[1]), _NEVER, np.float32)
    best = np.full((len(ways), labels.shape[1] + 2, entering.shape[1]), _NEVER, np.float32)  # two that nothing leads to
    for frame in range(len(ratios)):
        came = np.maximum(best[:, 2:], best[:, 1:-1])
        np.maximum(came, best[:, :-2] + skips[..., None], out=came)
        np.maximum(came[:, 0], entering[frame], out=came[:, 0])
        np.add(came, emitted[frame], out=best[:, 2:])
        after[frame + 1] = best[rows, 2 + last]
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
