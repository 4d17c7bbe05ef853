"""What is heard when the microphone opens and when something was understood: short sounds, and answers read out."""

from __future__ import annotations

import logging
import queue
import threading

from voiceassist.actions.sounds import SoundName, SoundPlayer
from voiceassist.actions.speech import SpeechOutput
from voiceassist.domain import Recognition, RejectReason, Verdict
from voiceassist.errors import ActionError

log = logging.getLogger(__name__)

_UNHEARD = {RejectReason.SILENCE, RejectReason.NOISE}


class Feedback:
    """Plays and speaks on a thread of its own, so that whoever tells it goes on at once.

    Args:
        player: plays the sounds.
        speech: reads answers out.
        sounds_on: sounds are wanted.
        speech_on: answers are to be read out.

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
        """The microphone was opened for a command."""
        self._tell("listening", "")

    def recognized(self, recognition: Recognition) -> None:
        """Something was said: it was understood, or not; what an action answered is read out."""
        if recognition.decision.reject_reason in _UNHEARD:
            return
        understood = recognition.decision.verdict is not Verdict.REJECT
        answer = "" if recognition.outcome is None else recognition.outcome.message
        failed = recognition.outcome is not None and not recognition.outcome.done
        self._tell("understood" if understood and not failed else "not_understood", answer)

    def announced(self, text: str) -> None:
        """Something is said that nobody asked for now, as that a timer is over."""
        self._tell(None, text)

    def close(self) -> None:
        """End the thread and what is heard."""
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
        while (told := self._waiting.get()) is not None:
            sound, text = told
            try:
                if sound is not None:
                    self._player.play(sound)
                if text:
                    self._speech.say(text)
            except ActionError as error:
                log.warning("%s", error)
