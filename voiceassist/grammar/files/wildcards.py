"""Free text, `{*text}` or a wildcard list: it takes the rest of a sentence, so it is only allowed at its end."""

from __future__ import annotations

from hassil.expression import Alternative, Expression, Group, ListReference, Permutation, RuleReference, TextChunk

from voiceassist.errors import GrammarError
from voiceassist.grammar.files.command_set import Scope, SentenceSpec, error_at_text
from voiceassist.grammar.language.templates import Template
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.values.lists import TextList, WildcardList

MIN_LETTERS = 3
"""Required before free text, because only the words before it tell whether the command was said."""


def misplaced_wildcard(reference: ListReference, template: Template) -> GrammarError:
    """An error for free text that is not at the end."""
    what = f"'{{{reference.list_name}}}' is free text, which can only stand at the end of a sentence"
    return error_at_text(template, f"{{{reference.list_name}", what, "put it last, or give the list its values")


def check_wildcards(sentence: SentenceSpec) -> None:
    """Check that free text is at the end and has words before it. The rules must be free of cycles.

    Raises:
        GrammarError: it is not at the end, or too little precedes it.
    """
    checker = _WildcardChecker(sentence.scope)
    shortest = checker.min_letters(sentence.template.expression, sentence.template, last=True)
    if checker.found and shortest < MIN_LETTERS:
        reference, template = checker.found[0]
        what = f"too few required words before the free text '{{{reference.list_name}}}'"
        raise error_at_text(template, f"{{{reference.list_name}", what, "begin with required words: 'type {*text}'")


class _WildcardChecker:
    """Counts the required letters beside free text, and locates it."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._rules: dict[tuple[int, bool], int] = {}
        self.found: list[tuple[ListReference, Template]] = []

    def min_letters(self, expression: Expression, template: Template, *, last: bool) -> int:
        """The number of letters of the shortest variant; ``last`` tells whether the sentence ends with it."""
        if isinstance(expression, TextChunk):
            return sum(map(len, normalize(expression.original_text)))
        if isinstance(expression, RuleReference):
            return self._rule(self._scope.rule(expression, template), last=last)
        if isinstance(expression, ListReference):
            return self._list(expression, template, last=last)
        items = expression.items if isinstance(expression, Group) else []
        if isinstance(expression, Alternative):
            return min((self.min_letters(item, template, last=last) for item in items), default=0)
        if isinstance(expression, Permutation):
            return sum(self.min_letters(item, template, last=False) for item in items)
        return self._sequence(items, template, last=last)

    def _sequence(self, items: list[Expression], template: Template, *, last: bool) -> int:
        ends = len(items)
        while ends and _is_blank(items[ends - 1]):
            ends -= 1
        return sum(
            self.min_letters(item, template, last=last and number == ends - 1)
            for number, item in enumerate(items[:ends])
        )

    def _rule(self, rule: Template, *, last: bool) -> int:
        key = (id(rule), last)
        if key not in self._rules:
            self._rules[key] = self.min_letters(rule.expression, rule, last=last)
        return self._rules[key]

    def _list(self, reference: ListReference, template: Template, *, last: bool) -> int:
        found = self._scope.list_of(reference, template)
        if isinstance(found, TextList):
            values = (value.template for value in found.values)
            return min((self._rule(value, last=False) for value in values), default=0)
        if not isinstance(found, WildcardList):
            return MIN_LETTERS
        if not last:
            raise misplaced_wildcard(reference, template)
        self.found.append((reference, template))
        return 0


def _is_blank(expression: Expression) -> bool:
    return isinstance(expression, TextChunk) and not expression.original_text.strip()
