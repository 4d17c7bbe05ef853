"""Compiles templates into the word graph.

A template is compiled from right to left: each part is prepended to everything that may follow it. A continuation is
the remainder of an unfinished word and the node after that word, because a template can build words from parts:
``light[s]`` prepends ``light`` to the continuations ``s`` and the empty one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hassil.expression import Alternative, Expression, Group, ListReference, Permutation, RuleReference, TextChunk

from voiceassist.grammar.compiler.dag import Dag
from voiceassist.grammar.compiler.structural_hash import StructuralHash
from voiceassist.grammar.compiler.word_graph import NO_NODE, FreeText, Label, SlotEnd, SlotStart, Word
from voiceassist.grammar.files.checks import adjacent_free_texts, free_text_in_list
from voiceassist.grammar.files.command_set import Scope, slot_name
from voiceassist.grammar.language.names import case_parts
from voiceassist.grammar.language.templates import Template, required_words
from voiceassist.grammar.language.text_normalization import BREAK, normalize, template_fragments
from voiceassist.grammar.values.lists import AnyList, GrammarList, RangeList, TextList, TextValue, WildcardList
from voiceassist.grammar.values.value_grammar import Constant, read_verbatim

_MAX_PERMUTATION = 8
_FUNCTION_WORDS = frozenset(
    ("again", "ago", "and", "at", "by", "for", "from", "in", "later", "now", "of", "on", "or", "please", "to", "with")
)
"""Words that do not begin a noun: before them, "ten minutes" is correct and "ten minute" is not."""

Continuations = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The template being compiled, with its scope and what follows it.

    Attributes:
        template: the template.
        scope: the lists and rules that it can refer to.
        end: the continuations after the sentence.
        finish: the node that free text leads to if it ends the sentence.
        marked: whether lists fill slots; false inside a list value.
    """

    template: Template
    scope: Scope
    end: Continuations = ()
    finish: int = NO_NODE
    marked: bool = True


