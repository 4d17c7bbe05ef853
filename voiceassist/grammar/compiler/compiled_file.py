"""The file format of compiled commands: a digest, a line of JSON, and arrays of numbers.

Nothing in a file is trusted: what it says is data only, and every index is checked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceassist.domain import ValueRange
from voiceassist.grammar.compiler.compiled_commands import CompiledCommands
from voiceassist.grammar.compiler.phone_arcs import NO_WORD, PhoneArcs
from voiceassist.grammar.compiler.word_graph import (
    END,
    NO_NODE,
    FreeText,
    Label,
    SentenceEnd,
    SlotEnd,
    SlotStart,
    WakeMark,
    Word,
    WordGraph,
)
from voiceassist.grammar.values.lists import GrammarList, builtin_lists
from voiceassist.grammar.values.number_grammars import MultipliedNumber
from voiceassist.grammar.values.value_grammar import Constant, ValueReader, read_verbatim

_MAGIC = b"voiceassist compiled commands 1\n"
_DIGEST_BYTES = hashlib.sha256().digest_size
_KINDS: tuple[np.dtype[Any], ...] = tuple(map(np.dtype, ("<i4",) * 4 + ("u1",) * 2 + ("<i4",) * 3))
"""The types of the arrays of a file."""


class InvalidFileError(Exception):
    """The content is not what was written for this key."""


class NotStorableError(Exception):
    """The commands have a value that the format does not hold, such as a date."""


def encode(key: str, compiled: CompiledCommands, pronunciations: str) -> bytes:
    """The content of a file.

    Args:
        key: identifies the commands.
        compiled: what to write.
        pronunciations: digest of the pronunciations of its words.

    Raises:
        NotStorableError: a value has a type that JSON does not know.
    """
    arcs, graph = compiled.arcs, compiled.graph
    arrays = [
        *(arcs.phone, arcs.source, arcs.target, arcs.word, arcs.accepting, arcs.tail),
        *(graph.first_arc, graph.arc_label, graph.arc_target),
    ]
    header = json.dumps(
        {
            "lengths": [len(array) for array in arrays],
            "pronunciations": pronunciations,
            "words": compiled.words,
            "root": graph.root,
            "labels": [_label_fields(label) for label in graph.labels],
        }
    )
    parts = [array.astype(kind).tobytes() for array, kind in zip(arrays, _KINDS, strict=True)]
    body = b"".join([header.encode(), b"\n", *parts])
    return _MAGIC + _digest(key, body) + body


def decode(key: str, content: bytes) -> tuple[CompiledCommands, str]:
    """What was written, and the digest of the pronunciations.

    Raises:
        InvalidFileError: the content was written for another key, or is damaged.
    """
    start = len(_MAGIC) + _DIGEST_BYTES
    body = content[start:]
    if not hmac.compare_digest(content[:start], _MAGIC + _digest(key, body)):
        raise InvalidFileError("the digest is another one")
    header, _, rest = body.partition(b"\n")
    try:
        fields = json.loads(header)
        words, root, pronunciations = tuple(fields["words"]), fields["root"], fields["pronunciations"]
        labels = tuple(_label(*label) for label in fields["labels"])
        phone, source, target, word, accepting, tail, first_arc, arc_label, arc_target = _arrays(
            rest, fields["lengths"]
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidFileError(f"it cannot be read: {error}") from error
    arcs = PhoneArcs(phone, source, target, word, accepting.astype(bool), tail.astype(bool))
    graph = WordGraph(first_arc, arc_label, arc_target, labels, root)
    if not (isinstance(pronunciations, str) and all(isinstance(word, str) for word in words)):
        raise InvalidFileError("its words are no texts")
    _check_arcs(arcs, len(words))
    _check_graph(graph)
    return CompiledCommands(arcs, words, graph), pronunciations


def _digest(key: str, body: bytes) -> bytes:
    digest = hashlib.sha256(key.encode())
    digest.update(body)
    return digest.digest()


def _arrays(content: bytes, lengths: Sequence[int]) -> list[NDArray[Any]]:
    arrays: list[NDArray[Any]] = []
    begin = 0
    for kind, length in zip(_KINDS, lengths, strict=True):
        end = begin + length * kind.itemsize
        if type(length) is not int or length < 0 or end > len(content):
            raise ValueError("an array of another length")
        arrays.append(np.frombuffer(content[begin:end], kind))
        begin = end
    if begin != len(content):
        raise ValueError("there is more than the arrays")
    return arrays


# Checks


def _check_arcs(arcs: PhoneArcs, words: int) -> None:
    """The order that `numbered` gives: each node has arcs that lead to it, those with one arc first, and no circle."""
    size, nodes = len(arcs.phone), arcs.nodes
    in_range = (
        nodes > 0
        and all(len(column) == size for column in (arcs.source, arcs.target, arcs.word))
        and len(arcs.tail) == nodes
        and (
            not size
            or (
                arcs.phone.min() >= 0
                and arcs.source.min() >= 0
                and arcs.source.max() < nodes
                and arcs.target.min() >= 1
                and arcs.target.max() < nodes
                and arcs.word.min() >= NO_WORD
                and arcs.word.max() < words
            )
        )
    )
    if not in_range or np.any(np.diff(arcs.target) < 0):
        raise InvalidFileError("its states are out of range")
    arriving = np.bincount(arcs.target, minlength=nodes)
    if np.any(arriving[1:] == 0) or np.any(np.diff(np.minimum(arriving[1:], 2)) < 0):
        raise InvalidFileError("its nodes are out of order")
    if not _is_acyclic(arcs.source, arcs.target, arriving):
        raise InvalidFileError("its states form a circle")


def _is_acyclic(source: NDArray[Any], target: NDArray[Any], arriving: NDArray[Any]) -> bool:
    """Whether all nodes can be removed one after the other, each without an arc that leads to it."""
    by_source = np.argsort(source, kind="stable")
    first = np.searchsorted(source[by_source], np.arange(len(arriving) + 1))
    after, left = target[by_source], arriving.copy()
    ready, removed = np.flatnonzero(left == 0), 0
    while len(ready):
        removed += len(ready)
        counts = first[ready + 1] - first[ready]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        reached, times = np.unique(after[np.repeat(first[ready], counts) + offsets], return_counts=True)
        left[reached] -= times
        ready = reached[left[reached] == 0]
    return removed == len(arriving)


def _check_graph(graph: WordGraph) -> None:
    first, target = graph.first_arc, graph.arc_target
    size = len(target)
    if len(graph.arc_label) != size or len(first) < 2 or first[0] != 0 or first[-1] != size:
        raise InvalidFileError("its arcs have no nodes")
    counts = np.diff(first)
    if np.any(counts < 0) or first[END + 1] != 0:
        raise InvalidFileError("its arcs are out of order")
    nodes = np.repeat(np.arange(graph.nodes), counts)
    if size and (
        np.any(target >= nodes)
        or target.min() < 0
        or graph.arc_label.min() < 0
        or graph.arc_label.max() >= len(graph.labels)
    ):
        raise InvalidFileError("its arcs are out of range")
    if type(graph.root) is not int or not NO_NODE <= graph.root < graph.nodes:
        raise InvalidFileError("its root is no node")


# Labels


def _label_fields(label: Label) -> list[object]:
    match label:
        case Word(spoken, shown):
            return ["word", spoken, shown]
        case SlotStart():
            return ["slot", label.slot]
        case SlotEnd():
            limits = None if label.limits is None else astuple(label.limits)
            return ["value", label.order, _reader_fields(label.read), limits, label.one_number]
        case FreeText(final, suffix):
            return ["text", final, suffix]
        case WakeMark():
            return ["wake"]
        case SentenceEnd():
            return ["end", label.order, label.intent, _plain(dict(label.slots))]


def _label(kind: str, *fields: Any) -> Label:
    match (kind, *fields):
        case ("word", str(spoken), str(shown)):
            return Word(spoken, shown)
        case ("slot", str(slot)):
            return SlotStart(slot)
        case ("value", int(order), [str(name), *constant], limits, bool(one_number)):
            numbers = None if limits is None else ValueRange(*map(float, limits))
            return SlotEnd(order, _reader(name, *constant), numbers, one_number)
        case ("text", bool(final), str(suffix)):
            return FreeText(final, suffix)
        case ("wake",):
            return WakeMark()
        case ("end", int(order), str(intent), dict(slots)):
            return SentenceEnd(order, intent, slots)
    raise ValueError(f"an unknown label {kind!r}")


def _builtin_readers() -> Mapping[str, ValueReader]:
    return {name: found.read for name, found in builtin_lists().items() if isinstance(found, GrammarList)}


def _reader_fields(read: ValueReader) -> list[object]:
    if isinstance(read, Constant):
        return ["constant", _plain(read.value)]
    if isinstance(read, MultipliedNumber):
        return ["multiplied", _plain(read.multiplier)]
    if read is read_verbatim:
        return ["verbatim"]
    for name, builtin in _builtin_readers().items():
        if builtin is read:
            return ["list", name]
    raise NotStorableError(f"an unknown kind of value: {read}")


def _reader(kind: str, *constant: Any) -> ValueReader:
    match (kind, *constant):
        case ("constant", value):
            return Constant(value)
        case ("multiplied", int(factor) | float(factor)):
            return MultipliedNumber(factor)
        case ("verbatim",):
            return read_verbatim
        case ("list", str(name)):
            return _builtin_readers()[name]
    raise ValueError(f"an unknown kind of value {kind!r}")


def _plain(value: object) -> object:
    """The value itself, if JSON gives back exactly the same."""
    inner: Iterable[object] = ()
    if type(value) is list:
        inner = value
    elif type(value) is dict and all(type(name) is str for name in value):
        inner = value.values()
    elif value is not None and type(value) not in {str, int, float, bool}:
        raise NotStorableError(f"a value of the type {type(value).__name__}")
    for one in inner:
        _plain(one)
    return value
