"""Parser for ``sentences.ini``: its lines, and their templates as trees with tags and substitutions."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from voiceassist.errors import GrammarError
from voiceassist.grammar.importers.scan import Scanner, read_text
from voiceassist.grammar.language.yaml_nodes import SourcePosition

NUMBERS = frozenset({"int", "float", "bool"})
CASES = {"upper": str.upper, "lower": str.lower}
"""The converters that are known: those to numbers, and those of letters."""

MAX_VARIANTS = 500
"""Maximum number of phrases that a tag may expand to."""
Phrase = tuple[str, Any]
"""Spoken text and its value."""

_SECTION = re.compile(r"\[([^\[\]]+)\]\s*$")
_RULE = re.compile(r"([\w.-]+)\s*=\s*(.*)$")
_WORD = re.compile(r"(?:\\.|[^\s()\[\]{}<>|:!\\])+")
_WEIGHT = re.compile(r"/\s*[\d.]+\s*/")
_NAME = re.compile(r"[^\s()\[\]{}<>|:!$]+")
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?:,(\d+))?(?=$|[\s()\[\]{}<>|:!])")
_RHASSPY_NUMBERS = re.compile(r"rhasspy/number,(-?\d+),(-?\d+)(,\d+)?(?:,.*)?")
_TAG = re.compile(r"([^{}:!]+)(?::([^{}!]*))?((?:!\w+)*)\}")
_OUTPUT = re.compile(r"\(([^()]*)\)|((?:\\.|[^\s()\[\]{}<>|:!\\])+)")
_ENDINGS = frozenset({"s", "es", "'s", "d", "ed", "ing", "er", "ly"})
"""What makes another form of the word before it, as in ``minute[s]``."""
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
        position: its position in the file.
        text: the word, the name of the rule or slot list, or the range, depending on ``kind``.
        items: the child nodes of a row, choice or optional part.
        output: the substituted output text; ``None`` if the output is the spoken words.
        tag: the slot that it fills.
        converters: names of the functions applied to the value.
    """

    kind: Kind
    position: SourcePosition
    text: str = ""
    items: tuple[Part, ...] = ()
    output: str | None = None
    tag: Tag | None = None
    converters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an intent, or a rule if ``name`` is set."""

    intent: str
    name: str
    text: str
    position: SourcePosition

    def position_at(self, offset: int) -> SourcePosition:
        """The position of a character of the text."""
        return SourcePosition(self.position.file, self.position.line, self.position.column + offset)


def read_lines(path: Path, problems: list[GrammarError]) -> list[Line]:
    """Parse the sentences and rules of a file, in order.

    Args:
        path: the file.
        problems: receives an error for each skipped line, that is, each line before the first ``[Intent]``.

    Raises:
        GrammarError: the file cannot be read, or has no sentences.
    """
    found: list[Line] = []
    intent = ""
    for number, raw in enumerate(read_text(path).splitlines(), 1):
        text = raw.strip()
        if not text or text[0] in "#;":
            continue
        column = raw.index(text[0]) + 1
        if section := _SECTION.match(text):
            intent = section[1].strip()
            continue
        position = SourcePosition(str(path), number, column)
        if not intent:
            problems.append(position.error("this sentence is in no intent", "begin with a line [NameOfTheIntent]"))
            continue
        line = Line(intent, "", text, position)
        if rule := _RULE.match(text):
            line = Line(intent, rule[1], rule[2], line.position_at(rule.start(2)))
        elif text.startswith("\\["):
            line = Line(intent, "", text[1:], line.position_at(1))
        found.append(line)
    if not found and problems:
        raise problems[0]
    if not found:
        raise SourcePosition(str(path), 1, 1).error(
            "there are no sentences", "choose a sentences.ini of Rhasspy or voice2json"
        )
    return found


def parse_ini_template(scanner: Scanner) -> Part:
    """Parse a sentence or the body of a rule.

    Raises:
        GrammarError: a syntax error, such as unbalanced brackets.
    """
    return _choice(scanner, "")


def _choice(scanner: Scanner, closing: str) -> Part:
    position = scanner.position
    rows = [_row(scanner, closing)]
    while scanner.take("|"):
        rows.append(_row(scanner, closing))
    return rows[0] if len(rows) == 1 else Part("choice", position, items=tuple(rows))


def _row(scanner: Scanner, closing: str) -> Part:
    position = scanner.position
    items: list[Part] = []
    spaced = scanner.skip_space()
    while not scanner.ended and scanner.peek() not in ("|", closing or "|"):
        if scanner.take_match(_WEIGHT) is None:
            part = _marked(scanner)
            stem, ending = items[-1] if items else part, part.items[0].text if part.kind == "optional" else ""
            if (
                not spaced
                and ending in _ENDINGS
                and stem == Part("word", stem.position, stem.text)
                and part.tag is None
            ):
                items[-1] = Part("choice", stem.position, items=(stem, replace(stem, text=stem.text + ending)))
            else:
                items.append(part)
        spaced = scanner.skip_space()
    return items[0] if len(items) == 1 else Part("row", position, items=tuple(items))


def _marked(scanner: Scanner) -> Part:
    """Parse a part and what follows it: converters, a substitution, a tag."""
    part = _part(scanner)
    while True:
        if converter := scanner.take_match(_CONVERTER):
            part = replace(part, converters=(*part.converters, converter[1]))
        elif part.output is None and scanner.take(":"):
            # a word, words in parentheses, or nothing
            words = scanner.take_match(_OUTPUT)
            output = "" if words is None else words[1] or re.sub(r"\\(.)", r"\1", words[2] or "")
            part = replace(part, output=" ".join(output.split()))
        elif part.tag is None and scanner.take_after_space("{"):
            tag = scanner.take_match(_TAG)
            if tag is None:
                raise scanner.error("a tag is written as {name}, {name:value} or {name!int}, so this is none")
            value = None if tag[2] is None else tag[2].strip()
            converters = (*part.converters, *_CONVERTER.findall(tag[3]))
            part = replace(part, tag=Tag(tag[1].strip(), value), converters=converters)
        else:
            return part


def _part(scanner: Scanner) -> Part:
    position = scanner.position
    if scanner.peek() == ":":
        return Part("row", position)  # a substitution with output but without spoken words
    for opening, closing in ("()", "[]"):
        if scanner.take(opening):
            scanner.enter_bracket()
            inside = _choice(scanner, closing)
            scanner.need(closing, "the bracket that was opened before")
            scanner.leave_bracket()
            marked = inside.tag or inside.output is not None or inside.converters
            kind: Kind = "optional" if closing == "]" else "row"
            return Part(kind, position, items=(inside,)) if marked or closing == "]" else inside
    if scanner.take("<"):
        return _named(scanner, position, "rule", ">")
    if scanner.take("$"):
        part = _named(scanner, position, "slot", "")
        numbers = _RHASSPY_NUMBERS.fullmatch(part.text)
        return Part("range", position, text=f"{numbers[1]}..{numbers[2]}{numbers[3] or ''}") if numbers else part
    if found := scanner.take_match(_RANGE):
        return Part("range", position, text=found[0])
    if found := scanner.take_match(_WORD):
        return Part("word", position, text=re.sub(r"\\(.)", r"\1", found[0]))
    raise scanner.error(f"'{scanner.peek()}' is not allowed here")


def _named(scanner: Scanner, position: SourcePosition, kind: Kind, closing: str) -> Part:
    name = scanner.take_match(_NAME)
    if name is None:
        raise scanner.error(f"the name of the {kind} is missing here")
    if closing:
        scanner.need(closing, f"the name of the {kind}")
    return Part(kind, position, text=name[0])


def has_words(part: Part) -> bool:
    """Whether something can be said for a part."""
    return part.kind not in {"row", "choice", "optional"} or any(map(has_words, part.items))


def bare(part: Part) -> Part:
    """The part without redundant grouping."""
    while part.kind == "row" and len(part.items) == 1 and part.output is None:
        part = part.items[0]
    return part


def converted(value: Any, converters: tuple[str, ...]) -> Any:
    """A value after its converters, in order.

    Raises:
        ValueError: the value is no number.
    """
    for name in converters:
        text = str(value).strip()
        if name in CASES:
            value = CASES[name](text)
        elif name == "bool":
            value = text.lower() in {"true", "yes", "on", "1"}
        elif name in NUMBERS:
            value = int(text) if name == "int" else float(text)
    return value


def too_many_variants(position: SourcePosition) -> GrammarError:
    """The error for a tag with more than `MAX_VARIANTS` variants."""
    return position.error(f"a tag with more than {MAX_VARIANTS} ways to say it", "tag fewer words")


def joined(columns: list[list[Phrase]], position: SourcePosition) -> list[Phrase]:
    """The Cartesian product of the columns, each combination joined with spaces; a single value stays as it is.

    Raises:
        GrammarError: there are more than `MAX_VARIANTS` combinations.
    """
    if math.prod(map(len, columns)) > MAX_VARIANTS:
        raise too_many_variants(position)
    found: list[Phrase] = []
    for row in itertools.product(*columns):
        outputs = [out for _, out in row if out != ""]
        meaning = outputs[0] if len(outputs) == 1 else " ".join(map(str, outputs))
        found.append((" ".join(spoken for spoken, _ in row if spoken), meaning))
    return found
