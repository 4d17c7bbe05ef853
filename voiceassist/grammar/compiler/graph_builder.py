"""Builds the word graph and the phone graph of a command set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from hassil.expression import TextChunk

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.compiled_commands import CompiledCommands
from voiceassist.grammar.compiler.dag import DEFAULT_LIMITS, Dag, GraphLimits, GrowingGraph
from voiceassist.grammar.compiler.phone_arcs import NO_WORD, Pronounce
from voiceassist.grammar.compiler.phone_graph import PhoneGraph
from voiceassist.grammar.compiler.structural_hash import StructuralHash
from voiceassist.grammar.compiler.template_compiler import Context, TemplateCompiler
from voiceassist.grammar.compiler.wake_phrase import WAKE_INTENT, WakePrefix
from voiceassist.grammar.compiler.word_graph import END, NO_NODE, SentenceEnd, WakeMark, WordGraph
from voiceassist.grammar.files.command_set import CommandSet, SentenceSpec
from voiceassist.grammar.language.templates import Template, references
from voiceassist.grammar.language.text_normalization import template_fragments

_MAX_SENTENCE_LABELS = 250
_MAX_SKIP_PHRASES = 2
_MAX_BUILDS = 200
_FIXED = ""
"""Stands in a sentence end's key for any sentence of the intent without slots, because all of these are equivalent."""

_FinishKey = tuple[str, str, str | int]
Belongs = Callable[[SentenceSpec], bool]


def build_word_graph(commands: CommandSet, wake: WakePrefix | None = None, *, out_of_range: bool = True) -> WordGraph:
    """Build the graph of all sentences once.

    Args:
        commands: the sentences.
        wake: the wake phrase that can or must precede them.
        out_of_range: also accept numbers outside the limits of their slots.

    Raises:
        GrammarError: the sentences have too many variants.
    """
    return WordGraphBuilder(out_of_range=out_of_range).build(commands, wake).finished()


@dataclass(frozen=True, slots=True)
class Summary:
    """The size of a command set.

    Attributes:
        intents: number of intents.
        templates: number of sentence templates as written.
        sentences: number of distinct sentences, with every value of every list.
    """

    intents: int
    templates: int
    sentences: int


def summarize(commands: CommandSet, limits: GraphLimits = DEFAULT_LIMITS) -> Summary:
    """Count intents, templates and sentences.

    Raises:
        GrammarError: the sentences have too many variants.
    """
    templates = sum(len(sentences) for sentences in commands.sentences.values())
    graph = WordGraphBuilder(limits, out_of_range=False).build(commands).finished()
    return Summary(len(commands.intents), templates, graph.count_sentences())


