"""Measures the phone confusions of a model: ``python -m voiceassist.train.evaluation.phone_confusion PACK``.

Held-out phrases are aligned with the pack's posteriors; the mean posterior over the frames of a phone is that phone's
row. A prior guess counts as `PRIOR_FRAMES` frames, for phones that are rare.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from voiceassist.asr.alignment import align
from voiceassist.asr.confusion import Confusion
from voiceassist.asr.ctc import adjust
from voiceassist.asr.recognizer import SILENCE, Recognizer
from voiceassist.config.files import write_atomically
from voiceassist.errors import GrammarError, VoiceAssistError
from voiceassist.packs.manifest import CONFUSION_NAME
from voiceassist.packs.pack import Pack, open_pack
from voiceassist.packs.writer import file_entry, write_manifest
from voiceassist.train.data.store import AudioStore
from voiceassist.train.evaluation.phrase_set import Phrase, cut_phrases

PRIOR_FRAMES = 5.0
PHRASES = 3_000


def measure_confusion(recognizer: Recognizer, phrases: Sequence[Phrase]) -> Confusion:
    """The mean posteriors at the frames of each phone of the phrases."""
    manifest = recognizer.pack.manifest
    prior = np.array(manifest.log_prior, np.float32)
    totals = np.zeros((len(manifest.phones), len(manifest.phones)))
    counts = np.zeros(len(manifest.phones))
    for phrase in phrases:
        try:
            phones = [phone for word in phrase.text.split() for phone in recognizer.pronounce(word)[0]]
        except GrammarError:  # a letter that the model never learned
            continue
        log_probs = recognizer.hear(phrase.samples).phones
        found = align(adjust(log_probs, prior, manifest.calibration.prior_weight), phones, SILENCE)
        if found is not None:
            said = np.where(found.positions < 0, SILENCE, np.array(phones)[found.positions])
            np.add.at(totals, said, np.exp(log_probs))
            np.add.at(counts, said, 1.0)
    guess = Confusion.guessed(manifest.phones).probs
    probs = (totals + PRIOR_FRAMES * guess) / (counts[:, None] + PRIOR_FRAMES)
    return Confusion((probs / probs.sum(axis=1, keepdims=True)).astype(np.float32), measured=True)


def store_confusion(pack: Pack, confusion: Confusion) -> Pack:
    """Stores the confusion matrix in the pack."""
    path = pack.folder / CONFUSION_NAME
    write_atomically(path, confusion.to_json().encode())
    files = {**pack.manifest.files, CONFUSION_NAME: file_entry(path)}
    return write_manifest(pack.folder, replace(pack.manifest, files=files))


def main(arguments: list[str] | None = None) -> int:
    """Measures and stores; returns 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m voiceassist.train.evaluation.phone_confusion", description=__doc__)
    parser.add_argument("packs", nargs="+", type=Path, metavar="PACK")
    parser.add_argument("--data", type=Path, default=Path("build/data"), help="prepared data (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        phrases = cut_phrases(AudioStore(options.data / "dev"), PHRASES, seed=1)
        for folder in options.packs:
            pack = open_pack(folder)
            with Recognizer(pack) as recognizer:
                confusion = measure_confusion(recognizer, phrases)
            store_confusion(pack, confusion)
            print(f"{pack.name}: measured on {len(phrases)} phrases")
    except VoiceAssistError as error:
        print(f"error: {error.message}\n  hint: {error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
