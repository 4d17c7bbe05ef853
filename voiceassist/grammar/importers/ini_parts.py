"""Parser for the templates of ``sentences.ini``: builds an AST with tags and substitutions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from voiceassist.grammar.importers.scan import Scanner
from voiceassist.grammar.language.yaml_nodes import SourcePosition

_WORD = re.compile(r"(?:\\.|[^\s()\[\]{}<>|:!\\])+")
_WEIGHT = re.compile(r"/\s*[\d.]+\s*/")
_NAME = re.compile(r"[^\s()\[\]{}<>|:!$]+")
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?:,(\d+))?(?=$|[\s()\[\]{}<>|:!])")
_TAG = re.compile(r"[^{}:!]+")
_TAG_VALUE = re.compile(r"[^{}!]*")
_CONVERTER = re.compile(r"!(\w+)")

Kind = Literal["word", "row", "choice", "optional", "rule", "slot", "range"]


@dataclass(frozen=True, slots=True)
class Tag:
    """``{name}`` or ``{name:value}`` after a part: the part fills that slot."""

    name: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A node of a template's AST.

    Attributes:
        kind: what it is.
        place: its position in the file.
        text: the word, the name of the rule or slot list, or the range, depending on ``kind``.
        items: the child nodes of a row, choice or optional part.
        output: the substituted output text; ``None`` if the output is the spoken words.
        tag: the slot that it fills.
        converters: names of the functions applied to the value.
    """

    kind: Kind
    place: SourcePosition
    text: str = ""
    items: tuple[Part, ...] = ()
    output: str | None = None
    tag: Tag | None = None
    converters: tuple[str, ...] = ()


def parse_ini_template(scanner: Scanner) -> Part:
    """Parse a sentence or the body of a rule.

    Raises:
        GrammarError: a syntax error, such as unbalanced brackets.
    """
    return _choice(scanner, "")


def _choice(scanner: Scanner, closing: str) -> Part:
    place = scanner.place
    rows = [_row(scanner, closing)]
    while scanner.take("|"):
        rows.append(_row(scanner, closing))
    return rows[0] if len(rows) == 1 else Part("choice", place, items=tuple(rows))


def _row(scanner: Scanner, closing: str) -> Part:
    place = scanner.place
    items: list[Part] = []
    scanner.skip_space()
    while not scanner.ended and scanner.peek() not in ("|", closing or "|"):
        if scanner.take_match(_WEIGHT) is None:
            items.append(_marked(scanner))
        scanner.skip_space()
    return items[0] if len(items) == 1 else Part("row", place, items=tuple(items))


def _marked(scanner: Scanner) -> Part:
    """Parse a part and its suffixes: converters, a substitution, a tag."""
    part = _part(scanner)
    part = replace(part, converters=_converters(scanner))
    if scanner.take(":"):
        part = replace(part, output=_output(scanner), converters=(*part.converters, *_converters(scanner)))
    if scanner.take_after_space("{"):
        name = scanner.take_match(_TAG)
        if name is None:
            raise scanner.error("there is no name between '{' and '}'")
        value = None
        if scanner.take(":"):
            found = scanner.take_match(_TAG_VALUE)
            value = "" if found is None else found[0].strip()
        part = replace(part, tag=Tag(name[0].strip(), value), converters=(*part.converters, *_converters(scanner)))
        scanner.need("}", "the tag")
    return replace(part, converters=(*part.converters, *_converters(scanner)))


def _converters(scanner: Scanner) -> tuple[str, ...]:
    found: list[str] = []
    while match := scanner.take_match(_CONVERTER):
        found.append(match[1])
    return tuple(found)


def _output(scanner: Scanner) -> str:
    """Parse the output of a substitution: a word, words in parentheses, or nothing."""
    if not scanner.take("("):
        word = scanner.take_match(_WORD)
        return "" if word is None else _unescaped(word[0])
    found = scanner.take_match(re.compile(r"[^()]*"))
    scanner.need(")", "the substitution")
    return "" if found is None else " ".join(found[0].split())


def _part(scanner: Scanner) -> Part:
    place = scanner.place
    if scanner.peek() == ":":
        return Part("row", place)  # a substitution with output but without spoken words
    for opening, closing in ("()", "[]"):
        if scanner.take(opening):
            return _bracket(scanner, place, closing)
    if scanner.take("<"):
        return _named(scanner, place, "rule", ">")
    if scanner.take("$"):
        return _named(scanner, place, "slot", "")
    if found := scanner.take_match(_RANGE):
        return Part("range", place, text=found[0])
    if found := scanner.take_match(_WORD):
        return Part("word", place, text=_unescaped(found[0]))
    raise scanner.error(f"'{scanner.peek()}' has no place here")


def _bracket(scanner: Scanner, place: SourcePosition, closing: str) -> Part:
    scanner.enter_bracket()
    inside = _choice(scanner, closing)
    scanner.need(closing, "the bracket that was opened before")
    scanner.leave_bracket()
    if closing == "]":
        return Part("optional", place, items=(inside,))
    marked = inside.tag or inside.output is not None or inside.converters
    return Part("row", place, items=(inside,)) if marked else inside


def _named(scanner: Scanner, place: SourcePosition, kind: Kind, closing: str) -> Part:
    name = scanner.take_match(_NAME)
    if name is None:
        raise scanner.error(f"there is no name of a {kind} here")
    if closing:
        scanner.need(closing, f"the name of the {kind}")
    return Part(kind, place, text=name[0])


def _unescaped(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word)
