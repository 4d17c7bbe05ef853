"""Real capture: what is played into a virtual microphone arrives through PortAudio."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
import soundfile
from soundserver import MICROPHONE, SoundServer

from voiceassist.audio.capture import InputDevice, Microphone, Mixdown, list_devices
from voiceassist.audio.devices import choose_device, led_to, with_sources
from voiceassist.audio.sound_server import Source, Sources
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
    mixdown = Mixdown(SAMPLE_RATE_HZ, 1)
    mono = mixdown.feed(np.array([0.5, np.nan, -np.inf, 0.25], dtype=np.float32))
    assert mono.tolist() == [0.5, 0.0, 0.0, 0.25]
    assert mixdown.nonfinite_samples == 2


def test_channels_that_cancel_each_other_are_noticed_and_forgotten():
    mixdown, sound = Mixdown(SAMPLE_RATE_HZ, 2), chirp(SAMPLE_RATE_HZ)
    for right, cancels in ((-sound, True), (sound, False)):
        for _ in range(3):
            mixdown.feed(np.stack([sound, right], axis=1).reshape(-1))
        assert mixdown.channels_cancel is cancels


def test_broken_samples_never_reach_the_resampler():
    """What one NaN would do to the filter's memory could be heard for good."""
    mixdown = Mixdown(48_000, 1)
    sound = chirp(48_000)
    sound[1000:1010] = np.nan
    sound[5000] = np.inf
    heard = np.concatenate([mixdown.feed(block) for block in np.split(sound, 48)])
    assert heard.size > 0.9 * SAMPLE_RATE_HZ
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() < 0.6
    assert mixdown.nonfinite_samples == 11


def test_the_servers_microphones_are_listed_by_the_names_that_people_know():
    sources = Sources(
        (
            Source("alsa_input.usb", "USB Microphone", 44_100, 1),
            Source("alsa_output.monitor", "Monitor of Speakers", 48_000, 2, is_monitor=True),
            Source("bluez_input", "Headset", 16_000, 1, hands_free=True),
        ),
        default="bluez_input",
    )
    listed = with_sources(
        [InputDevice("hw:0", False, 48_000, 2, 3), InputDevice("default", True, 48_000, 32, 7)], sources
    )
    assert [(device.name, device.source, device.index) for device in listed] == [
        ("USB Microphone", "alsa_input.usb", 7),
        ("Headset", "bluez_input", 7),
        ("hw:0", None, 3),
        ("default", None, 7),
    ]
    assert listed[-1].is_default
    assert listed[-1].rate_hz == 16_000
    assert listed[-1].leads_to == "Headset"


@pytest.mark.parametrize("sources", [None, Sources()])
def test_without_a_server_portaudio_has_the_word(sources):
    assert with_sources(DEVICES, sources) == DEVICES


def test_the_environment_is_as_before_when_a_stream_was_led(monkeypatch):
    monkeypatch.setenv("PULSE_SOURCE", "mine")
    monkeypatch.delenv("PIPEWIRE_NODE", raising=False)
    with led_to("theirs"):
        assert os.environ["PULSE_SOURCE"] == os.environ["PIPEWIRE_NODE"] == "theirs"
    assert os.environ["PULSE_SOURCE"] == "mine"
    assert "PIPEWIRE_NODE" not in os.environ


def test_the_virtual_microphone_is_listed(sound_server: SoundServer):
    devices = {device.name: device for device in list_devices()}
    assert MICROPHONE in devices
    assert devices["default"].is_default
    assert devices["default"].rate_hz >= 8_000


def chirp(rate_hz: int) -> np.ndarray:
    """From 300 to 2000 Hz in a second: it correlates with nothing but itself, and only in its own order."""
    time_s = np.arange(rate_hz) / rate_hz
    return (0.4 * np.sin(2 * np.pi * (300 * time_s + 850 * time_s**2))).astype(np.float32)


def likeness(heard: np.ndarray, played: np.ndarray) -> float:
    """Correlation where it is largest: 1 for the same sound at any loudness."""
    if heard.size < played.size:
        return 0.0
    correlation = np.correlate(heard, played, mode="valid")
    at = int(np.abs(correlation).argmax())
    return float(correlation[at] / (np.linalg.norm(heard[at : at + played.size]) * np.linalg.norm(played) + 1e-9))


def repeated(what: str) -> Iterator[None]:
    """Comes again for half a minute, five times a second, and then fails."""
    for _ in range(150):
        yield
        time.sleep(0.2)
    pytest.fail(what)


def wait_for_sound(microphone: Microphone, times: int = 1) -> None:
    """Read until there was sound so many times."""
    for _ in repeated("no sound comes"):
        times -= microphone.read().size > 0
        if times <= 0:
            return


@pytest.mark.parametrize("name", [None, "VIRTUAL"])
def test_what_is_played_is_heard_whole_and_in_order(sound_server: SoundServer, tmp_path, name):
    soundfile.write(tmp_path / "chirp.wav", chirp(48_000), 48_000)
    with Microphone(name) as microphone:
        sound_server.play(tmp_path / "chirp.wav")
        # Half a sample of delay, which two clocks always have, costs 0.05 at 2 kHz.
        played, heard = chirp(SAMPLE_RATE_HZ), microphone.read()
        for _ in repeated("the sound did not arrive as it was played"):
            heard = np.append(heard, microphone.read())
            if likeness(heard, played) > 0.95:
                break
        assert microphone.dropped_samples == 0
        assert microphone.nonfinite_samples == 0


def test_a_reader_that_comes_late_finds_the_oldest_and_the_count_of_the_lost(sound_server: SoundServer):
    with Microphone(capacity_s=0.1) as microphone:
        for _ in repeated("nothing was dropped"):
            if microphone.dropped_samples > 0:
                break
        assert microphone.read().size <= 0.1 * SAMPLE_RATE_HZ


def test_the_end_of_the_calm_is_told_though_nobody_reads(sound_server: SoundServer, tmp_path):
    told = threading.Event()
    soundfile.write(tmp_path / "chirp.wav", np.tile(chirp(48_000), 5), 48_000)
    with Microphone(capacity_s=600) as microphone:
        microphone.on_louder = told.set
        for _ in repeated("silence is not calm"):
            if microphone.calm:
                break
        assert not told.is_set()
        sound_server.play(tmp_path / "chirp.wav")
        assert told.wait(60)
        assert not microphone.calm


def test_an_unknown_device_leaves_nothing_open(sound_server: SoundServer):
    with pytest.raises(DeviceError, match="no microphone 'webcam'") as caught:
        Microphone("webcam").start()
    assert MICROPHONE in caught.value.hint


def test_a_device_that_vanishes_is_noticed_and_given_back(sound_server: SoundServer):
    (module,) = [
        line.split()[0]
        for line in sound_server.pactl("list", "short", "modules").splitlines()
        if f"={MICROPHONE}" in line
    ]
    with Microphone(MICROPHONE) as microphone:
        wait_for_sound(microphone)
        sound_server.pactl("unload-module", module)
        with pytest.raises(DeviceError, match="stopped delivering sound"):
            wait_for_sound(microphone, times=1000)
    microphone.close()  # again, harmlessly


def test_listing_does_not_pull_a_running_microphone_away(sound_server: SoundServer):
    with Microphone() as microphone:
        for _ in range(3):
            list_devices()
        microphone.read()
        wait_for_sound(microphone)
