"""Scans an ONNX file without the onnx package: whether it keeps weights in other files.

Only the protobuf wire format is read, and only the fields on the way to a tensor are followed.

Source: protobuf's encoding guide and onnx.proto (messages ModelProto, GraphProto, TensorProto).
"""

from __future__ import annotations

from collections.abc import Iterator

from voiceassist.errors import PackError

MAX_DEPTH = 64
MAX_MESSAGES = 100_000
MAX_FIELDS = 500_000
"""A limit far above that of any pack; a larger file is refused before it costs time and memory."""
_MAX_FIELD_NUMBER = (1 << 29) - 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

_FOLLOW: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
"""For each message, the fields to follow and the message type of each."""
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
"""The fields of a tensor that say its values lie in another file."""


def check_self_contained(model: bytes) -> list[str]:
    """The problem with an ONNX file of a pack, if any: it is malformed, or refers to external files."""
    try:
        outside, has_graph = _scan(memoryview(model))
    except PackError as error:
        return [error.message]
    if not has_graph:
        return ["it holds no ONNX graph"]
    return ["it keeps weights in another file (external data), which a pack may not"] if outside else []


def _scan(model: memoryview) -> tuple[bool, bool]:
    outside, has_graph = False, False
    pending = [("model", model, 0)]
    seen = fields = 0
    while pending:
        kind, message, depth = pending.pop()
        seen += 1
        if depth > MAX_DEPTH:
            raise _broken("graphs are nested too deeply")
        for number, wire, payload in _fields(message):
            fields += 1
            if fields > MAX_FIELDS:
                raise _broken(f"it has more than {MAX_FIELDS} fields")
            if kind == "tensor" and (number == _EXTERNAL_DATA or (number == _DATA_LOCATION and payload)):
                outside = True
            inner = _FOLLOW[kind].get(number)
            if inner is not None and wire == _BYTES and isinstance(payload, memoryview):
                has_graph |= inner == "graph"
                pending.append((inner, payload, depth + 1))
                if seen + len(pending) > MAX_MESSAGES:
                    raise _broken(f"it has more than {MAX_MESSAGES} parts")
    return outside, has_graph


def _fields(message: memoryview) -> Iterator[tuple[int, int, int | memoryview]]:
    """Field number, wire type and payload of every field of a message."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        if key >> 3 > _MAX_FIELD_NUMBER:
            raise _broken("a field has a number that protobuf does not know")
        wire = key & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, wire, value
            continue
        if wire == _BYTES:
            size, at = _varint(message, at)
        elif wire in (_FIXED64, _FIXED32):
            size = 8 if wire == _FIXED64 else 4
        else:
            raise _broken(f"wire type {wire} is unknown")
        if size > end - at:
            raise _broken("a field is longer than the file")
        yield key >> 3, wire, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    if at < len(message) and message[at] < 0x80:  # nearly all varints have one byte
        return message[at], at + 1
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise _broken("it ends in the middle of a number")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise _broken("a number is too long")


def _broken(reason: str) -> PackError:
    return PackError(f"it is not a readable ONNX file: {reason}", hint="get the pack again")
