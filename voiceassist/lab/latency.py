"""Latency from the last word to the action, with recordings played into a virtual microphone in real time.

A loopback recorder at the same microphone, with the lowest latency of the sound server, gives the time of the last
word. The recording is located in its signal by correlation, so that the delay of the player does not count.
"""

from __future__ import annotations

import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voiceassist.audio.files import LENIENT, read_sound
from voiceassist.audio.framing import frames_of, level_db
from voiceassist.audio.vad import FRAME_SAMPLES, SpeechDetector
from voiceassist.domain import SAMPLE_RATE_HZ, Recognition, Samples, Verdict
from voiceassist.errors import BenchError
from voiceassist.grammar.files.merge import load_commands
from voiceassist.lab.listening import listening, pipeline_of
from voiceassist.lab.sound_server import MICROPHONE, SoundServer
from voiceassist.packs.pack import Pack

_PIECE_SAMPLES = 320
_BELOW_LOUD_DB = 25.0
_ABOVE_FLOOR_DB = 8.0
_TIMEOUT_S = 4.0
_GAP_S = 1.2
_CHUNK_BYTES = 4 * 80


@dataclass(frozen=True, slots=True)
class Response:
    """The response to one recording.

    Attributes:
        recording: its name.
        text: the recognised text.
        verdict: act, ask or reject; empty without a response.
        response_ms: from the end of the last word to the action or the question.
        answers: number of utterances that the recording was split into.
    """

    recording: str
    text: str
    verdict: str
    response_ms: float | None
    answers: int


def speech_end(samples: Samples) -> int:
    """The sample after the last word.

    The last 20 ms frame near the level of the loud frames and above the noise floor, within the speech that the voice
    activity detector finds: its end is late, but it excludes breaths and mouse clicks.

    Shape:
        samples: ``(samples,)``
    """
    detector = SpeechDetector()
    probs = np.array([detector(frame) for frame in frames_of(samples)])
    speech = np.flatnonzero(probs >= LENIENT.stop_prob)
    until = min(samples.size, (int(speech[-1]) + 1) * FRAME_SAMPLES) if speech.size else samples.size
    pieces = samples[: until - until % _PIECE_SAMPLES].reshape(-1, _PIECE_SAMPLES)
    levels = np.array([level_db(piece) for piece in pieces])
    loudest, floor = np.percentile(levels, [95, 10])
    loud = np.flatnonzero(levels >= max(loudest - _BELOW_LOUD_DB, min(floor + _ABOVE_FLOOR_DB, loudest)))
    return int(loud[-1] + 1) * _PIECE_SAMPLES