class TemplateCompiler:
    """Compiles templates right to left. Equal parts with equal continuations are compiled once."""

    def __init__(self, dag: Dag, hashes: StructuralHash, *, out_of_range: bool) -> None:
        self.dag = dag
        self._out_of_range = out_of_range
        self.labels: list[Label] = []
        self._hashes = hashes
        self._label_ids: dict[Hashable, int] = {}
        self._compiled: dict[Hashable, Continuations] = {}

    # Labels and nodes

    def label(self, key: Hashable, label: Label) -> int:
        """The index of a label; labels with the same key share one."""
        known = self._label_ids.get(key)
        if known is None:
            known = self._label_ids[key] = len(self.labels)
            self.labels.append(label)
        return known

    def word_label(self, spoken: str) -> int:
        """The index of an ordinary word's label."""
        known = self._label_ids.get(spoken)
        return self.label(spoken, Word(spoken, spoken)) if known is None else known

    def marked(self, key: Hashable, mark: Label, target: int) -> int:
        """The node from which a mark leads to ``target``."""
        return self.dag.node({self.label(key, mark): target})

    def words(self, phrase: Iterable[str], node: int, *, shown: bool = True) -> int:
        """The node from which the words lead to ``node``."""
        labels = (self.word_label(word) if shown else self._word_label(word, "") for word in phrase)
        return self.dag.sequence(list(labels), node)

    def _word_label(self, spoken: str, shown: str) -> int:
        return self.word_label(spoken) if spoken == shown else self.label((spoken, shown), Word(spoken, shown))

    def _word(self, spoken: str, shown: str, target: int) -> int:
        return self.dag.node({self._word_label(spoken, shown): target})

    def word_start(self, continuations: Continuations) -> int:
        """The node at which the words of all continuations begin."""
        words = ((rest.strip("'"), node) for rest, node in continuations)
        return self.dag.union([self._word(word, word, node) if word else node for word, node in words])

    def _merged(self, continuations: Iterable[tuple[str, int]]) -> Continuations:
        together: dict[str, list[int]] = {}
        for rest, node in continuations:
            together.setdefault(rest, []).append(node)
        merged = ((rest, self.dag.union(nodes)) for rest, nodes in together.items())
        return tuple(sorted(pair for pair in merged if pair[1] != NO_NODE))

    # Expressions

    def compile(self, expression: Expression, context: Context, after: Continuations) -> Continuations:
        """Prepend an expression to its continuations.

        Raises:
            GrammarError: it has too many variants, or free text next to free text.
        """
        if isinstance(expression, TextChunk):
            return self._text(expression.original_text, context.template, after)
        if isinstance(expression, RuleReference):
            rule = context.scope.rule(expression, context.template)
            key = ("rule", self._hashes.template(rule, context.scope), context.marked, context.end, after)
            if key not in self._compiled:
                self._compiled[key] = self.compile(rule.expression, replace(context, template=rule), after)
            return self._compiled[key]
        if isinstance(expression, ListReference):
            return self._list(expression, context, after)
        if isinstance(expression, Permutation):
            return self._permutation(expression, context, after)
        items = expression.items if isinstance(expression, Group) else []
        if isinstance(expression, Alternative):
            return self._merged(rest for item in items for rest in self.compile(item, context, after))
        for item in reversed(items):
            after = self.compile(item, context, after)
        return after

    def _permutation(self, expression: Permutation, context: Context, after: Continuations) -> Continuations:
        items = expression.items
        if len(items) > _MAX_PERMUTATION:
            what = f"{len(items)} parts in any order are too many variants"
            raise context.template.error(what, f"put at most {_MAX_PERMUTATION} parts between ';'")
        built: dict[frozenset[int], Continuations] = {frozenset(): after}

        def order(left: frozenset[int]) -> Continuations:
            if left not in built:
                choices = ((items[first], order(left - {first})) for first in sorted(left))
                built[left] = self._merged(rest for item, then in choices for rest in self.compile(item, context, then))
            return built[left]

        return order(frozenset(range(len(items))))

    def _text(self, text: str, template: Template, after: Continuations) -> Continuations:
        for part in reversed(template_fragments(text, abbreviations=template.abbreviations)):
            if part == BREAK:
                after = self._boundary(after)
            elif isinstance(part, tuple):
                spelled = [[self.word_label(word) for word in reading.split()] for reading in part]
                after = self._merged([("", self.dag.sequences((text, node) for text in spelled for _, node in after))])
            elif part != part.lower():
                after = self._merged([*_prefixed(part.lower(), after), *self._respelled(case_parts(part), part, after)])
            else:
                after = _prefixed(part, after)
        return after

    def _boundary(self, after: Continuations) -> Continuations:
        if len(after) == 1 and not after[0][0]:
            return after
        return self._merged([("", self.word_start(after))])

    def _respelled(self, spoken: Sequence[str], shown: str, after: Continuations) -> Continuations:
        """Prepend spoken words that are displayed differently: ``t v`` as ``tv``, ``ko sa`` as ``xhosa``."""
        *first, last = spoken
        starts: list[int] = []
        for rest, node in after:
            tail = self._word(last + rest, "" if first else shown.lower() + rest, node)
            for number, word in reversed(list(enumerate(first))):
                tail = self._word(word, "" if number else shown.lower() + rest, tail)
            starts.append(tail)
        return (("", self.dag.union(starts)),)

    # Lists

    def _list(self, reference: ListReference, context: Context, after: Continuations) -> Continuations:
        found = context.scope.list_of(reference, context.template)
        slot = slot_name(reference) if context.marked else ""
        if isinstance(found, WildcardList):
            # free text: to the end of the sentence, or up to the words that follow it
            if not context.marked:
                raise free_text_in_list(reference, context.template)
            final = after == context.end
            starts = []
            for suffix, following in (("", context.finish),) if final else after:
                if any(isinstance(label, FreeText) for label in self._next_labels(following)):
                    raise adjacent_free_texts(reference, context.template)
                closed = self.marked(("close free",), SlotEnd(0, read_verbatim), following)
                free = self.marked(("free", final, suffix), FreeText(final, suffix), closed)
                starts.append(("", self.marked(("open", slot), SlotStart(slot), free)))
            return self._merged(starts)
        number = self._hashes.list(found, context.scope)
        key = ("list", number, slot, context.marked, after == context.end, after)
        if key not in self._compiled:
            # values start a new word; a word part such as "'s" may follow
            inside = self.word_start(self._values(found, context, after))
            if context.marked and inside != NO_NODE:
                inside = self.marked(("open", slot), SlotStart(slot), inside)
            self._compiled[key] = self._merged([("", inside)])
        return self._compiled[key]

    def _next_labels(self, node: int) -> Iterator[Word | FreeText]:
        """The words, and the free texts, that can come next."""
        waiting = [node] if node != NO_NODE else []
        while waiting:
            for label_id, target in self.dag.arcs[waiting.pop()].items():
                label = self.labels[label_id]
                if isinstance(label, Word | FreeText):
                    yield label
                else:
                    waiting.append(target)

    def _values(self, found: AnyList, context: Context, after: Continuations) -> Continuations:
        if isinstance(found, TextList):
            number = self._hashes.list(found, context.scope)
            values = enumerate(found.values)
            return self._merged(
                rest for order, value in values for rest in self._text_value((number, order), value, context, after)
            )
        if isinstance(found, RangeList):
            spelled: list[tuple[list[int], int]] = []
            for order, (phrase, value) in enumerate(found.phrases()):
                mark = SlotEnd(order, Constant(value), one_number=True)
                closed = self._closed((found, value), mark, context, self._boundary(after))
                spelled += [([self.word_label(word) for word in phrase.split()], node) for _, node in closed]
            numbers = ("", self.dag.sequences(spelled))
            return self._merged([numbers, *self._composed(found.outside, context, after)])
        if isinstance(found, GrammarList):
            return self._composed(found, context, after)
        raise context.template.error("this list has no values yet", "give the list its values")

    def _text_value(
        self, key: tuple[int, int], value: TextValue, context: Context, after: Continuations
    ) -> Continuations:
        read = read_verbatim if value.verbatim else Constant(value.value)
        after = self._closed(key, SlotEnd(key[1], read), context, after)
        inner = Context(value.template, context.scope, marked=False)
        spelled = self.compile(value.template.expression, inner, after)
        if not value.sounds_like:
            return spelled
        shown = " ".join(normalize(required_words(value.template.expression) or value.template.text))
        sounds = (normalize(template.text) for template in value.sounds_like)
        spoken = [way for words in sounds for way in self._respelled(words, shown, after)]
        return self._merged([*spelled, *spoken])

    def _composed(self, found: GrammarList, context: Context, after: Continuations) -> Continuations:
        following = self._next_labels(NO_NODE if after == context.end else self.word_start(after))
        nouns = (label for label in following if isinstance(label, Word) and label.spoken not in _FUNCTION_WORDS)
        templates = found.templates + (found.before_noun if any(nouns) else ())
        endings = [(templates, SlotEnd(0, found.read, one_number=found.one_number))]
        if self._out_of_range and context.marked:
            endings.append((found.outside, SlotEnd(1, found.read, found.limits, found.one_number)))
        scope = self._hashes.inner_scope(found)
        rests: list[tuple[str, int]] = []
        for templates, mark in endings:
            closed = self._closed((id(found), mark.order), mark, context, self._boundary(after))
            for template in templates:
                rests += self.compile(template.expression, Context(template, scope, marked=False), closed)
        return self._merged(rests)

    def _closed(self, key: Hashable, mark: SlotEnd, context: Context, after: Continuations) -> Continuations:
        if not context.marked:
            return after
        return tuple((rest, self.marked(("close", key), mark, node)) for rest, node in after)


def _prefixed(part: str, after: Continuations) -> Continuations:
    return tuple([(part + rest, node) for rest, node in after])
