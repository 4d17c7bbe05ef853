"""Sentence templates: parsed by hassil, with the place of every mistake."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, Sequence, TextChunk
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from voiceassist.errors import GrammarError
from voiceassist.grammar.language.text_normalization import is_sayable
from voiceassist.grammar.language.yaml_nodes import SourcePosition, YamlNode

LONGEST_TEMPLATE = 5_000
_DEEPEST = 30
_MOST_CHOICES = 64
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_SYNTAX = re.compile(r"[()\[\]{}<>|;\\]")
_NAMES = re.compile(r"\{[^}]*\}|<[^>]*>")


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed sentence, list value or rule.

    Attributes:
        text: as it was written.
        expression: hassil's tree of it.
        place: where it stands.
        exact: the place of each character can be counted from ``place``.
        abbreviations: words in capitals are abbreviations, since not everything is in capitals.
    """

    text: str
    expression: Expression
    place: SourcePosition
    exact: bool
    abbreviations: bool

    def error(self, what: str, hint: str) -> GrammarError:
        """The error for a mistake somewhere in the template."""
        return self.place.error(what, hint)


def is_template(text: str) -> bool:
    """Whether the text uses the template language; otherwise it is plain words."""
    return _SYNTAX.search(text) is not None


def read_template(item: YamlNode, what: str) -> Template:
    """Parse a template of a command file.

    Raises:
        GrammarError: it is no text, its brackets do not match, or it cannot be said.
    """
    return parse_template(item.text(what), item.place_at)


def parse_template(text: str, place_at: Callable[[int], SourcePosition]) -> Template:
    """Parse a template; ``place_at`` tells where its characters stand.

    Raises:
        GrammarError: its brackets do not match, it is far too long, or it cannot be said.
    """
    if len(text) > LONGEST_TEMPLATE:
        raise place_at(0).error(f"longer than {LONGEST_TEMPLATE} characters", "split it with <rules>")
    if is_template(text):
        _check_brackets(text, place_at)
        try:
            expression: Expression = parse_sentence(text).expression
        except (ParseError, AssertionError) as error:
            raise place_at(0).error(f"this template makes no sense: {error}", "check its brackets") from error
    else:
        expression = TextChunk(text=text, original_text=text)
    exact = place_at(1) != place_at(0)
    template = Template(text, expression, place_at(0), exact, abbreviations=not _is_shouted(text))
    for chunk in texts(expression):
        if not is_sayable(chunk.original_text):
            found = chunk.original_text.strip()
            raise place_at(max(text.find(found), 0)).error(
                f"'{found}' cannot be said in English", "write it in Latin letters"
            )
    return template


def texts(expression: Expression) -> Iterator[TextChunk]:
    """The plain words in a tree."""
    if isinstance(expression, TextChunk):
        yield expression
    elif isinstance(expression, Group):
        for item in expression.items:
            yield from texts(item)


def references(expression: Expression) -> Iterator[ListReference | RuleReference]:
    """The lists and rules that a tree names."""
    if isinstance(expression, ListReference | RuleReference):
        yield expression
    elif isinstance(expression, Group):
        for item in expression.items:
            yield from references(item)


def choices(expression: Expression) -> list[Expression]:
    """One tree for each combination of alternatives; one that cannot be taken apart, or into too many, stays whole."""
    if isinstance(expression, Alternative) and not expression.is_optional:
        found = [choice for item in expression.items for choice in choices(item)]
    elif isinstance(expression, Sequence):
        parts = [choices(item) for item in expression.items]
        if math.prod(map(len, parts)) > _MOST_CHOICES:
            return [expression]
        found = [Sequence(items=list(items)) for items in itertools.product(*parts)]
    else:
        return [expression]
    return found if len(found) <= _MOST_CHOICES else [expression]


def required_words(expression: Expression) -> str | None:
    """The text without its optional parts; ``None`` if it depends on what is said."""
    if isinstance(expression, TextChunk):
        return str(expression.original_text)
    if isinstance(expression, Alternative) and expression.is_optional:
        return ""
    if not isinstance(expression, Sequence):
        return None
    parts = [required_words(item) for item in expression.items]
    known = [part for part in parts if part is not None]
    return "".join(known) if len(known) == len(parts) else None


def _is_shouted(text: str) -> bool:
    words = _NAMES.sub(" ", text)
    return words == words.upper() and len(words.split()) > 1


def _check_brackets(text: str, place_at: Callable[[int], SourcePosition]) -> None:
    """Find what hassil only knows as an error somewhere."""
    open_at: list[int] = []
    skip = False
    for offset, char in enumerate(text):
        if skip or char == "\\":
            skip = not skip
        elif open_at and text[open_at[-1]] in "{<":
            _check_name(text, open_at, offset, place_at)
        elif char in _PAIRS:
            open_at.append(offset)
        elif char in _PAIRS.values():
            _check_closing(text, open_at, offset, place_at)
        if len(open_at) > _DEEPEST:
            raise place_at(offset).error("brackets are nested too deeply", "split it with <rules>")
    if open_at:
        wanted = _PAIRS[text[open_at[-1]]]
        raise place_at(open_at[-1]).error(f"'{text[open_at[-1]]}' is never closed", f"add the '{wanted}' that ends it")


def _check_closing(text: str, open_at: list[int], offset: int, place_at: Callable[[int], SourcePosition]) -> None:
    char = text[offset]
    if not open_at:
        raise place_at(offset).error(f"'{char}' closes nothing", f"remove it, or write '\\{char}' for the sign itself")
    opening = text[open_at[-1]]
    if _PAIRS[opening] != char:
        wanted = _PAIRS[opening]
        raise place_at(offset).error(f"'{char}' where '{wanted}' must close '{opening}'", "brackets must not cross")
    if not text[open_at.pop() + 1 : offset].strip():
        raise place_at(offset).error("there is nothing between the brackets", "write words there or remove them")


def _check_name(text: str, open_at: list[int], offset: int, place_at: Callable[[int], SourcePosition]) -> None:
    """Inside ``{list}`` and ``<rule>`` stands a name and nothing else."""
    opening = text[open_at[-1]]
    if text[offset] == _PAIRS[opening]:
        if not text[open_at.pop() + 1 : offset].strip():
            raise place_at(offset).error("there is no name between the brackets", "write the list's or rule's name")
    elif text[offset] in "()[]{}<>|;":
        raise place_at(open_at[-1]).error(f"'{opening}' is never closed", f"add the '{_PAIRS[opening]}' that ends it")
