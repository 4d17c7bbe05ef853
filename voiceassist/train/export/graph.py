"""A small builder of ONNX graphs, so that the exporter reads like the model that it writes.

Operators are written explicitly, not traced, for two guarantees: every weight is an initializer of the outermost
graph, stored once, and exactly the chosen operators are quantized.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
IR_VERSION = 10
"""The newest that onnxruntime 1.23 reads."""
WEIGHT_LIMIT = 64
"""Largest int8 weight. Processors without VNNI add two products of uint8 and int8 in 16 bits: with
7-bit weights (255 * 64 * 2 < 2 ** 15) none of them saturates, so every machine gives the same result."""

Array = NDArray[Any]


class OnnxGraphBuilder:
    """Collects nodes and initializers; a body inside it sees the outer values by name.

    Args:
        quantize: write linear layers with int8 weights and dynamically quantized activations.
    """

    def __init__(self, *, quantize: bool) -> None:
        self.quantize = quantize
        self._initializers: dict[str, onnx.TensorProto] = {}
        self._scopes: list[list[onnx.NodeProto]] = [[]]
        self._count = 0

    def constant(self, name: str, value: Array) -> str:
        """A weight of the outermost graph; a name that is used twice is stored once."""
        if name not in self._initializers:
            self._initializers[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def ints(self, *values: int) -> str:
        """A list of int64, for shapes, axes and the like."""
        return self.constant("ints_" + "_".join(str(value) for value in values), np.array(values, dtype=np.int64))

    def index(self, value: int) -> str:
        """An int64 scalar."""
        return self.constant(f"index_{value}", np.array(value, dtype=np.int64))

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Adds a node with one output and returns the output's name."""
        return self.split(kind, 1, *inputs, **attributes)[0]

    def split(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """Adds a node with several outputs and returns their names."""
        names = [self._fresh(kind) for _ in range(outputs)]
        self._scopes[-1].append(helper.make_node(kind, inputs, names, **attributes))
        return names

    def linear(self, name: str, x: str, weight: Array, bias: Array) -> str:
        """``x @ weight + bias``, quantized if the builder quantizes.

        Shape:
            x: ``(..., inputs)``; weight: ``(inputs, outputs)``; bias: ``(outputs,)``.
        """
        if self.quantize:
            values, scale = quantize_weight(weight)
            quantized, x_scale, x_zero = self.split("DynamicQuantizeLinear", 3, x)
            w = self.constant(f"{name}.weight", values)
            zero = self.constant("int8_zero", np.array(0, dtype=np.int8))
            total = self.op("Cast", self.op("MatMulInteger", quantized, w, x_zero, zero), to=TensorProto.FLOAT)
            product = self.op("Mul", total, self.op("Mul", x_scale, self.constant(f"{name}.scale", scale)))
        else:
            product = self.op("MatMul", x, self.constant(f"{name}.weight", weight))
        return self.op("Add", product, self.constant(f"{name}.bias", bias))

    def loop(self, count: str, states: Sequence[str], body: Callable[[str, list[str]], Sequence[str]]) -> list[str]:
        """``for index in range(count): states = body(index, states)``. Weights stay in the outermost graph."""
        with self._scope() as nodes:
            index, go_on, inner = self._fresh("turn"), self._fresh("go_on"), [self._fresh("state") for _ in states]
            results = body(index, inner)
            still = self.op("Identity", go_on)
        graph = helper.make_graph(
            nodes,
            "body",
            [
                helper.make_tensor_value_info(index, TensorProto.INT64, []),
                helper.make_tensor_value_info(go_on, TensorProto.BOOL, []),
                *(helper.make_tensor_value_info(state, TensorProto.FLOAT, None) for state in inner),
            ],
            [
                helper.make_tensor_value_info(still, TensorProto.BOOL, []),
                *(helper.make_tensor_value_info(result, TensorProto.FLOAT, None) for result in results),
            ],
        )
        return self.split("Loop", len(states), count, "", *states, body=graph)

    def when(self, condition: str, x: str, then: Callable[[str], str]) -> str:
        """``then(x) if condition else x``; the other branch is not computed."""
        with self._scope() as chosen:
            result = then(x)
        with self._scope() as skipped:
            same = self.op("Identity", x)
        return self.op(
            "If", condition, then_branch=_branch("then", chosen, result), else_branch=_branch("else", skipped, same)
        )

    def build(self, inputs: list[onnx.ValueInfoProto], outputs: dict[str, onnx.ValueInfoProto]) -> onnx.ModelProto:
        """The finished model; ``outputs`` maps values to the outputs they become."""
        for name, info in outputs.items():
            self._scopes[-1].append(helper.make_node("Identity", [name], [info.name]))
        graph = helper.make_graph(
            self._scopes[-1], "voiceassist", inputs, list(outputs.values()), list(self._initializers.values())
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="voiceassist"
        )
        onnx.checker.check_model(model, full_check=True)
        return model

    @contextmanager
    def _scope(self) -> Iterator[list[onnx.NodeProto]]:
        nodes: list[onnx.NodeProto] = []
        self._scopes.append(nodes)
        try:
            yield nodes
        finally:
            self._scopes.pop()

    def _fresh(self, kind: str) -> str:
        self._count += 1
        return f"{kind.lower()}_{self._count}"


def quantize_weight(weight: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Symmetric int8 values and the scale of each output column.

    Shape: ``(inputs, outputs)`` -> ``(inputs, outputs)``, ``(outputs,)``.
    """
    largest = np.abs(weight).max(axis=0)
    scale = np.where(largest > 0, largest / WEIGHT_LIMIT, 1.0).astype(np.float32)
    return np.rint(weight / scale).astype(np.int8), scale


def _branch(name: str, nodes: list[onnx.NodeProto], result: str) -> onnx.GraphProto:
    return helper.make_graph(nodes, name, [], [helper.make_tensor_value_info(result, TensorProto.FLOAT, None)])
