"""The interface of a global hotkey, and the events it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voiceassist.errors import HotkeyError

BY_HAND = "bind the command “voiceassist --toggle” to a key in the keyboard settings of your desktop"
"""What always works."""


@dataclass(frozen=True, slots=True)
class HotkeyEvents:
    """Functions that a hotkey calls. They must be quick, and must not close the hotkey.

    Thread: the hotkey's own, or the one that called ``start``.

    Attributes:
        press: the combination went down; once, however long it is held.
        release: its key went up.
        ready: the desktop has given us the key; with the name under which it did, as the user knows it.
        failed: it has not, or has taken it away again. Nothing more comes after it.
    """

    press: Callable[[], None]
    release: Callable[[], None]
    ready: Callable[[str], None]
    failed: Callable[[HotkeyError], None]


class Hotkey(Protocol):
    """One global hotkey. Whoever makes it closes it."""

    def start(self) -> None:
        """Ask for the key; what comes of it is told by ``ready`` or ``failed``, perhaps after the user was asked."""
        ...

    def close(self) -> None:
        """Give the key back and join what runs for it. A key that is held counts as released. May be called twice."""
        ...


class HeldKey:
    """Turns what a system says of a key into one press and one release."""

    def __init__(self, events: HotkeyEvents) -> None:
        self._events = events
        self._held = False

    @property
    def held(self) -> bool:
        """It is down."""
        return self._held

    def down(self) -> None:
        """The system says that it went down; again while it is held."""
        if not self._held:
            self._held = True
            self._events.press()

    def up(self) -> None:
        """The system says that it went up."""
        if self._held:
            self._held = False
            self._events.release()

    def fail(self, error: HotkeyError) -> None:
        """The key is gone: it counts as released, and the error is told last."""
        self.up()
        self._events.failed(error)
