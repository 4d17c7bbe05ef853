"""Marks sentences for translation where they are written; whoever shows them looks the translation up."""

from __future__ import annotations


class Marked(str):
    """A sentence with its values filled in, which remembers what it was made of."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, object]


def mark(text: str, **values: object) -> str:
    """The literal, with its ``{names}`` filled in where there are values; ``packaging/translations`` collects it.

    Whoever translates it begins anew with literal and values; for all others it is an English text.
    """
    marked = Marked(text.format(**values) if values else text)
    marked.template, marked.values = text, values
    return marked
