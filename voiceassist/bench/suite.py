"""Compares packs: repeated measurements in fresh processes, with the packs interleaved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from voiceassist.bench.measurement import PackMeasurement, Spread
from voiceassist.bench.probe import ProbeResult, probe
from voiceassist.errors import UsageError
from voiceassist.packs.pack import Pack

REPEATS = 3


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
