"""Batches of clips of like length, with the times at which their phones and pieces sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voiceassist.train.data.forced_alignment import Span
from voiceassist.train.data.soft_labels import SoftLabels, steps_of
from voiceassist.train.data.store import AudioStore, StoredClip
from voiceassist.train.data.word_pieces import Pieces
from voiceassist.train.phones import NO_PHONE, PHONE_STEP_MS, PHONES

LENGTH_CLASS_SAMPLES = 8_000
"""Clips are batched with clips of the same length in half seconds."""
ALIGNED_SLACK_MS, UNALIGNED_SLACK_MS = 160, 400
"""How far a piece may sound from its estimated time: aligned words, and synthetic speech without word times."""


@dataclass(frozen=True, slots=True)
class TrainingClip:
    """One clip ready for training.

    Attributes:
        sound: int16 ``(samples,)``, a view of the store.
        pieces: targets ``(pieces,)``.
        earliest_ms: before which a piece cannot sound ``(pieces,)``.
        latest_ms: after which it cannot.
        phones: class every 10 ms ``(steps,)``, ``NO_PHONE`` where unknown.
        word_ms: when each word begins and ends ``(words, 2)``; empty where not aligned.
        word_of: to which word each piece belongs ``(pieces,)``; empty where not aligned.
        soft_labels: how likely a pretrained listener finds each phone every 10 ms, 255 for certain, uint8
            ``(steps, phones)``; no steps where none was asked.
    """

    sound: NDArray[np.int16]
    pieces: NDArray[np.int64]
    earliest_ms: NDArray[np.float32]
    latest_ms: NDArray[np.float32]
    phones: NDArray[np.int64]
    word_ms: NDArray[np.float32]
    word_of: NDArray[np.int64]
    soft_labels: NDArray[np.uint8]


def training_clips(store: AudioStore, pieces: Pieces, longest_s: float) -> list[TrainingClip]:
    """Examples of all clips that are not too long and leave CTC enough frames."""
    soft_labels = SoftLabels.of(store)
    made = []
    for number, item in enumerate(store.items):
        targets = pieces.encode(item.text)
        if targets and usable(item.samples, len(targets), longest_s):
            sound = store.sound[item.begin : item.begin + item.samples]
            made.append(_example(sound, item, targets, pieces, soft_labels.of_clip(number)))
    return made


def length_class(samples: int) -> int:
    """In which class of like length a clip of so many samples is batched: how many ``LENGTH_CLASS_SAMPLES`` hold it."""
    return -(-samples // LENGTH_CLASS_SAMPLES)


def usable(samples: int, pieces: int, longest_s: float) -> bool:
    """Whether a clip is not too long and leaves CTC enough frames for its pieces."""
    return samples <= longest_s * 16_000 and samples / 640 > pieces * 1.2


def _example(
    sound: NDArray[np.int16], item: StoredClip, targets: list[int], pieces: Pieces, soft_labels: NDArray[np.uint8]
) -> TrainingClip:
    earliest, latest = _piece_times(item, targets, pieces)
    phones = np.full(steps_of(item.samples), NO_PHONE if not item.phones else 0, np.int64)
    for span in item.phones:
        phones[span.start_ms // PHONE_STEP_MS : span.end_ms // PHONE_STEP_MS] = PHONES.index(span.label)
    word_ms, word_of = _word_times(item, targets, pieces)
    return TrainingClip(sound, np.array(targets), earliest, latest, phones, word_ms, word_of, soft_labels)


def _word_times(item: StoredClip, targets: list[int], pieces: Pieces) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    words = item.text.split()
    counts = [len(pieces.encode(word)) for word in words]
    if [span.label for span in item.words] != words or sum(counts) != len(targets):
        return np.zeros((0, 2), np.float32), np.zeros(0, np.int64)
    times = [(span.start_ms, span.end_ms) for span in item.words]
    return np.array(times, np.float32), np.repeat(np.arange(len(words)), counts)


def _piece_times(
    item: StoredClip, targets: list[int], pieces: Pieces
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The span of each piece: its share, by letters, of its word."""
    words = item.text.split()
    if [span.label for span in item.words] == words:
        spans, slack_ms = list(item.words), ALIGNED_SLACK_MS
    elif item.phones:
        spans, slack_ms = (
            _by_letters(Span("", item.phones[0].start_ms, item.phones[-1].end_ms), words),
            UNALIGNED_SLACK_MS,
        )
    else:
        return np.full(len(targets), -1e9, np.float32), np.full(len(targets), 1e9, np.float32)
    times: list[Span] = []
    for word, span in zip(words, spans, strict=True):
        times += _by_letters(span, ["x" * max(1, pieces.letters(piece)) for piece in pieces.encode(word)])
    if len(times) != len(targets):
        return np.full(len(targets), -1e9, np.float32), np.full(len(targets), 1e9, np.float32)
    return (
        np.array([span.start_ms - slack_ms for span in times], np.float32),
        np.array([span.end_ms + slack_ms for span in times], np.float32),
    )


