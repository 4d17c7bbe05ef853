"""Opposites of a sentence's words, heard in their place even where no grammar has them: "off" for "on"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voiceassist.asr.alignment import relative_probs, summed_together
from voiceassist.asr.reading import PIECE_WEIGHT, Speller
from voiceassist.asr.recognizer import SILENCE
from voiceassist.asr.sentence_parts import WORST_PHONES, WORST_PIECES
from voiceassist.asr.viterbi_forward import Scores
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Pronounce

_PAIRS = (
    ("on", "off"), ("up", "down"), ("in", "out"), ("left", "right"), ("open", "close"), ("start", "stop"),
    ("lock", "unlock"), ("mute", "unmute"), ("enable", "disable"), ("connect", "disconnect"), ("show", "hide"),
    ("increase", "decrease"), ("raise", "lower"), ("louder", "quieter"), ("brighter", "darker"), ("more", "less"),
    ("next", "previous"), ("first", "last"), ("before", "after"), ("add", "remove"), ("play", "pause"),
    ("pause", "resume"), ("forward", "back"), ("warmer", "colder"), ("faster", "slower"), ("install", "uninstall"),
    ("arm", "disarm"), ("north", "south"), ("east", "west"),
)  # fmt: skip
MIN_LEAD = 1.0
"""Nats by which a sentence must fit better with the opposite than with its own word."""


def opposites_of(word: str) -> tuple[str, ...]:
    """The words that mean the opposite."""
    return tuple(pair[1 - pair.index(word)] for pair in _PAIRS if word in pair)


class OppositeSpotter:
    """Compares a sentence with those that have the opposite of a word, as sentences of a grammar are compared.

    Where the grammar has both, the better one was chosen already, and nothing is found.

    Args:
        pronounce: the ways to say a word.
        speller: tokenizer for word pieces.
    """

    def __init__(self, pronounce: Pronounce, speller: Speller) -> None:
        self._phones = {word: _usual_phones(pronounce, word) for pair in _PAIRS for word in pair}
        self._speller = speller

    def spot(self, scores: Scores, pieces: Scores, words: Sequence[Sequence[int]], spoken: Sequence[str]) -> str | None:
        """The opposite that fits best in place of a word; ``None`` where the words themselves fit better.

        Args:
            scores: adjusted log-probabilities of the phones, as far as the words reach. Shape: ``(frames, phones)``.
            pieces: log-probabilities of the word pieces, in the same frames. Shape: ``(frames, pieces)``.
            words: the phones of the sentence's words.
            spoken: these words.
        """
        texts, spelled, opposites = [list(words)], [self._speller.spell(spoken)], [""]
        for place, word in enumerate(spoken):
            for opposite in opposites_of(word):
                phones = self._phones[opposite]
                if phones:
                    texts.append([*words[:place], phones, *words[place + 1 :]])
                    spelled.append(self._speller.spell([*spoken[:place], opposite, *spoken[place + 1 :]]))
                    opposites.append(opposite)
        if len(texts) == 1 or not len(scores):
            return None
        said = [[phone for word in text for phone in word] for text in texts]
        written = [text for text in spelled if text is not None] if None not in spelled else []
        by_phones, by_pieces = summed_together(
            [
                (relative_probs(scores), said, SILENCE),
                (relative_probs(pieces), written, self._speller.blank),
            ]
        )
        fits = np.maximum(by_phones[:, -1], WORST_PHONES)
        if written:
            fits = fits + PIECE_WEIGHT * np.maximum(by_pieces.max(axis=1), WORST_PIECES)
        best = int(np.argmax(fits))
        return opposites[best] if fits[best] > fits[0] + MIN_LEAD else None


def _usual_phones(pronounce: Pronounce, word: str) -> Sequence[int]:
    try:
        return pronounce(word)[0]
    except GrammarError:  # the model cannot hear it
        return ()
