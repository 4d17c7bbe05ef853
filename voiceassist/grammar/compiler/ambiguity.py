"""Sentences that belong to two intents: found by following all sentences through the word graph at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from voiceassist.domain import CommandSpec
from voiceassist.grammar.compiler.dag import NOTHING
from voiceassist.grammar.compiler.graph_builder import build_word_graph
from voiceassist.grammar.compiler.word_graph import Finish, Free, Word, WordGraph
from voiceassist.grammar.files.command_set import CommandSet, SentenceSpec
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MOST_REPORTED = 50
"""Further ambiguities are not looked for: whoever mends these sees the next ones."""
_MOST_PLACES = 200_000
_FREE_TEXT = "…"

_Claim = tuple[str, SentenceSpec]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One of the two meanings: the intent, and the place of the sentence that gives it."""

    intent: str
    place: SourcePosition


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A sentence that two intents claim.

    Attributes:
        text: the shortest such sentence.
        winner: the meaning that counts.
        loser: the meaning that is never understood from these words.
    """

    text: str
    winner: Meaning
    loser: Meaning

    def __str__(self) -> str:
        return (
            f"{self.loser.place}: '{self.text}' is also a sentence of '{self.winner.intent}' "
            f"({self.winner.place}), which counts; '{self.loser.intent}' is not understood from it"
        )


def find_ambiguities(commands: CommandSet) -> list[Ambiguity]:
    """The sentences with two meanings in different intents, at most `MOST_REPORTED`; each pair of places once.

    Raises:
        GrammarError: the sentences have far too many forms.
    """
    claims = commands.by_precedence()
    found: dict[tuple[SourcePosition, SourcePosition], Ambiguity] = {}
    for words, ends in _shared(build_word_graph(_one_intent_a_sentence(commands, claims))):
        winner, *others = (claims[number] for number in ends)
        for loser in others:
            if loser[0] != winner[0]:
                places = (winner[1].template.place, loser[1].template.place)
                found.setdefault(places, _ambiguity(words, winner, loser))
        if len(found) >= MOST_REPORTED:
            break
    return list(found.values())[:MOST_REPORTED]


def _one_intent_a_sentence(commands: CommandSet, claims: list[_Claim]) -> CommandSet:
    """The same sentences, each under its number, so that the graph's ends tell them apart."""
    numbered = {str(number): (replace(sentence, rank=0),) for number, (_, sentence) in enumerate(claims)}
    return replace(commands, intents={name: CommandSpec(name) for name in numbered}, sentences=numbered, skip_words=())


def _ambiguity(words: tuple[str, ...], winner: _Claim, loser: _Claim) -> Ambiguity:
    first, second = (Meaning(intent, sentence.template.place) for intent, sentence in (winner, loser))
    return Ambiguity(" ".join(words), first, second)


def _shared(graph: WordGraph) -> Iterator[tuple[tuple[str, ...], list[int]]]:
    """What several sentences say with their numbers, short ones first."""
    if graph.root == NOTHING:
        return
    root = frozenset([graph.root])
    reached: dict[frozenset[int], tuple[str, ...]] = {root: ()}
    waiting = deque([root])
    while waiting and len(reached) < _MOST_PLACES:
        places = waiting.popleft()
        following, ends = _following(graph, places)
        if len(ends) > 1:
            yield reached[places], sorted(ends)
        for word, after in following.items():
            target = frozenset(after)
            if target not in reached:
                reached[target] = (*reached[places], word)
                waiting.append(target)


def _following(graph: WordGraph, places: frozenset[int]) -> tuple[dict[str, set[int]], set[int]]:
    """The words that can come next, each with the places after it, and the sentences that can end here."""
    following: dict[str, set[int]] = {}
    ends: set[int] = set()
    waiting, seen = list(places), set(places)
    while waiting:
        for label_id, target in graph.dag.arcs[waiting.pop()].items():
            label = graph.labels[label_id]
            if isinstance(label, Word | Free):
                word = label.spoken if isinstance(label, Word) else _FREE_TEXT
                following.setdefault(word, set()).add(target)
            elif isinstance(label, Finish):
                ends.add(int(label.intent))
            elif target not in seen:
                seen.add(target)
                waiting.append(target)
    return following, ends
