"""Decodes, aligns and synthesises once what training then reads many times."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceassist.train.align import Alignment, align
from voiceassist.train.corpus import Clip, data_folder, load_clips, read_noise, read_speech
from voiceassist.train.phrases import draw_phrases
from voiceassist.train.store import Item, write_store
from voiceassist.train.synth import synthesise
from voiceassist.train.text import train_pieces

log = logging.getLogger(__name__)

HELD_OUT = 5
"""Every fifth noise recording is kept out of training, for tests in noise."""


def prepare(folder: Path, *, pieces: int, synthetic: int, processes: int = 2) -> None:
    """Writes the stores ``train``, ``synth``, ``dev``, ``noise`` and ``noise-test`` and the pieces into ``folder``.

    What is already there is kept, so an interrupted preparation goes on where it stopped.
    """
    data = data_folder()
    train = read_speech(data, "train")
    phrases = draw_phrases(synthetic, _common_words(train), seed=1)
    if not (folder / "tokens.model").exists():
        folder.mkdir(parents=True, exist_ok=True)
        train_pieces([clip.text for clip in train] + phrases, folder / "tokens.model", pieces)
    for split, clips in (("train", train), ("dev", read_speech(data, "dev"))):
        _once(folder / split, lambda clips=clips: _speech(clips, processes))
    if synthetic:
        _once(folder / "synth", lambda: _synthetic(phrases, processes))
    noise = read_noise(data)
    _once(folder / "noise", lambda: _sounds([clip for n, clip in enumerate(noise) if n % HELD_OUT]))
    _once(folder / "noise-test", lambda: _sounds(noise[::HELD_OUT]))


def _once(folder: Path, make: object) -> None:
    if (folder / "index.jsonl").exists():
        log.info("%s is there already", folder.name)
        return
    log.info("%s: %d clips", folder.name, write_store(folder, make()))  # type: ignore[operator]


def _common_words(clips: list[Clip]) -> list[str]:
    counts = Counter(word for clip in clips for word in clip.text.split())
    return sorted(word for word, count in counts.items() if count > 1 and len(word) > 1)


def _speech(clips: list[Clip], processes: int) -> Iterator[tuple[Item, NDArray[np.int16]]]:
    aligned = {alignment.key: alignment for alignment in align(clips, processes)}
    log.info("%d of %d clips aligned", len(aligned), len(clips))
    for clip, samples in load_clips(clips):
        times = aligned.get(clip.key, Alignment(clip.key, (), ()))
        yield Item(clip.key, clip.source, 0, len(samples), clip.text, times.words, times.phones), samples


def _synthetic(phrases: list[str], processes: int) -> Iterator[tuple[Item, NDArray[np.int16]]]:
    for index, (text, samples, phones) in enumerate(synthesise(phrases, processes)):
        yield Item(f"flite/{index}", "flite", 0, len(samples), text, (), phones), samples


def _sounds(clips: list[Clip]) -> Iterator[tuple[Item, NDArray[np.int16]]]:
    for clip, samples in load_clips(clips):
        yield Item(clip.key, clip.source, 0, len(samples), ""), samples
