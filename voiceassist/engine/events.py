"""What the runner tells the outside."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeVar

from voiceassist.audio.health import MicrophoneHealth
from voiceassist.domain import Recognition
from voiceassist.errors import VoiceAssistError

T = TypeVar("T")
log = logging.getLogger(__name__)


class ListenState(StrEnum):
    """What the microphone is doing."""

    IDLE = "idle"
    """Ready: press to talk."""
    STARTING = "starting"
    """Getting ready: no signal has arrived yet."""
    LISTENING = "listening"
    """The microphone is open and nobody speaks."""
    WAITING = "waiting"
    """The microphone is open, for the wake phrase only."""
    ASLEEP = "asleep"
    """Nothing but "wake up" and the key is understood."""
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
        on_level: level of what was captured since the last call, in dB against full scale. Silent while asleep.
        on_recognition: something was said and understood, or rejected.
        on_error: the microphone, the model or an action failed; the runner goes on.
        on_partial: what an utterance that is still going on sounds like so far; empty when it came to nothing.
        on_question: an answer to the last recognition is expected, or no longer.
        on_condition: something about the microphone has changed that the user should know.
    """

    on_state: Callable[[ListenState], None] = _ignore
    on_level: Callable[[float], None] = _ignore
    on_recognition: Callable[[Recognition], None] = _ignore
    on_error: Callable[[VoiceAssistError], None] = _ignore
    on_partial: Callable[[str], None] = _ignore
    on_question: Callable[[bool], None] = _ignore
    on_condition: Callable[[MicrophoneHealth], None] = _ignore

    def guarded(self) -> Hooks:
        """The same hooks; what one of them raises is logged, and the caller goes on."""
        return Hooks(**{field.name: _guarded(getattr(self, field.name)) for field in fields(self)})


def _guarded(hook: Callable[[T], None]) -> Callable[[T], None]:
    def call(event: T) -> None:
        try:
            hook(event)
        except Exception:
            log.exception("a hook failed at %r", event)

    return call


class StateNotifier:
    """Tells the state when it has changed.

    Attributes:
        ready: real signal arrives. Until then there is no more to say than that.
    """

    def __init__(self, hooks: Hooks) -> None:
        self.ready = False
        self._hooks = hooks
        self._state: ListenState | None = None

    def show(self, state: ListenState) -> None:
        """What the microphone is doing now."""
        if not self.ready and state not in (ListenState.THINKING, ListenState.STOPPED):
            state = ListenState.STARTING
        if state is not self._state:
            self._state = state
            self._hooks.on_state(state)
