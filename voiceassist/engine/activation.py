"""Listening state machine: when speech may start an utterance. Has no clock, device or thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from voiceassist.domain import Addressing


class ListenMode(StrEnum):
    """What opens the microphone."""

    PUSH = "push"
    """Open while the key is held."""
    TOGGLE = "toggle"
    """The key opens it for one command, which ends by itself; a second press ends it at once."""
    OPEN = "open"
    """Always open; any speech can be a command."""
    WAKE = "wake"
    """Always open; only utterances that begin with the wake phrase count."""


@dataclass(frozen=True, slots=True)
class ModeConfig:
    """Configuration of the listening mode.

    Attributes:
        mode: what opens the microphone.
        stay_open_s: how long the microphone stays open for a follow-up command (not with ``push``).
        wait_s: how long to wait for the first word after the key or the wake phrase.
    """

    mode: ListenMode = ListenMode.PUSH
    stay_open_s: float = 6.0
    wait_s: float = 8.0

    def __post_init__(self) -> None:
        """Raises: ValueError if a time is negative."""
        if self.stay_open_s < 0.0 or self.wait_s <= 0.0:
            raise ValueError("stay_open_s must not be negative and wait_s must be positive")


class ActivationState:
    """Tracks whether speech may start an utterance now, and whether it needs the wake phrase.

    Times are seconds of one audio stream and never decrease.
    """

    def __init__(self, config: ModeConfig | None = None) -> None:
        self._config = config or ModeConfig()
        self._mode = self._config.mode
        self._open_until_s = -inf
        self._asleep = False

    @property
    def mode(self) -> ListenMode:
        """What opens the microphone."""
        return self._mode

    @property
    def asleep(self) -> bool:
        """Only "wake up" is understood."""
        return self._asleep

    def set_mode(self, mode: ListenMode) -> None:
        """Switch the mode and close a temporary opening."""
        self._mode = mode
        self._open_until_s = -inf

    def sleep(self) -> None:
        """Ignore everything but "wake up" and the key."""
        self._asleep = True
        self._open_until_s = -inf

    def wake(self) -> None:
        """Listen again."""
        self._asleep = False

    def open_for_command(self, now_s: float) -> None:
        """Open for a command after the key or the wake phrase."""
        self._open_until_s = now_s + self._config.wait_s

    def stay_open(self, now_s: float) -> None:
        """Stay open for a follow-up command if mode and configuration allow it; otherwise close."""
        stays = self._mode in (ListenMode.TOGGLE, ListenMode.WAKE) and self._config.stay_open_s > 0.0
        self._open_until_s = now_s + self._config.stay_open_s if stays else -inf

    def close(self) -> None:
        """Close a temporary opening."""
        self._open_until_s = -inf

    def called(self, now_s: float) -> bool:
        """Whether the microphone is temporarily open at the user's request."""
        return now_s < self._open_until_s

    def hears_speech(self, now_s: float) -> bool:
        """Whether speech alone starts an utterance."""
        return self._mode in (ListenMode.OPEN, ListenMode.WAKE) or self.called(now_s)

    @property
    def addressing(self) -> Addressing:
        """How certain it is that speech that starts now, without a held key, is addressed to the program."""
        return {ListenMode.OPEN: Addressing.OPEN, ListenMode.WAKE: Addressing.WAKE}.get(self._mode, Addressing.HELD)

    def needs_wake_phrase(self, now_s: float) -> bool:
        """Whether an utterance that starts now needs the wake phrase."""
        return self._mode is ListenMode.WAKE and not self.called(now_s)
