"""The wire: what is sent is read, and whatever else comes is an error and no more than that."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.errors import InstanceError
from voiceassist.ipc.messages import (
    MAX_LINE_BYTES,
    MAX_TOKEN_LETTERS,
    Reply,
    Request,
    Verb,
    answer_line,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
near_misses = st.fixed_dictionaries(
    {},
    optional={
        "voiceassist": st.just(1) | json_values,
        "verb": st.sampled_from([verb.value for verb in Verb]) | json_values,
        "activation": json_values,
        "ok": json_values,
        "text": json_values,
    },
).map(lambda fields: json.dumps(fields).encode() + b"\n")
anything = st.binary(max_size=200) | st.binary(max_size=50).map(lambda line: line + b"\n") | near_misses


@given(st.sampled_from(Verb), st.text(max_size=300))
def test_a_request_arrives(verb, activation):
    line = encode_request(Request(verb, activation))
    fits = len(activation) <= MAX_TOKEN_LETTERS
    assert decode_request(line) == Request(verb, activation if fits else "")
    assert line.count(b"\n") == 1
    assert len(line) <= MAX_LINE_BYTES


@given(st.booleans(), st.text(max_size=2000))
def test_a_reply_arrives_in_one_line_and_cut_if_it_is_long(ok, text):
    line = encode_reply(Reply(ok, text))
    reply = decode_reply(line)
    assert reply.ok is ok
    assert "\n" not in reply.text
    assert " ".join(text.split()).startswith(reply.text.removesuffix("…"))
    assert line.count(b"\n") == 1
    assert len(line) <= MAX_LINE_BYTES


@given(anything)
def test_whatever_comes_is_answered(line):
    asked: list[Request] = []

    def answer(request: Request) -> Reply:
        asked.append(request)
        return Reply(ok=True, text="done")

    reply = decode_reply(answer_line(answer, line))
    assert reply.ok is bool(asked)
    assert reply.ok or "(" in reply.text


@given(anything)
def test_whatever_is_answered_is_read_or_refused(line):
    try:
        reply = decode_reply(line)
    except InstanceError:
        reply = Reply(ok=False, text="refused")
    assert isinstance(reply.ok, bool)
    assert isinstance(reply.text, str)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b'{"voiceassist":1,"verb":"toggle"}',
        b"[" * 2000 + b"\n",
        b'{"voiceassist":1,"verb":"toggle","activation":"' + b"x" * MAX_LINE_BYTES + b'"}\n',
        b'{"voiceassist":true,"verb":"toggle"}\n',
        b'{"voiceassist":1,"verb":"format"}\n',
        b'{"voiceassist":1,"verb":["toggle"]}\n',
        b'{"voiceassist":1,"verb":"toggle","activation":7}\n',
        b'["voiceassist"]\n',
        b"\xff\xfe\n",
    ],
)
def test_what_is_no_request_is_refused(line):
    with pytest.raises(InstanceError):
        decode_request(line)


def test_another_version_is_named():
    with pytest.raises(InstanceError, match="another version"):
        decode_request(b'{"voiceassist":2,"verb":"toggle"}\n')


def test_what_went_wrong_is_told_to_whoever_asked():
    def refuse(_request: Request) -> Reply:
        raise InstanceError("there is no door", hint="take the window")

    reply = decode_reply(answer_line(refuse, encode_request(Request(Verb.SHOW))))
    assert reply == Reply(ok=False, text="there is no door (take the window)")
