"""Writes what stands before the first layer as ONNX: spectrum, mels and subsampling.

Half of the time of a shallow pass goes into these few operators, and the float weights in them would be a large part of
a small pack. So frames are folded, mel filters are computed in bands without their zeros, and the strided convolutions
are matrix products over windows, which can be quantized like any other linear layer.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from voiceassist.train.front import FEATURE_GAIN, LogMel, Subsampling
from voiceassist.train.graph import Array, GraphBuilder

LONGEST = 2**62
"""The end of a slice that runs to the last element."""
MEL_BANDS = 4
"""Mels are computed in so many groups, each from the bins that it hears; must divide the number of mels."""


def write_log_mel(graph: GraphBuilder, log_mel: LogMel, waveform: str) -> str:
    """``(batch, samples)`` -> ``(batch, frames, mels)``.

    The windowed cosines are even about the middle of the frame and the sines odd, so each frame is folded there: half
    the arithmetic and half the matrix for the same power spectrum.
    """
    mel = array(log_mel.mel)
    heard = np.any(mel, axis=1)  # bins outside every filter need not be computed
    cosines, sines = folded_basis(array(log_mel.basis), heard)
    left, right = _halves(graph, waveform)
    real = graph.op("MatMul", graph.op("Add", left, right), graph.constant("log_mel.cosines", cosines))
    imaginary = graph.op("MatMul", graph.op("Sub", left, right), graph.constant("log_mel.sines", sines))
    power = graph.op("Add", graph.op("Mul", real, real), graph.op("Mul", imaginary, imaginary))
    floor = graph.constant("log_mel.floor", np.array(LogMel.FLOOR, dtype=np.float32))
    features = graph.op("Log", graph.op("Add", _mels(graph, power, mel[heard]), floor))
    return graph.op("Sub", features, graph.op("ReduceMean", features, graph.ints(1), keepdims=1))


def write_subsampling(graph: GraphBuilder, part: Subsampling, features: str) -> str:
    """``(batch, frames, mels)`` -> ``(batch, frames / 4, dim)``."""
    x = _convolve(graph, "subsampling.first", features, part.first, FEATURE_GAIN)
    x = _convolve(graph, "subsampling.second", silu(graph, x), part.second)
    return graph.linear("subsampling.out", silu(graph, x), array(part.out.weight).T, array(part.out.bias))


def silu(graph: GraphBuilder, x: str) -> str:
    """``x * sigmoid(x)``, which onnxruntime computes as one operator."""
    return graph.op("Mul", x, graph.op("Sigmoid", x))


def array(tensor: Tensor | None) -> Array:
    """A weight as float32."""
    if tensor is None:
        raise TypeError("the exporter writes layers with a bias")
    value: Array = tensor.detach().cpu().float().numpy()
    return value


def _halves(graph: GraphBuilder, waveform: str) -> tuple[str, str]:
    """The left half of each frame, and the right half read backwards, each ``(batch, frames, WINDOW / 2)``."""
    hop, window = LogMel.HOP, LogMel.WINDOW
    rows = _rows(graph, graph.op("Unsqueeze", waveform, graph.ints(2)), hop, (0, -window % hop))
    backwards = graph.op("Slice", rows, graph.ints(-1), graph.ints(-LONGEST), graph.ints(2), graph.ints(-1))
    left = [_part(graph, rows, row, window // hop, (begin, end)) for row, begin, end in _pieces(0, window // 2, hop)]
    right = [
        _part(graph, backwards, row, window // hop, (hop - end, hop - begin))
        for row, begin, end in reversed(_pieces(window // 2, window, hop))
    ]
    return graph.op("Concat", *left, axis=2), graph.op("Concat", *right, axis=2)


def _pieces(first: int, end: int, row: int) -> list[tuple[int, int, int]]:
    """Where the span from ``first`` to ``end`` lies in rows of a length: row, first and end in it."""
    return [
        (index, max(0, first - index * row), min(row, end - index * row))
        for index in range(first // row, -(-end // row))
    ]


def _rows(graph: GraphBuilder, x: str, stride: int, padding: tuple[int, int]) -> str:
    """``(batch, n, width)`` with zeros around -> ``(batch, n / stride, stride * width)``; an odd rest is dropped."""
    padded = graph.op("Pad", x, graph.ints(*padding), "", graph.ints(1))
    length = graph.op("Shape", padded, start=1, end=2)
    used = graph.op("Mul", graph.op("Div", length, graph.ints(stride)), graph.ints(stride))
    padded = graph.op("Slice", padded, graph.ints(0), used, graph.ints(1))
    width = graph.op("Mul", graph.op("Shape", x, start=2, end=3), graph.ints(stride))
    return graph.op("Reshape", padded, graph.op("Concat", graph.ints(0, -1), width, axis=0))


def _part(graph: GraphBuilder, rows: str, row: int, last: int, columns: tuple[int, int]) -> str:
    """Some columns of each window's row number ``row``, where a window ends in its row number ``last``."""
    begin, end = columns
    return graph.op("Slice", rows, graph.ints(row, begin), graph.ints(row - last or LONGEST, end), graph.ints(1, 2))


def _convolve(graph: GraphBuilder, name: str, x: str, layer: nn.Conv1d, gain: float = 1.0) -> str:
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


def _mels(graph: GraphBuilder, power: str, mel: Array) -> str:
    """``(batch, frames, bins)`` -> ``(batch, frames, mels)``, without most of the zeros between the filters."""
    bands = []
    for number, filters in enumerate(np.split(mel, MEL_BANDS, axis=1)):
        (bins,) = np.nonzero(filters.any(axis=1))
        first, end = int(bins[0]), int(bins[-1]) + 1
        heard = graph.op("Slice", power, graph.ints(first), graph.ints(end), graph.ints(2))
        bands.append(graph.op("MatMul", heard, graph.constant(f"log_mel.mel.{number}", filters[first:end])))
    return graph.op("Concat", *bands, axis=2)


def folded_basis(basis: Array, bins: Array) -> tuple[Array, Array]:
    """The windowed cosines and sines with their phase counted from the middle of the frame, first half only.

    Shape: ``(WINDOW, 2 * all bins)`` -> twice ``(WINDOW / 2, bins chosen)``.
    """
    cosines, sines = np.split(basis.astype(np.float64), 2, axis=1)
    turn = np.arange(cosines.shape[1]) * (2 * np.pi / LogMel.FFT) * (LogMel.WINDOW - 1) / 2
    even = (cosines * np.cos(turn) + sines * np.sin(turn))[:, bins]
    odd = (sines * np.cos(turn) - cosines * np.sin(turn))[:, bins]
    if not (np.allclose(even, even[::-1], atol=1e-6) and np.allclose(odd, -odd[::-1], atol=1e-6)):
        raise ValueError("the window of the log-mel front end is not symmetric: its frames cannot be folded")
    half = LogMel.WINDOW // 2
    return even[:half].astype(np.float32), odd[:half].astype(np.float32)
