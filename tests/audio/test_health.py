"""What is told of a microphone, and what a few seconds of speech tell of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from soundserver import SoundServer

from voiceassist.audio.capture import Microphone
from voiceassist.audio.health import HealthMonitor, MicrophoneHealth
from voiceassist.audio.selftest import assess, record
from voiceassist.audio.sound_server import speaks_like_a_telephone
from voiceassist.audio.vad import SpeechDetector
from voiceassist.domain import SAMPLE_RATE_HZ

SECOND = SAMPLE_RATE_HZ


def noise(duration_s: float, scale: float = 0.001) -> np.ndarray:
    return np.random.default_rng(0).normal(scale=scale, size=int(duration_s * SECOND)).astype(np.float32)


def fed(*blocks: np.ndarray) -> HealthMonitor:
    meter = HealthMonitor()
    for block in blocks:
        for part in np.array_split(block, 20):
            meter.feed(part)
    return meter


def test_a_good_microphone_is_not_complained_about():
    condition = fed(noise(10, 0.1)).rate(MicrophoneHealth("Desk"))
    assert condition == MicrophoneHealth("Desk")
    assert condition.warnings == ()


def test_zeros_are_told_after_seconds_and_forgotten_with_the_first_sound():
    assert not fed(np.zeros(4 * SECOND, np.float32)).silent
    meter = fed(np.zeros(6 * SECOND, np.float32))
    assert "nothing but silence" in meter.rate(MicrophoneHealth()).warnings[0]
    meter.feed(noise(0.1))
    assert not meter.silent
    meter.feed(np.zeros(60 * SECOND, np.float32))  # many headsets send zeros while nobody speaks
    assert not meter.silent


def test_clipping_is_told_and_forgotten_after_a_while():
    loud = np.clip(noise(2.5, 1.0), -1, 1)
    meter = fed(loud)
    assert "too loud" in meter.rate(MicrophoneHealth()).warnings[0]
    for _ in range(4):
        meter.feed(noise(2))
    assert not meter.clipped


@given(st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_each_trouble_has_one_sentence(dropped, nonfinite, clipped, silent, muted, hands_free):
    condition = MicrophoneHealth("x", dropped, nonfinite, clipped, silent, muted, hands_free)
    troubles = (dropped > 0) + (nonfinite > 0) + clipped + (silent or muted) + hands_free
    assert len(set(condition.warnings)) == troubles


@pytest.mark.parametrize(
    ("properties", "rate_hz", "telephone"),
    [
        ({"device.bus": "bluetooth", "bluetooth.protocol": "headset_head_unit"}, 16_000, True),
        ({"device.api": "bluez5", "api.bluez5.profile": "headset-head-unit"}, 48_000, True),
        ({"device.bus": "bluetooth", "bluetooth.protocol": "handsfree_head_unit"}, 8_000, True),
        ({"device.bus": "bluetooth"}, 16_000, True),
        ({"device.api": "bluez5", "api.bluez5.profile": "bap-duplex"}, 48_000, False),
        ({"device.bus": "usb"}, 16_000, False),
        ({}, 8_000, False),
    ],
)
def test_a_headset_in_its_telephone_profile_is_known(properties, rate_hz, telephone):
    assert speaks_like_a_telephone(properties, rate_hz) is telephone


def spoken(command: np.ndarray, gain: float = 1.0, noise_scale: float = 0.0005) -> np.ndarray:
    sound = np.concatenate([np.zeros(SECOND // 2, np.float32), command * gain, np.zeros(SECOND // 2, np.float32)])
    return np.clip(sound + noise(sound.size / SECOND, noise_scale)[: sound.size], -1, 1).astype(np.float32)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (spoken, ""),
        (lambda command: spoken(command, 0.02, 0.00005), "very quiet"),
        (lambda command: spoken(command, 20.0), "cut off"),
        (lambda command: spoken(command, 0.5, 0.05), "loud around you"),
        (lambda _: noise(4, 0.01), "no speech"),
        (lambda _: np.zeros(4 * SECOND, np.float32), "Nothing at all"),
        (lambda _: np.zeros(0, np.float32), "Nothing at all"),
    ],
)
def test_the_self_test_finds_what_is_wrong(command, change, finding):
    test = assess(change(command), MicrophoneHealth("Desk"), SpeechDetector())
    assert test.good is (not finding)
    assert finding in " ".join(test.findings)
    assert test.device == "Desk"


def test_what_the_server_knows_comes_first_hand(command):
    test = assess(np.zeros(SECOND, np.float32), MicrophoneHealth("Desk", muted=True), SpeechDetector())
    assert test.findings == MicrophoneHealth(muted=True).warnings


def test_the_self_test_through_a_real_microphone(sound_server: SoundServer, command_wav, tmp_path):
    number = sound_server.plug_in("headset", "Old Headset", properties="device.bus=bluetooth", rate_hz=16_000)
    sound_server.pactl("set-default-source", "headset")
    levels = []
    samples, condition = record(Microphone("Old Headset"), duration_s=1.5, on_level=levels.append)
    assert samples.size == 1.5 * SECOND
    assert levels
    assert condition.device == "Old Headset"
    assert condition.hands_free
    assert "hands-free" in assess(samples, condition, SpeechDetector()).findings[-1]
    sound_server.unplug(number)
