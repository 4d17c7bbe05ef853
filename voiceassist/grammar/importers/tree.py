"""The AST that importers build, and its conversion to templates."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from voiceassist.errors import GrammarError
from voiceassist.grammar.language.templates import MAX_TEMPLATE_CHARS, escaped, parse_template
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_RULE = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A sequence of nodes."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several alternatives, or none if ``optional``."""

    items: tuple[Node, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A reference to a list whose value fills a slot."""

    list_name: str
    slot: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A reference to an expansion rule."""

    name: str


Node = Text | Row | Choice | Slot | Rule


def template(node: Node) -> str:
    """The template text of an AST; ``""`` if it has no words."""
    if isinstance(node, Text):
        return escaped(node.words)
    if isinstance(node, Slot):
        same = node.list_name == node.slot
        return f"{{{node.list_name}}}" if same else f"{{{node.list_name}:{node.slot}}}"
    if isinstance(node, Rule):
        return f"<{node.name}>"
    parts = [part for item in node.items if (part := template(item))]
    if isinstance(node, Row):
        return " ".join(parts)
    if not parts:
        return ""
    empty = node.optional or len(parts) < len(node.items)
    joined = "|".join(parts)
    return f"[{joined}]" if empty else parts[0] if len(parts) == 1 else f"({joined})"


def fills_slot(node: Node, imported: ImportedGrammar) -> bool:
    """Whether a node can fill a slot, directly or through rules."""
    waiting, seen = [template(node)], set[str]()
    while waiting:
        text = waiting.pop()
        if "{" in text:
            return True
        names = set(_RULE.findall(text)) - seen
        seen |= names
        waiting += [imported.rules.get(name, "") for name in names]
    return False


def with_distinct_slots(node: Node, taken: set[str]) -> Node:
    """The node with a number after each slot that the same sentence fills before; ``taken`` are those filled so far."""
    if isinstance(node, Slot):
        number = 1
        while (slot := f"{node.slot}_{number}" if number > 1 else node.slot) in taken:
            number += 1
        taken.add(slot)
        return replace(node, slot=slot)
    if isinstance(node, Row):
        return Row(tuple(with_distinct_slots(item, taken) for item in node.items))
    if isinstance(node, Choice):
        branches = [(item, set(taken)) for item in node.items]
        items = tuple(with_distinct_slots(item, own) for item, own in branches)
        taken.update(*(own for _, own in branches))
        return replace(node, items=items)
    return node


def words_of(node: Node, limit: int = 100) -> list[str] | None:
    """All phrases that an AST generates; ``None`` if it contains references or generates more than ``limit``."""
    if isinstance(node, Text):
        return [node.words]
    if not isinstance(node, Row | Choice):
        return None
    parts = [words_of(item, limit) for item in node.items]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if isinstance(node, Choice):
        found = [words for part in known for words in part] + ([""] if node.optional else [])
        return found if len(found) <= limit else None
    if math.prod(map(len, known)) > limit:
        return None
    return [" ".join(filter(None, row)) for row in itertools.product(*known)]


@dataclass(frozen=True, slots=True)
class Value:
    """A list value; ``out`` is its output, ``None`` for the words themselves."""

    spoken: str
    out: Any = None


@dataclass(frozen=True, slots=True)
class ImportedIntent:
    """Sentences of an intent that share the same fixed slots."""

    sentences: list[str]
    slots: dict[str, Any]


@dataclass(slots=True)
class ImportedGrammar:
    """A grammar converted to templates, with notes on what could not be converted.

    Attributes:
        intents: the sentences of each intent.
        lists: the values of each list.
        rules: the expansion rules.
        programs: the command lines of the programs that print list values.
        free_texts: names of the lists that stand for free text.
        heads: further keys of intents, such as ``description`` and ``when``.
        notes: user-readable, ``file:line:column: what was dropped``.
    """

    intents: dict[str, list[ImportedIntent]] = field(default_factory=dict)
    lists: dict[str, list[Value]] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    programs: dict[str, list[str]] = field(default_factory=dict)
    free_texts: set[str] = field(default_factory=set)
    heads: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _noted: set[str] = field(default_factory=set)
    _known: set[tuple[str, str, str]] = field(default_factory=set)

    def note(self, position: SourcePosition, what: str) -> None:
        """Record what was dropped; duplicates are ignored."""
        words = f"{position}: {what}"
        if words not in self._noted:
            self._noted.add(words)
            self.notes.append(words)

    def add_sentence(
        self, position: SourcePosition, intent: str, text: str, slots: dict[str, Any] | None = None
    ) -> None:
        """Add a sentence; one that cannot be written as a template becomes a note."""
        blocks = self.intents.setdefault(intent, [])
        key = (intent, text, repr(slots or {}))
        if key in self._known or not self._is_sayable(position, text, "sentence"):
            return
        self._known.add(key)
        block = next((block for block in blocks if block.slots == (slots or {})), None)
        if block is None:
            blocks.append(block := ImportedIntent([], slots or {}))
        block.sentences.append(text)

    def add_command(self, position: SourcePosition, phrase: str, node: Node, name: str = "") -> str:
        """Add an intent of one phrase; return its name, by default that of the phrase's first words."""
        name = name or "".join(word.capitalize() for word in plain_name(phrase).split("_")[:6]) or "Command"
        name = self.free_name(name, self.intents.__contains__)
        self.add_sentence(position, name, template(node))
        return name

    def add_list(self, position: SourcePosition, name: str, values: Sequence[Value]) -> None:
        """Add a list, without the values that cannot be written as templates."""
        sayable = [value for value in values if self._is_sayable(position, value.spoken, f"value of list '{name}'")]
        self.lists[name] = list(dict.fromkeys(sayable))

    def shared_list(self, position: SourcePosition, wanted: str, values: Sequence[Value]) -> str:
        """Add a list unless there is an equal one; return its name, with a number appended if others have it."""
        values = list(dict.fromkeys(values))
        name = self.free_name(wanted, lambda name: self.lists.get(name, values) != values)
        if name not in self.lists:
            self.add_list(position, name, values)
        return name

    def add_rule(self, position: SourcePosition, name: str, text: str) -> None:
        """Add an expansion rule."""
        if self._is_sayable(position, text, f"rule '{name}'"):
            self.rules[name] = text

    def free_name(self, wanted: str, taken: Callable[[str], bool]) -> str:
        """The name, with a number appended if it is taken."""
        number, name = 1, wanted
        while taken(name):
            number += 1
            name = f"{wanted}_{number}"
        return name

    def _is_sayable(self, position: SourcePosition, text: str, what: str) -> bool:
        if not text:
            self.note(position, f"this {what} is empty and was left out")
            return False
        if len(text) > MAX_TEMPLATE_CHARS:
            self.note(position, f"this {what} is too long and was left out")
            return False
        try:
            parse_template(text, lambda _: position)
        except GrammarError as error:
            self.note(position, f"this {what} was left out: {error.message.removeprefix(f'{position}: ')}")
            return False
        return True


def plain_name(name: str) -> str:
    """Convert a name to letters, digits and underscores."""
    return "_".join("".join(char if char.isalnum() else " " for char in name).split())
