"""Where a phone can follow itself: CTC writes it twice only with a blank in between.

Before such a state only the blank counts, and the states before it that carry another phone. Those that end at the
same node are put into groups, one for each phone that can come next and one for all others: so each phone needs the
best of a few groups, and not of all states before it but some.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
_OTHERS = -1


@dataclass(frozen=True, slots=True)
class CtcRepeats:
    """The states whose phone can also end right before them.

    Attributes:
        states: those states. Shape: ``(repeats,)``.
        members: the states before them, group by group. Shape: ``(members,)``.
        first_member: where each group begins. Shape: ``(groups,)``.
        others: for each node and phone in turn, the groups that end at the node with another phone.
            Shape: ``(others,)``.
        first_other: where those of each node and phone begin. Shape: ``(cases,)``.
        mixed: those repeats, as indices, before which another phone can stand, too. Shape: ``(mixed,)``.
        case: node and phone of each of them, as an index of ``first_other``. Shape: ``(mixed,)``.
    """

    states: Index
    members: Index
    first_member: Index
    others: Index
    first_other: Index
    mixed: Index
    case: Index


def find_repeats(phone: NDArray[np.int32], source: NDArray[np.int32], first_state: Index) -> CtcRepeats:
    """Find the states that `CtcRepeats` lists."""
    # the states whose phone is among those that end at their source
    phones = int(phone.max(initial=0)) + 1
    ending = np.repeat(np.arange(len(first_state) - 1), np.diff(first_state)) * phones + phone
    states = np.flatnonzero(np.isin(source.astype(np.int64) * phones + phone, ending))
    wanted = list(zip(source[states].tolist(), phone[states].tolist(), strict=True))
    groups = _Groups(phone, first_state, wanted)
    cases = [groups.case(node, own) for node, own in wanted]
    return CtcRepeats(
        states=states,
        members=np.array(groups.members, np.int64),
        first_member=np.array(groups.first_member, np.int64),
        others=np.array(groups.others, np.int64),
        first_other=np.array(groups.first_other, np.int64),
        mixed=np.array([number for number, case in enumerate(cases) if case is not None], np.int64),
        case=np.array([case for case in cases if case is not None], np.int64),
    )


class _Groups:
    """Puts the states that end at a node into groups: one for each wanted phone, and one for all others."""

    def __init__(self, phone: NDArray[np.int32], first_state: Index, wanted: Iterable[tuple[int, int]]) -> None:
        self._token = phone
        self._first_state = first_state
        self._wanted: dict[int, list[int]] = {}
        for node, own in dict.fromkeys(wanted):
            self._wanted.setdefault(node, []).append(own)
        self._of_node: dict[int, dict[int, int]] = {}
        self._cases: dict[tuple[int, int], int | None] = {}
        self.members: list[int] = []
        self.first_member: list[int] = []
        self.others: list[int] = []
        self.first_other: list[int] = []

    def case(self, node: int, phone: int) -> int | None:
        """The number of a node and phone; ``None`` where no other phone ends at the node."""
        key = (node, phone)
        if key not in self._cases:
            others = [group for kind, group in self._groups(node).items() if kind != phone]
            self._cases[key] = len(self.first_other) if others else None
            if others:
                self.first_other.append(len(self.others))
                self.others += others
        return self._cases[key]

    def _groups(self, node: int) -> dict[int, int]:
        if node not in self._of_node:
            first, end = self._first_state[node : node + 2]
            phones, wanted = self._token[first:end], self._wanted[node]
            kinds = np.where(np.isin(phones, wanted), phones, _OTHERS)
            several = np.unique(kinds).tolist() if (kinds != kinds[0]).any() else []
            self._of_node[node] = {kind: self._group(np.flatnonzero(kinds == kind) + first) for kind in several}
        return self._of_node[node]

    def _group(self, states: Index) -> int:
        self.first_member.append(len(self.members))
        self.members += states.tolist()
        return len(self.first_member) - 1