def _by_letters(whole: Span, parts: Sequence[str]) -> list[Span]:
    edges = np.cumsum([0] + [len(part) for part in parts]) / sum(len(part) for part in parts)
    times = whole.start_ms + edges * (whole.end_ms - whole.start_ms)
    return [Span(part, round(times[n]), round(times[n + 1])) for n, part in enumerate(parts)]


@dataclass(frozen=True, slots=True)
class Batch:
    """Clips of like length, padded with zeros. Lengths and counts stay on the host: shapes depend on them.

    Attributes:
        sound: float32 ``(batch, samples)``; lengths: ``(batch,)``.
        pieces: ``(batch, pieces)``, padded with 0; piece_counts: ``(batch,)``.
        earliest_ms, latest_ms: ``(batch, pieces)``.
        phones: ``(batch, steps)`` every 10 ms, padded with 0, silence.
        soft_labels: uint8 ``(batch, steps, phones)``; zeros, with which it is padded, are no opinion.
    """

    sound: Tensor
    lengths: Tensor
    pieces: Tensor
    piece_counts: Tensor
    earliest_ms: Tensor
    latest_ms: Tensor
    phones: Tensor
    aligned: Tensor
    soft_labels: Tensor


def collate(examples: Sequence[TrainingClip], device: torch.device) -> Batch:
    """Pads examples to one batch on ``device``; copies to a GPU do not wait for it."""

    def place(rows: Sequence[Tensor]) -> Tensor:
        padded = torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True)
        return padded.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else padded.to(device)

    return Batch(
        place([torch.from_numpy(example.sound) for example in examples]).float() / 32768,
        torch.tensor([len(example.sound) for example in examples]),
        place([torch.from_numpy(example.pieces) for example in examples]),
        torch.tensor([len(example.pieces) for example in examples]),
        place([torch.from_numpy(example.earliest_ms) for example in examples]),
        place([torch.from_numpy(example.latest_ms) for example in examples]),
        place([torch.from_numpy(example.phones) for example in examples]),
        torch.tensor([bool((example.phones != NO_PHONE).any()) for example in examples]).to(device, non_blocking=True),
        place([torch.from_numpy(example.soft_labels) for example in examples]),
    )


def shuffled_batches(
    examples: Sequence[TrainingClip], batch_s: float, seed: int, rank: int = 0, size: int = 1
) -> Iterator[list[TrainingClip]]:
    """One pass over the examples in random order, in batches of about ``batch_s`` seconds of clips of like length.

    All batches of a length class hold the same number of clips: the fewer shapes there are, the less time
    goes into preparing kernels for new ones, on a CPU as on a GPU. A class's last batch may be smaller.

    Of ``size`` processes each has its own clips, but in every step as many and as long ones as all others. What cannot
    be shared out evenly, fewer clips than processes, waits for another pass.
    """
    rng = np.random.default_rng(seed)
    classes: dict[int, list[int]] = {}
    for index in rng.permutation(len(examples)):
        classes.setdefault(length_class(len(examples[index].sound)), []).append(int(index))
    batches = []
    for steps, members in classes.items():
        clips = size * max(1, int(batch_s * 16_000) // (steps * LENGTH_CLASS_SAMPLES))
        shared = members[: len(members) // size * size]
        batches += [shared[first : first + clips][rank::size] for first in range(0, len(shared), clips)]
    for index in rng.permutation(len(batches)):
        yield [examples[member] for member in batches[index]]
