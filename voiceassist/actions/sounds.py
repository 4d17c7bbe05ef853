"""Short sounds, synthesised from a few sine waves and played through the sound server."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np

from voiceassist.actions.process import end_session, user_environment
from voiceassist.config.files import write_atomically
from voiceassist.errors import ActionError, reason_of

SoundName = Literal["listening", "understood", "not_understood", "ring"]

RATE_HZ = 22_050
RING_S = 60.0
"""A ring that is not stopped ends after this time."""

_PEAK = 0.4
_FADE_S = 0.008
_PLAYERS = (("paplay", "--client-name=voiceassist"), ("pw-play",), ("aplay", "-q"), ("afplay",))
# Each note: frequency in Hz (0 for silence) and length in seconds.
_NOTES: dict[SoundName, tuple[tuple[float, float], ...]] = {
    "listening": ((660.0, 0.07), (880.0, 0.09)),
    "understood": ((880.0, 0.06), (1320.0, 0.1)),
    "not_understood": ((440.0, 0.1), (330.0, 0.14)),
    "ring": ((880.0, 0.12), (0.0, 0.06), (1174.7, 0.12), (0.0, 0.06), (880.0, 0.12), (0.0, 0.52)),
}


def wave_bytes(name: SoundName, length_s: float | None = None) -> bytes:
    """A sound as a WAV file, repeated to fill ``length_s`` if that is given."""
    notes = [_note(frequency_hz, note_s) for frequency_hz, note_s in _NOTES[name]]
    samples = np.concatenate(notes)
    if length_s is not None:
        samples = np.tile(samples, max(1, round(length_s * RATE_HZ / samples.size)))
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return content.getvalue()


def _note(frequency_hz: float, length_s: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A sine with its octave on top, faded in and out so that it does not click."""
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    if frequency_hz == 0:
        return np.zeros(time_s.size)
    tone = np.sin(2 * np.pi * frequency_hz * time_s) + 0.3 * np.sin(4 * np.pi * frequency_hz * time_s)
    edge = np.minimum(time_s, time_s[::-1]) / _FADE_S
    return np.asarray(_PEAK / 1.3 * tone * np.minimum(1.0, edge))


class SoundPlayer:
    """Plays sounds with the sound server's own program, each in a process of its own.

    Thread: any.
    """

    def __init__(self, find_player: Callable[[], tuple[str, ...]] | None = None) -> None:
        self._find_player = find_player or player_command
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._playing: list[subprocess.Popen[bytes]] = []

    def play(self, name: SoundName, length_s: float | None = None) -> Callable[[], None]:
        """Start to play a sound, and return a function that stops it.

        Raises:
            ActionError: there is no program that plays sounds, or it cannot be started.
        """
        command = self._find_player()
        with self._lock:
            self._playing = [process for process in self._playing if process.poll() is None]
            try:
                if self._folder is None:
                    self._folder = tempfile.TemporaryDirectory(prefix="voiceassist-sounds-")
                file = Path(self._folder.name) / f"{name}-{length_s or 0:g}.wav"
                if not file.exists():  # systems delete old files of temporary folders
                    write_atomically(file, wave_bytes(name, length_s))
                process = subprocess.Popen(
                    [*command, str(file)],
                    env=user_environment(os.environ),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as error:
                raise ActionError(
                    f"{command[0]} cannot play a sound: {reason_of(error)}",
                    hint="check the space on disk, or install it again",
                ) from error
            self._playing.append(process)
        return lambda: end_session(process)

    def close(self) -> None:
        """Stop everything that still plays."""
        with self._lock:
            for process in self._playing:
                end_session(process)
            self._playing.clear()
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None


def player_command() -> tuple[str, ...]:
    """The program that plays a WAV file on this machine.

    Raises:
        ActionError: none is installed.
    """
    for command in _PLAYERS:
        if shutil.which(command[0]):
            return command
    package = "pulseaudio-utils" if sys.platform == "linux" else "a player of WAV files"
    raise ActionError("there is no program that plays sounds", hint=f"install {package}")
