"""Every good recording gives the same sound; every bad one gives a clear word about it."""

from __future__ import annotations

import os
import struct
import threading
from io import BytesIO

import numpy as np
import pytest
import soundfile

from voiceassist.audio.files import MAX_FILE_S, read_sound, trim_to_speech
from voiceassist.audio.vad import SpeechDetector
from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.errors import SoundFileError

TONE_HZ = 440.0
FORMATS = [
    ("wav", "PCM_16"),
    ("wav", "PCM_24"),
    ("wav", "FLOAT"),
    ("wav", "ULAW"),
    ("flac", "PCM_16"),
    ("ogg", "VORBIS"),
]


def tone(rate_hz: int, duration_s: float = 1.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(int(rate_hz * duration_s)) / rate_hz)).astype(np.float32)


def write_tone(path, rate_hz=16_000, channels=1, **kind):
    soundfile.write(path, np.repeat(tone(rate_hz)[:, None], channels, axis=1), rate_hz, **kind)
    return path


def assert_is_tone(samples, tolerance=0.05):
    assert samples.dtype == np.float32
    assert samples.size == pytest.approx(SAMPLE_RATE_HZ, abs=2)
    middle = slice(1000, 15_000)
    expected = tone(SAMPLE_RATE_HZ)
    assert np.abs(samples[middle] - expected[middle]).max() < tolerance


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_rate_and_channel_count_gives_the_same_sound(tmp_path, rate_hz, channels):
    assert_is_tone(read_sound(write_tone(tmp_path / "tone.wav", rate_hz, channels)), 0.01)


@pytest.mark.parametrize(("suffix", "subtype"), FORMATS)
def test_formats(tmp_path, suffix, subtype):
    assert_is_tone(read_sound(write_tone(tmp_path / f"tone.{suffix}", subtype=subtype)))


def test_opus(tmp_path):
    path = write_tone(tmp_path / "tone.opus", 48_000, format="OGG", subtype="OPUS")
    samples = read_sound(path)
    assert np.abs(np.fft.rfft(samples)).argmax() == pytest.approx(TONE_HZ * samples.size / SAMPLE_RATE_HZ, abs=2)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.1)


def test_channels_are_mixed(tmp_path):
    path = tmp_path / "sides.wav"
    soundfile.write(path, np.stack([tone(16_000), np.zeros(16_000)], axis=1), 16_000)
    assert np.abs(read_sound(path) - tone(16_000) / 2).max() < 0.001


@pytest.mark.parametrize("promised_bytes", [None, 0xFFFF_FFFF, 0x7FFF_FFFF])
def test_standard_input_with_and_without_a_known_length(tmp_path, promised_bytes):
    content = bytearray(write_tone(tmp_path / "tone.wav").read_bytes())
    if promised_bytes is not None:
        at = content.index(b"data")
        content[at + 4 : at + 8] = struct.pack("<I", promised_bytes)
    assert_is_tone(read_sound("-", stdin=BytesIO(bytes(content))))


def test_a_named_pipe(tmp_path):
    content, pipe = write_tone(tmp_path / "tone.wav").read_bytes(), tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert_is_tone(read_sound(pipe))
    writer.join()


