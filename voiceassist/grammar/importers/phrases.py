"""Parser for the phrase syntax of JSGF, Talon, Dragonfly and Padatious: ``(a | b) [c] <name> {name} "quoted"``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from voiceassist.grammar.importers.scan import Scanner
from voiceassist.grammar.importers.tree import (
    Choice,
    ImportedGrammar,
    Node,
    Row,
    Text,
    fills_slot,
    template,
    with_distinct_slots,
)
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_REPEATS = 6
"""A phrase that can be said any number of times is imported as one that can be said up to so many times."""
_MAX_REPEATED_CHARS = 300
_WORD = re.compile(r"(?:\\.|[^\s()\[\]{}<>|\"*+/;\\])+")
_NAME = re.compile(r"[^\s()\[\]{}<>|\"]+")
_QUOTED = re.compile(r"[^\"]*")
_BRACED = re.compile(r"(?:\\.|[^{}\\])*")
_WEIGHT = re.compile(r"/\s*[\d.]+\s*/")
_CLOSING = {"(": ")", "[": "]"}

Reference = Callable[[str, SourcePosition], Node]


def no_reference(name: str, position: SourcePosition) -> Node:
    """Refuses a reference where only words may stand.

    Raises:
        GrammarError: always.
    """
    raise position.error(f"<{name}> is not allowed here", "write its words there")


@dataclass(frozen=True, slots=True)
class PhraseSyntax:
    """How a format interprets references, tags and words.

    Attributes:
        angled: resolves ``<name>``.
        braced: resolves ``{name}``; ``None`` if the format uses braces for tags.
        tag: applies a tag ``{text}`` to the node before it.
        word: resolves a word.
    """

    angled: Reference = no_reference
    braced: Reference | None = None
    tag: Callable[[Node, str, SourcePosition], Node] | None = None
    word: Reference = lambda word, _position: Text(word)


class PhraseParser:
    """Parses phrases; adds a note to the imported grammar for everything that is dropped."""

    def __init__(self, imported: ImportedGrammar, syntax: PhraseSyntax) -> None:
        self._imported = imported
        self._syntax = syntax

    def parse(self, text: str, position_at: Callable[[int], SourcePosition]) -> Node:
        """Parse a phrase.

        Raises:
            GrammarError: unbalanced brackets, or a reference to an unknown name.
        """
        scanner = Scanner(text, position_at)
        found = self._choice(scanner)
        if not scanner.ended:
            raise scanner.error(f"'{scanner.peek()}' is not allowed here")
        return with_distinct_slots(found, set())

    def _choice(self, scanner: Scanner) -> Node:
        rows = [self._row(scanner)]
        while scanner.take("|"):
            rows.append(self._row(scanner))
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def _row(self, scanner: Scanner) -> Node:
        items: list[Node] = []
        while True:
            scanner.skip_space()
            position = scanner.position
            if scanner.take_match(_WEIGHT):
                self._imported.note(position, "weights were dropped")
            elif scanner.ended or scanner.peek() in ("|", ")", "]"):
                return items[0] if len(items) == 1 else Row(tuple(items))
            elif scanner.peek() == "{" and self._syntax.tag is not None:
                items.append(self._syntax.tag(items.pop() if items else Text(""), self._braced(scanner), position))
            elif items and scanner.peek() in ("*", "+"):
                optional = scanner.take("*") or not scanner.take("+")
                node = repeated = items.pop()
                is_once = fills_slot(node, self._imported) or len(template(node)) > _MAX_REPEATED_CHARS
                times = "once" if is_once else f"up to {MAX_REPEATS} times"
                self._imported.note(position, f"a repetition was carried over as {times}")
                for _ in range(0 if is_once else MAX_REPEATS - 1):
                    repeated = Row((node, Choice((repeated,), optional=True)))
                items.append(Choice((repeated,), optional))
            else:
                items.append(self._item(scanner))

    def _item(self, scanner: Scanner) -> Node:
        position, opening = scanner.position, scanner.peek()
        if opening in _CLOSING:
            scanner.take(opening)
            scanner.enter_bracket()
            inside = self._choice(scanner)
            scanner.need(_CLOSING[opening], "the bracket that was opened before")
            scanner.leave_bracket()
            return Choice((inside,), optional=True) if opening == "[" else inside
        if scanner.take("<"):
            name = scanner.take_match(_NAME)
            scanner.need(">", "the name")
            return self._syntax.angled("" if name is None else name[0], position)
        if opening == "{" and self._syntax.braced is not None:
            return self._syntax.braced(self._braced(scanner), position)
        if scanner.take('"'):
            quoted = scanner.take_match(_QUOTED)
            scanner.need('"', "the quoted words")
            return Text("" if quoted is None else quoted[0].strip())
        word = scanner.take_match(_WORD)
        if word is None:
            raise scanner.error(f"'{opening}' is not allowed here")
        return self._syntax.word(re.sub(r"\\(.)", r"\1", word[0]), position)

    def _braced(self, scanner: Scanner) -> str:
        scanner.take("{")
        found = scanner.take_match(_BRACED)
        scanner.need("}", "the braces")
        return "" if found is None else found[0].strip()
