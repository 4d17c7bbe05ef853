"""Grapheme-to-phoneme conversion with the decision tree of a model pack.

The tree is trained on the pronunciation dictionary that the training speech was aligned with. It tests a letter, then
its neighbours, nearest first, until the phones are determined: words of the dictionary get their dictionary
pronunciation, and other words are pronounced like similarly spelled ones.

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
"""Letter tested at each depth of the tree, as an offset from the letter being converted."""
CHUNK_BASE = 40
"""Radix of a chunk: up to three phones in one integer, first phone in the lowest digit; 0 is no phone."""
_MAX_HEADER_BYTES = 4096
MAX_PHONES = 3
MAX_WAYS = 4
"""Maximum number of pronunciations per word."""
_HINT = "get the pack again"
_NUMBERS = {letter: number for number, letter in enumerate(LETTERS, start=1)}
_DOUBLE_U = ("double", "u")


def letter_at(word: str, place: int) -> int:
    """Number of the letter at an index of a word; 0 outside the word."""
    return _NUMBERS[word[place]] if 0 <= place < len(word) else 0


def chunk_of(phones: Sequence[int]) -> int:
    """Up to `MAX_PHONES` phones as one integer."""
    return sum(phone * CHUNK_BASE**place for place, phone in enumerate(phones))


def node_of(letter: int, first_child: int, chunk: int, other: int) -> int:
    """Pack a tree node into 64 bits.

    Args:
        letter: letter on the edge to the node.
        first_child: index of its first child. Children are sorted by letter and end where those of the next node
            begin; the last node is a sentinel for that.
        chunk: phones of the letter at this node.
        other: alternative phones; equal to ``chunk`` if there are none.
    """
    return letter << 59 | first_child << 32 | chunk << 16 | other


def _first_child(node: int) -> int:
    return node >> 32 & 0x7FFFFFF


def _phones_of(chunk: int) -> tuple[int, ...]:
    digits = (chunk // CHUNK_BASE**place % CHUNK_BASE for place in range(MAX_PHONES))
    return tuple(digit for digit in digits if digit)


class Pronunciations:
    """Pronunciations from the tree of a pack.

    Args:
        content: content of the ``npy`` file. It is held in memory rather than mapped: truncating a mapped file would
            crash the program.
        phones: phone names of the model, silence first; names of vowels begin with a vowel letter.

    Raises:
        PackError: the content is not a valid tree.
    """

    def __init__(self, content: bytes, phones: Sequence[str]) -> None:
        tree = _tree_in(content)
        if tree is None or not _is_tree(tree, len(phones)):
            raise PackError(f"this is not a tree of pronunciations for {len(phones)} phones", hint=_HINT)
        self._nodes = memoryview(tree)  # type: ignore[arg-type]
        self._vowels = frozenset(number for number, name in enumerate(phones) if name[:1] in set("AEIOU"))

    def ways(self, word: str) -> tuple[tuple[int, ...], ...]:
        """Pronunciations of a word of `LETTERS`, most frequent first; one without a vowel may also be spelled out.

        Returns:
            phone numbers from 1 on for each pronunciation; empty if the word has no audible phones.
        """
        found = self._sounded(word)
        if not self._vowels.intersection(found[0]):
            names = [name for letter in word.replace("'", "") for name in (_DOUBLE_U if letter == "w" else (letter,))]
            found.append(tuple(phone for name in names for phone in self._sounded(name)[0]))
        return tuple(dict.fromkeys(way for way in found if way))[:MAX_WAYS]

    def _sounded(self, word: str) -> list[tuple[int, ...]]:
        choices = [self._chunks(word, place) for place in range(len(word))]
        if math.prod(map(len, choices)) > MAX_WAYS:
            choices = [choice[:1] for choice in choices]
        return [tuple(phone for chunk in way for phone in _phones_of(chunk)) for way in product(*choices)]

    def _chunks(self, word: str, place: int) -> tuple[int, ...]:
        """Phone chunk of the letter at an index of a word, followed by the alternative if there is one."""
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
    """Array of an ``npy`` file of version 1 or 2, without a copy; ``None`` for anything else, including pickles."""
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
    """Whether every lookup terminates, at a node with valid phones."""
    if tree.dtype != np.uint64 or tree.ndim != 1 or len(tree) < 2:
        return False
    first = (tree >> 32 & 0x7FFFFFF).astype(np.int64)
    ordered = (np.diff(first) >= 0).all() and first[-1] == len(tree) - 1
    comes_after = (first[:-1] > np.arange(len(tree) - 1)).all()
    occurs = np.zeros(1 << 16, bool)  # np.unique would sort half a million numbers and keep a megabyte
    occurs[(tree >> 16).astype(np.uint16)] = occurs[tree.astype(np.uint16)] = True
    known = all(
        chunk < CHUNK_BASE**MAX_PHONES and max(_phones_of(chunk), default=0) < phones
        for chunk in np.flatnonzero(occurs).tolist()
    )
    return bool(ordered and comes_after and known)
