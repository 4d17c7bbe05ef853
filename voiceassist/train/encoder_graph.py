"""Writes an encoder's operators as an ONNX graph, weight by weight.

Sharing stays real in the file and in memory. A fully shared encoder becomes a ``Loop`` over its one
block; with several blocks each turn is an ``If``, so that turns not asked for cost no time. In both,
every weight is an initializer of the outermost graph and stands there exactly once.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from onnx import TensorProto, helper
from torch import Tensor, nn

from voiceassist.train.graph import Array, GraphBuilder
from voiceassist.train.model import NORMS_PER_LAYER, SCALES_PER_LAYER, Block, Encoder, LogMel

NORM_EPSILON = 1e-5
LONGEST = 2**62
"""The end of a slice that runs to the last element."""


class EncoderGraph:
    """Walks through the encoder as its ``forward`` does and writes the same operators."""

    def __init__(self, encoder: Encoder, *, quantize: bool) -> None:
        self.encoder = encoder
        self.config = encoder.config
        self.graph = GraphBuilder(quantize=quantize)

    def serialize(self) -> bytes:
        """The ONNX file."""
        graph = self.graph
        x = self._subsample(self._log_mel("waveform"))
        rotary = self._rotary(x)
        x = self._shared(x, rotary) if self.config.blocks == 1 else self._unshared(x, rotary)
        logits = self._linear("head", x, self.encoder.head)
        result = graph.op("LogSoftmax", logits, axis=-1)
        model = graph.build(
            [
                helper.make_tensor_value_info("waveform", TensorProto.FLOAT, ["batch", "samples"]),
                helper.make_tensor_value_info("turns", TensorProto.INT64, []),
            ],
            {
                result: helper.make_tensor_value_info(
                    "log_probs", TensorProto.FLOAT, ["batch", "frames", self.config.tokens]
                )
            },
        )
        data: bytes = model.SerializeToString(deterministic=True)
        return data

    def _log_mel(self, waveform: str) -> str:
        """``(batch, samples)`` -> ``(batch, frames, mels)``.

        The windowed cosines are even about the middle of the frame and the sines odd, so each frame is
        folded there: half the arithmetic and half the matrix for the same power spectrum.
        """
        graph = self.graph
        mel = _array(self.encoder.log_mel.mel)
        heard = np.any(mel, axis=1)  # bins outside every filter need not be computed
        cosines, sines = _folded_basis(_array(self.encoder.log_mel.basis), heard)
        frames = self._frames(waveform)
        left, right = graph.split("Split", 2, frames, axis=2, num_outputs=2)
        right = graph.op("Slice", right, graph.ints(-1), graph.ints(-LogMel.WINDOW), graph.ints(2), graph.ints(-1))
        real = graph.op("MatMul", graph.op("Add", left, right), graph.constant("log_mel.cosines", cosines))
        imaginary = graph.op("MatMul", graph.op("Sub", left, right), graph.constant("log_mel.sines", sines))
        power = graph.op("Add", graph.op("Mul", real, real), graph.op("Mul", imaginary, imaginary))
        mels = graph.op("MatMul", power, graph.constant("log_mel.mel", mel[heard]))
        floor = graph.constant("log_mel.floor", np.array(LogMel.FLOOR, dtype=np.float32))
        features = graph.op("Log", graph.op("Add", mels, floor))
        return graph.op("Sub", features, graph.op("ReduceMean", features, graph.ints(1), keepdims=1))

    def _frames(self, waveform: str) -> str:
        """``(batch, samples)`` -> ``(batch, frames, WINDOW)``: hops laid side by side, without an index table."""
        graph, hop = self.graph, LogMel.HOP
        whole, rest = divmod(LogMel.WINDOW, hop)
        padded = graph.op("Pad", waveform, graph.ints(0, 0, 0, hop - rest))
        length = graph.op("Shape", padded, start=1)
        used = graph.op("Mul", graph.op("Div", length, graph.ints(hop)), graph.ints(hop))
        padded = graph.op("Slice", padded, graph.ints(0), used, graph.ints(1))
        rows = graph.op("Reshape", padded, graph.ints(0, -1, hop))
        parts = []
        for offset in range(whole + 1):
            width = hop if offset < whole else rest
            end = offset - whole or LONGEST  # counted from the end; the last part runs to it
            parts.append(graph.op("Slice", rows, graph.ints(offset, 0), graph.ints(end, width), graph.ints(1, 2)))
        return graph.op("Concat", *parts, axis=2)

    def _subsample(self, features: str) -> str:
        """``(batch, frames, mels)`` -> ``(batch, frames / 4, dim)``."""
        graph, part = self.graph, self.encoder.subsampling
        gain = graph.constant("subsampling.gain", np.array(0.4, dtype=np.float32))
        x = graph.op("Mul", graph.op("Transpose", features, perm=[0, 2, 1]), gain)
        x = self._silu(self._conv("subsampling.first", x, part.first))
        x = self._silu(self._conv("subsampling.second", x, part.second))
        return self._linear("subsampling.out", graph.op("Transpose", x, perm=[0, 2, 1]), part.out)

    def _rotary(self, x: str) -> tuple[str, str]:
        """Cosines and sines of rotary positions, each ``(frames, 1, width)``."""
        graph, width = self.graph, self.config.dim // self.config.heads
        frequency = 10_000.0 ** (-np.arange(0, width, 2, dtype=np.float32) / np.float32(width))
        both = np.concatenate([frequency, frequency]).astype(np.float32)
        frames = graph.op("Gather", graph.op("Shape", x), graph.index(1))
        position = graph.op("Cast", graph.op("Range", graph.index(0), frames, graph.index(1)), to=TensorProto.FLOAT)
        angle = graph.op(
            "Mul", graph.op("Unsqueeze", position, graph.ints(1, 2)), graph.constant("rotary.frequency", both)
        )
        return graph.op("Cos", angle), graph.op("Sin", angle)

    def _shared(self, x: str, rotary: tuple[str, str]) -> str:
        """One block: a loop whose norms and scales are looked up by the turn."""
        graph = self.graph
        private = graph.constant("private", np.stack([self._private(layer) for layer in range(self.config.layers)]))
        turns = graph.op("Min", "turns", graph.index(self.config.layers))

        def body(turn: str, state: str) -> str:
            return self._block(0, state, graph.op("Gather", private, turn), rotary)

        return graph.loop(turns, x, body)

    def _unshared(self, x: str, rotary: tuple[str, str]) -> str:
        """Several blocks: a loop cannot choose weights without copying them, so each turn is an ``If``."""
        graph = self.graph
        for layer in range(self.config.layers):
            private = graph.constant(f"private.{layer}", self._private(layer))
            block = self.config.block_of(layer)

            def turn(state: str, block: int = block, private: str = private) -> str:
                return self._block(block, state, private, rotary)

            x = graph.when(graph.op("Greater", "turns", graph.index(layer)), x, turn)
        return x

    def _private(self, layer: int) -> Array:
        """What a virtual layer keeps for itself, in one row: weight and bias of each norm, then the scales."""
        return np.concatenate([_array(self.encoder.norms[layer]).ravel(), _array(self.encoder.scales[layer]).ravel()])

    def _block(self, number: int, x: str, private: str, rotary: tuple[str, str]) -> str:
        graph, block, name = self.graph, self._physical(number), f"blocks.{number}"
        rows = 2 * NORMS_PER_LAYER + SCALES_PER_LAYER
        values = graph.split("Split", rows, private, axis=0, num_outputs=rows)
        norms = [(values[2 * row], values[2 * row + 1]) for row in range(NORMS_PER_LAYER)]
        scales = values[2 * NORMS_PER_LAYER :]
        branches: list[Callable[[str], str]] = [
            lambda y: self._feed_forward(f"{name}.ff1", y, block.ff1_in, block.ff1_out),
            lambda y: self._attend(name, y, block, rotary),
            lambda y: self._convolve(name, y, block),
            lambda y: self._feed_forward(f"{name}.ff2", y, block.ff2_in, block.ff2_out),
        ]
        for branch, norm, scale in zip(branches, norms[:-1], scales, strict=True):
            x = graph.op("Add", x, graph.op("Mul", branch(self._norm(x, *norm)), scale))
        return self._norm(x, *norms[-1])

    def _physical(self, number: int) -> Block:
        block = self.encoder.blocks[number]
        if not isinstance(block, Block):
            raise TypeError(f"block {number} is a {type(block).__name__}; the exporter writes Block only")
        return block

    def _feed_forward(self, name: str, x: str, first: nn.Linear, second: nn.Linear) -> str:
        return self._linear(f"{name}_out", self._silu(self._linear(f"{name}_in", x, first)), second)

    def _attend(self, name: str, x: str, block: Block, rotary: tuple[str, str]) -> str:
        graph, dim, heads = self.graph, self.config.dim, self.config.heads
        width = dim // heads
        qkv = self._linear(f"{name}.qkv", x, block.qkv)
        pair, value = graph.split("Split", 2, qkv, graph.ints(2 * dim, dim), axis=-1)
        pair = self._rotate(graph.op("Reshape", pair, graph.ints(0, 0, 2 * heads, width)), rotary)
        query, key = graph.split("Split", 2, pair, axis=2, num_outputs=2)
        value = graph.op("Reshape", value, graph.ints(0, 0, heads, width))
        scale = graph.constant("attention.scale", np.array(1 / math.sqrt(width), dtype=np.float32))
        query = graph.op("Transpose", graph.op("Mul", query, scale), perm=[0, 2, 1, 3])
        key = graph.op("Transpose", key, perm=[0, 2, 3, 1])
        weight = graph.op("Softmax", graph.op("MatMul", query, key), axis=-1)
        mixed = graph.op("MatMul", weight, graph.op("Transpose", value, perm=[0, 2, 1, 3]))
        mixed = graph.op("Reshape", graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), graph.ints(0, 0, dim))
        return self._linear(f"{name}.attention_out", mixed, block.attention_out)

    def _rotate(self, x: str, rotary: tuple[str, str]) -> str:
        graph = self.graph
        first, second = graph.split("Split", 2, x, axis=-1, num_outputs=2)
        turned = graph.op("Concat", graph.op("Neg", second), first, axis=-1)
        return graph.op("Add", graph.op("Mul", x, rotary[0]), graph.op("Mul", turned, rotary[1]))

    def _convolve(self, name: str, x: str, block: Block) -> str:
        graph = self.graph
        value, gate = graph.split("Split", 2, self._linear(f"{name}.conv_in", x, block.conv_in), axis=-1, num_outputs=2)
        x = graph.op("Transpose", graph.op("Mul", value, graph.op("Sigmoid", gate)), perm=[0, 2, 1])
        x = graph.op("Transpose", self._conv(f"{name}.depthwise", x, block.depthwise), perm=[0, 2, 1])
        norm = block.conv_norm
        x = self._norm(
            x,
            graph.constant(f"{name}.conv_norm.weight", _array(norm.weight)),
            graph.constant(f"{name}.conv_norm.bias", _array(norm.bias)),
        )
        return self._linear(f"{name}.conv_out", self._silu(x), block.conv_out)

    def _linear(self, name: str, x: str, layer: nn.Linear) -> str:
        return self.graph.linear(name, x, _array(layer.weight).T, _array(layer.bias))

    def _conv(self, name: str, x: str, layer: nn.Conv1d) -> str:
        weight = self.graph.constant(f"{name}.weight", _array(layer.weight))
        bias = self.graph.constant(f"{name}.bias", _array(layer.bias))
        padding = int(layer.padding[0])
        return self.graph.op(
            "Conv", x, weight, bias, strides=list(layer.stride), pads=[padding, padding], group=layer.groups
        )

    def _norm(self, x: str, weight: str, bias: str) -> str:
        return self.graph.op("LayerNormalization", x, weight, bias, axis=-1, epsilon=NORM_EPSILON)

    def _silu(self, x: str) -> str:
        return self.graph.op("Mul", x, self.graph.op("Sigmoid", x))


def _array(tensor: Tensor | None) -> Array:
    if tensor is None:
        raise TypeError("the exporter writes layers with a bias")
    value: Array = tensor.detach().cpu().float().numpy()
    return value


def _folded_basis(basis: Array, bins: Array) -> tuple[Array, Array]:
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
