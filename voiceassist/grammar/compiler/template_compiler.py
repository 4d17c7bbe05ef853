"""Lays templates into a graph of words.

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

from voiceassist.grammar.compiler.dag import NOTHING, Dag
from voiceassist.grammar.compiler.structural_hash import StructuralHash
from voiceassist.grammar.compiler.word_graph import Close, Free, Label, Open, Word
from voiceassist.grammar.files.command_set import Scope, slot_name
from voiceassist.grammar.files.wildcards import misplaced_tail
from voiceassist.grammar.language.templates import Template
from voiceassist.grammar.language.text_normalization import BREAK, fragments
from voiceassist.grammar.values.lists import AnyList, GrammarList, RangeList, TextList, TextValue, WildcardList

_LARGEST_PERMUTATION = 8

Rests = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The template that is being laid.

    Attributes:
        template: itself.
        scope: what it can name.
        end: what follows the sentence; only before it can free text stand.
        finish: the node that free text leads to.
        marked: false inside a list, whose own lists fill no slots.
    """

    template: Template
    scope: Scope
    end: Rests = ()
    finish: int = NOTHING
    marked: bool = True


class TemplateCompiler:
    """Puts templates before what follows them. What stands again before the same rests is not laid again."""

    def __init__(self, dag: Dag, contents: StructuralHash) -> None:
        self.dag = dag
        self.labels: list[Label] = []
        self._contents = contents
        self._label_ids: dict[Hashable, int] = {}
        self._laid: dict[Hashable, Rests] = {}

    # Labels and nodes

    def label(self, key: Hashable, label: Label) -> int:
        """The number of a label; labels with the same key are one."""
        known = self._label_ids.get(key)
        if known is None:
            known = self._label_ids[key] = len(self.labels)
            self.labels.append(label)
        return known

    def word_label(self, spoken: str) -> int:
        """The number of an ordinary word's label."""
        known = self._label_ids.get(spoken)
        return self.label(spoken, Word(spoken, spoken)) if known is None else known

    def marked(self, key: Hashable, mark: Label, target: int) -> int:
        """The node from which a mark leads to a node."""
        return self.dag.node({self.label(key, mark): target})

    def words(self, phrase: Iterable[str], node: int, *, shown: bool = True) -> int:
        """The node from which these words lead to a node."""
        labels = (self.word_label(word) if shown else self._word_label(word, "") for word in phrase)
        return self.dag.sequence(list(labels), node)

    def _word_label(self, spoken: str, shown: str) -> int:
        return self.word_label(spoken) if spoken == shown else self.label((spoken, shown), Word(spoken, shown))

    def _word(self, spoken: str, shown: str, target: int) -> int:
        return self.dag.node({self._word_label(spoken, shown): target})

    def word_start(self, rests: Rests) -> int:
        """The node from which these words begin."""
        words = ((rest.strip("'"), node) for rest, node in rests)
        return self.dag.union([self._word(word, word, node) if word else node for word, node in words])

    def _merged(self, rests: Iterable[tuple[str, int]]) -> Rests:
        together: dict[str, list[int]] = {}
        for rest, node in rests:
            together.setdefault(rest, []).append(node)
        merged = ((rest, self.dag.union(nodes)) for rest, nodes in together.items())
        return tuple(sorted(pair for pair in merged if pair[1] != NOTHING))

    def _once(self, key: Hashable, lay: Callable[[], Rests]) -> Rests:
        if key not in self._laid:
            self._laid[key] = lay()
        return self._laid[key]

    # Expressions

    def lay(self, expression: Expression, context: Context, after: Rests) -> Rests:
        """Put an expression before what follows it.

        Raises:
            GrammarError: there are too many different ways to say it, or free text is not at the end.
        """
        if isinstance(expression, TextChunk):
            return self._text(expression.original_text, context.template, after)
        if isinstance(expression, RuleReference):
            return self._rule(expression, context, after)
        if isinstance(expression, ListReference):
            return self._list(expression, context, after)
        if isinstance(expression, Permutation):
            return self._permutation(expression, context, after)
        items = expression.items if isinstance(expression, Group) else []
        if isinstance(expression, Alternative):
            return self._merged(rest for item in items for rest in self.lay(item, context, after))
        for item in reversed(items):
            after = self.lay(item, context, after)
        return after

    def _rule(self, reference: RuleReference, context: Context, after: Rests) -> Rests:
        rule = context.scope.rule(reference, context.template)
        number = self._contents.template(rule, context.scope)
        inner = replace(context, template=rule)
        return self._once(
            ("rule", number, context.marked, context.end, after), partial(self.lay, rule.expression, inner, after)
        )

    def _permutation(self, expression: Permutation, context: Context, after: Rests) -> Rests:
        items = expression.items
        if len(items) > _LARGEST_PERMUTATION:
            what = f"{len(items)} parts in any order are too many"
            raise context.template.error(what, f"put at most {_LARGEST_PERMUTATION} parts between ';'")
        built: dict[frozenset[int], Rests] = {frozenset(): after}

        def order(left: frozenset[int]) -> Rests:
            if left not in built:
                choices = ((items[first], order(left - {first})) for first in sorted(left))
                built[left] = self._merged(rest for item, then in choices for rest in self.lay(item, context, then))
            return built[left]

        return order(frozenset(range(len(items))))

    def _text(self, text: str, template: Template, after: Rests) -> Rests:
        for part in reversed(fragments(text, abbreviations=template.abbreviations)):
            if part == BREAK:
                after = self._boundary(after)
            elif part.isupper():
                after = self._abbreviation(part.lower(), after)
            else:
                after = tuple([(part + rest, node) for rest, node in after])
        return after

    def _boundary(self, after: Rests) -> Rests:
        if len(after) == 1 and not after[0][0]:
            return after
        return self._merged([("", self.word_start(after))])

    def _abbreviation(self, word: str, after: Rests) -> Rests:
        """As one word, or letter by letter; shown as one word in either case."""
        spelled: list[int] = []
        for rest, node in after:
            tail = self._word(word[-1] + rest, "", node)
            for letter in reversed(word[1:-1]):
                tail = self._word(letter, "", tail)
            spelled.append(self._word(word[0], word + rest, tail))
        as_word = ((word + rest, node) for rest, node in after)
        return self._merged([*as_word, ("", self.dag.union(spelled))])

    # Lists

    def _list(self, reference: ListReference, context: Context, after: Rests) -> Rests:
        found = context.scope.list_of(reference, context.template)
        slot = slot_name(reference) if context.marked else ""
        if isinstance(found, WildcardList):
            return self._free(slot, reference, context, after)
        number = self._contents.list(found, context.scope)
        return self._once(
            ("list", number, slot, context.marked, after),
            partial(self._slot, slot, found, context, after),
        )

    def _free(self, slot: str, reference: ListReference, context: Context, after: Rests) -> Rests:
        if not context.marked or after != context.end:
            raise misplaced_tail(reference, context.template)
        closed = self.marked(("close free",), Close(0, _as_said), context.finish)
        return (("", self.marked(("open", slot), Open(slot), self.marked(("free",), Free(), closed))),)

    def _slot(self, slot: str, found: AnyList, context: Context, after: Rests) -> Rests:
        """A list's values between the marks of its slot. They begin a word; a part of a word may follow them."""
        inside = self.word_start(self._values(found, context, after))
        if context.marked and inside != NOTHING:
            inside = self.marked(("open", slot), Open(slot), inside)
        return self._merged([("", inside)])

    def _values(self, found: AnyList, context: Context, after: Rests) -> Rests:
        if isinstance(found, TextList):
            number = self._contents.list(found, context.scope)
            values = enumerate(found.values)
            return self._merged(
                rest for order, value in values for rest in self._text_value((number, order), value, context, after)
            )
        if isinstance(found, RangeList):
            return self._numbers(found, context, self._boundary(after))
        if isinstance(found, GrammarList):
            return self._spoken(found, context, self._boundary(after))
        raise context.template.error("this list has no values yet", "give the list its values")

    def _text_value(self, key: tuple[int, int], value: TextValue, context: Context, after: Rests) -> Rests:
        read = _as_said if value.said else partial(_always, value.value)
        after = self._closed(key, Close(key[1], read), context, after)
        inner = Context(value.template, context.scope, marked=False)
        return self.lay(value.template.expression, inner, after)

    def _numbers(self, found: RangeList, context: Context, after: Rests) -> Rests:
        ways: list[tuple[list[int], int]] = []
        for order, (phrase, value) in enumerate(found.phrases()):
            closed = self._closed((found, value), Close(order, partial(_always, value)), context, after)
            ways += [([self.word_label(word) for word in phrase.split()], node) for _, node in closed]
        return self._merged([("", self.dag.sequences(ways))])

    def _spoken(self, found: GrammarList, context: Context, after: Rests) -> Rests:
        after = self._closed(id(found), Close(0, found.read), context, after)
        scope = self._contents.inner_scope(found)
        templates = ((template, Context(template, scope, marked=False)) for template in found.templates)
        return self._merged(
            rest for template, inner in templates for rest in self.lay(template.expression, inner, after)
        )

    def _closed(self, key: Hashable, mark: Close, context: Context, after: Rests) -> Rests:
        if not context.marked:
            return after
        return tuple((rest, self.marked(("close", key), mark, node)) for rest, node in after)


def plain_words(template: Template) -> list[str] | None:
    """The words of a template that is nothing but words; ``None`` where it can be said in several ways."""
    if not isinstance(template.expression, TextChunk):
        return None
    parts = fragments(template.expression.original_text, abbreviations=template.abbreviations)
    if any(part.isupper() for part in parts):
        return None
    words = (word.strip("'") for word in "".join(parts).split())
    return [word for word in words if word]


def _as_said(words: Sequence[str]) -> str:
    return " ".join(words)


def _always(value: Any, words: Sequence[str]) -> Any:  # noqa: ARG001 - every reader is given the words
    return value
