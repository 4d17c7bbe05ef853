"""The detector is spared in silence, and misses nothing for it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.audio.energy_gate import GatedDetector, LevelRise
from voiceassist.audio.files import read_sound
from voiceassist.audio.pause_detector import NoiseFloor, PauseDetector
from voiceassist.audio.segmenter import SegmenterConfig
from voiceassist.audio.utterance_detector import UtteranceDetector
from voiceassist.audio.vad import FRAME_SAMPLES, SpeechDetector
from voiceassist.domain import SAMPLE_RATE_HZ

ROOM_DB = -60
SAMPLES = Path(__file__).parents[2] / "assets" / "samples"


class Counting:
    """Hears speech in what is loud, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.resets = 0

    def __call__(self, frame, /) -> float:
        self.asked += 1
        return float(np.abs(frame).max() > 0.05)

    def reset(self) -> None:
        self.resets += 1


def room(duration_s: float, level_db: float = ROOM_DB, seed: int = 0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return draw.normal(scale=10 ** (level_db / 20), size=int(duration_s * SAMPLE_RATE_HZ)).astype(np.float32)


def frames(samples: np.ndarray) -> np.ndarray:
    return samples[: samples.size - samples.size % FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)


@pytest.mark.parametrize("level_db", [-85, -60, -35])
def test_steady_noise_of_any_level_costs_hardly_a_look(level_db):
    inner = Counting()
    gated = GatedDetector(inner)
    sound = frames(np.clip(room(60, level_db), -0.04, 0.04))
    assert [gated(frame) for frame in sound] == [0.0] * len(sound)
    assert inner.asked < 0.06 * len(sound)


def test_the_first_loud_frame_wakes_it_and_it_has_heard_what_came_before():
    inner = Counting()
    gated = GatedDetector(inner)
    for frame in frames(room(5)):
        gated(frame)
    asked = inner.asked
    assert gated(np.full(FRAME_SAMPLES, 0.5, np.float32)) == 1.0
    assert inner.asked - asked == 13
    assert inner.resets == 1


def test_in_changing_noise_it_never_sleeps_but_begins_anew_now_and_then():
    draw = np.random.default_rng(1)
    inner = Counting()
    gated = GatedDetector(inner)
    for frame in frames(room(20)):
        gated(frame * 10 ** (draw.uniform(-10, 10) / 20))
    assert inner.asked >= len(frames(room(20)))
    assert inner.resets >= 10


def test_louder_noise_is_steady_again_after_two_seconds():
    inner = Counting()
    gated = GatedDetector(inner)
    for frame in frames(np.concatenate([room(5, -70), room(5, -50)])):
        gated(frame)
    asked = inner.asked
    for frame in frames(room(5, -50, seed=2)):
        gated(frame)
    assert inner.asked == asked


def test_what_the_gate_lets_through_is_what_was_said(command):
    """With and without the gate the same utterances are cut, to within a frame or two."""
    stream = np.concatenate([room(4), command + room(command.size / SAMPLE_RATE_HZ)[: command.size], room(4, seed=3)])

    def cut(detector) -> list[tuple[float, float]]:
        hearing = UtteranceDetector(lambda: detector, SegmenterConfig(), tail_ms=200)
        hearing.listen(always=True)
        return [(item.start_s, item.start_s + item.samples.size / SAMPLE_RATE_HZ) for item in hearing.feed(stream)]

    (gated,), plain = cut(GatedDetector(SpeechDetector())), cut(SpeechDetector())
    assert gated[0] <= plain[0][0] + 0.1
    assert gated[1] >= plain[-1][1] - 0.1


def test_the_detector_computes_in_one_thread():
    limit = os.environ.get("OMP_THREAD_LIMIT")
    detector = SpeechDetector()
    detector(np.zeros(FRAME_SAMPLES, np.float32))
    assert os.environ.get("OMP_THREAD_LIMIT") == limit


@given(st.lists(st.floats(-120, 0), min_size=1, max_size=200))
def test_the_floor_is_never_above_what_it_hears(levels):
    floor = NoiseFloor()
    assert all(floor.rise_db(level) >= 0 for level in levels)


def test_quiet_after_a_voice_is_noticed_and_noise_is_no_quiet():
    loudness = PauseDetector()
    voice, breath = np.full(FRAME_SAMPLES, 0.3, np.float32), np.full(FRAME_SAMPLES, 0.003, np.float32)
    for frame in [breath] * 40:
        loudness.feed(frame, inside=False)
    for frame in [voice] * 10:
        loudness.feed(frame, inside=True)
        assert loudness.quiet_ms == 0
    for count in range(1, 6):
        loudness.feed(breath, inside=True)
        assert loudness.quiet_ms == pytest.approx(32 * count)
    loudness.feed(voice, inside=True)
    assert loudness.quiet_ms == 0
    loudness.feed(voice / 5, inside=True)
    assert loudness.quiet_ms == 0


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.wav")))
@pytest.mark.parametrize("room_db", [-200, -70, -50])
def test_a_recording_that_begins_with_the_first_sound_loses_no_first_word(name, room_db):
    """No lead-in of its own: what comes before is the silence of the device or the room."""
    sound = read_sound(SAMPLES / f"{name}.wav")
    loud = np.flatnonzero(np.abs(sound) > 0.1 * np.abs(sound).max())
    sound = sound[loud[0] : loud[-1] + 1]
    before = room(3, room_db)
    hearing = UtteranceDetector(lambda: GatedDetector(SpeechDetector()), SegmenterConfig(), tail_ms=200)
    hearing.listen(always=True)
    heard = hearing.feed(np.concatenate([before, sound + room(10, room_db)[: sound.size], room(3, room_db, seed=3)]))
    assert heard[0].start_s <= before.size / SAMPLE_RATE_HZ
    assert heard[-1].start_s + heard[-1].samples.size / SAMPLE_RATE_HZ >= (before.size + sound.size) / SAMPLE_RATE_HZ


@pytest.mark.parametrize("channels", [1, 2])
def test_a_hiss_in_hum_is_louder(channels):
    time_s = np.arange(8 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    hum = (0.3 * np.sin(2 * np.pi * 60 * time_s)).astype(np.float32)
    hiss = room(0.1, -40)
    sound = hum + room(8, -70)
    loud_from = sound.size - 10 * FRAME_SAMPLES
    sound[loud_from : loud_from + hiss.size] += hiss
    rise = LevelRise(channels=channels)
    louder = [rise.feed(np.repeat(frame, channels)) for frame in frames(sound)]
    first = loud_from // FRAME_SAMPLES
    assert not any(louder[:first])
    assert any(louder[first : first + 4])
