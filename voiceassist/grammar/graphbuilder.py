"""Lays the sentences of a command set into a `WordGraph`.

A sentence is laid from its last word to its first: each part is put before all that may follow it. What may follow is a
set of rests, each the remainder of an unfinished word and the node after that word, because a template can build words
from parts: ``light[s]`` puts ``light`` before the rests ``s`` and nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from hassil.expression import Alternative, Expression, Group, ListReference, Permutation, RuleReference, TextChunk

from voiceassist.grammar.commands import CommandSet, Scope, SentenceSpec, slot_name
from voiceassist.grammar.dag import END, NOTHING, Dag
from voiceassist.grammar.lists import AnyList, RangeList, SpokenList, TextList, TextValue
from voiceassist.grammar.templates import Template, references
from voiceassist.grammar.text import BREAK, fragments
from voiceassist.grammar.wordgraph import Close, Finish, Label, Open, Word, WordGraph

_MOST_NODES = 400_000
_LONGEST_SENTENCE = 250
_LARGEST_PERMUTATION = 8
_MOST_SKIPPED = 2

_Rests = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Context:
    """The template that is being laid; ``marked`` is false inside a list, whose own lists fill no slots."""

    template: Template
    scope: Scope
    marked: bool = True


def build_word_graph(commands: CommandSet) -> WordGraph:
    """Lay all sentences into one graph.

    Raises:
        GrammarError: they have far too many forms.
    """
    return _Builder(commands.skip_words).build(commands)


class _Builder:
    def __init__(self, skip_words: tuple[str, ...]) -> None:
        self._dag = Dag(most_nodes=_MOST_NODES, longest=_LONGEST_SENTENCE)
        self._skip_words = skip_words
        self._labels: list[Label] = []
        self._label_ids: dict[Hashable, int] = {}
        self._built: dict[Hashable, _Rests] = {}
        self._scopes: dict[int, Scope] = {}

    def build(self, commands: CommandSet) -> WordGraph:
        roots: list[int] = []
        order, before = 0, ""
        for intent, sentences in commands.sentences.items():
            for sentence in sentences:
                # Neighbours without slots mean the same: one end for all of them keeps the graph small.
                fixed = intent if _is_fixed(sentence) else ""
                order += not (fixed and fixed == before)
                before = fixed
                roots.append(self._sentence(sentence, Finish(order, intent, sentence.slots)))
        root = self._with_skip_words(self._dag.union(roots))
        return WordGraph(self._dag, tuple(self._labels), root)

    def _sentence(self, sentence: SentenceSpec, finish: Finish) -> int:
        end = self._with_skip_words(self._marked(("finish", finish.order), finish, END))
        context = _Context(sentence.template, sentence.scope)
        return self._word_start(self._expression(sentence.template.expression, context, (("", end),)))

    def _with_skip_words(self, node: int) -> int:
        """Let a few phrases without meaning come first."""
        if self._skip_words and node != NOTHING:
            for _ in range(_MOST_SKIPPED):
                node = self._dag.union([node, *(self._words(phrase, node) for phrase in self._skip_words)])
        return node

    # Nodes and rests

    def _label(self, key: Hashable, label: Label) -> int:
        known = self._label_ids.get(key)
        if known is None:
            known = self._label_ids[key] = len(self._labels)
            self._labels.append(label)
        return known

    def _marked(self, key: Hashable, mark: Label, target: int) -> int:
        return self._dag.node({self._label(key, mark): target})

    def _word(self, spoken: str, shown: str, target: int) -> int:
        word = Word(spoken, shown)
        return self._dag.node({self._label(word, word): target})

    def _words(self, phrase: str, node: int) -> int:
        for word in reversed(phrase.split()):
            node = self._word(word, word, node)
        return node

    def _word_start(self, rests: _Rests) -> int:
        """The node from which these words begin."""
        words = ((rest.strip("'"), node) for rest, node in rests)
        return self._dag.union(self._word(word, word, node) if word else node for word, node in words)

    def _merged(self, rests: Iterable[tuple[str, int]]) -> _Rests:
        together: dict[str, list[int]] = {}
        for rest, node in rests:
            together.setdefault(rest, []).append(node)
        merged = ((rest, self._dag.union(nodes)) for rest, nodes in together.items())
        return tuple(sorted(pair for pair in merged if pair[1] != NOTHING))

    def _once(self, key: Hashable, build: Callable[[], _Rests]) -> _Rests:
        """What stands again before the same rests is not built again."""
        if key not in self._built:
            self._built[key] = build()
        return self._built[key]

    # Expressions

    def _expression(self, expression: Expression, context: _Context, after: _Rests) -> _Rests:
        if isinstance(expression, TextChunk):
            return self._text(expression.original_text, context.template, after)
        if isinstance(expression, RuleReference):
            rule = context.scope.rule(expression, context.template)
            key = (id(rule), id(context.scope), context.marked, after)
            inner = replace(context, template=rule)
            return self._once(key, partial(self._expression, rule.expression, inner, after))
        if isinstance(expression, ListReference):
            return self._list(expression, context, after)
        if isinstance(expression, Permutation):
            return self._permutation(expression, context, after)
        items = expression.items if isinstance(expression, Group) else []
        if isinstance(expression, Alternative):
            return self._merged(rest for item in items for rest in self._expression(item, context, after))
        for item in reversed(items):
            after = self._expression(item, context, after)
        return after

    def _permutation(self, expression: Permutation, context: _Context, after: _Rests) -> _Rests:
        items = expression.items
        if len(items) > _LARGEST_PERMUTATION:
            what = f"{len(items)} parts in any order are too many"
            raise context.template.error(what, f"put at most {_LARGEST_PERMUTATION} parts between ';'")
        built: dict[frozenset[int], _Rests] = {frozenset(): after}

        def order(left: frozenset[int]) -> _Rests:
            if left not in built:
                choices = ((items[first], order(left - {first})) for first in sorted(left))
                built[left] = self._merged(
                    rest for item, then in choices for rest in self._expression(item, context, then)
                )
            return built[left]

        return order(frozenset(range(len(items))))

    def _text(self, text: str, template: Template, after: _Rests) -> _Rests:
        for part in reversed(fragments(text, abbreviations=template.abbreviations)):
            if part == BREAK:
                after = self._boundary(after)
            elif part.isupper():
                after = self._abbreviation(part.lower(), after)
            else:
                after = tuple((part + rest, node) for rest, node in after)
        return after

    def _boundary(self, after: _Rests) -> _Rests:
        return self._merged([("", self._word_start(after))])

    def _abbreviation(self, word: str, after: _Rests) -> _Rests:
        """As one word, or letter by letter; shown as one word in either case."""
        spelled: list[int] = []
        for rest, node in after:
            tail = self._word(word[-1] + rest, "", node)
            for letter in reversed(word[1:-1]):
                tail = self._word(letter, "", tail)
            spelled.append(self._word(word[0], word + rest, tail))
        as_word = ((word + rest, node) for rest, node in after)
        return self._merged([*as_word, ("", self._dag.union(spelled))])

    # Lists

    def _list(self, reference: ListReference, context: _Context, after: _Rests) -> _Rests:
        found = context.scope.list_of(reference, context.template)
        slot = slot_name(reference) if context.marked else ""
        known = found if isinstance(found, RangeList) else id(found)
        key = (known, slot, id(context.scope), context.marked, after)
        return self._once(key, partial(self._slot, slot, found, context, after))

    def _slot(self, slot: str, found: AnyList, context: _Context, after: _Rests) -> _Rests:
        """A list's values between the marks of its slot. They begin a word; a part of a word may follow them."""
        inside = self._word_start(self._values(found, context, after))
        if context.marked and inside != NOTHING:
            inside = self._marked(("open", slot), Open(slot), inside)
        return self._merged([("", inside)])

    def _values(self, found: AnyList, context: _Context, after: _Rests) -> _Rests:
        if isinstance(found, TextList):
            values = enumerate(found.values)
            return self._merged(
                rest for order, value in values for rest in self._text_value(found, order, value, context, after)
            )
        if isinstance(found, RangeList):
            return self._numbers(found, context, self._boundary(after))
        if isinstance(found, SpokenList):
            return self._spoken(found, context, self._boundary(after))
        raise context.template.error("free text cannot be recognised yet", "give the list its values")

    def _text_value(self, found: TextList, order: int, value: TextValue, context: _Context, after: _Rests) -> _Rests:
        read = _as_said if value.said else partial(_always, value.value)
        after = self._closed((id(found), order), Close(order, read), context, after)
        inner = _Context(value.template, context.scope, marked=False)
        return self._expression(value.template.expression, inner, after)

    def _numbers(self, found: RangeList, context: _Context, after: _Rests) -> _Rests:
        starts: list[int] = []
        for order, (phrase, value) in enumerate(found.phrases()):
            closed = self._closed((found, value), Close(order, partial(_always, value)), context, after)
            starts += [self._words(phrase, node) for _, node in closed]
        return self._merged([("", self._dag.union(starts))])

    def _spoken(self, found: SpokenList, context: _Context, after: _Rests) -> _Rests:
        after = self._closed((id(found), 0), Close(0, found.read), context, after)
        # One scope for every use, because what is built is known by the scope's id.
        scope = self._scopes.setdefault(id(found), Scope(found.lists, found.rules))
        templates = ((template, _Context(template, scope, marked=False)) for template in found.templates)
        return self._merged(
            rest for template, inner in templates for rest in self._expression(template.expression, inner, after)
        )

    def _closed(self, key: Hashable, mark: Close, context: _Context, after: _Rests) -> _Rests:
        if not context.marked:
            return after
        return tuple((rest, self._marked(("close", key), mark, node)) for rest, node in after)


def _is_fixed(sentence: SentenceSpec) -> bool:
    return not sentence.slots and not any(references(sentence.template.expression))


def _as_said(words: Sequence[str]) -> str:
    return " ".join(words)


def _always(value: Any, words: Sequence[str]) -> Any:  # noqa: ARG001 - every reader is given the words
    return value
