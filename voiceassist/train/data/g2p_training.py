"""Trains the grapheme-to-phoneme tree of the packs on the dictionary of the aligner."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.pronunciation import CONTEXT, LETTERS, MAX_PHONES, chunk_of, letter_at, node_of
from voiceassist.config.files import write_atomically
from voiceassist.train.phones import PHONES

ROUNDS = 4
"""Rounds of expectation maximisation; more change next to nothing."""
_SAMPLE = 20_000
"""Words that train the letter-to-phone alignment; then all words are aligned."""
_PRIOR = (0.1, 1.0, 0.1, 0.01)
"""Initial probabilities that a letter stands for no phone, one, two or three."""
_FLOOR = 1e-7
_WORD = re.compile(f"[{LETTERS}]+")

Chunk = tuple[int, ...]


def read_dictionary(path: Path) -> list[tuple[str, Chunk]]:
    """Words and their phones; a word with several pronunciations comes several times.

    Args:
        path: a dictionary in PocketSphinx format: a word, or ``word(2)``, and its phones per line.
    """
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        word = word.split("(")[0]
        if _WORD.fullmatch(word) and phones:
            entries.append((word, tuple(PHONES.index(phone.rstrip("012")) for phone in phones)))
    return entries


def learn_pronunciations(path: Path) -> int:
    """Trains the tree on the aligner's dictionary, writes it to ``path`` and returns its number of nodes."""
    from pocketsphinx import get_model_path  # only learning needs it

    tree = learn_tree(read_dictionary(Path(get_model_path("en-us/cmudict-en-us.dict"))))
    file = io.BytesIO()
    np.save(file, tree)
    write_atomically(path, file.getvalue())
    return len(tree) - 1


def learn_tree(entries: Sequence[tuple[str, Chunk]]) -> NDArray[np.uint64]:
    """The tree for ``Pronunciations``.

    Shape:
        ``(nodes + 1,)``, see ``node_of``.
    """
    aligner = LetterAligner()
    step = max(1, len(entries) // _SAMPLE)
    for _ in range(ROUNDS):
        aligner.learn(entries[::step])
    contexts, chunks = [], []
    for word, phones in entries:
        for place, chunk in enumerate(aligner.best(word, phones)):
            contexts.append([letter_at(word, place + offset) for offset in CONTEXT])
            chunks.append(chunk_of(chunk))
    return grow_tree(np.array(contexts, np.uint8).reshape(-1, len(CONTEXT)), np.array(chunks, np.uint16))


class LetterAligner:
    """Aligns letters with chunks of phones, by expectation maximisation."""

    def __init__(self) -> None:
        self._probs: dict[tuple[str, Chunk], float] = {}

    def learn(self, entries: Iterable[tuple[str, Chunk]]) -> None:
        """One round: the probability of each chunk of a letter becomes its share of the expected counts."""
        counts: Counter[tuple[str, Chunk]] = Counter()
        for word, phones in entries:
            # adds the expected counts of each letter and chunk over all alignments (forward-backward)
            steps = list(self._steps(word, phones))
            forward = np.zeros((len(word) + 1, len(phones) + 1))
            backward = np.zeros_like(forward)
            forward[0, 0] = backward[-1, -1] = 1
            for place, before, length, prob in steps:
                forward[place + 1, before + length] += forward[place, before] * prob
            for place, before, length, prob in reversed(steps):
                backward[place, before] += backward[place + 1, before + length] * prob
            if forward[-1, -1] > 0:
                for place, before, length, prob in steps:
                    share = forward[place, before] * prob * backward[place + 1, before + length] / forward[-1, -1]
                    if share:
                        counts[word[place], phones[before : before + length]] += share
        totals: Counter[str] = Counter()
        for (letter, _), count in counts.items():
            totals[letter] += count
        self._probs = {key: max(count / totals[key[0]], _FLOOR) for key, count in counts.items()}

    def best(self, word: str, phones: Chunk) -> list[Chunk]:
        """The most likely alignment; empty if there are too many phones for the letters."""
        best = {(0, 0): (1.0, (0, 0))}
        for place, before, length, prob in self._steps(word, phones):
            here = best.get((place, before))
            after = (place + 1, before + length)
            if here is not None and here[0] * prob > best.get(after, (0.0,))[0]:
                best[after] = (here[0] * prob, (place, before))
        at, chunks = (len(word), len(phones)), []
        if at not in best:
            return []
        while at != (0, 0):
            came = best[at][1]
            chunks.append(phones[came[1] : at[1]])
            at = came
        return chunks[::-1]

    def _steps(self, word: str, phones: Chunk) -> Iterator[tuple[int, int, int, float]]:
        """Letter position, phones before it, length of its chunk, and its probability."""
        for place, letter in enumerate(word):
            for before in range(len(phones) + 1):
                for length in range(min(MAX_PHONES, len(phones) - before) + 1):
                    chunk = phones[before : before + length]
                    prob = self._probs.get((letter, chunk), _FLOOR) if self._probs else _PRIOR[length]
                    yield place, before, length, prob


def grow_tree(contexts: NDArray[np.uint8], chunks: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """Splits by one context letter after the other; a branch that predicts what its parent predicts is pruned.

    Shape:
        contexts: letters around each letter ``(letters, len(CONTEXT))``; chunks: its phones ``(letters,)``.
    """
    order = np.lexsort(contexts.T[::-1])
    contexts, chunks = contexts[order], chunks[order]
    levels: list[list[_Branch]] = [[_Branch(0, contexts, chunks, 0)]]
    while levels[-1]:
        levels.append([child for branch in levels[-1] for child in branch.split()])
    for level in reversed(levels):
        for branch in level:
            branch.prune()
    nodes: list[int] = []
    waiting = [levels[0][0]]
    first = 1
    while waiting:  # breadth first: the children of neighbours stand next to each other
        for branch in waiting:
            nodes.append(node_of(branch.letter, first, branch.chunk, branch.other))
            first += len(branch.children)
        waiting = [child for branch in waiting for child in branch.children]
    nodes.append(node_of(0, len(nodes), 0, 0))
    return np.array(nodes, np.uint64)


class _Branch:
    """A node while the tree grows, with the sorted rows that lead to it."""

    def __init__(self, letter: int, contexts: NDArray[np.uint8], chunks: NDArray[np.uint16], depth: int) -> None:
        self.letter, self._depth = letter, depth
        values, counts = np.unique(chunks, return_counts=True)
        ranked = values[np.argsort(-counts, kind="stable")]
        self.chunk = int(ranked[0])
        self.pure = len(ranked) == 1
        # Only identical words are known to have two pronunciations.
        self.other = int(ranked[1]) if depth == len(CONTEXT) and not self.pure else self.chunk
        self.children: list[_Branch] = []
        self._rows = (contexts, chunks)

    def split(self) -> list[_Branch]:
        contexts, chunks = self._rows
        self._rows = (contexts[:0], chunks[:0])
        if self.pure or self._depth == len(CONTEXT):
            return []
        column = contexts[:, self._depth]
        letters, starts = np.unique(column, return_index=True)
        edges = [*starts.tolist(), len(column)]
        self.children = [
            _Branch(int(letter), contexts[begin:end], chunks[begin:end], self._depth + 1)
            for letter, begin, end in zip(letters, edges, edges[1:], strict=False)
        ]
        return self.children

    def prune(self) -> None:
        self.children = [child for child in self.children if child.children or child.says != (self.chunk, self.chunk)]

    @property
    def says(self) -> tuple[int, int]:
        return self.chunk, self.other