class WordGraphBuilder:
    """Builds word graphs incrementally: after a change only new sentences are compiled.

    Nodes and labels keep their numbers from one graph to the next until too many of them are unused; then the builder
    starts over.

    Thread: one at a time.

    Args:
        limits: bounds on the graph's size.
        out_of_range: also accept numbers outside the limits of their slots.

    Attributes:
        generation: number of times the builder has started over.
    """

    def __init__(self, limits: GraphLimits = DEFAULT_LIMITS, *, out_of_range: bool = True) -> None:
        self._limits = limits
        self._out_of_range = out_of_range
        self.generation = 0
        self._size_at_first = 0
        self._builds = 0
        self._reset()

    def build(
        self, commands: CommandSet, wake: WakePrefix | None = None, belongs: Belongs = lambda _sentence: True
    ) -> GrowingGraph:
        """The graph of a command set.

        Args:
            commands: the sentences.
            wake: the wake phrase that can or must precede them.
            belongs: which of the sentences are part of the graph.

        Raises:
            GrammarError: the sentences have too many variants.
        """
        if len(self._dag) > 2 * self._size_at_first + self._limits.spare_word_nodes or self._builds > _MAX_BUILDS:
            self._reset()
        try:
            graph = self._build(commands, wake, belongs)
        except GrammarError:
            was_new = not self._builds
            self._reset()
            if was_new:
                raise
            # the limit may have been reached only because of nodes of earlier graphs
            return self.build(commands, wake, belongs)
        self._builds += 1
        self._size_at_first = self._size_at_first or len(self._dag)
        return graph

    def _reset(self) -> None:
        self.generation += 1
        self._dag = Dag(max_nodes=self._limits.max_word_nodes, max_length=_MAX_SENTENCE_LABELS)
        self._hashes = StructuralHash()
        self._templates = TemplateCompiler(self._dag, self._hashes, out_of_range=self._out_of_range)
        self._sentences: dict[tuple[int, int, int], int] = {}
        self._literal: dict[tuple[str, bool], list[int]] = {}
        self._size_at_first = 0
        self._builds = 0

    def _build(self, commands: CommandSet, wake: WakePrefix | None, belongs: Belongs) -> GrowingGraph:
        self._hashes.forget_objects()
        finishes: dict[int, SentenceEnd] = {}
        roots: list[int] = []
        literal: list[tuple[Sequence[int], int]] = []
        for finish, end, sentences in self._ends(commands, finishes):
            for sentence in filter(belongs, sentences):
                template = sentence.template
                spelled = (template.text, template.abbreviations)
                if spelled not in self._literal:
                    words = _literal_words(template)
                    self._literal[spelled] = [self._templates.word_label(word) for word in words or ()]
                if labels := self._literal[spelled]:
                    literal.append((labels, end))
                else:
                    key = (self._hashes.template(template, sentence.scope), end, finish)
                    if key not in self._sentences:
                        after = (("", end),)
                        context = Context(template, sentence.scope, after, finish)
                        self._sentences[key] = self._templates.word_start(
                            self._templates.compile(template.expression, context, after)
                        )
                    roots.append(self._sentences[key])
        commands_root = self._with_skip_words(
            self._dag.union([*roots, self._dag.sequences(literal)]), commands.skip_words
        )
        wake_root = NO_NODE if wake is None else self._wake_root(wake, commands_root, finishes)
        root = self._dag.union([commands_root, wake_root])
        meanings = [finishes.get(number, label) for number, label in enumerate(self._templates.labels)]
        return GrowingGraph(self._dag, tuple(meanings), root, wake_root if wake is not None and wake.required else root)

    def _ends(
        self, commands: CommandSet, finishes: dict[int, SentenceEnd]
    ) -> Iterator[tuple[int, int, Sequence[SentenceSpec]]]:
        """Groups of sentences with their end node, and the node before it where skip words may still follow.

        Adjacent sentences without slots share one end, which keeps the graph small.
        """
        runs: dict[tuple[str, str], int] = {}
        ordered = enumerate(commands.by_precedence())
        for key, run in groupby(ordered, key=lambda item: self._finish_key(*item[1])):
            members = list(run)
            intent, slots, content = key
            runs[intent, slots] = number = runs.get((intent, slots), 0) + (content == _FIXED)
            order, (_, first) = members[0]
            sentences = [sentence for _, (_, sentence) in members]
            label = self._templates.label(
                ("finish", key, number if content == _FIXED else 0), SentenceEnd(0, intent, {})
            )
            finishes.setdefault(label, SentenceEnd(order, intent, first.slots))
            finish = self._dag.node({label: END})
            yield finish, self._with_skip_words(finish, commands.skip_words), sentences

    def _finish_key(self, intent: str, sentence: SentenceSpec) -> _FinishKey:
        """Identifies a sentence end across graphs. Excludes the order, which changes with every added sentence."""
        if not sentence.slots and not any(references(sentence.template.expression)):
            return intent, "", _FIXED
        slots = repr(sorted(sentence.slots.items(), key=lambda item: item[0]))
        return intent, slots, self._hashes.template(sentence.template, sentence.scope)

    def _with_skip_words(self, node: int, skip_words: Sequence[str]) -> int:
        """Allow up to `_MAX_SKIP_PHRASES` skip phrases before a node."""
        if skip_words and node != NO_NODE:
            for _ in range(_MAX_SKIP_PHRASES):
                before = (self._templates.words(phrase.split(), node) for phrase in skip_words)
                node = self._dag.union([node, *before])
        return node

    def _wake_root(self, wake: WakePrefix, commands_root: int, finishes: dict[int, SentenceEnd]) -> int:
        """The node at which the wake phrase begins, alone or before any sentence."""
        words = wake.words()
        finish = self._templates.label(("wake finish",), SentenceEnd(-1, WAKE_INTENT, {}))
        finishes[finish] = SentenceEnd(-1, WAKE_INTENT, {})
        alone = self._templates.marked(("woken",), WakeMark(), self._dag.node({finish: END}))
        before = self._templates.marked(("woken",), WakeMark(), commands_root)
        return self._dag.union([self._templates.words(words, alone), self._templates.words(words, before, shown=False)])


def _literal_words(template: Template) -> list[str] | None:
    """The words of a template; ``None`` if it has alternatives or references."""
    if not isinstance(template.expression, TextChunk):
        return None
    parts = template_fragments(template.expression.original_text, abbreviations=template.abbreviations)
    single = [part for part in parts if isinstance(part, str) and part == part.lower()]
    if len(single) < len(parts):
        return None
    words = (word.strip("'") for word in "".join(single).split())
    return [word for word in words if word]


class GraphCompiler:
    """Builds the graphs of command sets for one model.

    Args:
        pronounce: returns the pronunciations of a lower-case word.
        limits: bounds on the size of the graphs.
    """

    def __init__(self, pronounce: Pronounce, limits: GraphLimits) -> None:
        self._pronounce = pronounce
        self._limits = limits
        self._builder = WordGraphBuilder(limits)
        self._generation = 0
        self._phones = PhoneGraph(pronounce, limits.max_phone_nodes)

    @property
    def generation(self) -> int:
        """Number of times that all cached graphs were dropped."""
        return self._builder.generation

    @property
    def cached_nodes(self) -> int:
        """Number of phone nodes kept for the next compilation."""
        return len(self._phones)

    def compile(
        self, commands: CommandSet, wake: WakePrefix | None = None, belongs: Belongs = lambda _sentence: True
    ) -> CompiledCommands:
        """Build the graphs of the sentences that ``belongs`` accepts.

        Raises:
            GrammarError: the sentences have too many variants, or a word cannot be pronounced.
        """
        graph = self._builder.build(commands, wake, belongs)
        if self._generation != self._builder.generation:
            self._generation = self._builder.generation
            self._phones = PhoneGraph(self._pronounce, self._limits.max_phone_nodes)
        arcs = self._phones.arcs_from(self._phones.root(graph))
        used, ends = np.unique(arcs.word[arcs.word != NO_WORD], return_inverse=True)
        word = np.full(len(arcs.word), NO_WORD, np.int32)
        word[arcs.word != NO_WORD] = ends
        words = tuple(self._phones.words[number] for number in used.tolist())
        return CompiledCommands(replace(arcs, word=word), words, graph.finished())
