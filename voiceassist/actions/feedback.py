"""Audible feedback: short sounds when listening starts and when a command was understood, and spoken answers."""

from __future__ import annotations

import logging
import queue
import threading

from voiceassist.actions.sounds import SoundName, SoundPlayer
from voiceassist.actions.speech import SpeechOutput
from voiceassist.domain import Recognition, RejectReason, Verdict
from voiceassist.errors import ActionError

log = logging.getLogger(__name__)

_SILENT = {RejectReason.SILENCE, RejectReason.NOISE}


class Feedback:
    """Plays and speaks on a thread of its own, so that callers do not wait.

    Args:
        player: plays the sounds.
        speech: speaks the answers.
        sounds_on: the user wants sounds.
        speech_on: the user wants spoken answers.

    Thread: any.
    """

    def __init__(self, player: SoundPlayer, speech: SpeechOutput, *, sounds_on: bool, speech_on: bool) -> None:
        self.sounds_on = sounds_on
        self.speech_on = speech_on
        self._player = player
        self._speech = speech
        self._waiting: queue.SimpleQueue[tuple[SoundName | None, str] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def listening(self) -> None:
        """Report that the microphone is open for a command."""
        self._tell("listening", "")

    def recognized(self, recognition: Recognition) -> None:
        """Report a recognition: a sound for understood or not, and the answer of its action."""
        if recognition.decision.reject_reason in _SILENT:
            return
        understood = recognition.decision.verdict is not Verdict.REJECT
        answer = "" if recognition.outcome is None else recognition.outcome.message
        failed = recognition.outcome is not None and not recognition.outcome.done
        self._tell("understood" if understood and not failed else "not_understood", answer)

    def announced(self, text: str) -> None:
        """Speak a message that answers no command, such as that of a timer."""
        self._tell(None, text)

    def close(self) -> None:
        """End the thread, and stop sounds and speech."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._waiting.put(None)
        if thread is not None:
            thread.join()
        self._player.close()
        self._speech.close()

    def _tell(self, sound: SoundName | None, text: str) -> None:
        sound, text = sound if self.sounds_on else None, text if self.speech_on else ""
        if sound is None and not text:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="feedback", daemon=True)
                self._thread.start()
            self._waiting.put((sound, text))

    def _work(self) -> None:
        while (feedback := self._waiting.get()) is not None:
            sound, text = feedback
            try:
                if sound is not None:
                    self._player.play(sound)
                if text:
                    self._speech.say(text)
            except ActionError as error:
                log.warning("%s", error)
