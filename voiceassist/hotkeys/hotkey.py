"""The interface of a global hotkey, and the events it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voiceassist.errors import HotkeyError

BY_HAND = "bind the command “voiceassist --toggle” to a key in the keyboard settings of your desktop"
"""The alternative that works on every desktop."""


@dataclass(frozen=True, slots=True)
class HotkeyEvents:
    """Functions that a hotkey calls. They must return quickly, and must not close the hotkey.

    Thread: the hotkey's own, or the one that called ``start``.

    Attributes:
        press: the combination went down; once, however long it is held.
        release: its key went up.
        ready: the key was registered; called with the desktop's name for the combination, in the user's language.
        failed: registration failed or was revoked. No event follows.
    """

    press: Callable[[], None]
    release: Callable[[], None]
    ready: Callable[[str], None]
    failed: Callable[[HotkeyError], None]


class Hotkey(Protocol):
    """One global hotkey. Its creator closes it."""

    def start(self) -> None:
        """Request the key; ``ready`` or ``failed`` reports the result, possibly after a prompt to the user."""
        ...

    def close(self) -> None:
        """Unregister the key and join its thread. A key that is held counts as released. May be called twice."""
        ...


class HeldKey:
    """Turns the system's key events into one press and one release."""

    def __init__(self, events: HotkeyEvents) -> None:
        self._events = events
        self._held = False

    @property
    def held(self) -> bool:
        """Whether the key is down."""
        return self._held

    def down(self) -> None:
        """The system reports a press; repeated while the key is held."""
        if not self._held:
            self._held = True
            self._events.press()

    def up(self) -> None:
        """The system reports a release."""
        if self._held:
            self._held = False
            self._events.release()

    def fail(self, error: HotkeyError) -> None:
        """Registration was lost: the key counts as released, then the error is reported."""
        self.up()
        self._events.failed(error)
