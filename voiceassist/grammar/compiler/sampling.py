"""Random sentences of a command set."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from voiceassist.domain import Interpretation
from voiceassist.grammar.compiler.dag import END, NOTHING
from voiceassist.grammar.compiler.graph_builder import build_word_graph
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.compiler.word_graph import Free, Word, WordGraph
from voiceassist.grammar.files.command_set import CommandSet

_TRIES = 50
_FREE_TEXTS = ("buy milk", "see you tomorrow", "the quick brown fox")


class Sampler:
    """Draws sentences by walking through all that can be said, each branch as likely as its neighbours.

    Every sentence is given with what it means in the whole set: a sentence that another intent takes away is not drawn.

    Args:
        commands: what can be said.
        seed: the same seed gives the same sentences.
    """

    def __init__(self, commands: CommandSet, *, seed: int | None = None) -> None:
        self._commands = replace(commands, skip_words=())
        self._grammar = TextParser(self._commands)
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._graphs: dict[str, WordGraph] = {}

    def draw(self, intent: str) -> Interpretation | None:
        """A sentence of an intent; ``None`` where nothing can be said, or other intents take all of it."""
        if intent not in self._graphs:
            self._graphs[intent] = build_word_graph(self._commands.only([intent]))
        graph = self._graphs[intent]
        for _ in range(_TRIES if graph.root != NOTHING else 0):
            found = self._grammar.parse(" ".join(self._walk(graph)))
            if found is not None and found.command.intent == intent:
                return found
        return None

    def draw_many(self, count: int, intents: Sequence[str] = ()) -> Iterator[Interpretation]:
        """Sentences of these intents (all by default), each intent as likely as the others."""
        possible = list(intents or self._commands.intents)
        for _ in range(count):
            while possible:
                intent = self._random.choice(possible)
                found = self.draw(intent)
                if found is not None:
                    yield found
                    break
                possible.remove(intent)

    def _walk(self, graph: WordGraph) -> Iterator[str]:
        node = graph.root
        while node != END:
            label_id, node = self._random.choice(list(graph.dag.arcs[node].items()))
            label = graph.labels[label_id]
            if isinstance(label, Word):
                yield label.spoken
            elif isinstance(label, Free):
                yield self._random.choice(_FREE_TEXTS)
