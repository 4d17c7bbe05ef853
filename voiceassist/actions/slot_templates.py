"""``{slot}`` in the texts of a command file, replaced with what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def placeholders(value: Any) -> set[str]:
    """The slots that a text, or the texts of a list or mapping, name."""
    if isinstance(value, str):
        return set(PLACEHOLDER.findall(value))
    if isinstance(value, Mapping):
        return set().union(*map(placeholders, value.values()))
    return set().union(*map(placeholders, value)) if isinstance(value, list | tuple) else set()


def fill(template: str, slots: Mapping[str, Any], quote: Callable[[str], str] = str) -> str:
    """A text with its slots filled in; a slot that was not said is empty.

    Args:
        template: the text of the command file.
        slots: what was said. Their values are inserted as they are: a brace in them means nothing.
        quote: applied to each inserted value.
    """
    return PLACEHOLDER.sub(lambda found: quote(slot_text(slots.get(found[1]))), template)


def fill_all(value: Any, slots: Mapping[str, Any]) -> Any:
    """The same for every text in lists and mappings; a text that is one slot and nothing else keeps the slot's type."""
    if isinstance(value, str):
        whole = PLACEHOLDER.fullmatch(value)
        return slots.get(whole[1]) if whole else fill(value, slots)
    if isinstance(value, Mapping):
        return {key: fill_all(item, slots) for key, item in value.items()}
    return [fill_all(item, slots) for item in value] if isinstance(value, list | tuple) else value


def slot_text(value: Any) -> str:
    """A slot's value as text: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
