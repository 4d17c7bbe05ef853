"""What the runner tells the outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from voiceassist.domain import Recognition
from voiceassist.errors import VoiceAssistError


class ListenState(StrEnum):
    """What the microphone is doing."""

    IDLE = "idle"
    """Ready: press to talk."""
    STARTING = "starting"
    """Getting ready: no signal has arrived yet."""
    LISTENING = "listening"
    """The microphone is open and nobody speaks."""
    HEARING = "hearing"
    """An utterance is going on."""
    THINKING = "thinking"
    """An utterance is being recognised and acted upon."""
    STOPPED = "stopped"
    """Closed."""


def _ignore(_event: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Hooks:
    """Functions that the runner calls. They must be quick, and must not close the runner.

    Thread: all of them are called on the runner's worker thread.

    Attributes:
        on_state: the state has changed.
        on_level: level of what was captured since the last call, in dB against full scale.
        on_recognition: something was said and understood, or rejected.
        on_error: the microphone, the model or an action failed; the runner goes on.
    """

    on_state: Callable[[ListenState], None] = _ignore
    on_level: Callable[[float], None] = _ignore
    on_recognition: Callable[[Recognition], None] = _ignore
    on_error: Callable[[VoiceAssistError], None] = _ignore
