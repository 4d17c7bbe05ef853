"""Connects audible feedback to the hooks of the runner."""

from __future__ import annotations

from dataclasses import replace

from voiceassist.actions.feedback import Feedback
from voiceassist.actions.sounds import SoundPlayer
from voiceassist.actions.speech import SpeechOutput
from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition
from voiceassist.engine.events import Hooks, ListenState

_OPEN = {ListenState.LISTENING, ListenState.HEARING}
_NOT_OPEN = {ListenState.IDLE, ListenState.WAITING, ListenState.ASLEEP}


def make_feedback(settings: Settings) -> Feedback:
    """The feedback chosen in the settings; the caller closes it."""
    return Feedback(SoundPlayer(), SpeechOutput(), sounds_on=settings.sounds, speech_on=settings.speech)


def with_feedback(hooks: Hooks, feedback: Feedback) -> Hooks:
    """The same hooks, with audible feedback for each event."""
    before = ListenState.STARTING

    def state_changed(state: ListenState) -> None:
        nonlocal before
        if state in _OPEN and before in _NOT_OPEN:
            feedback.listening()
        before = state
        hooks.on_state(state)

    def recognized(recognition: Recognition) -> None:
        feedback.recognized(recognition)
        hooks.on_recognition(recognition)

    return replace(hooks, on_state=state_changed, on_recognition=recognized)
