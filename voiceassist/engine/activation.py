"""When to listen, to whom, and for how long: a state machine without clock, device or thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from voiceassist.domain import Addressing


class ListenMode(StrEnum):
    """What opens the microphone."""

    PUSH = "push"
    """It is open while the key is held."""
    TOGGLE = "toggle"
    """The key opens it for one command, which ends by itself; the key again ends it at once."""
    OPEN = "open"
    """It is always open, and whatever is said can be a command."""
    WAKE = "wake"
    """It is always open, but only what begins with the wake phrase counts."""


@dataclass(frozen=True, slots=True)
class ModeConfig:
    """How to listen.

    Attributes:
        mode: what opens the microphone.
        stay_open_s: how long it stays open for more after a command (not with ``push``).
        wait_s: how long it waits for the first word after the key or the wake phrase.
    """

    mode: ListenMode = ListenMode.PUSH
    stay_open_s: float = 6.0
    wait_s: float = 8.0

    def __post_init__(self) -> None:
        """Raises: ValueError if a time is negative."""
        if self.stay_open_s < 0.0 or self.wait_s <= 0.0:
            raise ValueError("stay_open_s must not be negative and wait_s must be positive")


class ActivationState:
    """Knows whether speech may begin an utterance now, and whether it needs the wake phrase.

    Times are seconds of one stream of sound; they never run backwards.
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
        """Nothing but "wake up" is understood."""
        return self._asleep

    def set_mode(self, mode: ListenMode) -> None:
        """Listen in another way; what was opened for a while is closed."""
        self._mode = mode
        self._open_until_s = -inf

    def sleep(self) -> None:
        """Close the ears to all but "wake up" and the key."""
        self._asleep = True
        self._open_until_s = -inf

    def wake(self) -> None:
        """Listen again."""
        self._asleep = False

    def open_for_command(self, now_s: float) -> None:
        """The key or the wake phrase: a command will follow."""
        self._open_until_s = now_s + self._config.wait_s

    def stay_open(self, now_s: float) -> None:
        """A command was understood: there may be more to come. Held keys keep nothing open."""
        stays = self._mode in (ListenMode.TOGGLE, ListenMode.WAKE) and self._config.stay_open_s > 0.0
        self._open_until_s = now_s + self._config.stay_open_s if stays else -inf

    def close(self) -> None:
        """End what was opened for a while."""
        self._open_until_s = -inf

    def called(self, now_s: float) -> bool:
        """The microphone is open for a while, because somebody asked for it."""
        return now_s < self._open_until_s

    def hears_speech(self, now_s: float) -> bool:
        """Speech itself begins an utterance."""
        return self._mode in (ListenMode.OPEN, ListenMode.WAKE) or self.called(now_s)

    @property
    def addressing(self) -> Addressing:
        """How sure it is that what begins now, without a held key, is meant for us."""
        return {ListenMode.OPEN: Addressing.OPEN, ListenMode.WAKE: Addressing.WAKE}.get(self._mode, Addressing.HELD)

    def needs_wake_phrase(self, now_s: float) -> bool:
        """What begins now counts only with the wake phrase."""
        return self._mode is ListenMode.WAKE and not self.called(now_s)
