"""Parses sentence templates with hassil and adds the position to every error."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hassil.expression import Alternative, Expression, Group, ListReference, RuleReference, Sequence, TextChunk
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from voiceassist.errors import GrammarError, UnsayableError
from voiceassist.grammar.language.text_normalization import is_sayable
from voiceassist.grammar.language.yaml_nodes import SourcePosition, YamlNode
from voiceassist.i18n import mark

MAX_TEMPLATE_CHARS = 5_000
_MAX_DEPTH = 30
_MAX_CHOICES = 64
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_SYNTAX = re.compile(r"[()\[\]{}<>|;\\]")
_VOWEL = re.compile(r"[AEIOUY]")
_NAMES = re.compile(r"\{[^}]*\}|<[^>]*>")


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed sentence, list value or rule.

    Attributes:
        text: the source text.
        expression: the syntax tree of hassil.
        place: its position in the command file.
        exact: whether each character's position is ``place`` plus its index.
        abbreviations: whether words in capitals are abbreviations; false if the whole text is in capitals.
        variant: distinguishes templates of the same text with differently restricted expressions.
    """

    text: str
    expression: Expression
    place: SourcePosition
    exact: bool
    abbreviations: bool
    variant: str = ""

    def error(self, what: str, hint: str) -> GrammarError:
        """An error at the template's position."""
        return self.place.error(what, hint)


def escaped(text: str) -> str:
    """Plain words as a template, with every sign of the syntax escaped."""
    return _SYNTAX.sub(r"\\\g<0>", text)


def is_template(text: str) -> bool:
    """Whether the text contains template syntax; otherwise it is plain words."""
    return _SYNTAX.search(text) is not None


def read_template(item: YamlNode, what: str) -> Template:
    """Parse a template of a command file.

    Raises:
        GrammarError: it is not a string, its brackets do not match, or it cannot be pronounced.
    """
    return parse_template(item.text(what), item.place_at)


def parse_template(text: str, place_at: Callable[[int], SourcePosition]) -> Template:
    """Parse a template; ``place_at`` gives the position of a character.

    Raises:
        GrammarError: its brackets do not match, it is too long, or it cannot be pronounced.
    """
    if len(text) > MAX_TEMPLATE_CHARS:
        raise place_at(0).error(
            mark("longer than {count} characters", count=MAX_TEMPLATE_CHARS), mark("split it with <rules>")
        )
    if is_template(text):
        _check_brackets(text, place_at)
        try:
            expression: Expression = _with_whole_texts(parse_sentence(text).expression)
        except (ParseError, AssertionError) as error:
            raise place_at(0).error(
                mark("this template cannot be parsed: {error}", error=error), mark("check its brackets")
            ) from error
    else:
        expression = TextChunk(text=text, original_text=text)
    exact = place_at(1) != place_at(0)
    template = Template(text, expression, place_at(0), exact, abbreviations=not _is_all_caps(text))
    for chunk in text_chunks(expression):
        if not is_sayable(chunk.original_text):
            found = chunk.original_text.strip()
            place = place_at(max(text.find(found), 0))
            what = mark("'{words}' cannot be pronounced in English", words=found)
            hint = mark("write it in Latin letters")
            raise UnsayableError(f"{place}: {what}", hint=hint, file=place.file, line=place.line, what=what)
    return template


def _with_whole_texts(expression: Expression) -> Expression:
    """The tree with adjacent text joined, which hassil splits at spaces: ``5 EUR`` is read as one."""
    if isinstance(expression, Group):
        items: list[Expression] = []
        for item in map(_with_whole_texts, expression.items):
            last = items[-1] if items and isinstance(expression, Sequence) else None
            if isinstance(item, TextChunk) and isinstance(last, TextChunk):
                text = last.original_text + item.original_text
                items[-1] = TextChunk(text=text, original_text=text)
            else:
                items.append(item)
        expression.items = items
    return expression


