"""Sound files: any rate and channel count in, mono 16 kHz out, and a clear error for those that are damaged."""

from __future__ import annotations

import stat
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from voiceassist.audio.framing import frames_of
from voiceassist.audio.segmenter import SegmenterConfig
from voiceassist.audio.sound_hints import LENGTH_UNKNOWN, SoundMeter
from voiceassist.audio.vad import FRAME_SAMPLES, Detector, speech_prob_of
from voiceassist.domain import SAMPLE_RATE_HZ, Samples, Utterance
from voiceassist.errors import SoundFileError

STDIN = "-"
MAX_FILE_S = 600
MAX_SPEECH_MS = 60_000.0
LENIENT = SegmenterConfig(start_prob=0.3, stop_prob=0.2, start_frames=2)
"""Recordings are deliberate: short words of low speech probability are kept; the grammar can still reject them."""
_MAX_PIPE_BYTES = 512 * 2**20
_BLOCK_FRAMES = 2**16
_OPEN_ENDED_BYTES = 0x7FFF_0000
"""Placeholder sizes in the header of a WAV that was written to a pipe, where the length was not known in advance."""
_OGG_HEADER_BYTES = 27
_RATES_HZ = range(1_000, 768_001)
_FORMATS_HINT = "give a WAV, FLAC or OGG/Opus recording"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that was read.

    Attributes:
        samples: mono, 16 kHz. Shape: ``(samples,)``.
        hints: problems of the sound, shown if it is not recognised.
    """

    samples: Samples
    hints: tuple[str, ...] = ()


def read_sound(path: str | Path, *, stdin: BinaryIO | None = None) -> Samples:
    """The samples of `read_recording`."""
    return read_recording(path, stdin=stdin).samples


def read_recording(path: str | Path, *, stdin: BinaryIO | None = None) -> Recording:
    """Read a recording, mix it to mono and resample it to 16 kHz.

    ``-`` reads a WAV (or any other format with a header) from ``stdin``, which is the standard input if not given.

    Raises:
        SoundFileError: missing, unreadable, not a sound file, cut off, empty, too long, or with samples that are not
            numbers.
    """
    name = "standard input" if str(path) == STDIN else str(path)
    with _opened(path, stdin) as file:
        if file.seek(0, 2) == 0:
            raise SoundFileError(f"{name}: empty, 0 bytes", hint=_FORMATS_HINT)
        if missing := _missing_bytes(file):
            raise SoundFileError(
                f"{name}: the recording is cut off, at least {missing} bytes are missing at its end",
                hint="copy or record the file again",
            )
        promised, there = _wav_bytes(file)
        unknown_length = promised >= _OPEN_ENDED_BYTES or there > promised == 0  # its header was never filled in
        file.seek(0)
        with _decoder(file, name) as sound:
            if sound.frames == 0 and unknown_length:
                raise SoundFileError(
                    f"{name}: its length was never written, as when a recording is interrupted",
                    hint="record it again, or write its header anew: sox --ignore-length old.wav new.wav",
                )
            meter = SoundMeter()
            samples = _mono_16khz(sound, name, meter)
        return Recording(samples, (*((LENGTH_UNKNOWN,) if unknown_length else ()), *meter.hints))


def trim_to_speech(samples: Samples, detector: Detector, *, max_ms: float = MAX_SPEECH_MS) -> Utterance | None:
    """Trim a recording to its speech, from the first to the last speech frame, with 400 ms on either side.

    Nothing is lost at either end: where the recording has less than 400 ms there, all of it is kept. What is longer
    than ``max_ms`` is cut there.

    Shape:
        samples: ``(samples,)``

    Returns:
        The utterance, or ``None`` where there is no speech.
    """
    detector.reset()
    frames = frames_of(samples)
    probs = np.array([detector(frame) for frame in frames], dtype=np.float64)
    speech = np.flatnonzero(probs >= LENIENT.start_prob)
    if speech.size < LENIENT.start_frames:
        return None
    first = max(0, int(speech[0]) - LENIENT.pre_roll_frames)
    last = int(speech[-1]) + 1 + LENIENT.post_roll_frames
    longest = int(max_ms * SAMPLE_RATE_HZ / 1000)
    return Utterance(
        samples=samples[first * FRAME_SAMPLES : last * FRAME_SAMPLES][:longest],
        start_s=first * FRAME_SAMPLES / SAMPLE_RATE_HZ,
        speech_prob=speech_prob_of(probs[first:last]),
    )


@contextmanager
def _opened(path: str | Path, stdin: BinaryIO | None) -> Iterator[BinaryIO]:
    """The bytes of the recording as something that can be read from any place."""
    if str(path) == STDIN:
        yield _from_pipe(stdin or sys.stdin.buffer, "standard input")
        return
    if not str(path):
        raise SoundFileError("the name of the file is empty", hint="give a WAV, FLAC or OGG/Opus recording")
    try:
        with Path(path).open("rb") as file:
            mode = Path(path).stat().st_mode
            yield file if stat.S_ISREG(mode) else _from_pipe(file, str(path))
    except FileNotFoundError:
        raise SoundFileError(f"{path}: there is no such file", hint="check the name") from None
    except IsADirectoryError:
        raise SoundFileError(f"{path}: this is a folder", hint="name the recordings in it") from None
    except OSError as error:
        raise SoundFileError(f"{path}: cannot be read: {error.strerror}", hint="check its permissions") from error
    except ValueError as error:  # a NUL character in the name
        raise SoundFileError(f"{path!r}: not a file name: {error}", hint="check the name") from error


def _from_pipe(pipe: BinaryIO, name: str) -> BinaryIO:
    content = pipe.read(_MAX_PIPE_BYTES + 1)
    if len(content) > _MAX_PIPE_BYTES:
        raise SoundFileError(f"{name}: more than {_MAX_PIPE_BYTES >> 20} MB", hint="give a shorter recording")
    return BytesIO(content)


@contextmanager
def _decoder(file: BinaryIO, name: str) -> Iterator[soundfile.SoundFile]:
    """The recording, decoded; decoder errors become an error that names the file."""
    try:
        sound = soundfile.SoundFile(file)
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: a name like x.raw, which has no header
        raise SoundFileError(f"{name}: not a sound file that can be read", hint=_FORMATS_HINT) from error
    try:
        with sound:
            yield sound
    except soundfile.SoundFileError as error:
        raise SoundFileError(f"{name}: cannot be decoded: {error}", hint="copy or record the file again") from error


def _mono_16khz(sound: soundfile.SoundFile, name: str, meter: SoundMeter) -> Samples:
    """Decode block by block, so that many channels at a high rate are never in memory at once."""
    if sound.samplerate not in _RATES_HZ:
        raise SoundFileError(
            f"{name}: a sample rate of {sound.samplerate} Hz is not supported", hint="convert it to 16000 Hz"
        )
    to_16khz = soxr.ResampleStream(sound.samplerate, SAMPLE_RATE_HZ, 1)
    parts: list[Samples] = []
    frames_read = 0
    while (block := sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)).size:
        frames_read += len(block)
        if frames_read > MAX_FILE_S * sound.samplerate:
            raise SoundFileError(f"{name}: longer than {MAX_FILE_S // 60} minutes", hint="cut it into shorter pieces")
        broken = np.flatnonzero(~np.isfinite(block).all(axis=1))
        if broken.size:
            at_s = (frames_read - len(block) + int(broken[0])) / sound.samplerate
            raise SoundFileError(
                f"{name}: holds samples that are not numbers (NaN or infinite), the first at {at_s:.3f} s",
                hint="record or export it again",
            )
        mixed = block.mean(axis=1)
        meter.feed(block, mixed)
        parts.append(to_16khz.resample_chunk(mixed))
    if not frames_read:
        raise SoundFileError(f"{name}: the recording has 0 samples", hint="record it again")
    parts.append(to_16khz.resample_chunk(np.zeros(0, dtype=np.float32), last=True))
    return np.concatenate(parts)


def _missing_bytes(file: BinaryIO) -> int:
    """How many promised bytes lie beyond the end of the file; 0 where it is whole or neither WAV nor Ogg."""
    promised, there = _wav_bytes(file)
    if promised:
        return max(0, promised - there) if promised < _OPEN_ENDED_BYTES else 0
    file.seek(0)
    if file.read(4) != b"OggS":
        return 0
    file.seek(0)
    while header := file.read(_OGG_HEADER_BYTES):  # each page says how long it is
        if not header.startswith(b"OggS"[: len(header)]):
            return 0  # other data follows the last page
        if len(header) < _OGG_HEADER_BYTES:
            return _OGG_HEADER_BYTES - len(header)
        segments = header[-1]
        lengths = file.read(segments)
        page_end, end = file.tell() + sum(lengths), file.seek(0, 2)
        if len(lengths) < segments or page_end > end:
            return max(segments - len(lengths), page_end - end)
        file.seek(page_end)
    return 0


def _wav_bytes(file: BinaryIO) -> tuple[int, int]:
    """Size of a WAV's sound as its header gives it, and as the file has it; zeros where it is no WAV."""
    end = file.seek(0, 2)
    file.seek(0)
    start = file.read(12)
    if start[:4] == b"RIFF" and start[8:] == b"WAVE":
        while len(header := file.read(8)) == 8:
            kind, promised = struct.unpack("<4sI", header)
            if kind == b"data":
                return promised, end - file.tell()
            file.seek(promised + promised % 2, 1)
    return 0, 0
