"""Parser for the phrase syntax of JSGF, Talon, Dragonfly and Padatious: ``(a | b) [c] <name> {name} "quoted"``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from voiceassist.grammar.importers.scan import Scanner
from voiceassist.grammar.importers.tree import Choice, ImportedGrammar, Node, Row, Text
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_WORD = re.compile(r"[^\s()\[\]{}<>|\"*+/;]+")
_NAME = re.compile(r"[^\s()\[\]{}<>|\"]+")
_QUOTED = re.compile(r"[^\"]*")
_BRACED = re.compile(r"(?:\\.|[^{}\\])*")
_WEIGHT = re.compile(r"/\s*[\d.]+\s*/")
_CLOSING = {"(": ")", "[": "]"}

Reference = Callable[[str, SourcePosition], Node]


@dataclass(frozen=True, slots=True)
class PhraseSyntax:
    """How a format interprets references and tags.

    Attributes:
        angled: resolves ``<name>``.
        braced: resolves ``{name}``; ``None`` if the format uses braces for tags.
        tag: applies a tag ``{text}`` to the node before it.
    """

    angled: Reference
    braced: Reference | None = None
    tag: Callable[[Node, str, SourcePosition], Node] | None = None


class PhraseParser:
    """Parses phrases; adds a note to the imported grammar for everything that is dropped."""

    def __init__(self, imported: ImportedGrammar, syntax: PhraseSyntax) -> None:
        self._imported = imported
        self._syntax = syntax

    def parse(self, text: str, place_at: Callable[[int], SourcePosition]) -> Node:
        """Parse a phrase.

        Raises:
            GrammarError: unbalanced brackets, or a reference to an unknown name.
        """
        scanner = Scanner(text, place_at)
        found = self._choice(scanner)
        if not scanner.ended:
            raise scanner.error(f"'{scanner.peek()}' is not allowed here")
        return found

    def _choice(self, scanner: Scanner) -> Node:
        rows = [self._row(scanner)]
        while scanner.take("|"):
            rows.append(self._row(scanner))
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def _row(self, scanner: Scanner) -> Node:
        items: list[Node] = []
        while True:
            scanner.skip_space()
            place = scanner.place
            if scanner.take_match(_WEIGHT):
                self._imported.note(place, "weights were dropped")
            elif scanner.ended or scanner.peek() in ("|", ")", "]"):
                return items[0] if len(items) == 1 else Row(tuple(items))
            elif scanner.peek() == "{" and self._syntax.tag is not None:
                tag = self._braced(scanner)
                items.append(self._syntax.tag(items.pop() if items else Text(""), tag, place))
            elif items and scanner.peek() in ("*", "+"):
                self._imported.note(place, "a repetition was carried over as once, or not at all where that is allowed")
                items.append(Choice((items.pop(),), optional=scanner.take("*") or not scanner.take("+")))
            else:
                items.append(self._item(scanner))

    def _item(self, scanner: Scanner) -> Node:
        place, opening = scanner.place, scanner.peek()
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
            return self._syntax.angled("" if name is None else name[0], place)
        if opening == "{" and self._syntax.braced is not None:
            return self._syntax.braced(self._braced(scanner), place)
        if scanner.take('"'):
            quoted = scanner.take_match(_QUOTED)
            scanner.need('"', "the quoted words")
            return Text("" if quoted is None else quoted[0].strip())
        word = scanner.take_match(_WORD)
        if word is None:
            raise scanner.error(f"'{opening}' is not allowed here")
        return Text(word[0])

    def _braced(self, scanner: Scanner) -> str:
        scanner.take("{")
        found = scanner.take_match(_BRACED)
        scanner.need("}", "the braces")
        return "" if found is None else found[0].strip()
