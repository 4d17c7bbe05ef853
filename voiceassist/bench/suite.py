"""Measures packs beside each other: many fresh processes, the packs in turn."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voiceassist.bench.probe import ProbeResult, probe
from voiceassist.errors import UsageError
from voiceassist.packs.pack import Pack

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """A median and how far the processes were apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        return cls(round(statistics.median(values), 2), min(values), max(values))


@dataclass(frozen=True, slots=True)
class PackMeasurement:
    """What a pack is and what it costs here.

    Attributes:
        name: of the pack.
        title: of the pack.
        layers: virtual layers.
        blocks: physical blocks.
        parameters: trained numbers.
        quantization: ``int8`` or ``float32``.
        depth: depth that latency was measured at.
        size_bytes: of its model file.
        load_ms: to verify and load it.
        private_mb: private memory that it adds after loading.
        private_10s_mb: the same after ten seconds of sound.
        latency_ms: of a recognition with one thread, by seconds of sound.
    """

    name: str
    title: str
    layers: int
    blocks: int
    parameters: int
    quantization: str
    depth: int
    size_bytes: int
    load_ms: Spread
    private_mb: Spread
    private_10s_mb: Spread
    latency_ms: dict[str, Spread]

    def to_json(self) -> dict[str, Any]:
        """As plain values, for ``voiceassist bench --json``."""
        plain = asdict(self)
        return {"turns" if key == "depth" else key: value for key, value in plain.items()}  # the key's published name


def measure(
    packs: Sequence[Pack],
    *,
    repeats: int = REPEATS,
    depth: int | None = None,
    progress: Callable[[str, float], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[PackMeasurement]:
    """Measures packs on this machine.

    The packs take turns, so that a machine that gets warm or busy does so for all of them.

    Args:
        packs: what to measure.
        repeats: fresh processes for each pack.
        depth: depth for latency, the full one by default; packs with fewer layers run all of theirs.
        progress: told the pack that comes next and the part that is done, from 0 to 1.
        cancelled: asked often; true ends the measurement at once.

    Raises:
        BenchError: a measurement failed, or was cancelled (``BenchCancelledError``).
        UsageError: ``repeats`` or ``depth`` is less than one.

    Thread: any, it blocks until all is measured.
    """
    if repeats < 1 or (depth is not None and depth < 1):
        raise UsageError("repeats and depth count from one", hint="use a number of at least 1")
    results: dict[Path, list[ProbeResult]] = {pack.folder: [] for pack in packs}
    order = [pack for _ in range(repeats) for pack in packs]
    for done, pack in enumerate(order):
        if progress is not None:
            progress(pack.name, done / len(order))
        results[pack.folder].append(probe(pack.folder, depth=_depth(pack, depth), cancelled=cancelled))
    if progress is not None:
        progress("", 1.0)
    return [_summary(pack, depth, results[pack.folder]) for pack in packs]


def _depth(pack: Pack, depth: int | None) -> int:
    layers = pack.manifest.layers
    return layers if depth is None else min(depth, layers)


def _summary(pack: Pack, depth: int | None, results: Sequence[ProbeResult]) -> PackMeasurement:
    manifest = pack.manifest
    lengths = results[0].latency_ms
    return PackMeasurement(
        name=manifest.name,
        title=manifest.title,
        layers=manifest.layers,
        blocks=manifest.blocks,
        parameters=manifest.parameters,
        quantization=manifest.quantization,
        depth=_depth(pack, depth),
        size_bytes=manifest.model_bytes,
        load_ms=Spread.of([result.load_ms for result in results]),
        private_mb=Spread.of([result.private_mb for result in results]),
        private_10s_mb=Spread.of([result.private_10s_mb for result in results]),
        latency_ms={key: Spread.of([result.latency_ms[key] for result in results]) for key in lengths},
    )
