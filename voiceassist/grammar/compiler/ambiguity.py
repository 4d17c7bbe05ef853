"""Finds sentences that belong to two intents, by a subset construction over the word graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from voiceassist.domain import CommandSpec
from voiceassist.grammar.compiler.graph_builder import build_word_graph
from voiceassist.grammar.compiler.word_graph import NO_NODE, FreeText, SentenceEnd, Word, WordGraph
from voiceassist.grammar.files.command_set import CommandSet, SentenceSpec
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_REPORTED = 50
"""The search stops after this many ambiguities; the others are reported once these are fixed."""
_MAX_STATE_SETS = 200_000
_FREE_TEXT = "…"

Claim = tuple[str, SentenceSpec]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One of the two parses: the intent, and the position of its sentence template."""

    intent: str
    place: SourcePosition


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A sentence that matches two intents.

    Attributes:
        text: the shortest such sentence.
        winner: the parse that takes precedence.
        loser: the parse that this sentence never gets.
    """

    text: str
    winner: Meaning
    loser: Meaning

    def __str__(self) -> str:
        return (
            f"{self.loser.place}: '{self.text}' is also a sentence of '{self.winner.intent}' "
            f"({self.winner.place}), which takes precedence over '{self.loser.intent}'"
        )


def find_ambiguities(commands: CommandSet) -> list[Ambiguity]:
    """Sentences that match different intents, at most `MAX_REPORTED`; one per pair of templates.

    Raises:
        GrammarError: the sentences have too many variants.
    """
    claims = commands.by_precedence()
    found: dict[tuple[SourcePosition, SourcePosition], Ambiguity] = {}
    for words, ends in _shared(build_word_graph(one_intent_per_sentence(commands, claims), out_of_range=False)):
        winner, *others = (claims[number] for number in ends)
        for loser in others:
            if loser[0] != winner[0]:
                places = (winner[1].template.place, loser[1].template.place)
                first, second = (Meaning(intent, sentence.template.place) for intent, sentence in (winner, loser))
                found.setdefault(places, Ambiguity(" ".join(words), first, second))
        if len(found) >= MAX_REPORTED:
            break
    return list(found.values())[:MAX_REPORTED]


def one_intent_per_sentence(commands: CommandSet, claims: list[Claim]) -> CommandSet:
    """A copy with each sentence as an intent of its own, so that a sentence end identifies the template."""
    numbered = {str(number): (replace(sentence, rank=0),) for number, (_, sentence) in enumerate(claims)}
    return replace(commands, intents={name: CommandSpec(name) for name in numbered}, sentences=numbered, skip_words=())


def _shared(graph: WordGraph) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """Word sequences that match several sentences, shortest first, with the indices of those sentences."""
    if graph.root == NO_NODE:
        return
    root = frozenset([graph.root])
    reached: dict[frozenset[int], tuple[str, ...]] = {root: ()}
    waiting = deque([root])
    while waiting and len(reached) < _MAX_STATE_SETS:
        nodes = waiting.popleft()
        following, ends = next_words(graph, nodes)
        if len(ends) > 1:
            yield reached[nodes], sorted(ends)
        for word, after in following.items():
            target = frozenset(after)
            if target not in reached:
                reached[target] = (*reached[nodes], word)
                waiting.append(target)


def next_words(graph: WordGraph, nodes: frozenset[int]) -> tuple[dict[str, set[int]], set[int]]:
    """The possible next words with their target nodes, and the sentences that can end at the given nodes."""
    following: dict[str, set[int]] = {}
    ends: set[int] = set()
    waiting, seen = list(nodes), set(nodes)
    while waiting:
        for label_id, target in graph.arcs(waiting.pop()).items():
            label = graph.labels[label_id]
            if isinstance(label, Word | FreeText):
                word = label.spoken if isinstance(label, Word) else _FREE_TEXT
                following.setdefault(word, set()).add(target)
            elif isinstance(label, SentenceEnd):
                ends.add(int(label.intent))
            elif target not in seen:
                seen.add(target)
                waiting.append(target)
    return following, ends
