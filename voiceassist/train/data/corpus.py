"""Clips of a corpus, the tables that list them, and their decoding."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.errors import DataError
from voiceassist.train.data.torchaudio_backend import audio_ops


@dataclass(frozen=True, slots=True)
class Clip:
    """One transcribed recording, possibly a span of a longer file.

    Attributes:
        path: the sound file.
        start_s: start of the clip in the file.
        seconds: duration; 0 for the rest of the file.
        speaker: empty where unknown.
        text: lower case words of letters and apostrophes.
        source: name of the corpus.
        key: unique and stable across machines.
        accent: in the words of the corpus; empty where unknown.
    """

    path: Path
    start_s: float
    seconds: float
    speaker: str
    text: str
    source: str
    key: str
    accent: str = ""


def data_folder() -> Path:
    """The folder with speech and noise, from ``VOICEASSIST_DATA``.

    Raises:
        DataError: the folder does not exist.
    """
    folder = Path(os.environ.get("VOICEASSIST_DATA", "../shared/data"))
    if not folder.is_dir():
        raise DataError(
            f"there is no data folder at {folder}",
            hint="set VOICEASSIST_DATA to the folder that holds speech/ and noise/",
        )
    return folder


def read_rows(table: Path) -> list[dict[str, str]]:
    """The rows of a tab separated table with a header line."""
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise DataError(f"cannot read {table}: {error.strerror}", hint="check VOICEASSIST_DATA") from error


def load_clips(clips: list[Clip]) -> Iterator[tuple[Clip, NDArray[np.int16]]]:
    """Decodes clips in order; a file that holds many clips is decoded once.

    Shape: int16 mono at 16 kHz ``(samples,)`` for each clip.

    Raises:
        DataError: a file cannot be decoded.
    """
    held_path: Path | None = None
    held = np.zeros(0, np.int16)
    for clip in clips:
        if clip.path != held_path:
            try:
                samples, rate_hz = soundfile.read(clip.path, dtype="float32", always_2d=True)
            except (OSError, soundfile.LibsndfileError) as error:
                raise DataError(f"cannot decode {clip.path}: {error}", hint="fetch the file again") from error
            mono = samples.mean(axis=1)
            if rate_hz != SAMPLE_RATE_HZ:
                mono = audio_ops().resample(mono, rate_hz)
            quantized: NDArray[np.int16] = np.clip(np.round(mono * 32767), -32768, 32767).astype(np.int16)
            held, held_path = quantized, clip.path
        begin = round(clip.start_s * SAMPLE_RATE_HZ)
        end = begin + round(clip.seconds * SAMPLE_RATE_HZ) if clip.seconds else len(held)
        yield clip, held[begin:end]
