"""Marks sentences for translation where they are written; whoever shows them looks the translation up."""

from __future__ import annotations

from collections.abc import Iterable


class Marked(str):
    """A sentence with its values filled in, which remembers what it was made of."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, object]


def mark(text: str, /, **values: object) -> str:
    """The literal, with its ``{names}`` filled in where there are values; ``packaging/translations`` collects it.

    Whoever translates it begins anew with literal and values; for all others it is an English text.
    """
    marked = Marked(text.format(**values) if values else text)
    marked.template, marked.values = str(text), values
    return marked


def joined(parts: Iterable[str], between: str = " ") -> str:
    """Several texts as one, each of which is translated by itself."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    return mark(between.join(f"{{{name}}}" for name in values), **values)


def capitalized(text: str) -> str:
    """A text that begins an English sentence; a translation puts it where it belongs."""
    if not isinstance(text, Marked):
        return text[:1].upper() + text[1:]
    begins = Marked(text[:1].upper() + text[1:])
    begins.template, begins.values = text.template, text.values
    return begins
