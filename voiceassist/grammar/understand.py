"""From words to what they mean, by way of the `WordGraph`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from voiceassist.domain import CommandSpec, Entity, Interpretation
from voiceassist.grammar.dag import NOTHING
from voiceassist.grammar.wordgraph import Close, Finish, Label, Open, Word, WordGraph

LONGEST_TEXT_WORDS = 200

# How well a way to read the words ranks (earlier definitions first), and its labels as a linked list.
_Path = tuple[tuple[int, ...], "tuple[Label, Any] | None"]


class Understanding:
    """Finds the meaning of sentences; of an ambiguous one, that which was defined first."""

    def __init__(self, graph: WordGraph, intents: Mapping[str, CommandSpec], skip_words: Sequence[str]) -> None:
        self._graph = graph
        self._intents = intents
        self._skip = [phrase.split() for phrase in sorted(skip_words, key=len, reverse=True)]
        self._spoken: dict[str, list[int]] = {}
        self._marks: dict[int, list[tuple[Label, int]]] = {}
        for label_id, label in enumerate(graph.labels):
            if isinstance(label, Word):
                self._spoken.setdefault(label.spoken, []).append(label_id)

    def parse(self, words: Sequence[str]) -> Interpretation | None:
        """What the words mean; words without meaning are only left out where they must be."""
        if len(words) > LONGEST_TEXT_WORDS:
            return None
        found = self._interpret(words)
        if found is None and self._skip:
            found = self._interpret(self._without_skip_words(words))
        return found

    def _interpret(self, words: Sequence[str]) -> Interpretation | None:
        path = self._best(self._graph.root, 0, words, {}) if self._graph.root != NOTHING else None
        return None if path is None else _interpretation(list(_labels(path)), self._intents)

    def _best(
        self, node: int, at: int, words: Sequence[str], known: dict[tuple[int, int], _Path | None]
    ) -> _Path | None:
        """The path that ranks first from a node with the words from ``at`` on."""
        key = (node, at)
        if key not in known:
            ways = (self._then(label, target, at, words, known) for label, target in self._arcs(node, at, words))
            known[key] = min((way for way in ways if way is not None), key=lambda way: way[0], default=None)
        return known[key]

    def _then(
        self, label: Label, target: int, at: int, words: Sequence[str], known: dict[tuple[int, int], _Path | None]
    ) -> _Path | None:
        if isinstance(label, Finish):
            return ((label.order,), (label, None)) if at == len(words) else None
        rest = self._best(target, at + isinstance(label, Word), words, known)
        if rest is None:
            return None
        rank, path = rest
        if isinstance(label, Close):
            rank = (rank[0], label.order, *rank[1:])
        return rank, (label, path)

    def _arcs(self, node: int, at: int, words: Sequence[str]) -> Iterator[tuple[Label, int]]:
        arcs = self._graph.dag.arcs[node]
        if at < len(words):
            for label_id in self._spoken.get(words[at], ()):
                if label_id in arcs:
                    yield self._graph.labels[label_id], arcs[label_id]
        if node not in self._marks:
            labelled = ((self._graph.labels[label_id], target) for label_id, target in arcs.items())
            self._marks[node] = [(label, target) for label, target in labelled if not isinstance(label, Word)]
        yield from self._marks[node]

    def _without_skip_words(self, words: Sequence[str]) -> list[str]:
        kept: list[str] = []
        at = 0
        while at < len(words):
            skipped = next((phrase for phrase in self._skip if list(words[at : at + len(phrase)]) == phrase), None)
            if skipped is None:
                kept.append(words[at])
            at += len(skipped) if skipped else 1
        return kept


def _labels(path: _Path) -> Iterator[Label]:
    link = path[1]
    while link is not None:
        label, link = link
        yield label


def _interpretation(labels: Sequence[Label], intents: Mapping[str, CommandSpec]) -> Interpretation:
    shown: list[str] = []
    spoken: list[str] = []
    opened: list[tuple[str, int, int]] = []
    entities: list[Entity] = []
    finish: Finish | None = None
    for label in labels:
        if isinstance(label, Word):
            spoken.append(label.spoken)
            shown += [label.shown] if label.shown else []
        elif isinstance(label, Open):
            opened.append((label.slot, len(shown), len(spoken)))
        elif isinstance(label, Close):
            slot, first_shown, first_spoken = opened.pop()
            start = sum(len(word) + 1 for word in shown[:first_shown])
            raw = " ".join(shown[first_shown:])
            entities.append(Entity(slot, label.read(spoken[first_spoken:]), raw, start, start + len(raw)))
        else:
            finish = label
    if finish is None:
        raise TypeError("a path that does not end")
    text = " ".join(shown)
    fixed = (Entity(name, value, "", len(text), len(text)) for name, value in finish.slots.items())
    return Interpretation(text, intents[finish.intent], (*entities, *fixed))
