"""Distinguishes the auto-repeat of a held key from a new press."""

from __future__ import annotations

from voiceassist.hotkeys.hotkey import HeldKey


class RepeatFilter:
    """X reports a held key as many strokes: a release and a press with the same time stamp.

    So a release is confirmed only if no press with that time stamp follows.
    """

    def __init__(self, key: HeldKey) -> None:
        self._key = key
        self._up_at_ms: int | None = None

    @property
    def doubtful(self) -> bool:
        """A release is unconfirmed: call :meth:`believe` if no event follows shortly."""
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
        """Confirm the pending release: no press followed."""
        if self._up_at_ms is not None:
            self._up_at_ms = None
            self._key.up()
