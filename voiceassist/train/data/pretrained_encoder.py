"""Alignments and soft phone labels from a pretrained encoder.

A small phone classifier is trained on the encoder's frames, with the recordings that PocketSphinx could align. Its
posteriors then align all training recordings with their text, including those that PocketSphinx could not, and are
stored as soft labels for distillation.

The encoder is used for training data only: no pack holds any part of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from voiceassist.asr.pronunciation import Pronunciations
from voiceassist.errors import DataError
from voiceassist.train.data.ctc_alignment import CtcAligner, FrameTimes
from voiceassist.train.data.soft_labels import SOFT_LABELS_NAME, steps_of, write_soft_labels
from voiceassist.train.data.store import AudioStore, StoredClip, rewrite_index
from voiceassist.train.phones import NO_PHONE, PHONES

log = logging.getLogger(__name__)

Frames = NDArray[np.float16]
"""Encoder outputs of one clip. Shape: ``(frames, width)``."""

PAD_SAMPLES = 4_000
"""Faint noise added around a clip: clips are cut at the word, the encoder was trained with margins."""
FRAME_TIMES = FrameTimes(first_ms=28.0 - PAD_SAMPLES / 16, step_ms=24.0)
"""Convolutions of 127, 7 and 3 taps with strides 64, 3 and 2: a frame every 384 samples, the first at sample 447."""
PASSES = 6
THREADS = 2
CLIPS_PER_BATCH = 48
LEARNING_RATE = 2e-3


def load_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """One of the models of moonshine-voice.

    Raises:
        DataError: the file cannot be used.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's exceptions have no common base
        raise DataError(
            f"{path} cannot be loaded as a model: {error}", hint="unpack assets/tiny-en of moonshine-voice 0.1.0"
        ) from error


class PretrainedEncoder:
    """The encoder of Moonshine Tiny English as ONNX.

    Source: Jeffries et al. 2024 (arXiv 2410.15608); the package moonshine-voice 0.1.0 brings the file (MIT).

    Raises:
        DataError: the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._session = load_session(path, THREADS)
        self._rng = np.random.default_rng(0)

    def frames(self, sound: NDArray[np.float32]) -> Frames:
        """Shape: ``(samples,)`` in [-1, 1] -> ``(frames, width)``; see `FRAME_TIMES`."""
        before, after = self._rng.standard_normal((2, PAD_SAMPLES)).astype(np.float32) * np.float32(3e-4)
        padded = np.concatenate([before, sound, after])[None]
        inputs = {"input_values": padded, "attention_mask": np.ones(padded.shape, np.int64)}
        (found,) = self._session.run(None, inputs)
        return np.asarray(found[0], np.float16)


class PhoneHead(nn.Module):
    """A phone classifier on encoder frames, with a context of seven frames.

    Shape: ``(batch, frames, width)`` -> logits ``(batch, frames, phones)``.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        dim = 256
        self.first = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, dim), nn.GELU())
        self.norm = nn.LayerNorm(dim)
        self.around = nn.Conv1d(dim, dim, 7, padding=3, groups=8)
        self.second = nn.Sequential(nn.GELU(), nn.Linear(dim, dim), nn.Dropout(0.1))
        self.out = nn.Sequential(nn.GELU(), nn.Linear(dim, len(PHONES)))

    def forward(self, frames: Tensor) -> Tensor:
        x = self.first(frames)
        x = x + self.second(self.around(self.norm(x).transpose(1, 2)).transpose(1, 2))
        logits: Tensor = self.out(x)
        return logits

    def log_probs(self, frames: Frames) -> NDArray[np.float32]:
        """Log-probabilities of one clip. Shape: ``(frames, width)`` -> ``(frames, phones)``."""
        with torch.inference_mode():
            found: NDArray[np.float32] = F.log_softmax(self(torch.from_numpy(frames).float()[None])[0], dim=-1).numpy()
        return found


def label_phones(data: Path, encoder: PretrainedEncoder, passes: int = PASSES) -> None:
    """Aligns the prepared training recordings anew and writes their soft labels next to them.

    Raises:
        DataError: there is no prepared data, or no recording is aligned.
    """
    store = AudioStore(data / "train")
    if (store.folder / SOFT_LABELS_NAME).exists():
        log.info("%s has soft labels already", store.folder)
        return
    frames = []
    for number, item in enumerate(store.items, start=1):
        frames.append(encoder.frames(store.float_sound(item)))
        if number % 500 == 0:
            log.info("%d of %d clips encoded", number, len(store.items))
    head = train_head(store.items, frames, passes)
    posteriors = [head.log_probs(one) for one in frames]
    mean = sum(np.exp(log_probs).sum(axis=0) for log_probs in posteriors) / sum(map(len, posteriors))
    aligner = CtcAligner(
        Pronunciations((data / "pronunciations.npy").read_bytes(), PHONES),
        FRAME_TIMES,
        np.log(np.maximum(mean, 1e-6)).astype(np.float32),
    )
    aligned = [aligner.aligned(item, log_probs) for item, log_probs in zip(store.items, posteriors, strict=True)]
    log.info("%d of %d clips aligned", sum(bool(item.phones) for item in aligned), len(aligned))
    soft_labels = [
        np.rint(255 * FRAME_TIMES.resampled(np.exp(log_probs), steps_of(item.samples))).astype(np.uint8)
        for item, log_probs in zip(store.items, posteriors, strict=True)
    ]
    rewrite_index(store.folder, aligned)
    write_soft_labels(store.folder, np.concatenate(soft_labels))


def train_head(items: Sequence[StoredClip], frames: Sequence[Frames], passes: int) -> PhoneHead:
    """Trains a phone classifier on the aligned items.

    Raises:
        DataError: no item is aligned.
    """
    pairs = [
        (torch.from_numpy(one), torch.from_numpy(FRAME_TIMES.phones(item.phones, len(one))))
        for item, one in zip(items, frames, strict=True)
        if item.phones
    ]
    if not pairs:
        raise DataError("no recording is aligned", hint="prepare with --processes 1 or more")
    torch.manual_seed(0)
    head = PhoneHead(pairs[0][0].shape[1])
    optimizer = torch.optim.AdamW(head.parameters(), LEARNING_RATE, weight_decay=0.02)
    batches = list(_batches(pairs))
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=passes * len(batches))
    for number in range(passes):
        total = 0.0
        for index in torch.randperm(len(batches)).tolist():
            inputs, phones = batches[index]
            loss = F.cross_entropy(head(inputs.float()).flatten(0, 1), phones.flatten(), ignore_index=NO_PHONE)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            rate.step()
            total += float(loss.detach())
        log.info("pass %d: phone loss %.3f", number + 1, total / len(batches))
    return head.eval()


def _batches(pairs: list[tuple[Tensor, Tensor]]) -> Iterator[tuple[Tensor, Tensor]]:
    ordered = sorted(pairs, key=lambda pair: len(pair[0]))
    for first in range(0, len(ordered), CLIPS_PER_BATCH):
        frames, phones = zip(*ordered[first : first + CLIPS_PER_BATCH], strict=True)
        yield (
            nn.utils.rnn.pad_sequence(list(frames), batch_first=True),
            nn.utils.rnn.pad_sequence(list(phones), batch_first=True, padding_value=NO_PHONE),
        )
