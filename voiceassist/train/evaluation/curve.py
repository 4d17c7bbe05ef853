"""What accuracy costs: the packs' accuracy over their memory, as JSON and as a picture."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from voiceassist.config.files import write_atomically
from voiceassist.errors import DataError

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 36, 52
TICKS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One pack at one depth.

    Attributes:
        pack: its name.
        depth: turns.
        private_mb: private memory after load; the same for all depths of a pack.
        phrases_percent: of the closed set of phrases.
        best: no other point is as accurate with less memory.
    """

    pack: str
    depth: int
    private_mb: float
    phrases_percent: float
    best: bool = False


def read_points(results: Path, packs: Sequence[str]) -> list[Point]:
    """The points of packs whose benchmarks ``phrases`` and ``cost`` are stored.

    Raises:
        DataError: a pack was not measured.
    """
    points = []
    for pack in packs:
        stored = _read(results / f"{pack}-benchmark.json")
        try:
            memory_mb, percents = float(stored["cost"]["private_mb"]), stored["phrases"]["percent"]
        except KeyError as error:
            raise DataError(
                f"the benchmark {error} of {pack} was not run", hint="run: python -m voiceassist.train benchmark PACK"
            ) from error
        points += [Point(pack, int(depth), memory_mb, float(percent)) for depth, percent in percents.items()]
    return mark_best(points)


def mark_best(points: Sequence[Point]) -> list[Point]:
    """Points by rising memory, with those marked that no other point beats in both."""
    marked: list[Point] = []
    most = -1.0
    for point in sorted(points, key=lambda point: (point.private_mb, -point.phrases_percent)):
        best = point.phrases_percent > most
        most = max(most, point.phrases_percent)
        marked.append(Point(point.pack, point.depth, point.private_mb, point.phrases_percent, best))
    return marked


def write_curve(points: Sequence[Point], table: Path, picture: Path) -> None:
    """Stores the points as JSON and draws them as SVG."""
    for path, text in (
        (table, json.dumps([asdict(point) for point in points], indent=1) + "\n"),
        (picture, draw(points)),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())


class Frame:
    """Where values stand in the picture."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.most_mb = 1.1 * max(point.private_mb for point in points)
        self.least_percent = max(0, 5 * int(min(point.phrases_percent for point in points) / 5 - 1))

    def place(self, memory_mb: float, percent: float) -> tuple[float, float]:
        """The point of the picture, to the right and down."""
        above = (percent - self.least_percent) / (100 - self.least_percent)
        x = LEFT + (WIDTH - LEFT - RIGHT) * memory_mb / self.most_mb
        return round(x, 1), round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * above, 1)

    def grid(self) -> Iterator[str]:
        """Lines and figures of both axes."""
        for tick in range(TICKS + 1):
            percent = self.least_percent + (100 - self.least_percent) * tick / TICKS
            x, y = self.place(self.most_mb * tick / TICKS, percent)
            yield f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#ddd"/>'
            yield _text(LEFT - 8, y + 4, f"{percent:g}", "end")
            yield _text(x, HEIGHT - BOTTOM + 18, f"{self.most_mb * tick / TICKS:.1f}", "middle")


def draw(points: Sequence[Point]) -> str:
    """An SVG picture: memory to the right, accuracy upwards, a line through the best points."""
    frame = Frame(points)
    parts = [_text(LEFT, 20, "Phrases understood, in percent, over private memory after load, in MB", "start")]
    parts += frame.grid()
    front = [frame.place(point.private_mb, point.phrases_percent) for point in points if point.best]
    line = " ".join(f"{x},{y}" for x, y in front)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#2a6fb0" stroke-width="2"/>')
    for point in points:
        x, y = frame.place(point.private_mb, point.phrases_percent)
        side, anchor = (-9, "end") if x > WIDTH * 0.6 else (9, "start")
        parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{"#2a6fb0" if point.best else "#999"}"/>')
        parts.append(_text(x + side, y + 4, f"{point.pack}, {point.depth} turns", anchor))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    background = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    return "\n".join([opening, background, *parts, "</svg>\n"])


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="#222">{escape(text)}</text>'


def _read(path: Path) -> dict[str, Any]:
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path} cannot be read", hint="run: python -m voiceassist.train benchmark PACK") from error
    return stored
