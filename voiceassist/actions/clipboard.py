"""The clipboard: reads it, and copies a text or the last answer to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceassist.action_spec import ActionOutcome, Parameter, Risk
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

MAX_READ_CHARS = 1_000


class Clipboard(Protocol):
    """The desktop's clipboard. Every method raises ActionError if it is unavailable."""

    def read(self) -> str:
        """Its text; empty if it holds none."""
        ...

    def write(self, text: str) -> None:
        """Copies a text to it."""
        ...


class ClipboardActions:
    """``clipboard.read`` and ``clipboard.copy``."""

    def __init__(self, registry: ActionRegistry, find_clipboard: Callable[[], Clipboard]) -> None:
        self._registry = registry
        self._find_clipboard = find_clipboard
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs="a clipboard tool", check=find_clipboard)
        registry.register("clipboard.read", self.read, needs="a clipboard tool", check=find_clipboard)
        text = Parameter("text", required=False, description="the last answer by default")
        registry.register("clipboard.copy", self.copy, text, **details)

    def read(self, _call: ActionCall) -> ActionOutcome:
        """Says the text on the clipboard."""
        text = self._find_clipboard().read().strip()
        if not text:
            return ActionOutcome(True, mark("There is no text on the clipboard."))
        return ActionOutcome(True, text if len(text) <= MAX_READ_CHARS else f"{text[:MAX_READ_CHARS]} …")

    def copy(self, call: ActionCall) -> ActionOutcome:
        """Copies ``text``, or else the last answer, to the clipboard."""
        text = call.needed_text("text") if call.value("text") is not None else self._registry.last_message
        if not text:
            raise ActionError(mark("there is no answer to copy yet"), hint=mark("say a command first"))
        clipboard = self._find_clipboard()
        before = clipboard.read()
        clipboard.write(text)

        def put_back() -> str:
            clipboard.write(before)
            return mark("The clipboard is as it was.")

        return ActionOutcome(True, mark("Copied."), self._registry.remember(put_back))
