"""Tells the auto-repeat of a held key from a new press."""

from __future__ import annotations

from voiceassist.hotkeys.hotkey import HeldKey


class RepeatFilter:
    """X tells of a held key as of many strokes: up and down again with one and the same time stamp.

    So a release is believed only when no press of that time follows.
    """

    def __init__(self, key: HeldKey) -> None:
        self._key = key
        self._up_at_ms: int | None = None

    @property
    def doubtful(self) -> bool:
        """A release waits to be believed: call :meth:`believe` if nothing else comes in a moment."""
        return self._up_at_ms is not None

    def down(self, time_ms: int) -> None:
        """The system reports a press."""
        if self._up_at_ms is not None and self._up_at_ms != time_ms:
            self.believe()
        self._up_at_ms = None
        self._key.down()

    def up(self, time_ms: int) -> None:
        """The system reports a release."""
        self._up_at_ms = time_ms

    def believe(self) -> None:
        """Nothing followed: it was a release."""
        if self._up_at_ms is not None:
            self._up_at_ms = None
            self._key.up()
