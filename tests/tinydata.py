"""A prepared data folder of a few synthetic phrases, and a model small enough to train in a test."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from voiceassist.train.data.augmentation import AugmentConfig
from voiceassist.train.data.store import StoredClip, write_store
from voiceassist.train.data.synthesis import synthesise
from voiceassist.train.data.word_pieces import train_pieces
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.model.encoder import ModelConfig

TEXTS = [
    "open the door",
    "what time is it",
    "set the volume",
    "mute",
    "big quiz box jack fly",
    "next week good van",
] * 2


def write_data(folder: Path, copies: int = 1) -> Path:
    """Prepares the phrases, each so many times, for training and as dev speech, with white noise."""
    folder.mkdir(parents=True, exist_ok=True)
    train_pieces(TEXTS * 20, folder / "tokens.model", 34)
    spoken = [
        (StoredClip(f"flite/{n}", "flite", 0, 0, text, (), phones), sound)
        for n, (text, sound, phones) in enumerate(list(synthesise(TEXTS, processes=1)) * copies)
    ]
    for split in ("train", "dev"):
        write_store(folder / split, spoken)
    noise = np.random.default_rng(0).integers(-3000, 3000, 160_000).astype(np.int16)
    write_store(folder / "noise", [(StoredClip("noise/0", "white", 0, 0, ""), noise)])
    return folder


def tiny_config(data: Path) -> TrainingConfig:
    """A run of a dozen steps."""
    model = ModelConfig(tokens=34, dim=32, layers=2, heads=2, ff_mult=2, dropout=0.0)
    return TrainingConfig(
        "tiny", str(data), steps=12, warmup_steps=2, decay_steps=4, free_steps=4, shallow_steps=3, batch_s=8.0,
        synthetic_passes=0, model=model, augment=AugmentConfig(),
    )  # fmt: skip
