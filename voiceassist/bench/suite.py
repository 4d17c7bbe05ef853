"""Compares packs: repeated measurements in fresh processes, with the packs interleaved."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from voiceassist.bench.probe import ProbeResult, probe
from voiceassist.errors import UsageError
from voiceassist.packs.pack import Pack

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and range over processes."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Spread of one or more values."""
        return cls(round(statistics.median(values), 2), min(values), max(values))


@dataclass(frozen=True, slots=True)
class PackMeasurement:
    """Properties of a pack and its measurements on this machine.

    Attributes:
        name: name of the pack.
        title: title of the pack.
        layers: number of virtual layers.
        blocks: number of physical blocks.
        parameters: number of trained parameters.
        quantization: ``int8`` or ``float32``.
        depth: number of layers used for the latency measurement.
        size_bytes: size of the model file.
        load_ms: time to verify and load the pack.
        private_mb: private memory added by loading.
        private_10s_mb: the same after ten seconds of audio.
        latency_ms: time of the model alone with one thread, by seconds of audio.
        wait_ms: each part of understanding a recording, see `ProbeResult`; empty in older measurements.
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
    wait_ms: dict[str, Spread] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """JSON-compatible values for ``voiceassist bench --json``."""
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
    """Measure packs on this machine.

    The packs are interleaved, so that thermal throttling and other load affect all of them alike.

    Args:
        packs: packs to measure.
        repeats: number of fresh processes per pack.
        depth: number of layers for latency, all by default; packs with fewer layers run all of theirs.
        progress: called with the next pack and the completed share, from 0 to 1.
        cancelled: polled often; true stops the measurement at once.

    Raises:
        BenchError: a measurement failed, or was cancelled (``BenchCancelledError``).
        UsageError: ``repeats`` or ``depth`` is less than one.

    Thread: any; blocks until all measurements are done.
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
        wait_ms={part: Spread.of([result.wait_ms[part] for result in results]) for part in results[0].wait_ms},
    )
