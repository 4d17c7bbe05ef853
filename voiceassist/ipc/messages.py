"""What goes over the socket: one line of JSON each way, with a version and a limit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from voiceassist.errors import InstanceError

VERSION = 1
LONGEST_BYTES = 4096
"""The longest line, its end included."""
LONGEST_TOKEN = 256
_LONGEST_TEXT = 500


class Verb(StrEnum):
    """What the running program is asked to do."""

    TOGGLE = "toggle"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    SHOW = "show"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that is asked for.

    Attributes:
        verb: what to do.
        activation: the desktop's permission to take the focus, where it gave one to whoever asks.
    """

    verb: Verb
    activation: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it, in one line for the user."""

    ok: bool
    text: str


def encode_request(request: Request) -> bytes:
    """The request as a line."""
    fields: dict[str, Any] = {"voiceassist": VERSION, "verb": request.verb.value}
    if 0 < len(request.activation) <= LONGEST_TOKEN:
        fields["activation"] = request.activation
    return _line(fields)


def decode_request(line: bytes) -> Request:
    """The request in a line.

    Raises:
        InstanceError: it is none, or one of another version.
    """
    fields = _fields(line)
    verb, activation = fields.get("verb"), fields.get("activation", "")
    if not isinstance(verb, str) or verb not in Verb.__members__.values():
        raise _unreadable("there is no such request")
    if not isinstance(activation, str) or len(activation) > LONGEST_TOKEN:
        raise _unreadable("its activation is no short text")
    return Request(Verb(verb), activation)


def encode_reply(reply: Reply) -> bytes:
    """The reply as a line; a long text is cut, and line breaks become spaces."""
    words = " ".join(reply.text.split())
    if len(words) > _LONGEST_TEXT:
        words = words[: _LONGEST_TEXT - 1] + "…"
    return _line({"voiceassist": VERSION, "ok": reply.ok, "text": words})


def decode_reply(line: bytes) -> Reply:
    """The reply in a line.

    Raises:
        InstanceError: it is none, or one of another version.
    """
    fields = _fields(line)
    ok, text = fields.get("ok"), fields.get("text")
    if not isinstance(ok, bool) or not isinstance(text, str):
        raise _unreadable("it holds no answer")
    return Reply(ok, text)


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n"


def _fields(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_BYTES or not line.endswith(b"\n"):
        raise _unreadable(f"it is no line of at most {LONGEST_BYTES} bytes")
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _unreadable("it is no JSON") from error
    if not isinstance(fields, dict) or "voiceassist" not in fields:
        raise _unreadable("it is not meant for this program")
    if fields["voiceassist"] != VERSION or isinstance(fields["voiceassist"], bool):
        raise InstanceError(
            "the running voiceassist is of another version", hint="quit it from its tray icon and start it again"
        )
    return fields


def _unreadable(why: str) -> InstanceError:
    return InstanceError(f"the message cannot be understood: {why}", hint="use the same voiceassist on both sides")
