"""Writes the low-rank deltas of virtual layers as ONNX, gathered by layer number."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto

from voiceassist.train.export.frontend_graph import array
from voiceassist.train.export.graph import Array, OnnxGraphBuilder
from voiceassist.train.model.encoder import MATRICES, Encoder

DELTA_LIMIT = 127
"""Largest int8 value of a delta. It is cast to float before it is used, so nothing can saturate."""


def write_deltas(graph: OnnxGraphBuilder, encoder: Encoder, layer: str) -> dict[str, tuple[str, str]]:
    """The deltas of the virtual layer ``layer``, by the name of the matrix that they add to.

    All matrices are concatenated in two stacks, so that a layer costs two Gather operators and not sixteen. Where
    the builder quantizes, the first stack is int8 and the second, which takes the scales of both, float16.
    """
    if not encoder.config.delta_rank:
        return {}
    pairs = [(array(encoder.deltas[f"{name}_a"]), array(encoder.deltas[f"{name}_b"])) for name in MATRICES]
    if graph.quantize:
        pairs = [_rounded(inputs, outputs) for inputs, outputs in pairs]
    inputs = _look_up(graph, "deltas.inputs", [inputs for inputs, _ in pairs], 1, layer)
    outputs = _look_up(graph, "deltas.outputs", [outputs for _, outputs in pairs], 2, layer)
    return dict(zip(MATRICES, zip(inputs, outputs, strict=True), strict=True))


def _look_up(graph: OnnxGraphBuilder, name: str, stacks: list[Array], axis: int, layer: str) -> list[str]:
    chosen = graph.op("Gather", graph.constant(name, np.concatenate(stacks, axis=axis)), layer)
    if graph.quantize:
        chosen = graph.op("Cast", chosen, to=TensorProto.FLOAT)
    sizes = graph.ints(*(stack.shape[axis] for stack in stacks))
    return graph.split("Split", len(stacks), chosen, sizes, axis=axis - 1)


def _rounded(inputs: Array, outputs: Array) -> tuple[Array, Array]:
    """``inputs`` as int8, a scale for each layer and rank, and ``outputs`` as float16 with that scale taken over.

    Shape: ``(layers, inputs, rank)`` and ``(layers, rank, outputs)``.
    """
    scale = np.maximum(np.abs(inputs).max(axis=1, keepdims=True) / DELTA_LIMIT, 1e-8)
    return np.rint(inputs / scale).astype(np.int8), (outputs * scale.transpose(0, 2, 1)).astype(np.float16)
