"""External data in an ONNX file is found wherever a tensor may hide."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import AttributeProto, ModelProto, TensorProto, helper, numpy_helper

from voiceassist.packs.onnx_scan import check_self_contained


def _outside() -> TensorProto:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="../../secret")
    return tensor


def _inside() -> TensorProto:
    return numpy_helper.from_array(np.arange(200, dtype=np.float32), "w")


def _branch(tensor: TensorProto) -> AttributeProto:
    graph = helper.make_graph([], "inner", [], [], [tensor])
    return helper.make_attribute("body", graph)


def _model(place: str, tensor: TensorProto) -> bytes:
    node = helper.make_node("Identity", ["w"], ["y"])
    model = ModelProto(ir_version=10)
    model.graph.CopyFrom(helper.make_graph([node], "g", [], []))
    match place:
        case "initializer":
            model.graph.initializer.append(tensor)
        case "sparse":
            sparse = model.graph.sparse_initializer.add()
            sparse.indices.CopyFrom(tensor)
        case "attribute":
            model.graph.node[0].attribute.append(helper.make_attribute("value", tensor))
        case "attribute list":
            model.graph.node[0].attribute.append(helper.make_attribute("value", [tensor, tensor]))
        case "body":
            model.graph.node[0].attribute.append(_branch(tensor))
        case "body in body":
            inner = helper.make_node("If", ["c"], ["z"])
            inner.attribute.append(_branch(tensor))
            model.graph.node[0].attribute.append(helper.make_attribute("b", helper.make_graph([inner], "m", [], [])))
        case "function":
            inner = helper.make_node("Constant", [], ["z"])
            inner.attribute.append(helper.make_attribute("value", tensor))
            model.functions.add(name="f", domain="d").node.append(inner)
        case "training":
            model.training_info.add().initialization.initializer.append(tensor)
    return model.SerializeToString()


PLACES = ["initializer", "sparse", "attribute", "attribute list", "body", "body in body", "function", "training"]


@pytest.mark.parametrize("place", PLACES)
def test_external_data_is_found(place: str) -> None:
    assert "another file" in check_self_contained(_model(place, _outside()))[0]
    assert check_self_contained(_model(place, _inside())) == []


def test_location_without_a_flag_and_flag_without_a_location_are_refused() -> None:
    for field in ("external_data", "data_location"):
        tensor = _outside()
        tensor.ClearField(field)
        assert check_self_contained(_model("initializer", tensor))


def test_what_is_no_model_is_refused() -> None:
    assert check_self_contained(b"") == ["it holds no ONNX graph"]
    assert check_self_contained(_model("initializer", _inside())[:-1])
    assert check_self_contained(b"PK\x03\x04 not a model")


def test_bottomless_nesting_is_refused() -> None:
    data = b""
    for _ in range(100):
        for tag in (0x32, 0x2A, 0x0A):  # attribute.g, node.attribute, graph.node
            size, prefix = len(data), b""
            while size >= 0x80:
                prefix += bytes([size & 0x7F | 0x80])
                size >>= 7
            data = bytes([tag]) + prefix + bytes([size]) + data
    size = len(data)
    head = b"\x3a" + bytes([size & 0x7F | 0x80, size >> 7 & 0x7F | (0x80 if size >> 14 else 0)])
    head += bytes([size >> 14]) if size >> 14 else b""
    assert "nested" in check_self_contained(head + data)[0]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_an_answer(data: bytes) -> None:
    assert isinstance(check_self_contained(data), list)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_changed_model_gives_an_answer(at: int, patch: bytes) -> None:
    data = bytearray(_model("body in body", _outside()))
    at %= len(data)
    data[at : at + len(patch)] = patch
    assert isinstance(check_self_contained(bytes(data)), list)


def varint_of(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (b"\x3a" + varint_of(3_000_000) + b"\x0a\x00" * 1_500_000, "more than"),  # empty nodes without end
        (b"\xfa\xff\xff\xff\xff\x0f\x00", "number that protobuf does not know"),
        (b"\xff" * 30, "too long"),
    ],
    ids=["nodes", "tag", "varint"],
)
def test_what_would_cost_time_and_memory_is_refused_first(model: bytes, words: str) -> None:
    assert words in " ".join(check_self_contained(model))
