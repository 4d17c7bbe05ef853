"""Forced alignment of words and phones with PocketSphinx.

Frame-level targets spare CTC the search for the alignment: a few minutes of aligning save hours of training.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.train.data.corpus import Clip, load_clips

log = logging.getLogger(__name__)

FRAME_MS = 10
"""PocketSphinx's frame shift."""
PAD_MS = 250
"""Silence added around a clip: the aligner needs it at both ends, and our clips are cut at the word."""
CLIPS_PER_JOB = 50


@dataclass(frozen=True, slots=True)
class Span:
    """A word or phone and its time span, in milliseconds from the start of the clip."""

    label: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class ForcedAlignment:
    """The word and phone times of one clip. Silence is not listed."""

    key: str
    words: tuple[Span, ...]
    phones: tuple[Span, ...]


def align(clips: list[Clip], processes: int = 2) -> Iterator[ForcedAlignment]:
    """Aligns clips to their text; clips that cannot be aligned are left out.

    Results are in the order of the clips. A clip is left out when a word is not in the dictionary or the beam search
    fails.
    """
    jobs: list[list[Clip]] = [[]]  # whole files each: starting an aligner takes longer than aligning a clip
    for _, group in groupby(clips, key=lambda clip: clip.path):
        if len(jobs[-1]) >= CLIPS_PER_JOB:
            jobs.append([])
        jobs[-1] += group
    with ProcessPoolExecutor(processes) as pool:
        for done in pool.map(_align_some, jobs):
            yield from done


def _align_some(clips: list[Clip]) -> list[ForcedAlignment]:
    from pocketsphinx import Decoder  # only aligning needs it

    decoder = Decoder(lm=None, loglevel="FATAL")
    aligned = []
    for clip, samples in load_clips(clips):
        words = clip.text.split()
        if not words or any(decoder.lookup_word(word) is None for word in words):
            continue
        try:
            aligned.append(_align_clip(decoder, clip, samples))
        except RuntimeError as error:
            log.debug("%s was not aligned: %s", clip.key, error)
    return aligned


def _align_clip(decoder: object, clip: Clip, samples: NDArray[np.int16]) -> ForcedAlignment:
    noise_floor = np.random.default_rng(0).integers(-20, 20, SAMPLE_RATE_HZ * PAD_MS // 1000, np.int16)
    sound = np.concatenate([noise_floor, samples, noise_floor]).tobytes()
    decoder.set_align_text(clip.text)  # type: ignore[attr-defined]
    _decode(decoder, sound)
    decoder.set_alignment()  # type: ignore[attr-defined]
    _decode(decoder, sound)
    words, phones = [], []
    for word in decoder.get_alignment():  # type: ignore[attr-defined]
        if word.name.startswith(("<", "[", "++")):
            continue
        words.append(_span(word.name.split("(")[0], word))
        phones += [_span(phone.name, phone) for phone in word]
    return ForcedAlignment(clip.key, tuple(words), tuple(phones))


def _decode(decoder: object, sound: bytes) -> None:
    decoder.start_utt()  # type: ignore[attr-defined]
    decoder.process_raw(sound, full_utt=True)  # type: ignore[attr-defined]
    decoder.end_utt()  # type: ignore[attr-defined]


def _span(label: str, entry: object) -> Span:
    start_ms = entry.start * FRAME_MS - PAD_MS  # type: ignore[attr-defined]
    return Span(label, max(0, start_ms), start_ms + entry.duration * FRAME_MS)  # type: ignore[attr-defined]
