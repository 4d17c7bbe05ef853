"""What speaks for each word of a sentence and against each gap between them, in the phones and in the word pieces.

A mean over the sentence hides one word too many or too few; these numbers do not. Two logistic curves of the pack turn
them into the probability that a word was said, and that nothing else was said in a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.alignment import against_best
from voiceassist.asr.evidence import Evidence, Part, weigh
from voiceassist.asr.grammar_path import GrammarPath
from voiceassist.asr.recognizer import SILENCE, Posteriors
from voiceassist.grammar.compiler.automaton import FREE_TEXT, Automaton
from voiceassist.packs.calibration import GAP_INPUTS, WORD_INPUTS

PIECE_DELAY_FRAMES = 8
"""Maximum delay of pieces after their sound, in frames: 320 ms."""
_WORD_NATS = (-12.0, 10.0)
_WORD_NATS_PER_PHONE = (-4.0, 3.0)
_WORD_NATS_PER_PIECE = (-6.0, 3.0)
_GAP_NATS = (0.0, 20.0)
"""Bounds of the evidence, beyond which it tells no more."""

Inputs = NDArray[np.float64]


class WordSpeller(Protocol):
    """What this module needs of a tokenizer for word pieces."""

    blank: int

    def starts_word(self, token: int) -> bool:
        """Whether a piece starts a new word."""
        ...

    def spell(self, words: Sequence[str]) -> Sequence[int] | None:
        """Tokenize words; ``None`` if the vocabulary cannot represent them."""
        ...


@dataclass(frozen=True, slots=True)
class SentenceEvidence:
    """The inputs of the curves of words and gaps, in nats.

    Attributes:
        words: what each word gains over a filler in its place: in phones, in pieces, per phone and per piece; its
            number of phones; and the gains per phone and per piece again, weighed by how clearly the sentence was said.
            Shape: ``(words, 7)``.
        gaps: what a filler gains in each gap: in phones and in pieces; 1 where words stand on both sides, 0 at the ends
            of the utterance; and the gains again, weighed likewise: in clear speech they mean more. Gaps beside free
            text are left out: what is said there is free text. Shape: ``(gaps, 5)``.
    """

    words: Inputs
    gaps: Inputs


@dataclass(frozen=True, slots=True)
class _Part:
    """Words without free text in between, and the frames that they were found in."""

    sentence: int
    phones: list[list[int]]
    pieces: list[list[int]]
    start: int
    stop: int | None
    is_first: bool
    is_last: bool

    @property
    def piece_stop(self) -> int | None:
        """Frame in which its last piece has come."""
        return None if self.stop is None else self.stop + PIECE_DELAY_FRAMES


def sentence_evidence(
    heard: Posteriors,
    paths: Sequence[GrammarPath],
    scores: Sequence[float],
    automaton: Automaton,
    speller: WordSpeller,
) -> list[SentenceEvidence]:
    """The evidence for each of several sentences of one utterance, given their log-likelihood ratios per phone."""
    parts = [
        part for number, path in enumerate(paths) for part in _parts(number, path, automaton, speller) if part.phones
    ]
    phones, pieces = against_best(heard.phones), against_best(heard.pieces)
    weighed = weigh(
        [
            own
            for part in parts
            for own in (
                Part(phones[part.start : part.stop], part.phones, SILENCE),
                Part(pieces[part.start : part.piece_stop], part.pieces, speller.blank),
            )
        ]
    )
    words: list[list[Inputs]] = [[np.empty((0, WORD_INPUTS))] for _ in paths]
    gaps: list[list[Inputs]] = [[np.empty((0, GAP_INPUTS))] for _ in paths]
    for part, phone, piece in zip(parts, weighed[::2], weighed[1::2], strict=True):
        other = phone if len(piece.words) != len(part.phones) else piece  # a word that the pieces cannot write
        clarity = 1 / (1 + max(-scores[part.sentence], 0.0))
        words[part.sentence].append(_word_inputs(part, phone, other, clarity))
        gaps[part.sentence].append(_gap_inputs(part, phone, other, clarity))
    return [SentenceEvidence(np.concatenate(w), np.concatenate(g)) for w, g in zip(words, gaps, strict=True)]


def _parts(sentence: int, path: GrammarPath, automaton: Automaton, speller: WordSpeller) -> list[_Part]:
    """The parts of a sentence between its free texts."""
    states = np.array(path.states)
    split = np.split(states, np.flatnonzero(automaton.phone[states] == FREE_TEXT))
    starts = [0, *(span.end_frame for span in path.inner)]
    stops = [*(span.first_frame for span in path.inner), path.tail_frame]
    first_word = [0, *(span.words_before for span in path.inner), len(path.words)]
    last = len(split) - 1
    return [
        _Part(
            sentence,
            automaton.phones_of_words([state for state in own.tolist() if automaton.phone[state] != FREE_TEXT]),
            _pieces_of_words(path.words[first_word[n] : first_word[n + 1]], speller),
            starts[n],
            stops[n],
            is_first=n == 0,
            is_last=n == last and path.tail_frame is None,
        )
        for n, own in enumerate(split)
    ]


def _pieces_of_words(words: Sequence[str], speller: WordSpeller) -> list[list[int]]:
    """The pieces of each word; empty if the words cannot be tokenized."""
    written: list[list[int]] = []
    for piece in (speller.spell(words) if words else None) or ():
        if not written or speller.starts_word(piece):
            written.append([])
        written[-1].append(piece)
    return written


def _word_inputs(part: _Part, phone: Evidence, piece: Evidence, clarity: float) -> Inputs:
    phones = np.array([len(word) for word in part.phones])
    pieces = np.array([len(word) for word in part.pieces]) if len(part.pieces) == len(phones) else phones
    per_phone = np.clip(phone.words / phones, *_WORD_NATS_PER_PHONE)
    per_piece = np.clip(piece.words / pieces, *_WORD_NATS_PER_PIECE)
    columns = [
        np.clip(phone.words, *_WORD_NATS), np.clip(piece.words, *_WORD_NATS), per_phone, per_piece,
        phones, per_phone * clarity, per_piece * clarity,
    ]  # fmt: skip
    return np.column_stack(columns).astype(np.float64)


def _gap_inputs(part: _Part, phone: Evidence, piece: Evidence, clarity: float) -> Inputs:
    inner = np.ones(len(phone.gaps))
    inner[0] = inner[-1] = 0.0
    by_phones, by_pieces = np.clip(phone.gaps, *_GAP_NATS), np.clip(piece.gaps, *_GAP_NATS)
    table = np.column_stack([by_phones, by_pieces, inner, by_phones * clarity, by_pieces * clarity])
    return table[(not part.is_first) : len(table) - (not part.is_last)].astype(np.float64)
