"""From a line that came in to the line that goes out, whatever came in."""

from __future__ import annotations

import logging

from voiceassist.errors import VoiceAssistError
from voiceassist.ipc.instance import Answer
from voiceassist.ipc.messages import Reply, decode_request, encode_reply

_LOG = logging.getLogger(__name__)


def answer_line(answer: Answer, line: bytes) -> bytes:
    """The answer to a line; what cannot be understood is answered with an error."""
    try:
        reply = answer(decode_request(line))
    except VoiceAssistError as error:
        _LOG.debug("a request was not carried out", exc_info=True)
        reply = Reply(ok=False, text=f"{error.message} ({error.hint})")
    return encode_reply(reply)
