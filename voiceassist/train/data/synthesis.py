"""Synthetic speech from ``flite``, whose phone times come for free."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voiceassist.errors import DataError
from voiceassist.train.data.forced_alignment import Span

VOICES = ("awb", "rms", "slt", "kal16")
SAME_PHONE = {"ax": "AH", "axr": "ER", "pau": "SIL"}
"""flite's phone names that differ from the dictionary's."""


def synthesise(texts: Sequence[str], processes: int = 2) -> Iterator[tuple[str, NDArray[np.int16], tuple[Span, ...]]]:
    """Synthesises each text, with the voices in rotation.

    Yields:
        text, int16 audio at 16 kHz ``(samples,)`` and its phones without silence.

    Raises:
        DataError: flite is not installed.
    """
    if shutil.which("flite") is None:
        raise DataError("flite is not installed", hint="install the package flite, or prepare with synthetic = 0")
    with ProcessPoolExecutor(processes) as pool:
        jobs = ((text, VOICES[index % len(VOICES)]) for index, text in enumerate(texts))
        for text, (sound, phones) in zip(texts, pool.map(_speak, jobs, chunksize=64), strict=True):
            yield text, sound, phones


def _speak(job: tuple[str, str]) -> tuple[NDArray[np.int16], tuple[Span, ...]]:
    text, voice = job
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "speech.wav"
        printed = subprocess.run(
            ["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(wav)],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        ).stdout
        sound, _ = soundfile.read(wav, dtype="int16")
    return sound, tuple(_phones(printed))


def _phones(printed: str) -> Iterator[Span]:
    """Reads flite's ``phone:end_s`` list."""
    start_ms = 0
    for entry in printed.split():
        name, _, end_s = entry.rpartition(":")
        end_ms = round(float(end_s) * 1000)
        label = SAME_PHONE.get(name, name.upper())
        if label != "SIL":
            yield Span(label, start_ms, end_ms)
        start_ms = end_ms
