"""Makes tiny packs with random weights: real files of the real format, quick to build."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
import torch

from voiceassist.asr.pronunciation import LETTERS
from voiceassist.packs.calibration import Calibration
from voiceassist.packs.writer import WordFiles
from voiceassist.train.data.g2p_training import learn_tree
from voiceassist.train.data.word_pieces import train_pieces
from voiceassist.train.export.onnx_export import PackCard, write_pack
from voiceassist.train.model.encoder import Encoder, ModelConfig
from voiceassist.train.phones import PHONES

TEXTS = (
    "set a timer for ten minutes",
    "turn the volume up to forty percent",
    "open the text editor",
    "what time is it now",
    "just relax and quietly enjoy a big fuzzy jazz quiz",
    "close this window and start the music",
    "mute the microphone for two hours",
)
TOKENS = 48
_NAMES = "AA B CH D EH F G HH IY JH K L M N OW P T R S DH UW V W ZH IH Z NG"
SOUNDS = dict(zip(LETTERS, map(PHONES.index, _NAMES.split()), strict=True))
CALIBRATION = Calibration(prior_weight=0.7, slope=4.0, intercept=2.0, act_prob=0.8, ask_prob=0.4)


def make_pack(
    folder: Path, layers: int = 2, blocks: int = 1, quantize: bool = False, *, name: str = "", dim: int = 64
) -> Path:
    """Writes a pack with random weights, named like its folder, and returns the folder."""
    card = PackCard(
        name=name or folder.name,
        title="A tiny pack that never learned anything",
        licence="Apache-2.0",
        attribution=("the test suite",),
        log_prior=[-3.7] * len(PHONES),
        calibration=CALIBRATION,
        metrics={"dev_wer_percent": 100.0},
    )
    encoder = make_encoder(layers=layers, blocks=blocks, dim=dim)
    with tempfile.TemporaryDirectory() as temporary:
        words = word_files(Path(temporary))
        return write_pack(folder, encoder, words, card=card, quantize=quantize).folder


def word_files(folder: Path) -> WordFiles:
    """Word pieces of a few sentences, and a tree in which each letter is a sound of its own."""
    words = WordFiles(folder / "tokens.model", folder / "pronunciations.npy")
    words.tokens.write_bytes(tokens_bytes())
    np.save(words.pronunciations, learn_tree([(letter, (sound,)) for letter, sound in SOUNDS.items()]))
    return words


def make_encoder(*, layers: int = 2, blocks: int = 1, dim: int = 64, seed: int = 0) -> Encoder:
    """An encoder whose every weight is random, the private norms and scales too."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        encoder = Encoder(ModelConfig(tokens=TOKENS, dim=dim, layers=layers, blocks=blocks, kernel=7)).eval()
        with torch.no_grad():
            for private in (encoder.norms, encoder.scales):
                private.add_(torch.randn_like(private), alpha=0.2)
    return encoder


@functools.cache
def tokens_bytes() -> bytes:
    """A sentencepiece model of a few sentences, blank first."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "tokens.model"
        train_pieces(TEXTS, path, TOKENS)
        return path.read_bytes()
