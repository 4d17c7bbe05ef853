"""Checks sentences before they are compiled."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import and_

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, TextChunk

from voiceassist.errors import GrammarError
from voiceassist.grammar.files.command_set import Scope, SentenceSpec, error_at_text, slot_name
from voiceassist.grammar.language.templates import Template, references
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.values.lists import MAX_RANGE_NUMBERS, RangeList, TextList, WildcardList
from voiceassist.i18n import mark

MIN_LETTERS = 3
"""Minimum number of letters besides free text, because only the other words can identify the command."""
_MAX_DEPTH = 30


class SentenceChecker:
    """Checks sentences; lists and rules shared by several of them are checked once."""

    def __init__(self) -> None:
        self._checked: set[tuple[int, str]] = set()
        self._letters: dict[tuple[int, str], int] = {}
        self._scopes: list[Scope] = []
        self.used_lists: dict[str, None] = {}
        """The names of all lists that the sentences refer to."""

    def check(self, sentence: SentenceSpec) -> None:
        """Check a sentence and everything it refers to, recursively.

        Raises:
            GrammarError: an unknown list or rule, a rule that contains itself, misplaced free text, or an empty
                sentence.
        """
        template, scope = sentence.template, sentence.scope
        # Keep the scope alive: results are stored by its id.
        self._scopes.append(scope)
        self._check_references(template, scope, ())
        letters = self._min_letters(template, template.expression, scope)
        if letters >= MIN_LETTERS:
            return
        for reference, here in scope.list_references(template):
            if isinstance(scope.list_of(reference, here), WildcardList):
                what = mark("too few required words beside the free text '{{{name}}}'", name=reference.list_name)
                raise _error_at_list(reference, here, what, mark("add words that must be said: 'type {*text}'"))
        if not letters:
            raise template.error(mark("this sentence can be empty"), mark("at least one word must not be optional"))

    def _check_references(self, template: Template, scope: Scope, inside: tuple[str, ...]) -> None:
        for reference in references(template.expression):
            if isinstance(reference, RuleReference):
                name = f"<{reference.rule_name}>"
                parts = [scope.rule(reference, template)]
            else:
                name = f"{{{reference.list_name}}}"
                self.used_lists[reference.list_name.strip()] = None
                parts = _list_templates(reference, template, scope)
            if name in inside:
                circle = " in ".join([name, *reversed(inside[inside.index(name) :])])
                raise error_at_text(
                    template,
                    name[:-1],
                    mark("{name} contains itself: {circle}", name=name, circle=circle),
                    mark("remove one of the references"),
                )
            if (id(scope), name) not in self._checked:
                if len(inside) >= _MAX_DEPTH:
                    raise template.error(mark("rules are nested too deeply"), mark("use fewer levels of rules"))
                for part in parts:
                    self._check_references(part, scope, (*inside, name))
                self._checked.add((id(scope), name))

    def _min_letters(self, template: Template, expression: Expression, scope: Scope) -> int:
        """The number of letters of the shortest variant, without its free text."""
        if isinstance(expression, TextChunk):
            return sum(map(len, normalize(expression.original_text)))
        if isinstance(expression, Group):
            letters = [self._min_letters(template, item, scope) for item in expression.items]
            return min(letters, default=0) if isinstance(expression, Alternative) else sum(letters)
        if isinstance(expression, RuleReference):
            rule = scope.rule(expression, template)
            key = (id(scope), f"<{id(rule)}>")
            if key not in self._letters:
                self._letters[key] = self._min_letters(rule, rule.expression, scope)
            return self._letters[key]
        if not isinstance(expression, ListReference):
            raise TypeError(f"not an expression of a template: {expression!r}")
        found = scope.list_of(expression, template)
        if isinstance(found, TextList):
            key = (id(scope), f"{{{expression.list_name}}}")
            if key not in self._letters:
                values = (value.template for value in found.values)
                shortest = (self._min_letters(value, value.expression, scope) for value in values)
                self._letters[key] = min(shortest, default=MIN_LETTERS)
            return self._letters[key]
        return 0 if isinstance(found, WildcardList) else MIN_LETTERS


def repeated_slot(sentence: SentenceSpec) -> str | None:
    """A slot that every variant of a sentence fills twice, of which only the last value is left."""
    known: dict[int, Counter[str]] = {}

    def filled(expression: Expression, template: Template) -> Counter[str]:
        """How often each slot is filled at least, up to twice."""
        if isinstance(expression, ListReference):
            return Counter([slot_name(expression)])
        if isinstance(expression, RuleReference):
            rule = sentence.scope.rule(expression, template)
            if id(rule) not in known:
                known[id(rule)] = filled(rule.expression, rule)
            return known[id(rule)]
        parts = [filled(item, template) for item in expression.items] if isinstance(expression, Group) else []
        if isinstance(expression, Alternative):
            return reduce(and_, parts) if parts else Counter()
        return Counter({slot: min(times, 2) for slot, times in sum(parts, Counter()).items()})

    return next(
        (slot for slot, times in filled(sentence.template.expression, sentence.template).items() if times > 1), None
    )


def free_text_in_list(reference: ListReference, template: Template) -> GrammarError:
    """An error for free text in the value of a list."""
    what = mark("'{{{name}}}' is free text, which cannot be part of a list's value", name=reference.list_name)
    return _error_at_list(reference, template, what, mark("put it into the sentence"))


def adjacent_free_texts(reference: ListReference, template: Template) -> GrammarError:
    """An error for free text that is followed by free text."""
    what = mark("other free text follows the free text '{{{name}}}'", name=reference.list_name)
    return _error_at_list(reference, template, what, mark("put a word that must be said between them"))


def _error_at_list(reference: ListReference, template: Template, what: str, hint: str) -> GrammarError:
    return error_at_text(template, f"{{{reference.list_name}", what, hint)


def _list_templates(reference: ListReference, template: Template, scope: Scope) -> list[Template]:
    """The templates among a list's values. Built-in lists need no check."""
    found = scope.list_of(reference, template)
    near = f"{{{reference.list_name}"
    if isinstance(found, RangeList) and len(found) > MAX_RANGE_NUMBERS:
        what = mark(
            "'{name}' has {count} numbers, more than {most}",
            name=reference.list_name,
            count=len(found),
            most=MAX_RANGE_NUMBERS,
        )
        raise error_at_text(template, near, what, mark("use a smaller range or a larger step"))
    if isinstance(found, TextList):
        return [value.template for value in found.values if not isinstance(value.template.expression, TextChunk)]
    return []
