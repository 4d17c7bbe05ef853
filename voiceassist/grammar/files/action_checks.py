"""Checks the action calls of intents against the specifications of the available actions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from voiceassist.action_spec import ActionSpec, Parameter, ValueKind
from voiceassist.errors import GrammarError, MissingError
from voiceassist.grammar.files.action_calls import STEPS_ACTION, ActionSource
from voiceassist.grammar.files.command_set import CommandSet, SentenceSpec, slot_name
from voiceassist.grammar.language.mistakes import suggestion
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.i18n import mark
from voiceassist.keys import KEYSYMS, MODIFIERS, key_name

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_STARRED = re.compile(r"\{\*(\w+)\}")


def action_problems(commands: CommandSet, specs: Mapping[str, ActionSpec]) -> list[GrammarError]:
    """The errors in the action calls of a command set, in the order of its intents.

    Args:
        commands: the merged command set.
        specs: the available actions.
    """
    problems: list[GrammarError] = []
    for intent, command in commands.intents.items():
        source = commands.action_sources.get(intent)
        if command.action is None or source is None:
            continue
        sentences = commands.sentences[intent]
        for problem in _CallChecker(specs, sentences).problems(command.action, command.arguments, source):
            if isinstance(problem, MissingError):
                problem.intent = intent
            problems.append(problem)
    return problems


class _CallChecker:
    """Checks the calls of one intent."""

    def __init__(self, specs: Mapping[str, ActionSpec], sentences: Iterable[SentenceSpec]) -> None:
        self._specs = specs
        self._slots = [
            (
                sentence,
                {*sentence.slots, *(slot_name(one) for one, _ in sentence.scope.list_references(sentence.template))},
            )
            for sentence in sentences
        ]
        self._all_slots = set().union(*(slots for _sentence, slots in self._slots))

    def problems(self, action: str, arguments: Mapping[str, Any], source: ActionSource) -> Iterator[GrammarError]:
        if action == STEPS_ACTION and source.steps:
            for step, step_source in zip(arguments[STEPS_ACTION], source.steps, strict=True):
                yield from self.problems(step["action"], step["arguments"], step_source)
            return
        spec = self._specs.get(action)
        if spec is None:
            yield source.place.error(
                mark("there is no action '{action}'", action=action), suggestion(action, self._specs)
            )
            return
        parameters = {parameter.name: parameter for parameter in spec.parameters}
        is_sound = True
        for name, value in arguments.items():
            place = source.arguments.get(name, source.place)
            if name not in parameters:
                yield place.error(
                    mark("{action} has no argument '{name}'", action=action, name=name), suggestion(name, parameters)
                )
                continue
            for problem in self._value_problems(action, parameters[name], value, place):
                is_sound = False
                yield problem
        for parameter in spec.parameters:
            if parameter.required and parameter.name not in arguments:
                yield from self._missing(action, parameter, source)
        for found in spec.problems(arguments) if is_sound else ():
            kind = MissingError if found.missing else GrammarError
            yield source.arguments.get(found.argument, source.place).error(found.message, found.hint, kind)

    def _missing(self, action: str, parameter: Parameter, source: ActionSource) -> Iterator[GrammarError]:
        name = parameter.name
        is_fixed = parameter.template or parameter.kind in {ValueKind.TEXTS, ValueKind.ANY}
        if is_fixed or name not in self._all_slots:
            hint = mark("add it to 'arguments:'")
            if not is_fixed:
                hint = mark("add it to 'arguments:', or a slot {{...:{name}}} to every sentence", name=name)
            yield source.place.error(mark("{action} needs '{name}'", action=action, name=name), hint)
            return
        for sentence, slots in self._slots:
            if name not in slots:
                yield sentence.template.error(
                    mark("this sentence does not fill '{name}', which {action} needs", name=name, action=action),
                    mark("add a slot {{...:{name}}} to it, or '{name}' to 'arguments:'", name=name),
                )

    def _value_problems(
        self, action: str, parameter: Parameter, value: Any, place: SourcePosition
    ) -> Iterator[GrammarError]:
        wanted, fits = _KINDS[parameter.kind]
        if not fits(value):
            yield place.error(
                mark("{action} needs {wanted} as '{name}'", action=action, wanted=wanted, name=parameter.name),
                mark("correct it"),
            )
        elif parameter.choices and value not in parameter.choices:
            hint = suggestion(str(value), parameter.choices)
            yield place.error(
                mark("{action} does not take '{value}' as '{name}'", action=action, value=value, name=parameter.name),
                hint,
            )
        elif parameter.template:
            for written in sorted(_STARRED.findall(str(value))):
                yield place.error(
                    mark("'{{*{written}}}' is for sentences", written=written),
                    mark("write '{{{written}}}' here", written=written),
                )
            for name in sorted(_placeholders(value) - self._all_slots):
                hint = suggestion(name, self._all_slots) if self._all_slots else mark("the sentences have no slots")
                yield place.error(mark("no sentence of this intent has a slot '{name}'", name=name), hint)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _are_keys(text: str) -> bool:
    *held, key = [part.strip() for part in text.split("+")]
    return all(key_name(part) in MODIFIERS for part in held) and (len(key) == 1 or key_name(key) in KEYSYMS)


_KINDS: Mapping[ValueKind, tuple[str, Callable[[Any], bool]]] = {
    ValueKind.TEXT: (mark("a text"), lambda value: isinstance(value, str) and bool(value.strip())),
    ValueKind.NUMBER: (mark("a number"), lambda value: _is_plain(value) and not isinstance(value, str)),
    ValueKind.FLAG: (mark("true or false"), lambda value: isinstance(value, bool)),
    ValueKind.KEYS: (mark("keys, such as enter or ctrl+c"), lambda value: _is_plain(value) and _are_keys(str(value))),
    ValueKind.TEXTS: (
        mark("a list of texts that is not empty"),
        lambda value: isinstance(value, list) and bool(value) and all(map(_is_plain, value)),
    ),
    ValueKind.MAPPING: (
        mark("lines 'name: text'"),
        lambda value: isinstance(value, dict) and all(map(_is_plain, value.values())),
    ),
    ValueKind.ANY: (mark("any value"), lambda _: True),
}
"""How a message names each kind of value, and whether a value is of it."""


def _placeholders(value: Any) -> set[str]:
    if isinstance(value, str):
        return set(_PLACEHOLDER.findall(value))
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(_placeholders, items))
