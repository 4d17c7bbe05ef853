"""The content of a command set that decides what it compiles to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator

from voiceassist.grammar.compiler.dag import GraphLimits
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.language.templates import Template
from voiceassist.grammar.values.lists import AnyList, GrammarList, TextList


class CommandContent:
    """The sentences of a command set in two parts, with the lists and rules that they refer to.

    The lasting part is likely to be the same when the program is started again. The other part are the sentences that
    refer to a list which is not, such as the titles of open windows.

    Args:
        commands: the command set.
        changing_lists: the names of such lists.
    """

    def __init__(self, commands: CommandSet, changing_lists: Collection[str]) -> None:
        self._commands = commands
        self._changing_lists = frozenset(changing_lists)
        self._changing: dict[tuple[int, int], bool] = {}

    def is_lasting(self, sentence: SentenceSpec) -> bool:
        """Whether a sentence refers to no changing list, not even through a rule or another list."""
        return not self._is_changing(sentence.template, sentence.scope)

    def changing_can_be_said(self) -> bool:
        """Whether the other part has sentences, with values in the changing lists."""
        sentences = (sentence for found in self._commands.sentences.values() for sentence in found)
        changing = [sentence.scope.lists for sentence in sentences if not self.is_lasting(sentence)]
        lists = (lists[name] for lists in changing for name in self._changing_lists & lists.keys())
        return any(not isinstance(found, TextList) or found.values for found in lists)

    def digest(self, wake: WakePrefix | None, limits: GraphLimits) -> str:
        """Identifies the lasting part, with all else that decides what it compiles to but the pronunciations."""
        content = hashlib.sha256(repr((wake, limits, self._commands.skip_words)).encode())
        for part in self._lasting_content():
            content.update(repr(part).encode("utf-8", "surrogatepass"))
        return content.hexdigest()

    def _is_changing(self, template: Template, scope: Scope) -> bool:
        key = (id(template), id(scope))
        known = self._changing.get(key)
        if known is None:
            lists = ((one.list_name.strip(), scope.list_of(one, here)) for one, here in scope.list_references(template))
            known = self._changing[key] = any(
                name in self._changing_lists
                or (
                    isinstance(found, TextList)
                    and any(self._is_changing(value.template, scope) for value in found.values)
                )
                for name, found in lists
            )
        return known

    def _lasting_content(self) -> Iterator[object]:
        scopes: dict[int, int] = {}
        for intent, sentence in self._commands.by_precedence():
            # A sentence of the other part counts with its place, because the first of two equal sentences wins.
            if self._is_changing(sentence.template, sentence.scope):
                yield intent
                continue
            if id(sentence.scope) not in scopes:
                scopes[id(sentence.scope)] = len(scopes)
                for name, rule in sorted(sentence.scope.rules.items(), key=lambda item: item[0]):
                    yield name, _template_content(rule)
                for name, found in sorted(sentence.scope.lists.items(), key=lambda item: item[0]):
                    if name not in self._changing_lists:
                        yield name, _list_content(found)
            slots = sorted(sentence.slots.items(), key=lambda item: item[0])
            yield intent, slots, _template_content(sentence.template), scopes[id(sentence.scope)]


def _template_content(template: Template) -> object:
    return template.text, template.variant, template.abbreviations


def _list_content(found: AnyList) -> object:
    if isinstance(found, TextList):
        return [
            (
                _template_content(value.template),
                value.value,
                value.verbatim,
                [_template_content(sound) for sound in value.sounds_like],
            )
            for value in found.values
        ]
    if not isinstance(found, GrammarList):
        return found
    source = found.source
    rules = sorted(source.rules.items())
    reader = getattr(source.read, "__qualname__", source.read)
    return source.templates, rules, source.before_noun, source.outside, source.limits, source.one_number, reader
