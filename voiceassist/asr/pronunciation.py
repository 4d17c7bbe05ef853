"""From letters to phones: how the words of a grammar sound.

A pack brings a decision tree of its own, learned from the dictionary that its training speech was aligned with. It asks
for a letter, then for its neighbours, nearest first, until the phones are clear: words of that dictionary come
out as they stand there, and new ones sound like their likes.

Source: Daelemans, van den Bosch and Weijters 1997, IGTree.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from io import BytesIO
from itertools import product
from tokenize import TokenError

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from voiceassist.errors import PackError

LETTERS = "abcdefghijklmnopqrstuvwxyz'"
CONTEXT = (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7)
"""The letter that is asked for at each depth of the tree, counted from the one that is sounded."""
CHUNK_BASE = 40
"""A chunk is up to three phones as one number, the first its lowest digit; 0 is no phone."""
_MAX_HEADER_BYTES = 4096
MOST_PHONES = 3
MOST_WAYS = 4
"""So many ways at most to say one word."""
_HINT = "get the pack again"
_NUMBERS = {letter: number for number, letter in enumerate(LETTERS, start=1)}
_DOUBLE_U = ("double", "u")


def letter_at(word: str, place: int) -> int:
    """The number of the letter at a place of a word; outside the word 0."""
    return _NUMBERS[word[place]] if 0 <= place < len(word) else 0


def chunk_of(phones: Sequence[int]) -> int:
    """Up to `MOST_PHONES` phones as one number."""
    return sum(phone * CHUNK_BASE**place for place, phone in enumerate(phones))


def node_of(letter: int, first_child: int, chunk: int, other: int) -> int:
    """A node of the tree in 64 bits.

    Args:
        letter: that leads to it.
        first_child: where its children begin, in order of their letters. They end where those of the next node begin;
            the last node is there for that only.
        chunk: what the letter in question sounds like there.
        other: what else it sounds like, the same again where nothing.
    """
    return letter << 59 | first_child << 32 | chunk << 16 | other


def _first_child(node: int) -> int:
    return node >> 32 & 0x7FFFFFF


def _phones_of(chunk: int) -> tuple[int, ...]:
    digits = (chunk // CHUNK_BASE**place % CHUNK_BASE for place in range(MOST_PHONES))
    return tuple(digit for digit in digits if digit)


class Pronunciations:
    """A pack's tree, open.

    Args:
        content: of the file, as NumPy writes an array. It is kept, not mapped: a file that is cut short while the
            program runs would end it.
        phones: the names of the phones that the model knows, silence first; vowels begin with a vowel.

    Raises:
        PackError: the file is no such tree.
    """

    def __init__(self, content: bytes, phones: Sequence[str]) -> None:
        tree = _tree_in(content)
        if tree is None or not _is_tree(tree, len(phones)):
            raise PackError(f"this is not a tree of pronunciations for {len(phones)} phones", hint=_HINT)
        self._nodes = memoryview(tree)  # type: ignore[arg-type]
        self._vowels = frozenset(number for number, name in enumerate(phones) if name[:1] in set("AEIOU"))

    def ways(self, word: str) -> tuple[tuple[int, ...], ...]:
        """The ways to say a word of `LETTERS`, the most usual first; what has no vowel may be read letter by letter.

        Returns:
            phones, 1 and above; no way where nothing would be heard.
        """
        found = self._sounded(word)
        if not self._vowels.intersection(found[0]):
            names = [name for letter in word.replace("'", "") for name in (_DOUBLE_U if letter == "w" else (letter,))]
            found.append(tuple(phone for name in names for phone in self._sounded(name)[0]))
        return tuple(dict.fromkeys(way for way in found if way))[:MOST_WAYS]

    def _sounded(self, word: str) -> list[tuple[int, ...]]:
        choices = [self._chunks(word, place) for place in range(len(word))]
        if math.prod(map(len, choices)) > MOST_WAYS:
            choices = [choice[:1] for choice in choices]
        return [tuple(phone for chunk in way for phone in _phones_of(chunk)) for way in product(*choices)]

    def _chunks(self, word: str, place: int) -> tuple[int, ...]:
        """What the letter at a place sounds like, and what else it may sound like."""
        nodes, at = self._nodes, 0
        for offset in CONTEXT:
            letter = letter_at(word, place + offset)
            end = _first_child(nodes[at + 1])
            child = bisect_left(nodes, letter << 59, _first_child(nodes[at]), end)
            if child == end or nodes[child] >> 59 != letter:
                break
            at = child
        return tuple(dict.fromkeys((nodes[at] >> 16 & 0xFFFF, nodes[at] & 0xFFFF)))


def _tree_in(content: bytes) -> NDArray[np.uint64] | None:
    """The array in an ``npy`` file of version 1 or 2, without a copy; ``None`` for anything else, pickles too."""
    file = BytesIO(content)
    try:
        read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[npy.read_magic(file)]
        shape, _, dtype = read_header(file, max_header_size=_MAX_HEADER_BYTES)
    except (ValueError, TypeError, EOFError, KeyError, MemoryError, RecursionError, SyntaxError, TokenError):
        return None
    size = len(content) - file.tell()
    if dtype != np.uint64 or shape != (size // 8,) or size % 8 or not dtype.isnative:
        return None
    return np.frombuffer(content, np.uint64, offset=file.tell())


def _is_tree(tree: NDArray[np.uint64], phones: int) -> bool:
    """Whether every walk ends, at a node with phones that there are."""
    if tree.dtype != np.uint64 or tree.ndim != 1 or len(tree) < 2:
        return False
    first = (tree >> 32 & 0x7FFFFFF).astype(np.int64)
    ordered = (np.diff(first) >= 0).all() and first[-1] == len(tree) - 1
    comes_after = (first[:-1] > np.arange(len(tree) - 1)).all()
    occurs = np.zeros(1 << 16, bool)  # np.unique would sort half a million numbers and keep a megabyte
    occurs[(tree >> 16).astype(np.uint16)] = occurs[tree.astype(np.uint16)] = True
    known = all(
        chunk < CHUNK_BASE**MOST_PHONES and max(_phones_of(chunk), default=0) < phones
        for chunk in np.flatnonzero(occurs).tolist()
    )
    return bool(ordered and comes_after and known)
