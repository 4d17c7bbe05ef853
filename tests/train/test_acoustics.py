"""Rooms, microphones and lines do to sound what they say."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.train.data import acoustics
from voiceassist.train.data.augmentation import AugmentConfig, Augmenter, NoiseTrack

RATE_HZ = 16_000


def tones(*frequencies_hz: float) -> torch.Tensor:
    time_s = torch.arange(RATE_HZ) / RATE_HZ
    return torch.stack([torch.sin(2 * torch.pi * frequency_hz * time_s) for frequency_hz in frequencies_hz])


def gain_db(before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
    middle = slice(4_000, 12_000)
    return 10 * torch.log10(after[:, middle].pow(2).mean(1) / before[:, middle].pow(2).mean(1))


@given(st.integers(1, 3_000))
def test_the_next_smooth_size_has_small_factors_and_none_lies_between(least: int) -> None:
    def smooth(size: int) -> bool:
        for factor in (2, 3, 5):
            while size % factor == 0:
                size //= factor
        return size == 1

    found = acoustics.smooth_size(least)
    assert found >= least
    assert smooth(found)
    assert not any(smooth(size) for size in range(least, found))


def test_a_band_lets_its_middle_through_and_holds_the_rest_back() -> None:
    sound = tones(60, 1_000, 6_000)
    edges = [torch.full((3, 1), value) for value in (300.0, 3_400.0, 0.0)]
    low, middle, high = gain_db(sound, acoustics.filtered(sound, *edges))
    assert low < -20
    assert abs(middle) < 1
    assert high < -30


def test_a_tilt_rises_over_the_octaves() -> None:
    sound = tones(250, 1_000, 4_000)
    slope_db = torch.full((3, 1), 12.0)
    changed = acoustics.filtered(sound, torch.full((3, 1), 1.0), torch.full((3, 1), 1e5), slope_db)
    assert gain_db(sound, changed).tolist() == pytest.approx([-4, 0, 4], abs=0.3)


def test_a_room_leaves_the_direct_sound_and_adds_a_tail_of_the_wanted_energy() -> None:
    torch.manual_seed(0)
    share, rt60_s = torch.tensor([[0.5], [0.1]]), torch.tensor([[0.3], [0.6]])
    response = acoustics.room(torch.randn(2, acoustics.ROOM_SAMPLES), rt60_s, share, torch.rand(2, 2, 0))
    click = torch.zeros(2, 20_000)
    click[:, 100] = 1
    wet = acoustics.convolve(click, response)
    assert torch.allclose(wet[:, 100], torch.ones(2), atol=1e-4)
    assert wet[:, :100].abs().max() < 1e-4
    assert torch.allclose(wet[:, 101:].pow(2).sum(1), share[:, 0], rtol=0.02)
    early, late = wet[0, 132:1_700].pow(2).sum(), wet[0, 3_400:5_000].pow(2).sum()
    assert late < 0.05 * early, "it dies away"
    assert wet[:, 101:130].abs().max() < 1e-4, "no wall is so near"


def test_early_reflections_are_single_clicks_within_their_time() -> None:
    echoes = torch.tensor([[[0.5]], [[0.9]]])
    response = acoustics.room(torch.zeros(1, acoustics.ROOM_SAMPLES), torch.ones(1, 1), torch.ones(1, 1), echoes)
    (loud,) = response[0].abs().gt(0.01).nonzero().T
    assert loud.tolist() == [0, int((acoustics.DIRECT_S + 0.015) * RATE_HZ)]


def test_coarse_steps_and_mu_law_stay_as_near_as_their_bits_allow() -> None:
    sound = 0.3 * tones(440, 1_000)
    bits = torch.tensor([[7.0], [9.0]])
    error = (acoustics.quantise(sound, bits) - sound).abs().amax(1)
    assert (error <= 0.3 * 2.0 ** (0.01 - bits[:, 0])).all()
    assert (error > 0).all()
    soft = 0.01 * sound
    soft[:, 0] = 0.3
    law = acoustics.mu_law(soft)
    assert ((law - soft).abs() <= 0.03 * soft.abs() + 1e-4).all(), "quiet sound keeps its detail"
    assert len(law.unique()) < 256


@given(st.integers(50, 400), st.integers(1, 900))
def test_a_track_gives_stretches_of_itself_round_its_end(length: int, samples: int) -> None:
    track = NoiseTrack(torch.arange(length, dtype=torch.float32))
    drawn = track.draw((5, samples), torch.Generator().manual_seed(1))
    assert drawn.shape == (5, samples)
    assert torch.equal(drawn, (drawn[:, :1] + torch.arange(samples)) % length)


def test_everything_at_once_stays_finite_and_keeps_its_shape() -> None:
    every = AugmentConfig(
        noise_prob=1, room_prob=1, reflections=5, mic_prob=1, codec_prob=1, clip_prob=1, babble_prob=1, far_prob=1,
        quiet_prob=1,
    )  # fmt: skip
    sound = torch.cat([tones(300, 900), torch.zeros(1, RATE_HZ)])
    speech = torch.randint(-9_000, 9_000, (50_000,), dtype=torch.int16)
    changed = Augmenter(every, torch.randn(40_000), 3, speech)(sound, torch.full((3,), RATE_HZ))
    assert changed.sound.shape[0] == 3
    assert (changed.sound.shape[1] >= changed.lengths).all()
    assert torch.isfinite(changed.sound).all()
    assert changed.sound.abs().amax(1)[:2].min() > 0


STILL = AugmentConfig(
    speed=0, silence_s=0, gain_db=0, noise_prob=0, snr_db=(200, 200), room_prob=0, hiss_db=(-200, -200)
)
"""Changes next to nothing."""


def augmented(sound: torch.Tensor, speech: torch.Tensor | None = None, **changes: object) -> torch.Tensor:
    config = dataclasses.replace(STILL, **changes)  # type: ignore[arg-type]
    lengths = torch.full((len(sound),), sound.shape[1])
    return Augmenter(config, torch.zeros(1_000), 3, speech)(sound, lengths).sound[:, : sound.shape[1]]


def test_babble_is_speech_of_others_at_the_drawn_ratio() -> None:
    sound = tones(440).repeat(60, 1)
    speech = (8_000 * tones(2_000)[0]).to(torch.int16).repeat(5)
    noise = augmented(sound, speech, noise_prob=1.0, snr_db=(0.0, 0.0), babble_prob=1.0, babble_voices=1) - sound
    assert gain_db(sound, noise).tolist() == pytest.approx([-1.1] * 60, abs=0.2), "a fifth of each row is silence"
    loudest_hz = torch.fft.rfft(noise[:, :16_000]).abs().argmax(1)
    assert loudest_hz.tolist() == [2_000] * 60, "nothing but the others' voices is added"
    without = augmented(sound, None, noise_prob=1.0, snr_db=(0.0, 0.0), babble_prob=1.0)
    assert torch.allclose(without, sound, atol=1e-3), "without a track of speech there is no babble"


def test_far_speech_has_more_reverberation_than_near_speech_and_is_duller() -> None:
    click = torch.zeros(40, RATE_HZ)
    click[:, 1_000] = 1.0
    near, far = augmented(click, room_prob=1.0), augmented(click, far_prob=1.0)
    late = [out[:, 1_100:].pow(2).sum(1) / out[:, 990:1_010].pow(2).sum(1) for out in (near, far)]
    assert late[1].median() > 2 * late[0].median()
    noise = torch.randn(20, RATE_HZ)
    spectrum = torch.fft.rfft(augmented(noise, far_prob=1.0)[:, :RATE_HZ]).abs().pow(2)
    assert (spectrum[:, 4_000:7_000].mean() < 0.7 * spectrum[:, 300:1_000].mean()).item()


def test_quiet_speech_has_the_drawn_level_and_the_steps_of_16_bits() -> None:
    sound = tones(440).repeat(30, 1)
    quiet = augmented(sound, quiet_prob=1.0, quiet_db=(-70.0, -60.0))
    level_db = 10 * torch.log10(quiet.pow(2).mean(1))
    assert (level_db > -71.5).all()
    assert (level_db < -59.0).all()
    steps = quiet * 32768
    assert torch.equal(steps, steps.round())
    assert torch.equal(augmented(sound), augmented(sound, quiet_prob=0.0, quiet_db=(-70.0, -60.0)))


def test_shares_are_those_of_the_config_and_the_rest_is_untouched() -> None:
    quiet = {"speed": 0.0, "silence_s": 0.0, "gain_db": 0.0, "noise_prob": 1.0, "snr_db": (200.0, 200.0)}
    config = AugmentConfig(**quiet, room_prob=0, hiss_db=(-200, -200), clip_prob=0.3)  # type: ignore[arg-type]
    sound = tones(440).repeat(400, 1)[:, :2_000]
    changed = Augmenter(config, torch.randn(10_000), seed=1)(sound, torch.full((400,), 2_000))
    clipped = changed.sound.abs().amax(1) < 0.99
    assert 80 < clipped.sum() < 160
    assert torch.allclose(changed.sound[~clipped][:, :2_000], sound[0], atol=1e-4)
