"""Evaluates tags and substitutions of ``sentences.ini`` to pairs of spoken text and value."""

from __future__ import annotations

import itertools
from typing import Any

from voiceassist.grammar.importers.ini_parts import Part
from voiceassist.grammar.importers.tree import Choice, Node, Text, Value, template
from voiceassist.grammar.language.yaml_nodes import SourcePosition

MAX_VARIANTS = 500
"""Maximum number of phrases that a tag may expand to."""
NUMBERS = frozenset({"int", "float", "bool"})
CASES = {"upper": str.upper, "lower": str.lower}


class Skipped(Exception):  # noqa: N818 - not an error: a sentence that is left out
    """Raised for a sentence that cannot be imported, with the reason."""

    def __init__(self, place: SourcePosition, why: str) -> None:
        super().__init__(why)
        self.place, self.why = place, why


Phrase = tuple[str, str]
"""Spoken text and its value."""


def fixed_slots(part: Part) -> tuple[dict[str, Any], Part]:
    """Split a part into its fixed slots and the rest; ``(:){slot:value}`` fills a slot without spoken words."""
    items = part.items if part.kind == "row" and part.tag is None else (part,)
    fixed: dict[str, Any] = {}
    rest: list[Part] = []
    for item in items:
        if item.tag is not None and not _words_in(item):
            value = item.tag.value if item.tag.value is not None else item.output or _meant(item)
            fixed[item.tag.name] = _converted(value, item.converters)
        else:
            rest.append(item)
    return fixed, Part("row", part.place, items=tuple(rest))


def _meant(part: Part) -> str:
    return " ".join(filter(None, (item.output or _meant(item) for item in part.items)))


def _words_in(part: Part) -> bool:
    return part.kind not in {"row", "choice", "optional"} or any(_words_in(item) for item in part.items)


def bare(part: Part) -> Part:
    """The part without redundant grouping."""
    while part.kind == "row" and len(part.items) == 1 and part.output is None:
        part = part.items[0]
    return part


def untagged(part: Part) -> Part:
    """A copy of the part without its tag."""
    return Part(part.kind, part.place, part.text, part.items, part.output, None, part.converters)


def opened(part: Part, node: Node) -> Node:
    """Make a node optional. An untagged choice becomes one optional choice rather than a choice inside an option."""
    plain = part.kind == "choice" and part.tag is None and isinstance(node, Choice) and not node.optional
    return Choice(node.items if plain and isinstance(node, Choice) else (node,), optional=True)


def joined(columns: list[list[Phrase]], place: SourcePosition) -> list[Phrase]:
    """The Cartesian product of the columns, each combination joined with spaces.

    Raises:
        Skipped: there are more than `MAX_VARIANTS` combinations.
    """
    count = 1
    for column in columns:
        count *= len(column)
        if count > MAX_VARIANTS:
            raise Skipped(place, f"a tag with more than {MAX_VARIANTS} ways to say it")
    return [
        (" ".join(filter(None, (said for said, _ in row))), " ".join(filter(None, (out for _, out in row))))
        for row in itertools.product(*columns)
    ]


def value_of(said: str, out: str, part: Part) -> Value:
    """A list value whose output has been passed through the part's converters."""
    meant = _converted(out, part.converters)
    return Value(template(Text(said)), None if meant == said else meant)


def _converted(text: str, converters: tuple[str, ...]) -> Any:
    value: Any = text
    for name in converters:
        if name in CASES:
            value = CASES[name](str(value))
        elif name in NUMBERS:
            value = _number(str(value), name)
    return value


def _number(text: str, kind: str) -> Any:
    try:
        if kind == "bool":
            return text.strip().lower() in {"true", "yes", "on", "1"}
        return int(text) if kind == "int" else float(text)
    except ValueError:
        return text
