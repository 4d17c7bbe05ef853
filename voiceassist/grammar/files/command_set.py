"""What a set of command files says, read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hassil.expression import ListReference, RuleReference

from voiceassist.domain import CommandSpec
from voiceassist.errors import GrammarError
from voiceassist.grammar.files.when import When
from voiceassist.grammar.language.templates import Template
from voiceassist.grammar.language.yaml_nodes import SourcePosition, suggestion
from voiceassist.grammar.values.lists import AnyList, RangeList, WildcardList, number_list


@dataclass(frozen=True, slots=True)
class Scope:
    """The lists and rules that a template can name."""

    lists: Mapping[str, AnyList]
    rules: Mapping[str, Template]

    def inner(self, lists: Mapping[str, AnyList], rules: Mapping[str, Template]) -> Scope:
        """The same with further names, which win."""
        return Scope({**self.lists, **lists}, {**self.rules, **rules}) if lists or rules else self

    def list_of(self, reference: ListReference, template: Template) -> AnyList:
        """The list that a reference names.

        Raises:
            GrammarError: there is none, or the numbers of its range make no sense.
        """
        name = reference.list_name.strip()
        if name.startswith("*") and len(name) > 1:
            return WildcardList()
        numbers = inline_range(name, template)
        if numbers is not None:
            return numbers
        if name in self.lists:
            return self.lists[name]
        raise error_near(
            template, f"{{{reference.list_name}", f"there is no list '{name}'", suggestion(name, self.lists)
        )

    def rule(self, reference: RuleReference, template: Template) -> Template:
        """The rule that a reference names.

        Raises:
            GrammarError: there is none.
        """
        name = reference.rule_name.strip()
        if name in self.rules:
            return self.rules[name]
        raise error_near(
            template, f"<{reference.rule_name}", f"there is no rule '{name}'", suggestion(name, self.rules)
        )


@dataclass(frozen=True, slots=True)
class SentenceSpec:
    """A sentence of an intent.

    Attributes:
        template: how it is said.
        scope: the lists and rules it can name.
        slots: values that are set whenever it is said.
        rank: of its file; where two sentences can be said alike, the one with the higher rank counts.
    """

    template: Template
    scope: Scope
    slots: Mapping[str, Any]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class CommandSet:
    """All that can be said and what it means.

    Attributes:
        intents: what each intent runs, in the order of definition.
        sentences: the templates of each intent.
        lists: the lists that sentences can name, also the built-in ones.
        rules: the expansion rules.
        skip_words: what may be said before and after each sentence without meaning anything.
        when: for each intent that says so, where it applies.
        descriptions: for each intent that has one, what it does, for people.
        warnings: what is not wrong, but hardly meant so.
    """

    intents: Mapping[str, CommandSpec]
    sentences: Mapping[str, tuple[SentenceSpec, ...]]
    lists: Mapping[str, AnyList]
    rules: Mapping[str, Template]
    skip_words: tuple[str, ...] = ()
    when: Mapping[str, When] = field(default_factory=lambda: MappingProxyType({}))
    descriptions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[str, ...] = ()

    def by_precedence(self) -> list[tuple[str, SentenceSpec]]:
        """All sentences with their intents; of those that can be said alike the first one counts."""
        sentences = [(intent, sentence) for intent, found in self.sentences.items() for sentence in found]
        return sorted(sentences, key=lambda pair: -pair[1].rank)

    def of_file(self, path: Path) -> CommandSet:
        """Only the sentences that stand in one file."""
        found = {
            name: tuple(sentence for sentence in sentences if sentence.template.place.file == str(path))
            for name, sentences in self.sentences.items()
        }
        there = {name: sentences for name, sentences in found.items() if sentences}
        return replace(self.only(there), sentences=there)

    def only(self, intents: Iterable[str]) -> CommandSet:
        """The same with some of the intents."""
        wanted = set(intents)
        return replace(
            self,
            intents={name: spec for name, spec in self.intents.items() if name in wanted},
            sentences={name: found for name, found in self.sentences.items() if name in wanted},
        )


def slot_name(reference: ListReference) -> str:
    """The slot that a reference fills; a bare ``{0..100}`` fills ``number``, ``{*text}`` fills ``text``."""
    slot = str(reference.slot_name).strip().lstrip("*")
    return "number" if ".." in slot else slot


def inline_range(name: str, template: Template) -> AnyList | None:
    """The range in ``{0..100}`` or ``{0..100,5}``; ``None`` for a name.

    Raises:
        GrammarError: it ends before it begins, or its step is not positive.
    """
    limits, _, step = name.partition(",")
    start, dots, stop = limits.partition("..")
    if not dots:
        return None
    try:
        numbers = RangeList(int(start), int(stop), int(step) if step else 1)
    except ValueError as error:
        raise error_near(template, name, f"'{name}' is no range", "write {0..100} or {0..100,5}") from error
    if numbers.start > numbers.stop or numbers.step < 1:
        raise error_near(template, name, f"the range '{name}' has no numbers", "write the smaller number first")
    return number_list(numbers)


def error_near(template: Template, near: str, what: str, hint: str) -> GrammarError:
    """The error for a mistake at the first place in the template where ``near`` stands."""
    place = template.place
    offset = max(template.text.find(near), 0) if template.exact else 0
    return SourcePosition(place.file, place.line, place.column + offset).error(what, hint)
