"""A sound that cannot be understood because of what it is: the answer says so."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceassist.audio.files import read_recording
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.audio.sound_hints import CANCELLED, CLIPPED, LENGTH_UNKNOWN, SoundMeter
from voiceassist.errors import SoundFileError

RATE_HZ = 16_000


def voice(seconds: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (0.2 * rng.standard_normal(round(seconds * RATE_HZ))).astype(np.float32).clip(-0.9, 0.9)


def written(path: Path, channels: np.ndarray) -> Path:
    soundfile.write(path, channels, RATE_HZ, subtype="PCM_16")
    return path


@pytest.mark.parametrize(
    ("channels", "hints"),
    [
        (voice(), ()),
        (np.stack((voice(), voice()), 1), ()),
        (np.stack((voice(), np.roll(voice(), 500)), 1), ()),
        (np.stack((voice(), -voice()), 1), (CANCELLED,)),
        ((voice() * 20).clip(-1, 1), (CLIPPED,)),
        (np.zeros((RATE_HZ, 2), np.float32), ()),
    ],
    ids=["good", "stereo", "unrelated", "reversed", "clipped", "silent"],
)
def test_what_is_wrong_with_a_recording_is_told(tmp_path: Path, channels: np.ndarray, hints: tuple[str, ...]):
    assert read_recording(written(tmp_path / "a.wav", channels)).hints == hints


@pytest.mark.parametrize("length", [0xFFFF_FFFF, 0x7FFF_F000])
def test_a_length_that_was_never_written_is_told(tmp_path: Path, length: int):
    path = written(tmp_path / "a.wav", voice())
    content = bytearray(path.read_bytes())
    content[content.index(b"data") + 4 :][:4] = b""
    struct.pack_into("<I", content, content.index(b"data") + 4, length)
    path.write_bytes(content)
    recording = read_recording(path)
    assert recording.hints == (LENGTH_UNKNOWN,)
    assert recording.samples.size == pytest.approx(RATE_HZ, abs=10)


def test_a_length_of_nothing_before_sound_is_told(tmp_path: Path):
    path = written(tmp_path / "a.wav", voice())
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.index(b"data") + 4, 0)
    path.write_bytes(content)
    with pytest.raises(SoundFileError, match="length was never written"):
        read_recording(path)


def test_a_microphone_whose_channels_cancel_is_told():
    assert "reversed" in MicrophoneHealth(channels_cancel=True).warnings[0]
    meter = SoundMeter()
    channels = np.stack((voice(), -0.95 * voice()), 1)
    meter.feed(channels, channels.mean(axis=1))
    assert meter.cancelled
