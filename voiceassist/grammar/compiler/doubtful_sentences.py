"""Finds templates that generate ungrammatical sentences: with a repeated or trailing function word."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from hassil.expression import RuleReference

from voiceassist.grammar.compiler.ambiguity import next_words, one_intent_per_sentence
from voiceassist.grammar.compiler.graph_builder import build_word_graph
from voiceassist.grammar.compiler.word_graph import NO_NODE, WordGraph
from voiceassist.grammar.files.command_set import CommandSet, Scope
from voiceassist.grammar.language.templates import Template, references, text_chunks
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_REPORTED = 20
_NEVER_LAST = frozenset({"the", "a", "an", "my", "your", "of", "and", "or", "from", "with", "than"})
_NEVER_TWICE = _NEVER_LAST | {"to", "in", "on", "at", "for", "is", "please"}


@dataclass(frozen=True, slots=True)
class DoubtfulSentence:
    """A sentence that a template generates, most likely by mistake.

    Attributes:
        text: the sentence.
        word: the misplaced function word.
        dangling: whether the sentence ends with the word; otherwise the word is repeated.
        place: the position of the template.
    """

    text: str
    word: str
    dangling: bool
    place: SourcePosition

    def __str__(self) -> str:
        wrong = f"ends with '{self.word}'" if self.dangling else f"has '{self.word}' twice"
        return f"{self.place}: this sentence can be '{self.text}', which {wrong}; make fewer of its words optional"


def find_doubtful_sentences(commands: CommandSet) -> list[DoubtfulSentence]:
    """Sentences with a repeated or trailing function word, at most `MAX_REPORTED`; one per template.

    Raises:
        GrammarError: the sentences have too many variants.
    """
    claims = commands.by_precedence()
    graph = build_word_graph(one_intent_per_sentence(commands, claims), out_of_range=False)
    found: dict[SourcePosition, DoubtfulSentence] = {}
    for words, word, dangling, number in _doubtful(graph):
        sentence = claims[number][1]
        place = sentence.template.place
        # the "a" of `aisle {letter}` is a value, and none of the words that can be left out or not
        if place not in found and word in _own_words(sentence.template, sentence.scope):
            found[place] = DoubtfulSentence(" ".join(words), word, dangling, place)
        if len(found) >= MAX_REPORTED:
            break
    return list(found.values())


def _own_words(template: Template, scope: Scope) -> Iterator[str]:
    """The words of a template and of its rules, without the values of lists."""
    for chunk in text_chunks(template.expression):
        yield from normalize(chunk.original_text)
    for reference in references(template.expression):
        if isinstance(reference, RuleReference):
            yield from _own_words(scope.rule(reference, template), scope)


def _doubtful(graph: WordGraph) -> Iterator[tuple[tuple[str, ...], str, bool, int]]:
    """Doubtful sentences: the words, the misplaced word, whether it is the last, and the index of the sentence."""
    reached: dict[int, tuple[str, ...]] = {} if graph.root == NO_NODE else {graph.root: ()}
    waiting = deque(reached)
    while waiting:
        node = waiting.popleft()
        for word, targets in next_words(graph, frozenset((node,)))[0].items():
            before = (*reached[node], word)
            for target in targets:
                after, ends = next_words(graph, frozenset((target,)))
                if word in _NEVER_LAST:
                    yield from ((before, word, True, number) for number in ends)
                for again in after.get(word, ()) if word in _NEVER_TWICE else ():
                    rest, number = _shortest_end(graph, again)
                    yield (*before, word, *rest), word, False, number
                if target not in reached:
                    reached[target] = before
                    waiting.append(target)


def _shortest_end(graph: WordGraph, node: int) -> tuple[tuple[str, ...], int]:
    """The shortest word sequence from a node to the end of a sentence, and the index of that sentence."""
    reached: dict[int, tuple[str, ...]] = {node: ()}
    waiting = deque(reached)
    while True:
        at = waiting.popleft()
        after, ends = next_words(graph, frozenset((at,)))
        if ends:
            return reached[at], min(ends)
        for word, targets in after.items():
            for target in targets - reached.keys():
                reached[target] = (*reached[at], word)
                waiting.append(target)