def half_of(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    return path


def nan_at_half_a_second(path):
    samples = tone(16_000)
    samples[8_000] = np.nan
    soundfile.write(path, samples, 16_000, subtype="FLOAT")
    return path


def infinite(path):
    soundfile.write(path, np.full(100, np.inf, dtype=np.float32), 16_000, subtype="FLOAT")
    return path


def holding(content):
    def write(path):
        path.write_bytes(content)
        return path

    return write


def of_length(samples, rate_hz=16_000):
    def write(path):
        soundfile.write(path, np.zeros(samples, dtype=np.int16), rate_hz)
        return path

    return write


def folder(path):
    path.mkdir()
    return path


BAD = [
    ("missing.wav", lambda path: path, "there is no such file"),
    ("folder.wav", folder, "this is a folder"),
    ("empty.wav", holding(b""), "empty, 0 bytes"),
    ("text.wav", holding(b"this is no sound at all\n" * 9), "not a sound file"),
    ("header.wav", holding(b"RIFF\x24\x00\x00\x00WAVEfmt "), "not a sound file"),
    ("headless.raw", holding(bytes(1000)), "not a sound file"),
    ("nothing.wav", of_length(0), "0 samples"),
    ("cut.wav", lambda path: half_of(write_tone(path)), "cut off"),
    ("cut.ogg", lambda path: half_of(write_tone(path)), "cut off"),
    ("cut.flac", lambda path: half_of(write_tone(path)), "cannot be decoded"),
    ("nan.wav", nan_at_half_a_second, r"NaN or infinite\), the first at 0.500 s"),
    ("inf.wav", infinite, "NaN or infinite"),
    ("long.wav", of_length(1_000 * MAX_FILE_S + 1, 1_000), "longer than 10 minutes"),
    ("slow.wav", of_length(100, 10), "10 Hz is not supported"),
]


@pytest.mark.parametrize(("name", "make", "words"), BAD, ids=[name for name, _, _ in BAD])
def test_a_bad_file_says_what_is_wrong_with_it(tmp_path, name, make, words):
    path = make(tmp_path / name)
    with pytest.raises(SoundFileError, match=words) as caught:
        read_sound(path)
    assert name in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"no sound"])
def test_bad_standard_input_says_so(content):
    with pytest.raises(SoundFileError, match="standard input: "):
        read_sound("-", stdin=BytesIO(content))


def test_a_name_that_no_file_can_have():
    with pytest.raises(SoundFileError, match="not a file name"):
        read_sound("a\0b.wav")


def test_exactly_the_longest_file_is_read(tmp_path):
    assert read_sound(of_length(1_000 * MAX_FILE_S, 1_000)(tmp_path / "long.wav")).size == 16_000 * MAX_FILE_S


def quiet(duration_s: float) -> np.ndarray:
    noise = np.random.default_rng(7).normal(0, 0.0005, int(duration_s * SAMPLE_RATE_HZ))
    return noise.astype(np.float32)


def test_speech_is_cut_out_with_400_ms_around(command):
    recording = np.concatenate([quiet(3), command, quiet(3)])
    utterance = trim_to_speech(recording, SpeechDetector())
    start = round(utterance.start_s * SAMPLE_RATE_HZ)
    assert np.array_equal(utterance.samples, recording[start : start + utterance.samples.size])
    assert 2.5 < utterance.start_s < 3.0
    end_s = utterance.start_s + utterance.samples.size / SAMPLE_RATE_HZ
    assert 3 + command.size / SAMPLE_RATE_HZ - 0.4 < end_s < 3 + command.size / SAMPLE_RATE_HZ + 0.5
    assert utterance.speech_prob > 0.5


def test_without_lead_in_nothing_of_the_recording_is_lost(command):
    first_loud = int(np.flatnonzero(np.abs(command) > 0.02)[0])
    abrupt = command[first_loud:]
    utterance = trim_to_speech(abrupt, SpeechDetector())
    assert utterance.start_s == 0.0
    assert np.array_equal(utterance.samples, abrupt[: utterance.samples.size])
    last_loud = int(np.flatnonzero(np.abs(abrupt) > 0.02)[-1])
    assert utterance.samples.size >= last_loud


def test_what_is_too_long_is_cut(command):
    utterance = trim_to_speech(np.tile(command, 2), SpeechDetector(), max_ms=1_000)
    assert utterance.samples.size == 16_000


@pytest.mark.parametrize(
    "silence", [np.zeros(40_000, np.float32), quiet(2), np.zeros(0, np.float32), np.ones(5, np.float32)]
)
def test_without_speech_there_is_no_utterance(silence):
    assert trim_to_speech(silence, SpeechDetector()) is None
