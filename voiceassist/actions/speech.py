"""Spoken answers, by the speech synthesiser of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass

from voiceassist.actions.process import end_session, user_environment
from voiceassist.errors import ActionError, reason_of

MAX_SPOKEN_CHARS = 600


@dataclass(frozen=True, slots=True)
class Synthesizer:
    """A speech synthesiser.

    Attributes:
        argv: the command that starts it.
        reads_input: it reads the text from standard input; otherwise the text is its last argument, after ``--``.
    """

    argv: tuple[str, ...]
    reads_input: bool


_SYNTHESIZERS = (
    Synthesizer(("spd-say", "--wait"), reads_input=False),
    Synthesizer(("espeak-ng", "--stdin"), reads_input=True),
    Synthesizer(("espeak", "--stdin"), reads_input=True),
    Synthesizer(("say", "-f", "-"), reads_input=True),
)


class SpeechOutput:
    """Speaks texts, one at a time: a new one stops the one before.

    Thread: any.
    """

    def __init__(self, find_synthesizer: Callable[[], Synthesizer] | None = None) -> None:
        self._find_synthesizer = find_synthesizer or installed_synthesizer
        self._lock = threading.Lock()
        self._speaking: subprocess.Popen[bytes] | None = None

    def say(self, text: str) -> None:
        """Start to speak a text.

        Raises:
            ActionError: there is no synthesiser, or it cannot be started.
        """
        text = " ".join(text.split())[:MAX_SPOKEN_CHARS]
        synthesizer = self._find_synthesizer()
        argv = list(synthesizer.argv) if synthesizer.reads_input else [*synthesizer.argv, "--", text]
        with self._lock:
            self._stop()
            try:
                process = subprocess.Popen(
                    argv,
                    env=user_environment(os.environ),
                    stdin=subprocess.PIPE if synthesizer.reads_input else subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as error:
                raise ActionError(
                    f"{argv[0]} cannot be started: {reason_of(error)}", hint="install it again"
                ) from error
            self._speaking = process
            if process.stdin is not None:
                try:
                    process.stdin.write(text.encode("utf-8", "replace"))  # far less than a pipe holds
                    process.stdin.close()
                except OSError as error:
                    raise ActionError(f"{argv[0]} ended at once", hint="try it in a terminal") from error

    def close(self) -> None:
        """Stop speaking."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._speaking is not None:
            end_session(self._speaking)
            self._speaking = None


def installed_synthesizer() -> Synthesizer:
    """The synthesiser of this machine.

    Raises:
        ActionError: none is installed.
    """
    for synthesizer in _SYNTHESIZERS:
        if shutil.which(synthesizer.argv[0]):
            return synthesizer
    raise ActionError("there is no speech synthesiser", hint="install speech-dispatcher or espeak-ng")
