"""Random sentences of a command set."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from voiceassist.domain import Interpretation
from voiceassist.grammar.compiler.graph_builder import build_word_graph
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.compiler.word_graph import END, NO_NODE, FreeText, Word, WordGraph
from voiceassist.grammar.files.command_set import CommandSet

_MAX_TRIES = 50
_FREE_TEXTS = ("buy milk", "see you tomorrow", "the quick brown fox")


class Sampler:
    """Draws sentences by a random walk over the word graph in which sibling arcs are equally likely.

    Every sentence comes with its parse in the whole set; sentences that parse as another intent are not drawn.

    Args:
        commands: the command set.
        seed: makes the sentences reproducible.
    """

    def __init__(self, commands: CommandSet, *, seed: int | None = None) -> None:
        self._commands = replace(commands, skip_words=())
        self._grammar = TextParser(self._commands)
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._graphs: dict[str, WordGraph] = {}

    def draw(self, intent: str) -> Interpretation | None:
        """Draw a sentence of an intent; ``None`` if it has none, or all of them parse as other intents."""
        if intent not in self._graphs:
            self._graphs[intent] = build_word_graph(self._commands.only([intent]), out_of_range=False)
        graph = self._graphs[intent]
        for _ in range(_MAX_TRIES if graph.root != NO_NODE else 0):
            found = self._grammar.parse(" ".join(self._walk(graph)))
            if found is not None and found.command.intent == intent:
                return found
        return None

    def draw_many(self, count: int, intents: Sequence[str] = ()) -> Iterator[Interpretation]:
        """Draw sentences of the given intents (all by default), each intent equally likely."""
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
            label_id, node = self._random.choice(list(graph.arcs(node).items()))
            label = graph.labels[label_id]
            if isinstance(label, Word):
                yield label.spoken
            elif isinstance(label, FreeText):
                yield self._random.choice(_FREE_TEXTS) + label.suffix
