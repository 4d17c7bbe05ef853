"""The protocol: one line of JSON each way, with a version and a size limit, and the reply to any input."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from voiceassist.errors import InstanceError, NotRunningError, VoiceAssistError
from voiceassist.validation import Problems

VERSION = 1
MAX_LINE_BYTES = 4096
"""Maximum length of a line, its end included."""
MAX_TOKEN_LETTERS = 256
_MAX_TEXT_LETTERS = 500

_log = logging.getLogger(__name__)


class Verb(StrEnum):
    """The operation requested from the running program."""

    TOGGLE = "toggle"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    SHOW = "show"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the running program.

    Attributes:
        verb: what to do.
        activation: the desktop's activation token, which permits taking the focus, if the caller was given one.
    """

    verb: Verb
    activation: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The result of a request, in one line for the user."""

    ok: bool
    text: str


Answer = Callable[[Request], Reply]
"""Carries out a request. It is called on threads of the instance, several at a time."""


def encode_request(request: Request) -> bytes:
    """The request as a line."""
    fields: dict[str, Any] = {"voiceassist": VERSION, "verb": request.verb.value}
    if 0 < len(request.activation) <= MAX_TOKEN_LETTERS:
        fields["activation"] = request.activation
    return _line(fields)


def decode_request(line: bytes) -> Request:
    """The request in a line.

    Raises:
        InstanceError: the line is not a request, or one of another version.
    """
    fields, problems = _fields(line)
    verb = problems.choice(fields, "verb", [str(verb) for verb in Verb])
    activation = fields.get("activation", "")
    if not isinstance(activation, str) or len(activation) > MAX_TOKEN_LETTERS:
        problems.add(f"activation must be a string of at most {MAX_TOKEN_LETTERS} characters")
    if problems:
        raise problems.error(InstanceError)
    return Request(Verb(verb), activation)


def encode_reply(reply: Reply) -> bytes:
    """The reply as a line; a long text is cut, and line breaks become spaces."""
    words = " ".join(reply.text.split())
    if len(words) > _MAX_TEXT_LETTERS:
        words = words[: _MAX_TEXT_LETTERS - 1] + "…"
    return _line({"voiceassist": VERSION, "ok": reply.ok, "text": words})


def decode_reply(line: bytes) -> Reply:
    """The reply in a line.

    Raises:
        InstanceError: the line is not a reply, or one of another version.
    """
    fields, problems = _fields(line)
    ok, text = fields.get("ok"), fields.get("text")
    if not isinstance(ok, bool):
        problems.add("ok must be true or false")
    if not isinstance(text, str):
        problems.add("text must be a string")
    if problems or not isinstance(ok, bool) or not isinstance(text, str):
        raise problems.error(InstanceError)
    return Reply(ok, text)


def answer_line(answer: Answer, line: bytes) -> bytes:
    """The reply to a line. Every error becomes a reply: one request never ends the thread that answers."""
    try:
        reply = answer(decode_request(line))
    except VoiceAssistError as error:
        _log.debug("a request was not carried out", exc_info=True)
        reply = Reply(ok=False, text=f"{error.message} ({error.hint})")
    except Exception:  # noqa: BLE001 - a border: reported and logged, and the next request is answered
        _log.exception("a request failed")
        reply = Reply(ok=False, text="voiceassist could not do that because of a fault in it; its log says more")
    return encode_reply(reply)


def not_running() -> NotRunningError:
    """The error if no instance is running."""
    return NotRunningError("voiceassist is not running", hint="start it first: voiceassist --hidden")


def no_answer() -> InstanceError:
    """The error for an instance that hangs."""
    return InstanceError(
        "voiceassist runs but does not answer", hint="wait a moment and try again, or end it and start it again"
    )


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def _fields(line: bytes) -> tuple[dict[str, Any], Problems]:
    problems = Problems("the message cannot be understood", hint="use the same voiceassist on both sides")
    if len(line) > MAX_LINE_BYTES or not line.endswith(b"\n"):
        problems.add(f"it is not a line of at most {MAX_LINE_BYTES} bytes")
        raise problems.error(InstanceError)
    fields = problems.json(line)
    if not problems and "voiceassist" not in fields:
        problems.add("it is not meant for this program")
    if problems:
        raise problems.error(InstanceError)
    if fields["voiceassist"] != VERSION or isinstance(fields["voiceassist"], bool):
        raise InstanceError(
            "the running voiceassist is of another version", hint="quit it from its tray icon and start it again"
        )
    return fields, problems
