"""Measures one pack in a separate process that holds nothing else.

The parent calls `probe`; the child runs `main`, which writes one JSON object.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.files import read_sound
from voiceassist.audio.vad import SpeechDetector
from voiceassist.bench.memory import private_bytes
from voiceassist.domain import SAMPLE_RATE_HZ, Latency
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.recording import recognize_sound
from voiceassist.errors import BenchError, UsageError, VoiceAssistError, reason_of
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.merge import load_commands
from voiceassist.packs.pack import open_pack
from voiceassist.paths import default_paths

LENGTHS_S = (2, 4, 10)
"""Audio lengths for the latency measurement; memory is measured with the last one."""
WAIT_S = 3
"""Audio length for the parts of the latency."""
RUNS = 5
TIMEOUT_S = 120.0
_POLL_S = 0.05
_BYTES_PER_MB = 1_000_000


class BenchCancelledError(BenchError):
    """The user stopped the measurement."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Measurements of one fresh process.

    Attributes:
        load_ms: time to verify and load the pack.
        private_mb: private memory added by loading, after returning free memory. 1 MB is a million bytes.
        private_10s_mb: the same after recognition of ten seconds of audio.
        latency_ms: median time of the model alone with one thread, by seconds of audio.
        wait_ms: median time of each part of understanding `WAIT_S` seconds of a recording that comes with the program,
            with the default commands; empty where that is not installed. With a microphone ``detection`` runs during
            speech, and after a pause before the end nothing is waited for.
    """

    load_ms: float
    private_mb: float
    private_10s_mb: float
    latency_ms: dict[str, float]
    wait_ms: dict[str, float]


def probe(
    folder: Path,
    *,
    depth: int | None = None,
    timeout_s: float = TIMEOUT_S,
    cancelled: Callable[[], bool] = lambda: False,
    command: Sequence[str] | None = None,
) -> ProbeResult:
    """Measure a pack in a fresh process, which never outlives this call.

    Args:
        folder: folder of the pack.
        depth: number of layers for the latency measurement, all by default.
        timeout_s: the process is killed after this time.
        cancelled: polled about twenty times a second; true ends the process.
        command: command line that runs `main`; by default this program itself.

    Raises:
        BenchError: the process failed, wrote no valid result, or timed out.
        BenchCancelledError: ``cancelled`` returned true.
    """
    arguments = [*(child_command() if command is None else command), str(folder)]
    if depth is not None:
        arguments.append(str(depth))
    process = _start(arguments)
    with process:
        try:
            out, err = _wait(process, timeout_s, cancelled)
        finally:
            process.kill()  # no effect on a process that has ended
    return _read_result(folder, process.returncode, out, err)


def _start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # opens no console window on Windows
        )
    except OSError as error:
        raise BenchError(
            f"the measuring process cannot be started: {reason_of(error)}", hint="install voiceassist again"
        ) from error


def child_command() -> list[str]:
    """Command line that runs `main` in a fresh process, from source or from a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "_probe"]
    return [sys.executable, "-m", "voiceassist.bench.probe"]


def child_environment() -> dict[str, str]:
    """Environment of a child process in which it imports this package from any working directory."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def _wait(process: subprocess.Popen[bytes], timeout_s: float, cancelled: Callable[[], bool]) -> tuple[bytes, bytes]:
    deadline_s = time.monotonic() + timeout_s
    while True:
        try:
            return process.communicate(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            if cancelled():
                raise BenchCancelledError("the measurement was stopped", hint="start it again when you like") from None
            if time.monotonic() > deadline_s:
                raise BenchError(
                    f"measuring took longer than {timeout_s:g} s", hint="close other programs and measure again"
                ) from None


def _read_result(folder: Path, status: int, out: bytes, err: bytes) -> ProbeResult:
    try:
        answer = json.loads(out)
        if status == 0:
            return ProbeResult(**answer)
        message, hint = answer["error"], answer["hint"]
    except (ValueError, TypeError, KeyError) as error:
        last = (err.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        raise BenchError(
            f"measuring {folder.name!r} failed with status {status}: {last}", hint="look into the log"
        ) from error
    raise BenchError(f"measuring {folder.name!r} failed: {message}", hint=hint)


def main(argv: Sequence[str]) -> int:
    """Child process: measures the pack ``argv[0]``, at depth ``argv[1]`` if given, and writes one line of JSON."""
    try:
        if not 1 <= len(argv) <= 2 or not all(text.isdecimal() for text in argv[1:]):
            raise UsageError("a pack and perhaps a depth are wanted", hint="_probe PACK [DEPTH]")
        result = asdict(_measure(*(Path(argv[0]), int(argv[1]) if len(argv) == 2 else None)))
        status = 0
    except VoiceAssistError as error:
        result = {"error": error.message, "hint": error.hint}
        status = 1
    sys.stdout.write(json.dumps(result) + "\n")
    return status


def _measure(folder: Path, depth: int | None) -> ProbeResult:
    before = private_bytes()
    start = time.perf_counter()
    recognizer = Recognizer(open_pack(folder), threads=1)
    load_ms = 1000 * (time.perf_counter() - start)
    with recognizer:
        loaded = private_bytes()
        latency_ms = {str(length_s): _latency_ms(recognizer, length_s, depth) for length_s in LENGTHS_S}
        listened = private_bytes()
        wait_ms = _wait_ms(recognizer, depth)
    return ProbeResult(
        load_ms=round(load_ms, 1),
        private_mb=round((loaded - before) / _BYTES_PER_MB, 2),
        private_10s_mb=round((listened - before) / _BYTES_PER_MB, 2),
        latency_ms=latency_ms,
        wait_ms=wait_ms,
    )


def _latency_ms(recognizer: Recognizer, length_s: int, depth: int | None) -> float:
    """Median over several runs after one warm-up run."""
    noise = np.random.default_rng(length_s).normal(scale=0.05, size=length_s * SAMPLE_RATE_HZ).astype(np.float32)
    times_ms = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        recognizer.hear(noise, depth)
        times_ms.append(1000 * (time.perf_counter() - start))
    return round(statistics.median(times_ms[1:]), 2)


def _wait_ms(recognizer: Recognizer, depth: int | None) -> dict[str, float]:
    paths = default_paths()
    commands = sorted(paths.default_commands.glob("*.yaml"))
    recording = next(iter(sorted(paths.samples.glob("*.wav"))), None)
    if not commands or recording is None:
        return {}
    pipeline = Pipeline(recognizer, compile_automaton(load_commands(commands), recognizer.pronounce))
    detector = SpeechDetector()
    sound = np.resize(read_sound(recording), WAIT_S * SAMPLE_RATE_HZ)
    runs = [recognize_sound(pipeline, detector, sound, depth=depth).latency or Latency() for _ in range(RUNS + 1)]
    parts = [asdict(latency) for latency in runs[1:]]
    return {part: round(statistics.median(own[part] for own in parts), 2) for part in parts[0]}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
