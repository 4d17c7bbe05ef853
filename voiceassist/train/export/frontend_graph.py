"""Writes the front end as ONNX: spectrum, mel filters and subsampling.

These few operators take half of the time of a shallow pass, and their float weights would be a large part of a small
pack. So frames are folded by symmetry, mel filters are computed in bands without their zeros, and the strided
convolutions are matrix products over windows, which can be quantized like any other linear layer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

from voiceassist.train.export.graph import Array, OnnxGraphBuilder
from voiceassist.train.model.frontend import FEATURE_GAIN, LogMel, Subsampling

TO_THE_END = 2**62
"""The end of a slice that runs to the last element."""
QUARTER = LogMel.FFT // 4
"""Samples from the middle of a frame to the second fold."""
MEL_BANDS = 4
"""Groups of mel filters, each computed from its own bins only; must divide the number of mels."""


def write_log_mel(graph: OnnxGraphBuilder, log_mel: LogMel, waveform: str) -> str:
    """``(batch, samples)`` -> ``(batch, frames, mels)``.

    The windowed cosines are even about the middle of the frame and the sines odd, so each frame is folded there. Each
    half is folded once more a quarter of the transform from the middle, where waves of even frequencies mirror
    themselves and those of odd ones turn over: a third of the arithmetic and of the matrices for the same spectrum.
    """
    mel = array(log_mel.mel)
    used = np.flatnonzero(mel.any(axis=1))  # bins outside every filter need not be computed
    bins = np.arange(used[0], used[-1] + 2 - (used[-1] - used[0]) % 2)  # as many even ones as odd ones
    basis = FoldedBasis.of(array(log_mel.basis), bins)
    near_left, near_right, far_left, far_right = _quarters(graph, waveform)
    powers: list[list[str]] = [[], []]
    for kind, name, matrices in (("Add", "cosines", basis.cosines), ("Sub", "sines", basis.sines)):
        near, far = graph.op(kind, near_left, near_right), graph.op(kind, far_left, far_right)
        far = graph.op("Mul", far, graph.constant("log_mel.taper", basis.taper))
        far = graph.op("Pad", far, graph.ints(0, QUARTER - len(basis.taper)), "", graph.ints(2))
        for number, matrix in enumerate(matrices):
            mirrored = (int(bins[number]) % 2 == 0) == (name == "cosines")
            folded = graph.op("Add" if mirrored else "Sub", near, far)
            wave = graph.op("MatMul", folded, graph.constant(f"log_mel.{name}.{number}", matrix))
            powers[number].append(graph.op("Mul", wave, wave))
    columns = [graph.op("Unsqueeze", part, graph.ints(3)) for part in [graph.op("Add", *parts) for parts in powers]]
    power = graph.op("Reshape", graph.op("Concat", *columns, axis=3), graph.ints(0, 0, -1))  # even and odd bins in turn
    floor = graph.constant("log_mel.floor", np.array(LogMel.FLOOR, dtype=np.float32))
    features = graph.op("Log", graph.op("Add", _mels(graph, power, mel[bins]), floor))
    return graph.op("Sub", features, graph.op("ReduceMean", features, graph.ints(1), keepdims=1))


def write_subsampling(graph: OnnxGraphBuilder, part: Subsampling, features: str) -> str:
    """``(batch, frames, mels)`` -> ``(batch, frames / 4, dim)``."""
    x = _convolve(graph, "subsampling.first", features, part.first, FEATURE_GAIN)
    x = _convolve(graph, "subsampling.second", silu(graph, x), part.second)
    return graph.linear("subsampling.out", silu(graph, x), array(part.out.weight).T, array(part.out.bias))


def silu(graph: OnnxGraphBuilder, x: str) -> str:
    """``x * sigmoid(x)``, which onnxruntime computes as one operator."""
    return graph.op("Mul", x, graph.op("Sigmoid", x))


def array(tensor: Tensor | None) -> Array:
    """A weight as float32."""
    if tensor is None:
        raise TypeError("the exporter writes layers with a bias")
    value: Array = tensor.detach().cpu().float().numpy()
    return value


def _quarters(graph: OnnxGraphBuilder, waveform: str) -> tuple[str, str, str, str]:
    """Of each frame the samples within a quarter of the transform from its middle, on the left and on the right.

    And those beyond. In all four they are in such an order that what is folded together has the same place.

    Shape: twice ``(batch, frames, QUARTER)``, twice ``(batch, frames, WINDOW / 2 - QUARTER)``.
    """
    hop, window = LogMel.HOP, LogMel.WINDOW
    rows = _rows(graph, graph.op("Unsqueeze", waveform, graph.ints(2)), hop, (0, -window % hop))
    turned = graph.op("Slice", rows, graph.ints(-1), graph.ints(-TO_THE_END), graph.ints(2), graph.ints(-1))

    def forwards(begin: int, end: int) -> str:
        parts = [_part(graph, rows, row, window // hop, (one, other)) for row, one, other in _pieces(begin, end, hop)]
        return graph.op("Concat", *parts, axis=2)

    def backwards(begin: int, end: int) -> str:
        pieces = [(row, hop - last, hop - first) for row, first, last in reversed(_pieces(begin, end, hop))]
        parts = [_part(graph, turned, row, window // hop, (one, other)) for row, one, other in pieces]
        return graph.op("Concat", *parts, axis=2)

    middle, far = window // 2, window // 2 - QUARTER
    return (
        forwards(far, middle),
        backwards(middle, middle + QUARTER),
        backwards(0, far),
        forwards(window - far, window),
    )


def _pieces(first: int, end: int, row: int) -> list[tuple[int, int, int]]:
    """Where the span from ``first`` to ``end`` lies in rows of a length: row, first and end in it."""
    return [
        (index, max(0, first - index * row), min(row, end - index * row))
        for index in range(first // row, -(-end // row))
    ]


def _rows(graph: OnnxGraphBuilder, x: str, stride: int, padding: tuple[int, int]) -> str:
    """``(batch, n, width)`` with zeros around -> ``(batch, n / stride, stride * width)``; an odd rest is dropped."""
    padded = graph.op("Pad", x, graph.ints(*padding), "", graph.ints(1))
    length = graph.op("Shape", padded, start=1, end=2)
    used = graph.op("Mul", graph.op("Div", length, graph.ints(stride)), graph.ints(stride))
    padded = graph.op("Slice", padded, graph.ints(0), used, graph.ints(1))
    width = graph.op("Mul", graph.op("Shape", x, start=2, end=3), graph.ints(stride))
    return graph.op("Reshape", padded, graph.op("Concat", graph.ints(0, -1), width, axis=0))


def _part(graph: OnnxGraphBuilder, rows: str, row: int, last: int, columns: tuple[int, int]) -> str:
    """Some columns of each window's row number ``row``, where a window ends in its row number ``last``."""
    begin, end = columns
    return graph.op("Slice", rows, graph.ints(row, begin), graph.ints(row - last or TO_THE_END, end), graph.ints(1, 2))


