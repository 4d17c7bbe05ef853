"""Replaces ``{slot}`` in the texts of a command file with the values of slots."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(value: Any) -> set[str]:
    """The names of the slots in a text, or in the texts of a list or mapping."""
    if isinstance(value, str):
        return set(PLACEHOLDER.findall(value))
    if isinstance(value, Mapping):
        return set().union(*map(placeholders, value.values()))
    return set().union(*map(placeholders, value)) if isinstance(value, list | tuple) else set()


def fill(template: str, slots: Mapping[str, Any], quote: Callable[[str], str] = str) -> str:
    """A text with its slots replaced; a slot without a value is empty.

    Args:
        template: the text of the command file.
        slots: their values, which are inserted literally: braces in them are not replaced.
        quote: applied to each inserted value.
    """
    return PLACEHOLDER.sub(lambda found: quote(slot_text(slots.get(found[1]))), template)


def fill_all(value: Any, slots: Mapping[str, Any]) -> Any:
    """The same for every text in lists and mappings; a text that consists of one slot keeps the type of its value."""
    if isinstance(value, str):
        whole = PLACEHOLDER.fullmatch(value)
        return slots.get(whole[1]) if whole else fill(value, slots)
    if isinstance(value, Mapping):
        return {key: fill_all(item, slots) for key, item in value.items()}
    return [fill_all(item, slots) for item in value] if isinstance(value, list | tuple) else value


def slot_text(value: Any) -> str:
    """The value of a slot as text; whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
