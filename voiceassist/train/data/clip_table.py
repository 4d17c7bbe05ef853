"""All training clips as flat arrays, so that epochs and batches are index arithmetic.

Each clip is a row of offsets into arrays of samples, word pieces, phone labels, word times and soft labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.train.data.forced_alignment import Span
from voiceassist.train.data.soft_labels import PHONE_CLASSES, SoftLabels, steps_of
from voiceassist.train.data.store import SOUND_NAME, AudioStore, StoredClip
from voiceassist.train.data.word_pieces import Pieces
from voiceassist.train.phones import NO_PHONE, PHONE_STEP_MS, PHONES

ALIGNED_SLACK_MS, UNALIGNED_SLACK_MS = 160, 400
"""Tolerance of the time of a piece: with aligned words, and with the times of phones only."""
ANY_TIME_MS = 1e9
FRAME_SAMPLES = 640
MIN_FRAMES_PER_PIECE = 1.2
MIN_CLIP_SAMPLES = SAMPLE_RATE_HZ * 15 // 100
NO_SOFT_LABELS = -1

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ClipTable:
    """Clips of several stores.

    Attributes:
        sound: int16 samples of all stores.
        begin, samples: first sample and number of samples of each clip ``(clips,)``.
        piece_begin, piece_count: its word pieces; step_begin, steps: its phone labels every 10 ms;
            word_begin, word_count: its words, 0 without an alignment ``(clips,)``.
        soft_begin: its first soft label, `NO_SOFT_LABELS` without any ``(clips,)``.
        aligned: whether its phones are known ``(clips,)``.
        store: number of its store ``(clips,)``.
        pieces: targets; earliest_ms, latest_ms: when a piece may be emitted ``(pieces,)``.
        phones: int8 ``(steps,)``, `NO_PHONE` where unknown.
        word_start_ms, word_end_ms: in the clip; word_piece: first piece of the word in the clip ``(words,)``.
        soft_labels: uint8 phone posteriors ``(soft steps, phones)``, 255 for probability 1.
    """

    sound: NDArray[np.int16]
    begin: Ints
    samples: Ints
    piece_begin: Ints
    piece_count: Ints
    step_begin: Ints
    steps: Ints
    word_begin: Ints
    word_count: Ints
    soft_begin: Ints
    aligned: NDArray[np.bool_]
    store: Ints
    pieces: Ints
    earliest_ms: Floats
    latest_ms: Floats
    phones: NDArray[np.int8]
    word_start_ms: Floats
    word_end_ms: Floats
    word_piece: Ints
    soft_labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.begin)


def is_trainable(samples: Ints, pieces: Ints, max_clip_s: float) -> NDArray[np.bool_]:
    """Which clips are not too long or short and leave CTC enough frames for their pieces."""
    enough = samples / FRAME_SAMPLES > pieces * MIN_FRAMES_PER_PIECE
    return (
        enough & (pieces > 0) & (samples <= max_clip_s * SAMPLE_RATE_HZ) & (samples >= MIN_CLIP_SAMPLES)
    )  # shorter clips hold no word


def read_clip_table(folders: Sequence[Path], pieces: Pieces, max_clip_s: float) -> ClipTable:
    """The trainable clips of prepared stores.

    Raises:
        DataError: a store is missing or its soft labels do not match.
    """
    stores = [AudioStore(folder) for folder in folders]
    sizes = [store.samples for store in stores]
    sound = np.empty(sum(sizes), np.int16)
    edges = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    rows: list[_ClipLabels] = []
    soft_labels: list[NDArray[np.uint8]] = []
    soft_steps = 0
    for number, store in enumerate(stores):
        if store.samples:
            sound[edges[number] : edges[number + 1]] = np.memmap(store.folder / SOUND_NAME, np.int16, mode="r")
        labels = SoftLabels.of(store)
        for index, item in enumerate(store.items):
            targets = pieces.encode(item.text)
            if not is_trainable(np.array(item.samples), np.array(len(targets)), max_clip_s):
                continue
            soft = labels.of_clip(index)
            soft_labels.append(soft)
            soft_begin = soft_steps if len(soft) else NO_SOFT_LABELS
            soft_steps += len(soft)
            rows.append(_ClipLabels.of(item, targets, pieces, int(edges[number]) + item.begin, number, soft_begin))
    return _joined(sound, rows, soft_labels)


@dataclass(frozen=True, slots=True)
class _ClipLabels:
    """The labels of one clip before all clips are joined."""

    begin: int
    samples: int
    store: int
    soft_begin: int
    targets: list[int]
    earliest_ms: Floats
    latest_ms: Floats
    phones: NDArray[np.int8]
    words: list[tuple[float, float, int]]

    @classmethod
    def of(
        cls, item: StoredClip, targets: list[int], pieces: Pieces, begin: int, store: int, soft_begin: int
    ) -> _ClipLabels:
        counts = [len(pieces.encode(word)) for word in item.text.split()]
        split_evenly = sum(counts) == len(targets)
        earliest, latest = _piece_times(item, len(targets), pieces) if split_evenly else _any_time(len(targets))
        phones = np.full(steps_of(item.samples), 0 if item.phones else NO_PHONE, np.int8)
        for span in item.phones:
            phones[span.start_ms // PHONE_STEP_MS : span.end_ms // PHONE_STEP_MS] = PHONES.index(span.label)
        words: list[tuple[float, float, int]] = []
        if split_evenly and [span.label for span in item.words] == item.text.split():
            first = np.cumsum([0, *counts[:-1]]).tolist()
            words = [(span.start_ms, span.end_ms, piece) for span, piece in zip(item.words, first, strict=True)]
        return cls(begin, item.samples, store, soft_begin, targets, earliest, latest, phones, words)


def _piece_times(item: StoredClip, targets: int, pieces: Pieces) -> tuple[Floats, Floats]:
    """The time span of each piece: its share, by letters, of its word."""
    words = item.text.split()
    if [span.label for span in item.words] == words:
        spans, slack_ms = list(item.words), ALIGNED_SLACK_MS
    elif item.phones:
        whole = Span("", item.phones[0].start_ms, item.phones[-1].end_ms)
        spans, slack_ms = _split_by_letters(whole, words), UNALIGNED_SLACK_MS
    else:
        return _any_time(targets)
    times: list[Span] = []
    for word, span in zip(words, spans, strict=True):
        times += _split_by_letters(span, ["x" * max(1, pieces.letters(piece)) for piece in pieces.encode(word)])
    return (
        np.array([span.start_ms - slack_ms for span in times], np.float32),
        np.array([span.end_ms + slack_ms for span in times], np.float32),
    )


def _any_time(targets: int) -> tuple[Floats, Floats]:
    return np.full(targets, -ANY_TIME_MS, np.float32), np.full(targets, ANY_TIME_MS, np.float32)


def _split_by_letters(whole: Span, parts: Sequence[str]) -> list[Span]:
    edges = np.cumsum([0] + [len(part) for part in parts]) / sum(len(part) for part in parts)
    times = whole.start_ms + edges * (whole.end_ms - whole.start_ms)
    return [Span(part, round(times[n]), round(times[n + 1])) for n, part in enumerate(parts)]


def _joined(
    sound: NDArray[np.int16], rows: Sequence[_ClipLabels], soft_labels: Sequence[NDArray[np.uint8]]
) -> ClipTable:
    piece_count = _ints(len(row.targets) for row in rows)
    steps = _ints(len(row.phones) for row in rows)
    word_count = _ints(len(row.words) for row in rows)
    words = np.array([word for row in rows for word in row.words], np.float64).reshape(-1, 3)
    return ClipTable(
        sound=sound,
        begin=_ints(row.begin for row in rows),
        samples=_ints(row.samples for row in rows),
        piece_begin=_starts(piece_count),
        piece_count=piece_count,
        step_begin=_starts(steps),
        steps=steps,
        word_begin=_starts(word_count),
        word_count=word_count,
        soft_begin=_ints(row.soft_begin for row in rows),
        aligned=np.array([bool((row.phones != NO_PHONE).any()) for row in rows], np.bool_),
        store=_ints(row.store for row in rows),
        pieces=_ints(piece for row in rows for piece in row.targets),
        earliest_ms=np.concatenate([np.zeros(0, np.float32), *(row.earliest_ms for row in rows)]),
        latest_ms=np.concatenate([np.zeros(0, np.float32), *(row.latest_ms for row in rows)]),
        phones=np.concatenate([np.zeros(0, np.int8), *(row.phones for row in rows)]),
        word_start_ms=words[:, 0].astype(np.float32),
        word_end_ms=words[:, 1].astype(np.float32),
        word_piece=words[:, 2].astype(np.int64),
        soft_labels=np.concatenate([np.zeros((0, PHONE_CLASSES), np.uint8), *soft_labels]),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _starts(counts: Ints) -> Ints:
    return np.cumsum(counts) - counts