def text_chunks(expression: Expression) -> Iterator[TextChunk]:
    """The literal text in a tree."""
    if isinstance(expression, TextChunk):
        yield expression
    elif isinstance(expression, Group):
        for item in expression.items:
            yield from text_chunks(item)


def references(expression: Expression) -> Iterator[ListReference | RuleReference]:
    """The list and rule references in a tree."""
    if isinstance(expression, ListReference | RuleReference):
        yield expression
    elif isinstance(expression, Group):
        for item in expression.items:
            yield from references(item)


def expand_alternatives(expression: Expression) -> list[Expression]:
    """One tree per combination of alternatives; the tree itself if there would be too many."""
    if isinstance(expression, Alternative) and not expression.is_optional:
        found = [choice for item in expression.items for choice in expand_alternatives(item)]
    elif isinstance(expression, Sequence):
        parts = [expand_alternatives(item) for item in expression.items]
        if math.prod(map(len, parts)) > _MAX_CHOICES:
            return [expression]
        found = [Sequence(items=list(items)) for items in itertools.product(*parts)]
    else:
        return [expression]
    return found if len(found) <= _MAX_CHOICES else [expression]


def required_words(expression: Expression) -> str | None:
    """The text without its optional parts; ``None`` if it has alternatives or references."""
    if isinstance(expression, TextChunk):
        return str(expression.original_text)
    if isinstance(expression, Alternative) and expression.is_optional:
        return ""
    if not isinstance(expression, Sequence):
        return None
    parts = [required_words(item) for item in expression.items]
    known = [part for part in parts if part is not None]
    return "".join(known) if len(known) == len(parts) else None


def _is_all_caps(text: str) -> bool:
    """Whether the text is several words with vowels, all in capitals, so that capitals do not mark abbreviations."""
    words = _NAMES.sub(" ", text)
    long_words = [word for word in re.findall(r"[A-Za-z]+", words) if len(word) > 1]
    return words == words.upper() and len(long_words) > 1 and all(_VOWEL.search(word) for word in long_words)


def _check_brackets(text: str, place_at: Callable[[int], SourcePosition]) -> None:
    """Locate bracket errors, for which hassil gives no position."""
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
        if len(open_at) > _MAX_DEPTH:
            raise place_at(offset).error(mark("brackets are nested too deeply"), mark("split it with <rules>"))
    if open_at:
        wanted = _PAIRS[text[open_at[-1]]]
        raise place_at(open_at[-1]).error(
            mark("'{opening}' is never closed", opening=text[open_at[-1]]),
            mark("add the '{wanted}' that ends it", wanted=wanted),
        )


def _check_closing(text: str, open_at: list[int], offset: int, place_at: Callable[[int], SourcePosition]) -> None:
    char = text[offset]
    if not open_at:
        raise place_at(offset).error(
            mark("'{char}' closes nothing", char=char), mark("remove it, or escape it as '\\{char}'", char=char)
        )
    opening = text[open_at[-1]]
    if _PAIRS[opening] != char:
        wanted = _PAIRS[opening]
        raise place_at(offset).error(
            mark("'{char}' where '{wanted}' must close '{opening}'", char=char, wanted=wanted, opening=opening),
            mark("brackets must not cross"),
        )
    if open_at.pop() + 1 == offset:
        raise place_at(offset).error(
            mark("there is nothing between the brackets"), mark("write words there or remove them")
        )


def _check_name(text: str, open_at: list[int], offset: int, place_at: Callable[[int], SourcePosition]) -> None:
    """Inside ``{list}`` and ``<rule>`` only a name is allowed."""
    opening = text[open_at[-1]]
    if text[offset] == _PAIRS[opening]:
        if not text[open_at.pop() + 1 : offset].strip():
            raise place_at(offset).error(
                mark("there is no name between the brackets"), mark("write the list's or rule's name")
            )
    elif text[offset] in "()[]{}<>|;":
        raise place_at(open_at[-1]).error(
            mark("'{opening}' is never closed", opening=opening),
            mark("add the '{wanted}' that ends it", wanted=_PAIRS[opening]),
        )
