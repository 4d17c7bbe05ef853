"""What is done with the output of a program or service: said, shown, typed or copied."""

from __future__ import annotations

import re
from collections.abc import Callable

from voiceassist.actions.call import ActionCall
from voiceassist.domain import ActionOutcome
from voiceassist.errors import ActionError

OUTPUTS = ("say", "show", "type", "copy", "nothing")
MAX_SAID_CHARS = 1_000
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")
"""Colours and cursor movements of a terminal, and other characters that are not text."""


class OutputHandler:
    """Says, shows, types or copies a text.

    Args:
        type_text: types into the window that has the focus.
        copy_text: puts it on the clipboard.
        show_text: shows it apart from the answer, for example as a notification.
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

    def handle(self, call: ActionCall, text: str, done: str) -> ActionOutcome:
        """Do with a text what the argument ``output`` says; ``done`` is the answer where there is nothing to say.

        Raises:
            ActionError: ``output`` is something else, or it could not be typed or copied.
        """
        kind = call.arguments.get("output", "say")
        if kind not in OUTPUTS:
            raise ActionError(
                f"{call.name} needs one of {', '.join(OUTPUTS)} as output, not {kind!r}",
                hint="correct it in the command file",
            )
        text = _CONTROL.sub("", text).strip()
        if not text or kind == "nothing":
            return ActionOutcome(True, done)
        if kind == "type":
            self._type_text(text)
            return ActionOutcome(True, "Typed what it gave.")
        if kind == "copy":
            self._copy_text(text)
            return ActionOutcome(True, "Copied what it gave.")
        if kind == "show":
            self._show_text(text)
        return ActionOutcome(True, text if len(text) <= MAX_SAID_CHARS else f"{text[:MAX_SAID_CHARS]} …")
