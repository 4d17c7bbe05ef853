"""The ``lists:`` part of a command file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from voiceassist.errors import UnsayableError
from voiceassist.grammar.language.mistakes import Mistakes
from voiceassist.grammar.language.templates import (
    Template,
    expand_alternatives,
    is_template,
    read_template,
    required_words,
)
from voiceassist.grammar.language.yaml_nodes import YamlNode
from voiceassist.grammar.values.lists import (
    AnyList,
    ProgramList,
    RangeList,
    TextList,
    TextValue,
    WildcardList,
    join_lists,
    number_list,
)
from voiceassist.i18n import mark

_KEYS = ("values", "range", "command", "timeout_s", "wildcard", "metadata", "context")
_VALUE_KEYS = ("in", "out", "sounds_like", "context", "metadata")
_RANGE_KEYS = (
    "from",
    "to",
    "step",
    "type",
    "fractions",
    "multiplier",
    "digits",
    "words",
    "words_language",
)
DEFAULT_PROGRAM_TIMEOUT_S = 2.0
MAX_PROGRAM_TIMEOUT_S = 30.0
_FRACTIONS = {"halves": (5,), "tenths": (1, 2, 3, 4, 5, 6, 7, 8, 9)}


class ListReader:
    """Collects the lists of one or more files; text lists of the same name are joined.

    Attributes:
        found: the lists.
        notes: values that nobody can say, which are left out.
    """

    def __init__(self, max_values: int, mistakes: Mistakes) -> None:
        self.found: dict[str, AnyList] = {}
        self.notes: list[str] = []
        self._mistakes = mistakes
        self._values_left = max_values

    def read(self, item: YamlNode | None) -> None:
        """Read the lists of one file.

        Raises:
            GrammarError: an entry is not a list, is empty, or has an impossible range.
        """
        lists = {} if item is None else item.mapping("'lists'")
        self._mistakes.each(
            lists.items(), lambda named: join_lists(self.found, named[0], self._read_list(named[0], named[1]))
        )

    def _read_list(self, name: str, item: YamlNode) -> AnyList:
        what = mark("list '{name}'", name=name)
        if not item.is_mapping:
            return self._read_values(item, what)
        keys = item.mapping(what, _KEYS)
        if "values" in keys:
            found = self._read_values(keys["values"], _key_of(name, "values"))
            if "context" not in keys:
                return found
            shared = _read_context(keys["context"])
            return TextList(tuple(replace(value, context={**shared, **value.context}) for value in found.values))
        if "range" in keys:
            return _read_range(keys["range"], name)
        if "command" in keys:
            return _read_command(keys["command"], keys.get("timeout_s"), name)
        if "wildcard" in keys and keys["wildcard"].data() is not False:
            return WildcardList()
        raise item.error(mark("list '{name}' is empty", name=name), mark("add 'values:', 'range:' or 'command:'"))

    def _read_values(self, item: YamlNode, what: str) -> TextList:
        entries = item.sequence(what)
        self._values_left -= len(entries)
        if self._values_left < 0:
            raise item.error(mark("the lists have too many values"), mark("remove values that are never said"))

        def sayable(entry: YamlNode) -> list[TextValue]:
            try:
                return _read_value(entry, what)
            except UnsayableError as error:
                if len(entries) == 1:
                    raise
                self.notes.append(f"{error.message}, so this value is left out: {error.hint}")
                return []

        return TextList(tuple(value for found in self._mistakes.each(entries, sayable) for value in found))


def _read_value(item: YamlNode, what: str) -> list[TextValue]:
    if not item.is_mapping:
        template = read_template(item, mark("a value in {what}", what=what))
        if not is_template(template.text):
            return [TextValue(template, template.text.strip())]
        found = []
        for choice in expand_alternatives(template.expression):
            # without "out", the value is the words that are not optional: "[the] TV" means "TV"
            own, words = replace(template, expression=choice), required_words(choice)
            found.append(TextValue(own, verbatim=True) if words is None else TextValue(own, " ".join(words.split())))
        return found
    keys = item.mapping(mark("a value in {what}", what=what), _VALUE_KEYS)
    if "in" not in keys:
        raise item.error(
            mark("a value in {what} has no 'in'", what=what), mark("write {in: what is said, out: what it means}")
        )
    spoken = keys["in"].sequence("'in'") if keys["in"].is_sequence else [keys["in"]]
    if "out" in keys:
        value = keys["out"].data()
        values = [TextValue(read_template(entry, "'in'"), value) for entry in spoken]
    else:
        values = [value for entry in spoken for value in _read_value(entry, what)]
    context = _read_context(keys["context"]) if "context" in keys else {}
    sounds: tuple[Template, ...] = ()
    if "sounds_like" in keys:
        respelled = keys["sounds_like"]
        entries = respelled.sequence("'sounds_like'") if respelled.is_sequence else [respelled]
        sounds = tuple(read_template(entry, "'sounds_like'") for entry in entries)
    return [replace(value, context=context, sounds_like=sounds) for value in values] if context or sounds else values


def _read_context(item: YamlNode) -> dict[str, tuple[Any, ...]]:
    """The values of each key: ``domain: light`` or ``domain: [light, switch]``."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, entry in item.mapping("'context'").items():
        values = entry.sequence("'context'") if entry.is_sequence else [entry]
        for value in values:
            if value.is_mapping or value.is_sequence:
                raise value.error(
                    mark("the context '{name}' is too complicated", name=name),
                    mark("write one value or a list of values"),
                )
        found[name] = tuple(value.data() for value in values)
    return found


