"""The clipboard: what is on it, and putting the last answer there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter, Risk
from voiceassist.errors import ActionError

MAX_READ_CHARS = 1_000


class Clipboard(Protocol):
    """The desktop's clipboard. Every method raises ActionError where it cannot be reached."""

    def read(self) -> str:
        """The text on it; empty where there is none."""
        ...

    def write(self, text: str) -> None:
        """Puts a text on it."""
        ...


class ClipboardActions:
    """``clipboard.read`` and ``clipboard.copy``."""

    def __init__(self, registry: ActionRegistry, find_clipboard: Callable[[], Clipboard]) -> None:
        self._registry = registry
        self._find_clipboard = find_clipboard
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs="a clipboard tool", check=find_clipboard)
        registry.register("clipboard.read", self.read, needs="a clipboard tool", check=find_clipboard)
        text = Parameter("text", required=False, description="the last answer otherwise")
        registry.register("clipboard.copy", self.copy, text, **details)

    def read(self, _call: ActionCall) -> ActionOutcome:
        """Says what is on the clipboard."""
        text = self._find_clipboard().read().strip()
        if not text:
            return ActionOutcome(True, "There is no text on the clipboard.")
        return ActionOutcome(True, text if len(text) <= MAX_READ_CHARS else f"{text[:MAX_READ_CHARS]} …")

    def copy(self, call: ActionCall) -> ActionOutcome:
        """Puts ``text``, or else the last answer, on the clipboard."""
        text = call.needed_text("text") if call.value("text") is not None else self._registry.last_message
        if not text:
            raise ActionError("there is no answer to copy yet", hint="say a command first")
        clipboard = self._find_clipboard()
        before = clipboard.read()
        clipboard.write(text)

        def put_back() -> str:
            clipboard.write(before)
            return "The clipboard is as it was."

        return ActionOutcome(True, "Copied.", self._registry.remember(put_back))
