"""Identifies templates and lists by content, so that they are recognized after their file is reread."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from hassil.expression import RuleReference, TextChunk

from voiceassist.grammar.files.command_set import Scope
from voiceassist.grammar.language.templates import Template, references
from voiceassist.grammar.values.lists import AnyList, GrammarList, TextList


class StructuralHash:
    """Assigns equal numbers to templates and lists of equal content.

    Lists whose values are templates are compared by object identity.
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._kept: dict[int, Any] = {}
        self._known: dict[tuple[int, int], int] = {}
        self._scopes: dict[int, Scope] = {}
        self._inner: dict[int, Scope] = {}

    def forget_objects(self) -> None:
        """Clear everything cached by object identity; call this before the next command set."""
        self._known.clear()
        self._scopes.clear()

    def template(self, template: Template, scope: Scope) -> int:
        """The number of a template together with everything it refers to.

        Raises:
            GrammarError: it refers to an unknown list or rule.
        """
        key = (id(template), id(scope))
        if key not in self._known:
            self._scopes[id(scope)] = scope
            named: list[Hashable] = []
            for reference in references(template.expression):
                if isinstance(reference, RuleReference):
                    named.append(self.template(scope.rule(reference, template), scope))
                else:
                    named.append((self.list(scope.list_of(reference, template), scope), str(reference.slot_name)))
            self._known[key] = self._number((template.text, template.variant, template.abbreviations, tuple(named)))
        return self._known[key]

    def list(self, found: AnyList, scope: Scope) -> int:
        """The number of a list; ``scope`` resolves the references in its values."""
        key = (id(found), id(scope))
        if key not in self._known:
            self._scopes[id(scope)] = scope
            self._kept[id(found)] = found
            content: Hashable = id(found) if isinstance(found, GrammarList) else found
            if isinstance(found, TextList):
                parts: list[Hashable] = []
                for value in found.values:
                    template = value.template
                    if isinstance(template.expression, TextChunk):
                        sounds = tuple(sound.text for sound in value.sounds_like)
                        parts.append((template.text, template.abbreviations, repr(value.value), value.verbatim, sounds))
                    else:
                        self._kept[id(value)] = value
                        parts.append((id(value), self.template(template, scope)))
                content = tuple(parts)
            self._known[key] = self._number(content)
        return self._known[key]

    def inner_scope(self, found: GrammarList) -> Scope:
        """The scope of a composed list's own templates; the same object for every use."""
        self._kept[id(found)] = found
        return self._inner.setdefault(id(found), Scope(found.lists, found.rules))

    def _number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))