def _key_of(name: str, key: str) -> str:
    return mark("'{key}' of list '{name}'", key=key, name=name)


def _read_command(item: YamlNode, timeout: YamlNode | None, name: str) -> ProgramList:
    what = _key_of(name, "command")
    arguments = item.sequence(what) if item.is_sequence else [item]
    argv = tuple(argument.text(what) for argument in arguments)
    if not item.is_sequence and len(argv[0].split()) > 1:
        raise item.error(
            mark("{what} is run without a shell", what=what), mark("write [{words}]", words=", ".join(argv[0].split()))
        )
    timeout_s = DEFAULT_PROGRAM_TIMEOUT_S if timeout is None else timeout.number("'timeout_s'")
    if timeout is not None and not 0 < timeout_s <= MAX_PROGRAM_TIMEOUT_S:
        what = mark("the time limit of {what} is {seconds} s", what=what, seconds=f"{timeout_s:g}")
        raise timeout.error(
            what, mark("choose more than 0 and at most {seconds}", seconds=f"{MAX_PROGRAM_TIMEOUT_S:g}")
        )
    return ProgramList(argv, timeout_s, item.place)


def _read_range(item: YamlNode, name: str) -> AnyList:
    what = _key_of(name, "range")
    keys = item.mapping(what, _RANGE_KEYS)
    for key in ("from", "to"):
        if key not in keys:
            raise item.error(mark("{what} has no '{key}'", what=what, key=key), mark("write {from: 0, to: 100}"))
    start, stop = (_whole(keys[key], key) for key in ("from", "to"))
    step = _whole(keys["step"], "step") if "step" in keys else 1
    if start > stop:
        raise keys["from"].error(
            mark("{what} begins at {start} after it ends at {stop}", what=what, start=start, stop=stop),
            mark("swap 'from' and 'to'"),
        )
    if step < 1:
        raise keys["step"].error(
            mark("the step of {what} is {step}", what=what, step=step), mark("a step is 1 or more")
        )
    multiplier = keys["multiplier"].number("'multiplier'") if "multiplier" in keys else None
    fractions = _FRACTIONS[keys["fractions"].choice("fractions", _FRACTIONS)] if "fractions" in keys else ()
    return number_list(RangeList(start, stop, step, fractions, multiplier))


def _whole(item: YamlNode, key: str) -> int:
    number = item.number(f"'{key}'")
    if number != int(number) or abs(number) > 999_999_999:
        raise item.error(mark("'{key}' must be a whole number of up to nine digits", key=key), mark("for example 10"))
    return int(number)
