"""Whole clips and clips cut between their words, as offsets into a clip table."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.train.data.batches import ResidentClips
from voiceassist.train.data.clip_table import ANY_TIME_MS, NO_SOFT_LABELS, ClipTable
from voiceassist.train.data.segments import MAX_MARGIN_MS, cut_clips, draw_segments, whole_clips
from voiceassist.train.phones import NO_PHONE

CPU = torch.device("cpu")


def table_of(clips: list[list[tuple[int, int, int]]]) -> ClipTable:
    """Clips of words, each a gap before it, a duration and a number of pieces. Samples and phones name the word."""
    sound, phones, samples, words, pieces = [], [], [], [], []
    for clip in clips:
        now_ms, piece = 0, 0
        steps: list[int] = []
        for place, (gap_ms, word_ms, count) in enumerate(clip):
            steps += [0] * (gap_ms // 10) + [place + 1] * (word_ms // 10)
            words.append((now_ms + gap_ms, now_ms + gap_ms + word_ms, piece))
            now_ms, piece = now_ms + gap_ms + word_ms, piece + count
            pieces += [place + 1] * count
        steps += [0] * 10
        samples.append(len(steps) * 160)
        sound.append(np.repeat(np.array(steps, np.int16), 160))
        phones.append(np.array([*steps, 0], np.int8))
    piece_count = np.array([sum(word[2] for word in clip) for clip in clips])
    word_count, step_counts = np.array([len(clip) for clip in clips]), np.array([len(one) for one in phones])
    lengths, times = np.array(samples), np.array(words, np.float32).reshape(-1, 3)

    def starts(counts: np.ndarray) -> np.ndarray:
        return np.cumsum(counts) - counts

    return ClipTable(
        np.concatenate(sound), starts(lengths), lengths, starts(piece_count), piece_count, starts(step_counts),
        step_counts, starts(word_count), word_count, starts(step_counts), np.ones(len(clips), bool),
        np.zeros(len(clips), np.int64), np.array(pieces), np.full(len(pieces), -ANY_TIME_MS, np.float32),
        np.full(len(pieces), ANY_TIME_MS, np.float32), np.concatenate(phones), times[:, 0], times[:, 1],
        times[:, 2].astype(np.int64), np.concatenate(phones)[:, None].repeat(3, 1).astype(np.uint8),
    )  # fmt: skip


word = st.tuples(st.sampled_from([0, 20, 90, 300]), st.integers(8, 60).map(lambda tens: 10 * tens), st.integers(1, 3))
recordings = st.lists(st.lists(word, min_size=2, max_size=9), min_size=1, max_size=4)


@given(recordings, st.integers(0, 99))
def test_every_word_is_in_one_segment_with_its_pieces_and_phones(
    clips: list[list[tuple[int, int, int]]], seed: int
) -> None:
    table = table_of(clips)
    segments = cut_clips(table, np.arange(len(clips)), np.random.default_rng(seed))
    order = np.argsort(segments.piece_begin, kind="stable")
    spans = zip(segments.piece_begin[order], segments.piece_count[order], strict=True)
    written = np.concatenate([np.arange(start, start + count) for start, count in spans])
    assert written.tolist() == list(range(len(table.pieces)))
    batch = ResidentClips(table, CPU).batch(segments)
    for row in range(len(segments)):
        targets = set(batch.pieces[row, : batch.piece_counts[row]].tolist())
        sound = np.rint(batch.sound[row, : segments.samples[row]].numpy() * 32768).astype(int)
        heard = np.bincount(sound)
        others = [number for number in np.flatnonzero(heard) if number and number not in targets]
        assert all(heard[number] <= 160 for number in others), "at most one step of a neighbouring word"
        assert sound[::160].tolist() == batch.phones[row, : segments.steps[row]].tolist()
        assert sound[::160].tolist() == batch.soft_labels[row, : segments.steps[row], 0].tolist()
        assert not batch.sound[row, segments.samples[row] :].any()
        assert not batch.phones[row, segments.steps[row] :].any()


@given(recordings, st.integers(0, 99))
def test_segments_keep_a_margin_within_their_clip(clips: list[list[tuple[int, int, int]]], seed: int) -> None:
    table = table_of(clips)
    segments = cut_clips(table, np.arange(len(clips)), np.random.default_rng(seed))
    clip = np.searchsorted(table.begin, segments.begin, side="right") - 1
    assert (segments.begin >= table.begin[clip]).all()
    assert (segments.begin + segments.samples <= table.begin[clip] + table.samples[clip]).all()
    word_piece = np.repeat(table.piece_begin, table.word_count) + table.word_piece
    first = np.searchsorted(word_piece, segments.piece_begin)
    last = np.searchsorted(word_piece, segments.piece_begin + segments.piece_count) - 1
    begin_ms = (segments.begin - table.begin[clip]) / 16
    before_ms = table.word_start_ms[first] - begin_ms
    after_ms = begin_ms + segments.samples / 16 - table.word_end_ms[last]
    for margin_ms in (before_ms, after_ms):
        assert (margin_ms >= -10).all()
        assert (margin_ms <= MAX_MARGIN_MS + 10).all(), "at most a step of the grid more"


def test_times_of_pieces_move_with_the_cut() -> None:
    table = table_of([[(300, 400, 1), (300, 400, 1)]])
    known = dataclasses.replace(table, earliest_ms=table.word_start_ms, latest_ms=table.word_end_ms)
    clips = ResidentClips(known, CPU)
    segments = next(
        found for seed in range(99) if len(found := cut_clips(known, np.arange(1), np.random.default_rng(seed))) == 2
    )
    batch = clips.batch(segments)
    assert segments.shift_ms.tolist() == [300 - MAX_MARGIN_MS, 1000 - MAX_MARGIN_MS]
    assert batch.earliest_ms.flatten().tolist() == [MAX_MARGIN_MS, MAX_MARGIN_MS]
    assert batch.latest_ms.flatten().tolist() == [MAX_MARGIN_MS + 400, MAX_MARGIN_MS + 400]


def test_a_share_of_the_clips_is_cut_and_the_draw_can_be_repeated() -> None:
    table = table_of([[(0, 300, 1)] * 9 for _ in range(200)])
    clips = np.arange(200)
    assert len(draw_segments(table, clips, 0.0, 16.0, np.random.default_rng(1))) == 200
    some, again, other = (draw_segments(table, clips, 0.5, 16.0, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert 70 < (some.samples == table.samples[0]).sum() < 130
    assert some.begin.tolist() == again.begin.tolist()
    assert some.begin.tolist() != other.begin.tolist()


def test_clips_without_word_times_stay_whole() -> None:
    table = table_of([[(0, 300, 1)] * 3])
    unaligned = dataclasses.replace(table, word_count=np.zeros(1, np.int64))
    segments = draw_segments(unaligned, np.arange(1), 1.0, 16.0, np.random.default_rng(0))
    assert segments.samples.tolist() == table.samples.tolist()


def test_unknown_phones_and_missing_soft_labels_stay_unknown() -> None:
    table = table_of([[(0, 300, 1)], [(0, 500, 1)]])
    table.phones[: table.steps[0]] = NO_PHONE
    table.soft_begin[0] = NO_SOFT_LABELS
    batch = ResidentClips(table, CPU).batch(whole_clips(table, np.arange(2)))
    assert (batch.phones[0, : table.steps[0]] == NO_PHONE).all()
    assert not batch.soft_labels[0].any()
    assert batch.soft_labels[1].any()
