"""Output: NDJSON, one object per line, flushed, tables, and messages on standard error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from typing import Any

from voiceassist.errors import VoiceAssistError


def print_json(value: dict[str, Any]) -> None:
    """Writes one object as a line to standard output."""
    finite = without_infinities(value)
    text = json.dumps(finite, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # escapes are the same in every encoding
        text = json.dumps(finite, allow_nan=False)
    print(text, flush=True)


def without_infinities(value: Any) -> Any:
    """The value with ``None`` for the numbers that JSON does not have: infinities and NaN."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: without_infinities(item) for key, item in value.items()}
    return [without_infinities(item) for item in value] if isinstance(value, list | tuple) else value


def printable(text: object) -> str:
    """The text with escapes for bytes of a file name that are not UTF-8."""
    return str(text).encode("utf-8", "backslashreplace").decode()


def print_note(text: str) -> None:
    """Writes a line for people to standard error."""
    print(text, file=sys.stderr, flush=True)


def print_error(error: VoiceAssistError) -> None:
    """Writes message and hint to standard error."""
    print_note(f"voiceassist: {error.message}\n  hint: {error.hint}")


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows as aligned columns; the first row is the heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
