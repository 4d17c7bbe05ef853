"""Rhino importer: ``[a, b]`` is a choice, ``(a, b)`` an optional one, ``$type:slot`` a slot, ``@name`` a macro."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.scan import Scanner, read_text
from voiceassist.grammar.importers.tree import Choice, ImportedGrammar, Node, Row, Rule, Slot, Text, Value, template
from voiceassist.grammar.language.yaml_nodes import SourcePosition, YamlNode, read_yaml

_SLOT = re.compile(r"\$([\w.-]+):([\w-]+)")
_MACRO = re.compile(r"@([\w-]+)")
_WORDS = re.compile(r"[^\[\](),$@]+")
_KEYS = ("context", "expressions", "slots", "macros")
_CLOSING = {"[": "]", "(": ")"}
_BUILT_IN = {
    "pv.SingleDigitInteger": ("0..9", ""),
    "pv.TwoDigitInteger": ("0..99", ""),
    "pv.Percent": ("percent", "a percentage means a number, such as 50, and not '50%'"),
    "pv.SingleDigitOrdinal": ("ordinal", "ordinals are not only those of one digit, and mean numbers"),
    "pv.TwoDigitOrdinal": ("ordinal", "ordinals are not only those of two digits, and mean numbers"),
    "pv.Alphabetic": ("letter", "a slot takes one letter"),
    "pv.Alphanumeric": ("spelled", ""),
}


def read_rhino(path: Path) -> ImportedGrammar:
    """Import a Rhino context.

    Raises:
        GrammarError: ``file:line:column: what is wrong``.
    """
    read_text(path)  # refuses what is too large to be checked sentence by sentence
    top = read_yaml(path).mapping("the file", _KEYS)
    context = top["context"].mapping("'context'", _KEYS) if "context" in top else top
    if "expressions" not in context:
        raise SourcePosition(str(path), 1, 1).error("there are no expressions", "choose a YAML file of Rhino")
    reader = _RhinoReader(_mapping(context, "slots"), _mapping(context, "macros"))
    for intent, item in context["expressions"].mapping("'expressions'").items():
        for expression in item.sequence(f"intent '{intent}'"):
            try:
                reader.imported.add_sentence(expression.place, intent, template(reader.parse(expression)))
            except GrammarError as error:
                reader.imported.notes.append(f"{error.message}; the expression was left out")
    return reader.imported


def _mapping(context: Mapping[str, YamlNode], key: str) -> dict[str, YamlNode]:
    return context[key].mapping(f"'{key}'") if key in context else {}


class _RhinoReader:
    def __init__(self, slots: Mapping[str, YamlNode], macros: Mapping[str, YamlNode]) -> None:
        self.imported = ImportedGrammar()
        self._slots, self._macros = slots, macros
        for name, item in slots.items():
            entries = item.sequence(f"slot '{name}'")
            values = [Value(template(Text(entry.text("a value").strip()))) for entry in entries]
            self.imported.add_list(item.place, name, values)
        for name, item in macros.items():
            phrases = tuple(self.parse(entry) for entry in item.sequence(f"macro '{name}'"))
            self.imported.add_rule(item.place, name, template(Choice(phrases)))

    def parse(self, item: YamlNode) -> Node:
        scanner = Scanner(item.text("an expression"), item.place_at)
        found = self._row(scanner)
        if not scanner.ended:
            raise scanner.error(f"'{scanner.peek()}' is not allowed here")
        return found

    def _row(self, scanner: Scanner) -> Node:
        items: list[Node] = []
        while not scanner.ended and scanner.peek() not in "]),":
            items.append(self._part(scanner))
        return Row(tuple(items))

    def _part(self, scanner: Scanner) -> Node:
        if scanner.peek() in _CLOSING:
            opening = scanner.peek()
            scanner.take(opening)
            scanner.enter_bracket()
            items = [self._row(scanner)]
            while scanner.take(","):
                items.append(self._row(scanner))
            scanner.need(_CLOSING[opening], f"what '{opening}' began")
            scanner.leave_bracket()
            return Choice(tuple(items), optional=opening == "(")
        position = scanner.position
        if found := scanner.take_match(_SLOT):
            kind = found[1]
            slot = found[2]
            if kind in self._slots:
                return Slot(kind, slot)
            if kind not in _BUILT_IN:
                known = ", ".join([*self._slots, *_BUILT_IN])
                raise position.error(f"there is no slot type '{kind}'", f"add it to 'slots:'; known are: {known}")
            name, note = _BUILT_IN[kind]
            if note:
                self.imported.note(position, f"${kind}: {note}")
            return Slot(name, slot)
        if found := scanner.take_match(_MACRO):
            if found[1] not in self._macros:
                raise position.error(f"there is no macro '{found[1]}'", "add it to 'macros:'")
            return Rule(found[1])
        if found := scanner.take_match(_WORDS):
            return Text(found[0].strip())
        raise scanner.error(f"'{scanner.peek()}' does not begin a slot or macro: write $type:name or @macro")
