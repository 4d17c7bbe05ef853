"""Real capture: what is played into a virtual microphone arrives through PortAudio."""

from __future__ import annotations

import time

import numpy as np
import pytest
import soundfile
from soundserver import MICROPHONE, SoundServer

from voiceassist.audio.capture import InputDevice, Microphone, list_devices
from voiceassist.audio.devices import choose_device
from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.errors import DeviceError

DEVICES = [
    InputDevice("Built-in Audio", False, 48_000, 2, 0),
    InputDevice("USB Headset", True, 44_100, 1, 1),
    InputDevice("USB", False, 16_000, 1, 2),
]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [(None, 1), ("usb headset", 1), ("HEADSET", 1), ("usb", 2), ("built", 0)],
)
def test_chooses_by_name(wanted, index):
    assert choose_device(DEVICES, wanted).index == index


def test_without_a_default_the_first_is_taken():
    assert choose_device(DEVICES[:1], None).index == 0


@pytest.mark.parametrize("wanted", ["webcam", ""])
def test_an_unknown_name_is_answered_with_the_known_ones(wanted):
    with pytest.raises(DeviceError, match=f"no microphone '{wanted}'") as caught:
        choose_device(DEVICES, wanted)
    assert all(device.name in caught.value.hint for device in DEVICES)


def test_no_microphone_at_all():
    with pytest.raises(DeviceError, match="There is no microphone") as caught:
        choose_device([], "usb")
    assert "plug one in" in caught.value.hint


def test_reading_before_the_start_is_an_error():
    with pytest.raises(DeviceError, match="not open"):
        Microphone().read()


def test_broken_samples_become_silence_and_are_counted():
    microphone = Microphone()
    mono = microphone._mono(np.array([0.5, np.nan, -np.inf, 0.25], dtype=np.float32))
    assert mono.tolist() == [0.5, 0.0, 0.0, 0.25]
    assert microphone.nonfinite_samples == 2


def test_the_virtual_microphone_is_listed(sound_server: SoundServer):
    devices = {device.name: device for device in list_devices()}
    assert MICROPHONE in devices
    assert devices["default"].is_default
    assert devices["default"].rate_hz >= 8_000


def chirp(rate_hz: int) -> np.ndarray:
    """From 300 to 2000 Hz in a second: it correlates with nothing but itself, and only in its own order."""
    time_s = np.arange(rate_hz) / rate_hz
    return (0.4 * np.sin(2 * np.pi * (300 * time_s + 850 * time_s**2))).astype(np.float32)


@pytest.mark.parametrize("name", [None, "VIRTUAL"])
def test_what_is_played_is_heard_whole_and_in_order(sound_server: SoundServer, tmp_path, name):
    soundfile.write(tmp_path / "chirp.wav", chirp(48_000), 48_000)
    with Microphone(name) as microphone:
        sound_server.play(tmp_path / "chirp.wav")
        time.sleep(0.5)
        heard = microphone.read()
        assert microphone.dropped_samples == 0
        assert microphone.nonfinite_samples == 0
    played = chirp(SAMPLE_RATE_HZ)
    correlation = np.correlate(heard, played, mode="valid")
    at = int(np.abs(correlation).argmax())
    likeness = correlation[at] / (np.linalg.norm(heard[at : at + played.size]) * np.linalg.norm(played))
    assert likeness > 0.98


def test_a_reader_that_comes_late_finds_the_oldest_and_the_count_of_the_lost(sound_server: SoundServer):
    with Microphone(capacity_s=0.1) as microphone:
        time.sleep(0.6)
        assert microphone.read().size <= 0.1 * SAMPLE_RATE_HZ
        assert microphone.dropped_samples > 0


def test_an_unknown_device_leaves_nothing_open(sound_server: SoundServer):
    with pytest.raises(DeviceError, match="no microphone 'webcam'") as caught:
        Microphone("webcam").start()
    assert MICROPHONE in caught.value.hint


def read_for(microphone: Microphone, duration_s: float) -> None:
    end_at_s = time.monotonic() + duration_s
    while time.monotonic() < end_at_s:
        microphone.read()
        time.sleep(0.01)


def test_a_device_that_vanishes_is_noticed_and_given_back(sound_server: SoundServer):
    (module,) = [
        line.split()[0]
        for line in sound_server.pactl("list", "short", "modules").splitlines()
        if f"={MICROPHONE}" in line
    ]
    with Microphone(MICROPHONE) as microphone:
        time.sleep(0.2)
        sound_server.pactl("unload-module", module)
        with pytest.raises(DeviceError, match="stopped delivering sound"):
            read_for(microphone, 10)
    microphone.close()  # again, harmlessly


def test_listing_does_not_pull_a_running_microphone_away(sound_server: SoundServer):
    with Microphone() as microphone:
        for _ in range(3):
            list_devices()
        microphone.read()
        time.sleep(0.3)
        assert microphone.read().size > 0
