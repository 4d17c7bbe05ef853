"""Draws how time and memory grow with the number of phrases, as an SVG image."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 40, 72
_STYLE = 'font-family="sans-serif" font-size="13" role="img" aria-label="Time and memory by number of phrases"'
_LINES: tuple[tuple[str, str, Callable[[Mapping[str, Any]], float]], ...] = (
    ("load and compile, s", "#2563eb", lambda row: row["load_s"] + row["compile_s"]),
    ("decode 3 s of sound, ms", "#c2410c", lambda row: row["decode_3s_ms"]),
    ("private memory, MB", "#15803d", lambda row: row["private_mb"]),
)


def growth_plot(rows: Sequence[Mapping[str, Any]]) -> str:
    """An SVG image of at least one size, both axes in powers of ten."""
    values = [value(row) for row in rows for _, _, value in _LINES]
    low_x, high_x = _powers([row["phrases"] for row in rows])
    low_y, high_y = _powers(values)

    def place(phrases: float, value: float) -> tuple[float, float]:
        x = _LEFT + (_log(phrases) - low_x) / (high_x - low_x) * (_WIDTH - _LEFT - _RIGHT)
        y = _HEIGHT - _BOTTOM - (_log(value) - low_y) / (high_y - low_y) * (_HEIGHT - _TOP - _BOTTOM)
        return round(x, 1), round(y, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_STYLE}>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(low_x, high_x + 1):
        x, y = place(10.0**power, 10.0**low_y)
        parts += [_line((x, y), place(10.0**power, 10.0**high_y)), _text(x, y + 20, f"{10**power:,}", "middle")]
    for power in range(low_y, high_y + 1):
        x, y = place(10.0**low_x, 10.0**power)
        parts += [_line((x, y), place(10.0**high_x, 10.0**power)), _text(x - 8, y + 4, f"{10.0**power:g}", "end")]
    for number, (name, colour, value) in enumerate(_LINES):
        points = [place(row["phrases"], value(row)) for row in rows]
        parts.append(_curve(points, colour))
        parts.append(_text(_LEFT + number * 215, 24, name, "start", colour))
    parts.append(_text(_WIDTH / 2, _HEIGHT - 16, "phrases, and all built-in lists", "middle"))
    return "\n".join([*parts, "</svg>\n"])


def _log(value: float) -> float:
    return math.log10(max(value, 1e-6))


def _powers(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around the values."""
    low = math.floor(_log(min(values)))
    return low, max(math.ceil(_log(max(values))), low + 1)


def _line(begin: tuple[float, float], end: tuple[float, float]) -> str:
    return f'<line x1="{begin[0]}" y1="{begin[1]}" x2="{end[0]}" y2="{end[1]}" stroke="#d4d4d8"/>'


def _curve(points: Sequence[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#27272a") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}">{text}</text>'
