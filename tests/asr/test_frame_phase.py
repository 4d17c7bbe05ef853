"""Where a recording begins makes no difference: the frames lie on the sound the same way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.frame_phase import aligned

FRAME_MS = 40.0
FRAME_SAMPLES = 640


def spoken(seed: int = 0) -> np.ndarray:
    """Noise that swells and fades, with one loudest moment."""
    rng = np.random.default_rng(seed)
    envelope = np.exp(-(((np.arange(24_000) - 13_000) / 4_000) ** 2))
    return (rng.standard_normal(24_000) * envelope * 0.3).astype(np.float32)


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(0, 20))
def test_the_same_sound_has_the_same_frames_wherever_it_lies(before: int, after: int, seed: int):
    sound = spoken(seed)
    padded = np.concatenate([np.zeros(before, np.float32), sound, np.zeros(after, np.float32)])
    place = np.argmax(np.abs(aligned(padded, FRAME_MS)))
    assert place % FRAME_SAMPLES == np.argmax(np.abs(aligned(sound, FRAME_MS))) % FRAME_SAMPLES


@given(st.integers(0, 40_000))
def test_less_than_a_frame_is_cut_and_short_sounds_stay(size: int):
    sound = np.random.default_rng(size).standard_normal(size).astype(np.float32)
    cut = size - aligned(sound, FRAME_MS).size
    assert 0 <= cut < FRAME_SAMPLES
    assert size >= 8 * FRAME_SAMPLES or cut == 0


def test_silence_stays_silence():
    assert not aligned(np.zeros(16_000, np.float32), FRAME_MS).any()
    assert aligned(np.zeros(16_000, np.float32), FRAME_MS).size == pytest.approx(16_000, abs=FRAME_SAMPLES)
