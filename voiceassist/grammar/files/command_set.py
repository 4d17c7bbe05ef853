"""A set of commands: the merged and checked content of command files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hassil.expression import ListReference, RuleReference

from voiceassist.domain import CommandSpec
from voiceassist.errors import GrammarError, UnknownNameError
from voiceassist.grammar.files.action_calls import ActionSource
from voiceassist.grammar.files.when import When
from voiceassist.grammar.language.mistakes import suggestion
from voiceassist.grammar.language.templates import Template, references
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.lists import AnyList, RangeList, WildcardList, number_list
from voiceassist.i18n import mark


@dataclass(frozen=True, slots=True)
class Scope:
    """The lists and rules that a template can refer to."""

    lists: Mapping[str, AnyList]
    rules: Mapping[str, Template]

    def inner(self, lists: Mapping[str, AnyList], rules: Mapping[str, Template]) -> Scope:
        """This scope extended by further lists and rules, which take precedence."""
        return Scope({**self.lists, **lists}, {**self.rules, **rules}) if lists or rules else self

    def list_of(self, reference: ListReference, template: Template) -> AnyList:
        """The list that a reference names.

        Raises:
            GrammarError: the list is unknown, or its range is invalid.
        """
        name = reference.list_name.strip()
        if name.startswith("*") and len(name) > 1:
            return WildcardList()
        numbers = inline_range(name, template)
        if numbers is not None:
            return numbers
        if name in self.lists:
            return self.lists[name]
        raise _unknown(template, f"{{{reference.list_name}", mark("list"), name, self.lists)

    def rule(self, reference: RuleReference, template: Template) -> Template:
        """The rule that a reference names.

        Raises:
            GrammarError: the rule is unknown.
        """
        name = reference.rule_name.strip()
        if name in self.rules:
            return self.rules[name]
        raise _unknown(template, f"<{reference.rule_name}", mark("rule"), name, self.rules)

    def list_references(self, template: Template) -> Iterator[tuple[ListReference, Template]]:
        """The references to lists in a template and in its rules, each with the template that it is in."""
        waiting, seen = [template], {id(template)}
        while waiting:
            here = waiting.pop()
            for reference in references(here.expression):
                if isinstance(reference, ListReference):
                    yield reference, here
                elif (rule := self.rules.get(reference.rule_name.strip())) is not None and id(rule) not in seen:
                    seen.add(id(rule))
                    waiting.append(rule)


@dataclass(frozen=True, slots=True)
class SentenceSpec:
    """A sentence of an intent.

    Attributes:
        template: its template.
        scope: the lists and rules that it can refer to.
        slots: fixed slots of the sentence.
        rank: the rank of its file; of two identical sentences the one with the higher rank takes precedence.
    """

    template: Template
    scope: Scope
    slots: Mapping[str, Any]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class CommandSet:
    """All commands with their actions.

    Attributes:
        intents: what each intent runs, in the order of definition.
        sentences: the templates of each intent.
        lists: all lists, including the built-in ones.
        rules: the expansion rules.
        skip_words: phrases that are accepted before and after each sentence and ignored.
        when: where intents apply, for those that are restricted.
        descriptions: what intents do, shown to users.
        warnings: questionable content that is not an error.
        action_sources: source positions of the intents' actions.
        decimal_comma: the intents whose files are in a language that writes numbers as 1.250,5.
    """

    intents: Mapping[str, CommandSpec]
    sentences: Mapping[str, tuple[SentenceSpec, ...]]
    lists: Mapping[str, AnyList]
    rules: Mapping[str, Template]
    skip_words: tuple[str, ...] = ()
    when: Mapping[str, When] = field(default_factory=lambda: MappingProxyType({}))
    descriptions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[str, ...] = ()
    action_sources: Mapping[str, ActionSource] = field(default_factory=lambda: MappingProxyType({}))
    decimal_comma: frozenset[str] = frozenset()

    def by_precedence(self) -> list[tuple[str, SentenceSpec]]:
        """All sentences with their intents; of identical ones the first takes precedence."""
        sentences = [(intent, sentence) for intent, found in self.sentences.items() for sentence in found]
        return sorted(sentences, key=lambda pair: -pair[1].rank)

    def of_file(self, path: Path) -> CommandSet:
        """The commands of one file only."""
        found = {
            name: tuple(sentence for sentence in sentences if sentence.template.place.file == str(path))
            for name, sentences in self.sentences.items()
        }
        there = {name: sentences for name, sentences in found.items() if sentences}
        return replace(self.only(there), sentences=there)

    def only(self, intents: Iterable[str]) -> CommandSet:
        """The given intents only."""
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
    """The range in ``{0..100}`` or ``{0..100,5}``; ``None`` for a list name.

    Raises:
        GrammarError: the range is empty, or its step is not positive.
    """
    limits, _, step = name.partition(",")
    start, dots, stop = limits.partition("..")
    if not dots:
        return None
    try:
        numbers = RangeList(int(start), int(stop), int(step) if step else 1)
    except ValueError as error:
        raise error_at_text(
            template, name, mark("'{name}' is not a range", name=name), mark("write {0..100} or {0..100,5}")
        ) from error
    if numbers.start > numbers.stop or numbers.step < 1:
        hint = mark("a step is 1 or more") if numbers.step < 1 else mark("write the smaller number first")
        raise error_at_text(template, name, mark("the range '{name}' is empty", name=name), hint)
    return number_list(numbers)


def _unknown(template: Template, near: str, kind: str, name: str, known: Mapping[str, object]) -> UnknownNameError:
    error = error_at_text(
        template, near, mark("unknown {kind} '{name}'", kind=kind, name=name), suggestion(name, known)
    )
    return UnknownNameError(
        error.message, hint=error.hint, name=name, file=error.file, line=error.line, what=error.what
    )


def error_at_text(template: Template, near: str, what: str, hint: str) -> GrammarError:
    """An error at the first occurrence of ``near`` in the template."""
    place = template.place
    offset = max(template.text.find(near), 0) if template.exact else 0
    return SourcePosition(place.file, place.line, place.column + offset).error(what, hint)
