"""What is measured of a pack; stands apart from the measuring, which brings much along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and range over processes."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Spread of one or more values."""
        import statistics  # noqa: PLC0415 - who only shows figures does without

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
