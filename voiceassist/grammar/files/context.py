"""Context of sentences: ``requires_context`` and ``excludes_context``, decided from the contexts of list values.

hassil matches a sentence only where the context has the required values. Here, the only context is that of list values
(``{in: desk lamp, context: {domain: light}}``), so it is decided when files are merged: lists are filtered, and a
sentence keeps only the variants that contain a list with the required context. A sentence that needs something else,
for example the area of the device that hears it, is left out with a warning.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference

from voiceassist.grammar.files.command_set import Scope, SentenceSpec
from voiceassist.grammar.language.yaml_nodes import YamlNode
from voiceassist.grammar.values.lists import TextList, TextValue

MAX_COPIED_VALUES = 200
"""Maximum number of values of a context key that is copied to a slot."""
_NAME_LIST = "name"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A required context key.

    Attributes:
        values: the allowed values; ``None`` for any.
        slot: the slot that the value is copied to; ``""`` for none.
    """

    values: tuple[Any, ...] | None
    slot: str = ""

    def allows(self, value: Any) -> bool:
        """Whether a context value satisfies the requirement."""
        return self.values is None or value in self.values


@dataclass(frozen=True, slots=True)
class SentenceContext:
    """The context of a block of sentences.

    Attributes:
        required: the requirement of each key.
        excluded: the values that each key must not have.
        name_domains: the domains that values of the list ``name`` may have; empty for any.
    """

    required: Mapping[str, Requirement] = field(default_factory=dict)
    excluded: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    name_domains: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.required or self.excluded or self.name_domains)

    def allows(self, list_name: str, value: TextValue) -> bool:
        """Whether a list value can be part of the sentences."""
        domains = value.context.get("domain", ()) if self.name_domains and list_name == _NAME_LIST else ()
        if domains and not any(domain in self.name_domains for domain in domains):
            return False
        required = all(
            key not in value.context or any(map(rule.allows, value.context[key])) for key, rule in self.required.items()
        )
        excluded = ((key, one) for key in self.excluded for one in value.context.get(key, ()))
        return required and not any(one in self.excluded[key] for key, one in excluded)


NO_CONTEXT = SentenceContext()


def read_context(keys: Mapping[str, YamlNode]) -> SentenceContext:
    """Read ``requires_context``, ``excludes_context`` and ``name_domains`` of a block.

    Raises:
        GrammarError: one of them is not a mapping, or is too large.
    """
    required = {name: _requirement(name, item.data()) for name, item in _entries(keys, "requires_context")}
    excluded = {name: _values(item.data()) for name, item in _entries(keys, "excludes_context")}
    domains = _values(keys["name_domains"].data()) if "name_domains" in keys else ()
    return SentenceContext(required, excluded, domains)


def _entries(keys: Mapping[str, YamlNode], key: str) -> Iterator[tuple[str, YamlNode]]:
    yield from keys[key].mapping(f"'{key}'").items() if key in keys else ()


def _requirement(name: str, found: Any) -> Requirement:
    if isinstance(found, dict):
        slot = found.get("slot")
        slot_name = slot if isinstance(slot, str) else name if slot else ""
        return Requirement(None if found.get("value") is None else _values(found["value"]), slot_name)
    return Requirement(None if found is None else _values(found))


def _values(found: Any) -> tuple[Any, ...]:
    return tuple(found) if isinstance(found, list) else (found,)