class LoopbackRecorder:
    """Records the virtual microphone and the arrival time of each sample."""

    def __init__(self, server: SoundServer) -> None:
        self._parec = subprocess.Popen(
            [
                "parec", f"--device={MICROPHONE}.monitor", "--format=float32le", f"--rate={SAMPLE_RATE_HZ}",
                "--channels=1", "--latency-msec=5",
            ],
            env=server.env(),
            stdout=subprocess.PIPE,
        )  # fmt: skip
        self._chunks: list[bytes] = []
        self._arrived_s: list[float] = []
        self._thread = threading.Thread(target=self._listen, name="voiceassist-loopback", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._parec.terminate()
        self._parec.wait(timeout=10)
        self._thread.join()
        if self._parec.stdout is not None:
            self._parec.stdout.close()

    def clear(self) -> None:
        """Drops what was recorded."""
        self._chunks, self._arrived_s = [], []

    def arrival_s(self, sound: Samples, sample: int) -> float:
        """Arrival time of a sample of the sound played since ``clear``, on the monotonic clock."""
        give_up_at_s = time.monotonic() + _TIMEOUT_S
        while _CHUNK_BYTES * len(self._chunks) < 4 * sound.size and time.monotonic() < give_up_at_s:
            time.sleep(0.05)
        arrived_s, chunks = list(self._arrived_s), list(self._chunks)
        recorded = np.frombuffer(b"".join(chunks), np.float32)
        if recorded.size < sound.size:
            raise BenchError(
                "the virtual microphone recorded less than was played", hint="try again on a calmer machine"
            )
        size = 1 << (sound.size + recorded.size).bit_length()  # where the sound starts, by cross-correlation
        spectrum = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(sound, size))
        at = int(np.argmax(np.fft.irfft(spectrum, size)[: recorded.size])) + sample
        ends = np.cumsum([len(chunk) // 4 for chunk in chunks])
        chunk = int(np.searchsorted(ends, at))
        end = int(ends[min(chunk, len(ends) - 1)])
        return arrived_s[min(chunk, len(arrived_s) - 1)] - (end - at) / SAMPLE_RATE_HZ

    def _listen(self) -> None:
        assert self._parec.stdout is not None  # noqa: S101 - it was asked for above
        while chunk := self._parec.stdout.read(_CHUNK_BYTES):
            self._arrived_s.append(time.monotonic())
            self._chunks.append(chunk)


def measure_latency(pack: Pack, grammar: Path, recordings: Sequence[Path], *, progress: Any = None) -> dict[str, Any]:
    """Plays recordings one after the other and times the responses.

    Raises:
        BenchError: the virtual microphone does not work.
    """
    with SoundServer() as server, server.in_force(), tempfile.TemporaryDirectory() as folder:
        loopback = LoopbackRecorder(server)
        try:
            answers: queue.Queue[tuple[float, Recognition]] = queue.Queue()
            pipeline = pipeline_of(pack, load_commands([grammar]))
            with listening(pipeline, lambda recognition: answers.put((time.monotonic(), recognition))):
                responses = []
                for recording in recordings:
                    responses.append(_respond(server, loopback, recording, answers, Path(folder) / "played.wav"))
                    if progress is not None:
                        progress(responses[-1])
        finally:
            loopback.close()
    return summary(responses)


def _respond(
    server: SoundServer,
    loopback: LoopbackRecorder,
    recording: Path,
    answers: queue.Queue[tuple[float, Recognition]],
    played: Path,
) -> Response:
    sound = read_sound(recording)
    soundfile.write(played, sound, SAMPLE_RATE_HZ, subtype="FLOAT")
    loopback.clear()
    server.play(played)
    given: list[tuple[float, Recognition]] = []
    give_up_at_s = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < give_up_at_s:
        try:
            given.append(answers.get(timeout=0.1))
            give_up_at_s = time.monotonic() + _GAP_S
        except queue.Empty:
            continue
    if not given:
        return Response(recording.stem, "", "", None, 0)
    said_s = loopback.arrival_s(sound, speech_end(sound))
    answered_s, recognition = next(
        (item for item in given if item[1].decision.verdict is not Verdict.REJECT), given[-1]
    )
    response_ms = round(float(1000 * (answered_s - said_s)), 1)
    return Response(recording.stem, recognition.text, str(recognition.decision.verdict), response_ms, len(given))


def summary(responses: Sequence[Response]) -> dict[str, Any]:
    """Summary statistics of all responses."""
    acted = [item.response_ms for item in responses if item.verdict == Verdict.ACT and item.response_ms is not None]
    understood = [
        item.response_ms
        for item in responses
        if item.verdict in (Verdict.ACT, Verdict.ASK) and item.response_ms is not None
    ]
    return {
        "recordings": len(responses),
        "acted": len(acted),
        "acted_ms": _spread(acted),
        "understood": len(understood),
        "understood_ms": _spread(understood),
        "fell_apart": sum(item.answers > 1 for item in responses),
        "responses": [asdict(item) for item in responses],
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    names = {"lowest": 0, "median": 50, "percent_95": 95, "highest": 100}
    return {name: round(float(np.percentile(values, percent)), 1) for name, percent in names.items()}
