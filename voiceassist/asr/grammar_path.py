"""A sentence that the search found, and where its words and its free text lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Frame range of a word: ``first_frame`` inclusive, ``end_frame`` exclusive."""

    word: str
    first_frame: int
    end_frame: int


@dataclass(frozen=True, slots=True)
class FreeSpan:
    """Frame range of free text inside a sentence.

    Attributes:
        words_before: number of grammar words that precede it.
        first_frame: first frame, inclusive.
        end_frame: last frame, exclusive.
    """

    words_before: int
    first_frame: int
    end_frame: int


@dataclass(frozen=True, slots=True)
class WordAlignment:
    """Where the parts of a sentence lie.

    Attributes:
        spans: frame ranges of its words.
        inner: free text that is followed by words.
        end_frame: the end of the last of them.
    """

    spans: tuple[WordSpan, ...]
    inner: tuple[FreeSpan, ...]
    end_frame: int


@dataclass(frozen=True)
class GrammarPath:
    """A sentence of the grammar with its Viterbi score.

    Attributes:
        states: automaton states, one per phone.
        words: the spoken words.
        log_prob: score of the best alignment, summed over all frames.
        has_tail: whether free text follows the last word.
        free_after: after how many words each free text inside the sentence stands.
        align: computes the alignment.
    """

    states: tuple[int, ...]
    words: tuple[str, ...]
    log_prob: float
    has_tail: bool
    free_after: tuple[int, ...]
    align: Callable[[], WordAlignment] = field(repr=False, compare=False)

    @cached_property
    def alignment(self) -> WordAlignment:
        """Where its parts lie, computed on first access."""
        return self.align()

    @property
    def inner(self) -> tuple[FreeSpan, ...]:
        """Free text that is followed by words."""
        return self.alignment.inner if self.free_after else ()

    @property
    def tail_frame(self) -> int | None:
        """First frame of trailing free text; ``None`` without trailing free text."""
        return self.alignment.end_frame if self.has_tail else None
