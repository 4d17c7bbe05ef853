"""Builds the `WordGraph` of a command set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.dag import END, NOTHING, Dag
from voiceassist.grammar.compiler.structural_hash import StructuralHash
from voiceassist.grammar.compiler.template_compiler import Context, TemplateCompiler, plain_words
from voiceassist.grammar.compiler.wake_phrase import WAKE_INTENT, WakePrefix
from voiceassist.grammar.compiler.word_graph import Finish, Woken, WordGraph
from voiceassist.grammar.files.command_set import CommandSet, SentenceSpec
from voiceassist.grammar.language.templates import Template, references

_MOST_NODES = 600_000
_LONGEST_SENTENCE = 250
_MOST_SKIPPED = 2
_SPARE_NODES = 50_000
_MOST_BUILDS = 200
_FIXED = ""
"""Stands in a finish's key for the sentences without slots of an intent, which all mean the same."""

_FinishKey = tuple[str, str, str | int]


def build_word_graph(commands: CommandSet, wake: WakePrefix | None = None) -> WordGraph:
    """Lay all sentences into one graph.

    Raises:
        GrammarError: they have far too many forms.
    """
    return WordGraphBuilder().build(commands, wake)


@dataclass(frozen=True, slots=True)
class Summary:
    """How much a set of commands holds.

    Attributes:
        intents: how many intents there are.
        templates: how many sentences were written.
        sentences: how many different ways there are to say something, with every value of every list.
    """

    intents: int
    templates: int
    sentences: int


def summarize(commands: CommandSet) -> Summary:
    """Count what can be said.

    Raises:
        GrammarError: the sentences have far too many forms.
    """
    templates = sum(len(sentences) for sentences in commands.sentences.values())
    return Summary(len(commands.intents), templates, build_word_graph(commands).count_sentences())


class WordGraphBuilder:
    """Builds word graphs that share what they have in common: after a change only what is new is laid.

    Nodes and labels keep their numbers from graph to graph, until so much is out of use that a new start is better.

    Thread: one at a time.

    Attributes:
        generation: counts the new starts.
    """

    def __init__(self) -> None:
        self.generation = 0
        self._size_at_first = 0
        self._builds = 0
        self._start()

    def build(self, commands: CommandSet, wake: WakePrefix | None = None) -> WordGraph:
        """The graph of a command set.

        Raises:
            GrammarError: the sentences have far too many forms.
        """
        if len(self._dag) > 2 * self._size_at_first + _SPARE_NODES or self._builds > _MOST_BUILDS:
            self._start()
        try:
            graph = self._build(commands, wake)
        except GrammarError:
            was_new = not self._builds
            self._start()
            if was_new:
                raise
            return self.build(commands, wake)  # what earlier graphs left behind had counted, too
        self._builds += 1
        self._size_at_first = self._size_at_first or len(self._dag)
        return graph

    def _start(self) -> None:
        self.generation += 1
        self._dag = Dag(most_nodes=_MOST_NODES, longest=_LONGEST_SENTENCE)
        self._contents = StructuralHash()
        self._layer = TemplateCompiler(self._dag, self._contents)
        self._sentences: dict[tuple[int, int, int], int] = {}
        self._plain: dict[tuple[str, bool], list[int] | None] = {}
        self._size_at_first = 0
        self._builds = 0

    def _build(self, commands: CommandSet, wake: WakePrefix | None) -> WordGraph:
        self._contents.forget_objects()
        finishes: dict[int, Finish] = {}
        roots: list[int] = []
        plain: list[tuple[Sequence[int], int]] = []
        for finish, end, sentences in self._ends(commands, finishes):
            for sentence in sentences:
                labels = self._plain_labels(sentence.template)
                if labels:
                    plain.append((labels, end))
                else:
                    roots.append(self._sentence(sentence, end, finish))
        commanded = self._with_skip_words(self._dag.union([*roots, self._dag.sequences(plain)]), commands.skip_words)
        woken = NOTHING if wake is None else self._woken(wake, commanded, finishes)
        root = self._dag.union([commanded, woken])
        meanings = [finishes.get(number, label) for number, label in enumerate(self._layer.labels)]
        return WordGraph(self._dag, tuple(meanings), root, woken if wake is not None and wake.required else root)

    def _ends(
        self, commands: CommandSet, finishes: dict[int, Finish]
    ) -> Iterator[tuple[int, int, Sequence[SentenceSpec]]]:
        """Sentences with their end: the node of the finish itself, and the node where skip words may still come.

        Neighbours without slots mean the same: one end for all of them keeps the graph small.
        """
        runs: dict[tuple[str, str], int] = {}
        ordered = enumerate(commands.by_precedence())
        for key, run in groupby(ordered, key=lambda item: self._finish_key(*item[1])):
            members = list(run)
            intent, slots, content = key
            runs[intent, slots] = number = runs.get((intent, slots), 0) + (content == _FIXED)
            order, (_, first) = members[0]
            sentences = [sentence for _, (_, sentence) in members]
            label = self._layer.label(("finish", key, number if content == _FIXED else 0), Finish(0, intent, {}))
            finishes.setdefault(label, Finish(order, intent, first.slots))
            finish = self._dag.node({label: END})
            yield finish, self._with_skip_words(finish, commands.skip_words), sentences

    def _finish_key(self, intent: str, sentence: SentenceSpec) -> _FinishKey:
        """What ends of different graphs have in common: not the order, which changes with every new sentence."""
        if not sentence.slots and not any(references(sentence.template.expression)):
            return intent, "", _FIXED
        slots = repr(sorted(sentence.slots.items(), key=lambda item: item[0]))
        return intent, slots, self._contents.template(sentence.template, sentence.scope)

    def _plain_labels(self, template: Template) -> list[int] | None:
        key = (template.text, template.abbreviations)
        if key not in self._plain:
            words = plain_words(template)
            self._plain[key] = [self._layer.word_label(word) for word in words] if words else None
        return self._plain[key]

    def _sentence(self, sentence: SentenceSpec, end: int, finish: int) -> int:
        template = sentence.template
        key = (self._contents.template(template, sentence.scope), end, finish)
        if key not in self._sentences:
            after = (("", end),)
            context = Context(template, sentence.scope, after, finish)
            self._sentences[key] = self._layer.word_start(self._layer.lay(template.expression, context, after))
        return self._sentences[key]

    def _with_skip_words(self, node: int, skip_words: Sequence[str]) -> int:
        """Let a few phrases without meaning come first."""
        if skip_words and node != NOTHING:
            for _ in range(_MOST_SKIPPED):
                before = (self._layer.words(phrase.split(), node) for phrase in skip_words)
                node = self._dag.union([node, *before])
        return node

    def _woken(self, wake: WakePrefix, commanded: int, finishes: dict[int, Finish]) -> int:
        """The wake phrase before any sentence, or by itself."""
        words = wake.words()
        finish = self._layer.label(("wake finish",), Finish(-1, WAKE_INTENT, {}))
        finishes[finish] = Finish(-1, WAKE_INTENT, {})
        alone = self._layer.marked(("woken",), Woken(), self._dag.node({finish: END}))
        before = self._layer.marked(("woken",), Woken(), commanded)
        return self._dag.union([self._layer.words(words, alone), self._layer.words(words, before, shown=False)])
