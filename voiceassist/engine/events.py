"""States and callbacks through which the runner reports."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from voiceassist.domain import Recognition
from voiceassist.errors import VoiceAssistError

if TYPE_CHECKING:  # the window waits for these events before anything of sound is loaded
    from voiceassist.audio.health import MicrophoneHealth

T = TypeVar("T")
log = logging.getLogger(__name__)


class ListenState(StrEnum):
    """State of the listener."""

    IDLE = "idle"
    """Ready: press to talk."""
    STARTING = "starting"
    """Starting: no signal has arrived yet."""
    LISTENING = "listening"
    """The microphone is open and nobody speaks."""
    WAITING = "waiting"
    """The microphone is open, for the wake phrase only."""
    ASLEEP = "asleep"
    """Only "wake up" and the key are understood."""
    HEARING = "hearing"
    """An utterance is in progress."""
    THINKING = "thinking"
    """An utterance is being recognised and executed."""
    STOPPED = "stopped"
    """Closed."""


def _ignore(_event: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Hooks:
    """Callbacks of the runner. They must return quickly and must not close the runner.

    Thread: all are called on the runner's worker thread.

    Attributes:
        on_state: the state has changed.
        on_level: level of the audio captured since the last call, in dBFS. Not called while asleep.
        on_recognition: an utterance or typed text was understood or rejected.
        on_error: the microphone, the model or an action failed; the runner continues.
        on_partial: transcript so far of the utterance in progress; empty when it is dropped.
        on_question: the last recognition now waits for an answer, or no longer does.
        on_condition: the condition of the microphone has changed in a way that the user should know.
    """

    on_state: Callable[[ListenState], None] = _ignore
    on_level: Callable[[float], None] = _ignore
    on_recognition: Callable[[Recognition], None] = _ignore
    on_error: Callable[[VoiceAssistError], None] = _ignore
    on_partial: Callable[[str], None] = _ignore
    on_question: Callable[[bool], None] = _ignore
    on_condition: Callable[[MicrophoneHealth], None] = _ignore

    @contextmanager
    def reported(self) -> Iterator[None]:
        """Pass user-facing errors of the block to ``on_error`` and continue."""
        try:
            yield
        except VoiceAssistError as error:
            self.on_error(error)

    def guarded(self) -> Hooks:
        """Wrap the hooks so that their exceptions are logged and do not reach the caller."""
        return Hooks(**{field.name: _guarded(getattr(self, field.name)) for field in fields(self)})


def _guarded(hook: Callable[[T], None]) -> Callable[[T], None]:
    def call(event: T) -> None:
        try:
            hook(event)
        except Exception:
            log.exception("a hook failed at %r", event)

    return call


class StateNotifier:
    """Reports state changes.

    Attributes:
        ready: whether a real signal arrives. Until then the listener counts as starting.
    """

    def __init__(self, hooks: Hooks) -> None:
        self.ready = False
        self._hooks = hooks
        self._state: ListenState | None = None

    def show(self, state: ListenState) -> None:
        """Report the current state if it has changed."""
        if not self.ready and state not in (ListenState.THINKING, ListenState.STOPPED):
            state = ListenState.STARTING
        if state is not self._state:
            self._state = state
            self._hooks.on_state(state)
