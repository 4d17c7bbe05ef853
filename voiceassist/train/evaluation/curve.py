"""Accuracy of packs over their memory, as JSON and as a plot."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voiceassist.config.files import write_atomically
from voiceassist.errors import DataError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Point:
    """One pack at one depth.

    Attributes:
        pack: name of the pack.
        depth: layers that run.
        private_mb: private memory after load; the same for all depths of a pack.
        phrases_percent: correct phrases of the closed set.
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
        try:
            stored = json.loads((results / f"{pack}-benchmark.json").read_text(encoding="utf-8"))
            memory_mb, percents = float(stored["cost"]["private_mb"]), stored["phrases"]["percent"]
        except (OSError, KeyError) as error:
            raise DataError(
                f"{pack} has no complete benchmark: {error}", hint="run: python -m voiceassist.train benchmark PACK"
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
    """Stores the points as JSON and as an SVG plot."""
    rows = json.dumps([asdict(point) for point in points], indent=1) + "\n"
    for path, content in ((table, rows.encode()), (picture, plot(points))):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)


def plot(points: Sequence[Point]) -> bytes:
    """An SVG plot of accuracy over memory, with a line through the best points."""
    from matplotlib.figure import Figure  # only plots need it

    figure = Figure(figsize=(7.5, 4.4), layout="constrained")
    axes = figure.subplots()
    front = [point for point in points if point.best]
    axes.plot([point.private_mb for point in front], [point.phrases_percent for point in front], color="#2a6fb0")
    for best, colour in ((False, "#999999"), (True, "#2a6fb0")):
        shown = [point for point in points if point.best == best]
        places = [point.private_mb for point in shown], [point.phrases_percent for point in shown]
        axes.scatter(*places, color=colour, zorder=3)
    for point in points:
        label = f"{point.pack}, {point.depth} layers"
        axes.annotate(label, (point.private_mb, point.phrases_percent), (6, -3), textcoords="offset points", fontsize=8)
    axes.set_xlabel("private memory after load, MB")
    axes.set_ylabel("phrases understood, %")
    axes.margins(x=0.25)
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    return svg_of(figure)


def svg_of(figure: Figure) -> bytes:
    """A figure as SVG, the same bytes each time."""
    import matplotlib as mpl

    image = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "voiceassist", "svg.fonttype": "none"}):
        figure.savefig(image, format="svg", metadata={"Date": None})
    return image.getvalue()
