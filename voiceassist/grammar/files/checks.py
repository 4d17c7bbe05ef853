"""Checks sentences before they are compiled."""

from __future__ import annotations

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, TextChunk

from voiceassist.grammar.files.command_set import Scope, SentenceSpec, error_at_text
from voiceassist.grammar.files.wildcards import check_wildcards
from voiceassist.grammar.language.templates import Template, references
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.values.lists import MAX_RANGE_NUMBERS, AnyList, RangeList, TextList

_MAX_DEPTH = 30


class SentenceChecker:
    """Checks sentences; lists and rules shared by several of them are checked once."""

    def __init__(self) -> None:
        self._checked: set[tuple[int, str]] = set()
        self._empty: dict[tuple[int, str], bool] = {}
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
        check_wildcards(sentence)
        if self._can_be_empty(template, template.expression, scope):
            raise template.error("this sentence can be empty", "at least one word must not be optional")

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
                    template, name[:-1], f"{name} contains itself: {circle}", "remove one of the references"
                )
            if (id(scope), name) not in self._checked:
                self._check_parts(template, parts, scope, (*inside, name))
                self._checked.add((id(scope), name))

    def _check_parts(self, template: Template, parts: list[Template], scope: Scope, inside: tuple[str, ...]) -> None:
        if len(inside) > _MAX_DEPTH:
            raise template.error("rules are nested too deeply", "use fewer levels of rules")
        for part in parts:
            self._check_references(part, scope, inside)

    def _can_be_empty(self, template: Template, expression: Expression, scope: Scope) -> bool:
        if isinstance(expression, TextChunk):
            return not normalize(expression.original_text)
        if isinstance(expression, Group):
            inner = (self._can_be_empty(template, item, scope) for item in expression.items)
            return any(inner) if isinstance(expression, Alternative) else all(inner)
        return self._named_can_be_empty(template, expression, scope)

    def _named_can_be_empty(self, template: Template, expression: Expression, scope: Scope) -> bool:
        if isinstance(expression, RuleReference):
            key = (id(scope), f"<{expression.rule_name}>")
            if key not in self._empty:
                rule = scope.rule(expression, template)
                self._empty[key] = self._can_be_empty(rule, rule.expression, scope)
            return self._empty[key]
        reference = expression
        if not isinstance(reference, ListReference):
            raise TypeError(f"not an expression of a template: {expression!r}")
        key = (id(scope), f"{{{reference.list_name}}}")
        if key not in self._empty:
            self._empty[key] = self._list_can_be_empty(scope.list_of(reference, template), scope)
        return self._empty[key]

    def _list_can_be_empty(self, found: AnyList, scope: Scope) -> bool:
        if not isinstance(found, TextList):
            return False
        return any(self._can_be_empty(value.template, value.template.expression, scope) for value in found.values)


def _list_templates(reference: ListReference, template: Template, scope: Scope) -> list[Template]:
    """The templates among a list's values. Built-in lists need no check."""
    found = scope.list_of(reference, template)
    near = f"{{{reference.list_name}"
    if isinstance(found, RangeList) and len(found) > MAX_RANGE_NUMBERS:
        what = f"'{reference.list_name}' has {len(found)} numbers, more than {MAX_RANGE_NUMBERS}"
        raise error_at_text(template, near, what, "use a smaller range or a larger step")
    if isinstance(found, TextList):
        return [value.template for value in found.values if not isinstance(value.template.expression, TextChunk)]
    return []
