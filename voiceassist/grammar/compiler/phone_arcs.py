"""The arcs of a phone graph as arrays, and the union of two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pronounce = Callable[[str], Sequence[Sequence[int]]]
"""The pronunciations of a lower-case word, each a sequence of phone numbers of the model."""

NO_WORD = -1
FREE_TEXT = 0
"""The phone of a state for free text of at least one phone; within words this number is silence."""


@dataclass(frozen=True, slots=True, eq=False)
class PhoneArcs:
    """A deterministic acyclic graph whose arcs are phones; the arrays of an `Automaton`.

    Attributes:
        phone: Shape: ``(arcs,)``.
        source: Shape: ``(arcs,)``.
        target: Shape: ``(arcs,)``.
        word: index of the word that ends with the arc, or `NO_WORD`. Shape: ``(arcs,)``.
        accepting: whether a sentence can end at a node. Shape: ``(nodes,)``.
        tail: whether free text can begin at a node. Shape: ``(nodes,)``.
    """

    phone: NDArray[np.int32]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    word: NDArray[np.int32]
    accepting: NDArray[np.bool_]
    tail: NDArray[np.bool_]

    @property
    def nodes(self) -> int:
        return len(self.accepting)


_NONE = np.empty(0, np.int32)
EMPTY = PhoneArcs(_NONE, _NONE, _NONE, _NONE, np.zeros(1, bool), np.zeros(1, bool))
"""The graph that accepts nothing."""


def numbered(arcs: PhoneArcs, root: int) -> PhoneArcs:
    """The arcs reachable from a root, with nodes and arcs in the order of an `Automaton`.

    The root is node 0; nodes with one incoming arc come next, then the others. Arcs are sorted by target and source.
    """
    used = _reachable(arcs, root)
    kept = used[arcs.source]
    source, target = arcs.source[kept], arcs.target[kept]
    arriving = np.bincount(target, minlength=arcs.nodes)
    members = np.flatnonzero(arriving)
    in_order = np.concatenate(([root], members[np.argsort(np.minimum(arriving[members], 2), kind="stable")]))
    numbers = np.empty(arcs.nodes, np.int32)
    numbers[in_order] = np.arange(len(in_order))
    source, target = numbers[source], numbers[target]
    by_target = np.lexsort((source, target))
    phone, word = (column[kept][by_target] for column in (arcs.phone, arcs.word))
    return PhoneArcs(phone, source[by_target], target[by_target], word, arcs.accepting[in_order], arcs.tail[in_order])


def united(one: PhoneArcs, other: PhoneArcs) -> PhoneArcs:
    """The graph of all sentences of two graphs, which are both numbered. Only their common beginnings are new nodes."""
    shift = one.nodes
    pairs, arcs = _common_beginnings(one, other)
    phone, source, target, word = np.array(arcs, np.int32).reshape(-1, 4).T
    left, right = np.array(pairs).T
    return numbered(
        PhoneArcs(
            np.concatenate((one.phone, other.phone, phone)),
            np.concatenate((one.source, other.source + shift, source)),
            np.concatenate((one.target, other.target + shift, target)),
            np.concatenate((one.word, other.word, word)),
            np.concatenate((one.accepting, other.accepting, one.accepting[left] | other.accepting[right])),
            np.concatenate((one.tail, other.tail, one.tail[left] | other.tail[right])),
        ),
        one.nodes + other.nodes,
    )


def _common_beginnings(
    one: PhoneArcs, other: PhoneArcs
) -> tuple[list[tuple[int, int]], list[tuple[int, int, int, int]]]:
    """The pairs of nodes that the same phones and words reach, and the arcs out of each pair: phone, source, target,
    word. The nodes of ``other`` are numbered after those of ``one``, the pairs after both.
    """
    first_pair = one.nodes + other.nodes
    pairs = {(0, 0): first_pair}
    waiting = [*pairs]
    arcs: list[tuple[int, int, int, int]] = []
    leaving_one, leaving_other = _leaving(one), _leaving(other)
    while waiting:
        pair = waiting.pop()
        left, right = leaving_one.get(pair[0], {}), leaving_other.get(pair[1], {})
        for phone, word in {**left, **right}:
            if (phone, word) not in right:
                target = left[phone, word]
            elif (phone, word) not in left:
                target = right[phone, word] + one.nodes
            else:
                after = left[phone, word], right[phone, word]
                if after not in pairs:
                    pairs[after] = first_pair + len(pairs)
                    waiting.append(after)
                target = pairs[after]
            arcs.append((phone, pairs[pair], target, word))
    return list(pairs), arcs


def _leaving(arcs: PhoneArcs) -> dict[int, dict[tuple[int, int], int]]:
    """The arcs out of each node: phone and word, and target node."""
    leaving: dict[int, dict[tuple[int, int], int]] = {}
    columns = (column.tolist() for column in (arcs.phone, arcs.source, arcs.target, arcs.word))
    for phone, source, target, word in zip(*columns, strict=True):
        leaving.setdefault(source, {})[phone, word] = target
    return leaving


def _reachable(arcs: PhoneArcs, root: int) -> NDArray[np.bool_]:
    """A mask of the nodes reachable from a root."""
    used = np.zeros(arcs.nodes, bool)
    by_source = np.argsort(arcs.source, kind="stable")
    target = arcs.target[by_source]
    first = np.searchsorted(arcs.source[by_source], np.arange(arcs.nodes + 1))
    reached = np.array([root])
    while len(reached):
        used[reached] = True
        counts = first[reached + 1] - first[reached]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        after = np.unique(target[np.repeat(first[reached], counts) + offsets])
        reached = after[~used[after]]
    return used
