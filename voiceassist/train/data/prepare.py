"""Prepares training data: decodes, aligns and synthesises it once."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceassist.errors import DataError
from voiceassist.train.data.corpus import Clip, data_folder, load_clips
from voiceassist.train.data.forced_alignment import ForcedAlignment, align
from voiceassist.train.data.g2p_training import learn_pronunciations
from voiceassist.train.data.readers import has_noise, read_corpus, read_noise
from voiceassist.train.data.store import StoredClip, write_store
from voiceassist.train.data.synthesis import PhraseMaker, synthesise
from voiceassist.train.data.word_pieces import train_pieces

log = logging.getLogger(__name__)

HELD_OUT = 5
"""Every fifth noise recording is held out for tests in noise."""


def prepare(folder: Path, *, pieces: int, synthetic: int, corpora: Sequence[Path] = (), processes: int = 2) -> None:
    """Writes the stores ``train``, ``synth``, ``dev``, ``noise`` and ``noise-test``, the pieces and the pronunciations.

    Existing parts are kept, so an interrupted preparation goes on where it stopped.

    Args:
        folder: output folder.
        pieces: size of the sentencepiece vocabulary.
        synthetic: number of phrases to synthesise.
        corpora: folders to read, see `read_corpus`; by default the one that ``VOICEASSIST_DATA`` names.
        processes: number of processes for alignment and synthesis; 0 leaves the recordings unaligned.

    Raises:
        DataError: a corpus cannot be read, or no corpus has noise.
    """
    sources = list(corpora) or [data_folder()]
    train, dev = ([clip for source in sources for clip in read_corpus(source, split)] for split in ("train", "dev"))
    noise = [clip for source in sources if has_noise(source) for clip in read_noise(source)]
    if not noise:
        raise DataError("no corpus has noise recordings", hint="add a folder with noise/noise.tsv: --corpus FOLDER")
    counts = Counter(word for clip in train for word in clip.text.split())
    common_words = sorted(word for word, count in counts.items() if count > 1 and len(word) > 1)
    phrases = PhraseMaker(common_words, seed=1).draw(synthetic)
    if not (folder / "tokens.model").exists():
        folder.mkdir(parents=True, exist_ok=True)
        train_pieces([clip.text for clip in train] + phrases, folder / "tokens.model", pieces)
    if not (folder / "pronunciations.npy").exists():
        log.info("pronunciations: %d nodes", learn_pronunciations(folder / "pronunciations.npy"))
    for split, clips in (("train", train), ("dev", dev)):
        _once(folder / split, partial(_speech, clips, processes))
    if synthetic:
        spoken = enumerate(synthesise(phrases, max(1, processes)))
        _once(
            folder / "synth",
            lambda: (
                (StoredClip(f"flite/{index}", "flite", 0, len(samples), text, (), phones), samples)
                for index, (text, samples, phones) in spoken
            ),
        )
    _once(folder / "noise", lambda: _sounds([clip for n, clip in enumerate(noise) if n % HELD_OUT]))
    _once(folder / "noise-test", lambda: _sounds(noise[::HELD_OUT]))


def _once(folder: Path, make: Callable[[], Iterator[tuple[StoredClip, NDArray[np.int16]]]]) -> None:
    if (folder / "index.jsonl").exists():
        log.info("%s exists already", folder.name)
        return
    log.info("%s: %d clips", folder.name, write_store(folder, make()))


def _speech(clips: list[Clip], processes: int) -> Iterator[tuple[StoredClip, NDArray[np.int16]]]:
    """Clips with their alignments, one at a time: a corpus need not fit into memory."""
    alignments = align(clips, processes) if processes else iter(())
    coming, count = next(alignments, None), 0
    for clip, samples in load_clips(clips):
        times = ForcedAlignment(clip.key, (), ())
        if coming is not None and coming.key == clip.key:
            times, coming, count = coming, next(alignments, None), count + 1
        item = StoredClip(clip.key, clip.source, 0, len(samples), clip.text, times.words, times.phones, clip.speaker)
        yield item, samples
    log.info("%d of %d clips aligned", count, len(clips))


def _sounds(clips: list[Clip]) -> Iterator[tuple[StoredClip, NDArray[np.int16]]]:
    for clip, samples in load_clips(clips):
        yield StoredClip(clip.key, clip.source, 0, len(samples), ""), samples
