"""Writes an encoder as an ONNX graph, operator by operator.

Sharing is preserved in the file and in memory. A block that runs several times in a row is a ``Loop``, alternating
blocks are one ``Loop`` over their rounds, and blocks that run once are an ``If`` each, so that layers beyond the
requested depth cost no time. Every weight is an initializer of the outermost graph and stored exactly once, and so are
the operators of a block: onnxruntime needs about 5 kB of memory for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from onnx import TensorProto, ValueInfoProto, helper
from torch import nn

from voiceassist.errors import ConfigError
from voiceassist.train.export.frontend_graph import array, silu, write_log_mel, write_subsampling
from voiceassist.train.export.graph import Array, OnnxGraphBuilder
from voiceassist.train.model.block import MATRICES, NORMS_PER_LAYER, SCALES_PER_LAYER, Block
from voiceassist.train.model.encoder import Encoder

NORM_EPSILON = 1e-5
DELTA_LIMIT = 127
"""Largest int8 value of a delta. It is cast to float before it is used, so nothing can saturate."""


def _frames_of(name: str, classes: int) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "frames", classes])


class EncoderGraph:
    """Writes the operators of the encoder in the order of its ``forward``."""

    def __init__(self, encoder: Encoder, *, quantize: bool) -> None:
        self.encoder = encoder
        self.config = encoder.config
        self.graph = OnnxGraphBuilder(quantize=quantize)
        self._deltas: dict[str, tuple[str, str]] = {}

    def serialize(self) -> bytes:
        """The ONNX file."""
        graph = self.graph
        features = write_log_mel(graph, self.encoder.log_mel, "waveform")
        x = write_subsampling(graph, self.encoder.subsampling, features)
        rotary = self._rotary(x)
        x, phone_state = self._layers(x, rotary)
        pieces = graph.op("LogSoftmax", self._linear("head", x, self.encoder.head), axis=-1)
        phones = graph.op("LogSoftmax", self._phone_logits(phone_state), axis=-1)
        model = graph.build(
            [
                helper.make_tensor_value_info("waveform", TensorProto.FLOAT, ["batch", "samples"]),
                helper.make_tensor_value_info("turns", TensorProto.INT64, []),
            ],
            {
                pieces: _frames_of("log_probs", self.config.tokens),
                phones: _frames_of("phones", self.config.phones),
            },
        )
        data: bytes = model.SerializeToString(deterministic=True)
        return data

    def _phone_logits(self, x: str) -> str:
        graph, head, context = self.graph, self.encoder.phone_head, self.encoder.phone_context
        if head is None:
            raise ConfigError(
                "the model has no phone head", hint="train it with model.phones = 40; the search needs phones"
            )
        logits, name = self._linear("phone_head", x, head), "phone_context"
        if context is None:
            return logits
        half = graph.quantize
        x = self._linear(f"{name}.first", x, context.first)
        x = silu(graph, self._depthwise(f"{name}.first_depthwise", x, context.first_depthwise, half=half))
        x = self._linear(f"{name}.second", x, context.second)
        x = silu(graph, self._depthwise(f"{name}.second_depthwise", x, context.second_depthwise, half=half))
        return graph.op("Add", logits, self._linear(f"{name}.out", x, context.out))

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

    def _layers(self, x: str, rotary: tuple[str, str]) -> tuple[str, str]:
        """As many layers as are requested, with as few copies of a block's operators as its order allows.

        Returns:
            the output of the last layer, and of the layer that phones are read from.
        """
        if self.config.blocks == self.config.layers > 1:
            return self._one_by_one(x, rotary)
        if self.config.blocks == 1 or self.config.order == "sequence":
            return self._in_a_row(x, rotary)
        return self._in_rounds(x, rotary)

    def _phone_state(self, layer: str, x: str, before: str) -> str:
        """The input of the phone head after a layer: ``x`` up to the phone layer, unchanged afterwards."""
        return self.graph.op(
            "Where", self.graph.op("Less", layer, self.graph.index(self.config.phone_layer)), x, before
        )

    def _in_a_row(self, x: str, rotary: tuple[str, str]) -> tuple[str, str]:
        """Each block is a loop over its own layers; private parameters are gathered by layer number."""
        graph, each, phone_state = self.graph, self.config.layers // self.config.blocks, x
        for number in range(self.config.blocks):
            first = graph.index(number * each)
            left = graph.op("Max", graph.op("Sub", "turns", first), graph.index(0)) if number else "turns"

            def body(index: str, states: list[str], number: int = number, first: str = first) -> list[str]:
                layer = graph.op("Add", index, first) if number else index
                after = self._block(number, states[0], layer, rotary)
                return [after, self._phone_state(layer, after, states[1])]

            x, phone_state = graph.loop(graph.op("Min", left, graph.index(each)), [x, phone_state], body)
        return x, phone_state

    def _in_rounds(self, x: str, rotary: tuple[str, str]) -> tuple[str, str]:
        """Alternating blocks: a loop over rounds, the last of which may end early."""
        graph, blocks = self.graph, self.config.blocks

        def body(index: str, states: list[str]) -> list[str]:
            state, phone_state = states
            first = graph.op("Mul", index, graph.index(blocks))
            for number in range(blocks):
                layer = graph.op("Add", first, graph.index(number))

                def run(x: str, number: int = number, layer: str = layer) -> str:
                    return self._block(number, x, layer, rotary)

                state = graph.when(graph.op("Greater", "turns", layer), state, run)
                phone_state = self._phone_state(layer, state, phone_state)
            return [state, phone_state]

        rounds = graph.op("Div", graph.op("Add", "turns", graph.index(blocks - 1)), graph.index(blocks))
        x, phone_state = graph.loop(graph.op("Min", rounds, graph.index(self.config.layers // blocks)), [x, x], body)
        return x, phone_state

    def _one_by_one(self, x: str, rotary: tuple[str, str]) -> tuple[str, str]:
        """A block per layer: a loop cannot choose weights without copying them, so each layer is an ``If``."""
        graph, phone_state = self.graph, x
        for number in range(self.config.layers):

            def run(state: str, number: int = number) -> str:
                return self._block(number, state, graph.index(number), rotary)

            x = graph.when(graph.op("Greater", "turns", graph.index(number)), x, run)
            phone_state = x if number < self.config.phone_layer else phone_state
        return x, phone_state

    def _norms_and_scales(self, layer: str) -> tuple[list[tuple[str, str]], list[str]]:
        """Weight and bias of each norm of a virtual layer, and the scales of its branches.

        They are a tenth of the file of a shared model; where the builder quantizes, they are float16.
        """
        encoder, rows = self.encoder, 2 * NORMS_PER_LAYER + SCALES_PER_LAYER
        both = np.concatenate(
            [array(encoder.norms).reshape(len(encoder.norms), -1, self.config.dim), array(encoder.scales)], axis=1
        )
        private = _gathered(self.graph, "private", both.reshape(len(both), -1), layer)
        values = self.graph.split("Split", rows, private, axis=0, num_outputs=rows)
        norms = [(values[2 * row], values[2 * row + 1]) for row in range(NORMS_PER_LAYER)]
        return norms, values[2 * NORMS_PER_LAYER :]

    def _block(self, number: int, x: str, layer: str, rotary: tuple[str, str]) -> str:
        graph, block, name = self.graph, self.encoder.blocks[number], f"blocks.{number}"
        if not isinstance(block, Block):
            raise TypeError(f"block {number} is a {type(block).__name__}; the exporter writes Block only")
        projection = self.encoder.told
        if projection is not None and self.config.block_of(self.config.condition_layer) == number:
            conditioned = graph.op("Equal", layer, graph.index(self.config.condition_layer))

            def condition(state: str) -> str:
                posteriors = graph.op("Softmax", self._linear("head", state, self.encoder.head), axis=-1)
                return graph.op("Add", state, self._linear("told", posteriors, projection))

            x = graph.when(conditioned, x, condition)
        norms, scales = self._norms_and_scales(layer)
        self._deltas = _write_deltas(graph, self.encoder, layer)
        branches: list[Callable[[str], str]] = [
            lambda y: self._feed_forward(f"{name}.ff1", y, block.ff1_in, block.ff1_out),
            lambda y: self._attend(name, y, block, rotary),
            lambda y: self._convolve(name, y, block),
            lambda y: self._feed_forward(f"{name}.ff2", y, block.ff2_in, block.ff2_out),
        ]
        for branch, norm, scale in zip(branches, norms[:-1], scales, strict=True):
            x = graph.op("Add", x, graph.op("Mul", branch(self._norm(x, *norm)), scale))
        return self._norm(x, *norms[-1])

    def _feed_forward(self, name: str, x: str, first: nn.Linear, second: nn.Linear) -> str:
        graph = self.graph
        return self._linear(f"{name}_out", silu(graph, self._linear(f"{name}_in", x, first)), second)

    def _attend(self, name: str, x: str, block: Block, rotary: tuple[str, str]) -> str:
        graph, dim, heads = self.graph, self.config.dim, self.config.heads
        width = dim // heads
        qkv = self._linear(f"{name}.qkv", x, block.qkv)
        pair, value = graph.split("Split", 2, qkv, graph.ints(2 * dim, dim), axis=-1)
        pair = graph.op("Reshape", pair, graph.ints(0, 0, 2 * heads, width))
        first, second = graph.split("Split", 2, pair, axis=-1, num_outputs=2)
        turned = graph.op("Concat", graph.op("Neg", second), first, axis=-1)
        pair = graph.op("Add", graph.op("Mul", pair, rotary[0]), graph.op("Mul", turned, rotary[1]))
        query, key = graph.split("Split", 2, pair, axis=2, num_outputs=2)
        value = graph.op("Reshape", value, graph.ints(0, 0, heads, width))
        scale = graph.constant("attention.scale", np.array(1 / math.sqrt(width), dtype=np.float32))
        query = graph.op("Transpose", graph.op("Mul", query, scale), perm=[0, 2, 1, 3])
        key = graph.op("Transpose", key, perm=[0, 2, 3, 1])
        weight = graph.op("Softmax", graph.op("MatMul", query, key), axis=-1)
        mixed = graph.op("MatMul", weight, graph.op("Transpose", value, perm=[0, 2, 1, 3]))
        mixed = graph.op("Reshape", graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), graph.ints(0, 0, dim))
        return self._linear(f"{name}.attention_out", mixed, block.attention_out)

    def _convolve(self, name: str, x: str, block: Block) -> str:
        graph = self.graph
        value, gate = graph.split("Split", 2, self._linear(f"{name}.conv_in", x, block.conv_in), axis=-1, num_outputs=2)
        x = graph.op("Mul", value, graph.op("Sigmoid", gate))
        x = self._depthwise(f"{name}.depthwise", x, block.depthwise)
        norm = block.conv_norm
        x = self._norm(
            x,
            graph.constant(f"{name}.conv_norm.weight", array(norm.weight)),
            graph.constant(f"{name}.conv_norm.bias", array(norm.bias)),
        )
        return self._linear(f"{name}.conv_out", silu(graph, x), block.conv_out)

    def _depthwise(self, name: str, x: str, layer: nn.Conv1d, *, half: bool = False) -> str:
        """A depthwise convolution over the frames, its weights in float16 if ``half``.

        Shape: ``(batch, frames, width)``.
        """
        graph, padding = self.graph, int(layer.padding[0])
        x = graph.op("Transpose", x, perm=[0, 2, 1])
        weight = graph.constant(f"{name}.weight", array(layer.weight).astype(np.float16 if half else np.float32))
        if half:
            weight = graph.op("Cast", weight, to=TensorProto.FLOAT)
        bias = graph.constant(f"{name}.bias", array(layer.bias))
        x = graph.op("Conv", x, weight, bias, strides=[1], pads=[padding, padding], group=layer.groups)
        return graph.op("Transpose", x, perm=[0, 2, 1])

    def _linear(self, name: str, x: str, layer: nn.Linear) -> str:
        graph = self.graph
        y = graph.linear(name, x, array(layer.weight).T, array(layer.bias))
        delta = self._deltas.get(name.rpartition(".")[2]) if name.startswith("blocks.") else None
        if delta is None:
            return y
        inputs, outputs = delta
        return graph.op("Add", y, graph.op("MatMul", graph.op("MatMul", x, inputs), outputs))

    def _norm(self, x: str, weight: str, bias: str) -> str:
        return self.graph.op("LayerNormalization", x, weight, bias, axis=-1, epsilon=NORM_EPSILON)


def _write_deltas(graph: OnnxGraphBuilder, encoder: Encoder, layer: str) -> dict[str, tuple[str, str]]:
    """The deltas of the virtual layer ``layer``, by the name of the matrix that they add to.

    All matrices are concatenated in two stacks, so that a layer costs two Gather operators and not sixteen. Where
    the builder quantizes, the first stack is int8, with a scale for each layer and rank that the second stack takes
    over, which is float16.
    """
    if not encoder.config.delta_rank:
        return {}
    pairs = [(array(encoder.deltas[f"{name}_a"]), array(encoder.deltas[f"{name}_b"])) for name in MATRICES]
    if graph.quantize:
        scales = [np.maximum(np.abs(inputs).max(axis=1, keepdims=True) / DELTA_LIMIT, 1e-8) for inputs, _ in pairs]
        pairs = [
            (np.rint(inputs / scale).astype(np.int8), outputs * scale.transpose(0, 2, 1))
            for (inputs, outputs), scale in zip(pairs, scales, strict=True)
        ]
    inputs = _look_up(graph, "deltas.inputs", [inputs for inputs, _ in pairs], 1, layer)
    outputs = _look_up(graph, "deltas.outputs", [outputs for _, outputs in pairs], 2, layer)
    return dict(zip(MATRICES, zip(inputs, outputs, strict=True), strict=True))


def _gathered(graph: OnnxGraphBuilder, name: str, values: Array, layer: str) -> str:
    """The row of a layer in float32; where the builder quantizes, float32 values are stored as float16."""
    if not graph.quantize:
        return graph.op("Gather", graph.constant(name, values), layer)
    stored = values.astype(np.float16) if values.dtype == np.float32 else values
    return graph.op("Cast", graph.op("Gather", graph.constant(name, stored), layer), to=TensorProto.FLOAT)


def _look_up(graph: OnnxGraphBuilder, name: str, stacks: list[Array], axis: int, layer: str) -> list[str]:
    chosen = _gathered(graph, name, np.concatenate(stacks, axis=axis), layer)
    sizes = graph.ints(*(stack.shape[axis] for stack in stacks))
    return graph.split("Split", len(stacks), chosen, sizes, axis=axis - 1)
