"""The output of a program or service: said, shown, typed or copied."""

from __future__ import annotations

import re
from collections.abc import Callable

from voiceassist.action_spec import ActionOutcome, Parameter
from voiceassist.actions.call import ActionCall
from voiceassist.actions.slot_templates import fill
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

OUTPUTS = ("say", "show", "type", "copy", "nothing")
DONE = Parameter("done", required=False, template=True, description="the answer if there is no output to say")
MAX_SAID_CHARS = 1_000
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")
"""Escape sequences of a terminal, and control characters."""


class OutputHandler:
    """Says, shows, types or copies a text.

    Args:
        type_text: types into the focused window.
        copy_text: copies to the clipboard.
        show_text: shows a notification.
    """

    def __init__(
        self,
        type_text: Callable[[str], None],
        copy_text: Callable[[str], None],
        show_text: Callable[[str], object],
    ) -> None:
        self._type_text = type_text
        self._copy_text = copy_text
        self._show_text = show_text

    def handle(self, call: ActionCall, text: str, default: str, done: str) -> ActionOutcome:
        """Say, show, type or copy a text.

        Args:
            call: its arguments ``output`` and ``done`` say what to do, and what to answer where there is no text.
            text: the output.
            default: what to do unless the command file says it.
            done: the answer unless the command file has one.

        Raises:
            ActionError: ``output`` is invalid, or the text could not be typed or copied.
        """
        kind = call.arguments.get("output", default)
        if kind not in OUTPUTS:
            outputs = ", ".join(OUTPUTS)
            raise ActionError(f"{call.name} needs one of {outputs} as output, not {kind!r}", hint="correct the file")
        text = _CONTROL.sub("", text).strip()
        if not text or kind == "nothing":
            answer = call.arguments.get("done")
            return ActionOutcome(True, fill(answer, call.definite_slots) if isinstance(answer, str) else done)
        if kind == "type":
            self._type_text(text)
            return ActionOutcome(True, mark("Typed the output."))
        if kind == "copy":
            self._copy_text(text)
            return ActionOutcome(True, mark("Copied the output."))
        if kind == "show":
            self._show_text(text)
        return ActionOutcome(True, text if len(text) <= MAX_SAID_CHARS else f"{text[:MAX_SAID_CHARS]} …")