class ContextFilter:
    """Applies contexts to sentences. Equal filters of a list give one object, and equal scopes are one object, too."""

    def __init__(self) -> None:
        self._lists: dict[tuple[int, str], TextList] = {}
        self._scopes: dict[tuple[int, tuple[tuple[str, int], ...]], Scope] = {}
        self._kept: list[object] = []

    def apply(self, sentence: SentenceSpec, context: SentenceContext) -> list[SentenceSpec] | str:
        """The sentence restricted to its context; or the required key that no list value has."""
        scope = sentence.scope
        references = (reference.list_name.strip() for reference, _ in scope.list_references(sentence.template))
        names = [name for name in dict.fromkeys(references) if isinstance(scope.lists.get(name), TextList)]
        allowed = repr(context)
        restricted = [self._narrowed(sentence, names, allowed, context.allows)]
        for key, rule in context.required.items():
            provided: list[SentenceSpec] = []
            for one in restricted:
                having = [name for name in names if any(key in value.context for value in _values_of(one, name))]
                if not having:
                    return key
                provided += self._provided(one, key, rule, having)
            restricted = provided
        return restricted

    def _provided(self, sentence: SentenceSpec, key: str, rule: Requirement, lists: list[str]) -> list[SentenceSpec]:
        """The variants of the sentence that contain a list value with the key; one per value that fills a slot."""
        expression = _requiring(sentence.template.expression, sentence, frozenset(lists))
        template = sentence.template
        if expression is not None and expression is not template.expression:
            template = replace(template, expression=expression, variant=f"{template.variant} {key}")
        with_key = self._narrowed(
            replace(sentence, template=template), lists, f"has {key}", lambda _, value: key in value.context
        )
        if not rule.slot:
            return [with_key]
        values = (value for name in lists for value in _values_of(with_key, name))
        found = dict.fromkeys(one for value in values for one in value.context.get(key, ()) if rule.allows(one))
        copies = []
        for copied in list(found)[:MAX_COPIED_VALUES]:

            def has(_: str, value: TextValue, copied: Any = copied) -> bool:
                return copied in value.context.get(key, ())

            one = self._narrowed(with_key, lists, f"{key} = {copied!r}", has)
            copies.append(replace(one, slots={**one.slots, rule.slot: copied}))
        return copies

    def _narrowed(
        self, sentence: SentenceSpec, names: list[str], what: str, keep: Callable[[str, TextValue], bool]
    ) -> SentenceSpec:
        """The sentence with its lists filtered."""
        scope = sentence.scope
        changed: dict[str, TextList] = {}
        for name in names:
            found, list_key = scope.lists[name], (id(scope.lists[name]), f"{name} {what}")
            if list_key not in self._lists and isinstance(found, TextList):
                self._kept.append(found)
                values = tuple(value for value in found.values if keep(name, value))
                self._lists[list_key] = found if len(values) == len(found.values) else TextList(values)
            if self._lists[list_key] is not found:
                changed[name] = self._lists[list_key]
        if not changed:
            return sentence
        key = (id(scope), tuple(sorted((name, id(found)) for name, found in changed.items())))
        if key not in self._scopes:
            self._kept.append(scope)
            self._scopes[key] = scope.inner(changed, {})
        return replace(sentence, scope=self._scopes[key])


def _values_of(sentence: SentenceSpec, name: str) -> tuple[TextValue, ...]:
    found = sentence.scope.lists[name]
    return found.values if isinstance(found, TextList) else ()


def _requiring(
    expression: Expression, sentence: SentenceSpec, lists: frozenset[str], inside: tuple[str, ...] = ()
) -> Expression | None:
    """The variants of an expression that contain one of the lists; ``None`` if there are none.

    The same object is returned if all variants do.
    """
    if isinstance(expression, ListReference):
        return expression if expression.list_name.strip() in lists else None
    if isinstance(expression, RuleReference):
        name = expression.rule_name.strip()
        rule = sentence.scope.rules.get(name)
        # An unknown or recursive rule is reported by the checks of the sentence.
        known = rule is not None and name not in inside
        found = _requiring(rule.expression, sentence, lists, (*inside, name)) if rule is not None and known else None
        return expression if rule is not None and found is rule.expression else found
    if not isinstance(expression, Group):
        return None
    parts = [_requiring(item, sentence, lists, inside) for item in expression.items]
    kept = [part for part in parts if part is not None]
    if isinstance(expression, Alternative):
        same = len(kept) == len(parts) and all(map(operator.is_, kept, expression.items))
        return expression if same else Alternative(items=kept) if kept else None
    if any(part is item for part, item in zip(parts, expression.items, strict=True)):
        return expression
    variants: list[Expression] = [
        replace(expression, items=[*expression.items[:at], part, *expression.items[at + 1 :]])
        for at, part in enumerate(parts)
        if part is not None
    ]
    return Alternative(items=variants) if variants else None