def _convolve(graph: OnnxGraphBuilder, name: str, x: str, layer: nn.Conv1d, gain: float = 1.0) -> str:
    """A strided convolution as a product of windows laid out in rows.

    Shape: ``(batch, n, width)`` -> ``(batch, n / stride, dim)``.
    """
    (kernel,), (stride,), width = layer.kernel_size, layer.stride, layer.in_channels
    rows = _rows(graph, x, stride, (int(layer.padding[0]), int(layer.padding[0]) + -kernel % stride))
    last = -(-kernel // stride) - 1
    parts = [
        _part(graph, rows, row, last, (begin, end)) for row, begin, end in _pieces(0, kernel * width, stride * width)
    ]
    weight = gain * array(layer.weight).transpose(2, 1, 0).reshape(kernel * width, -1)
    return graph.linear(name, graph.op("Concat", *parts, axis=2), weight, array(layer.bias))


def _mels(graph: OnnxGraphBuilder, power: str, mel: Array) -> str:
    """``(batch, frames, bins)`` -> ``(batch, frames, mels)``, without most of the zeros between the filters."""
    bands = []
    for number, filters in enumerate(np.split(mel, MEL_BANDS, axis=1)):
        (bins,) = np.nonzero(filters.any(axis=1))
        first, end = int(bins[0]), int(bins[-1]) + 1
        band = graph.op("Slice", power, graph.ints(first), graph.ints(end), graph.ints(2))
        bands.append(graph.op("MatMul", band, graph.constant(f"log_mel.mel.{number}", filters[first:end])))
    return graph.op("Concat", *bands, axis=2)


@dataclass(frozen=True, slots=True)
class FoldedBasis:
    """The windowed cosines and sines with their phase counted from the middle of the frame, for folded frames.

    Attributes:
        cosines, sines: two matrices each, of every second bin from the first and from the second one. Rows are samples
            from a quarter of the transform away to the middle. Shape: ``(QUARTER, bins / 2)``.
        taper: how much less the window weighs a sample beyond the quarter than the one that it is folded onto. Shape:
            ``(WINDOW / 2 - QUARTER,)``.
    """

    cosines: tuple[Array, Array]
    sines: tuple[Array, Array]
    taper: Array

    @classmethod
    def of(cls, basis: Array, bins: Array) -> FoldedBasis:
        """Folds what ``LogMel`` computes with. Shape: ``(WINDOW, 2 * all bins)``."""
        cosines, sines = np.split(basis.astype(np.float64), 2, axis=1)
        phase = np.arange(cosines.shape[1]) * (2 * np.pi / LogMel.FFT) * (LogMel.WINDOW - 1) / 2
        even = (cosines * np.cos(phase) + sines * np.sin(phase))[:, bins]
        odd = (sines * np.cos(phase) - cosines * np.sin(phase))[:, bins]
        half, far = LogMel.WINDOW // 2, LogMel.WINDOW // 2 - QUARTER
        window = np.hypot(even, odd)[:half, 0]
        taper = window[:far][::-1] / window[far : 2 * far]
        sign = np.where(bins % 2 == 0, 1.0, -1.0)
        near, beyond = slice(far, 2 * far), slice(far - 1, None, -1)
        folds = (
            np.allclose(even, even[::-1], atol=1e-6)
            and np.allclose(odd, -odd[::-1], atol=1e-6)
            and np.allclose(even[beyond], sign * taper[:, None] * even[near], atol=1e-6)
            and np.allclose(odd[beyond], -sign * taper[:, None] * odd[near], atol=1e-6)
        )
        if not folds:
            raise ValueError("the window of the log-mel front end is not symmetric: its frames cannot be folded")
        parts = [
            (rows[far:half, 0::2].astype(np.float32), rows[far:half, 1::2].astype(np.float32)) for rows in (even, odd)
        ]
        return cls(parts[0], parts[1], taper.astype(np.float32))
