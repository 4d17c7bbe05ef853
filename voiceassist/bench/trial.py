"""Tests a pack in a separate process with time and memory limits before it replaces another.

A hostile or broken pack that hangs, fills memory or crashes the runtime affects only that process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.vad import SpeechDetector
from voiceassist.bench.probe import child_environment
from voiceassist.domain import SAMPLE_RATE_HZ, Verdict
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.recording import recognize_recording
from voiceassist.errors import PackError, VoiceAssistError, reason_of
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.merge import load_commands
from voiceassist.packs.pack import Pack, open_pack

TIMEOUT_S = 60.0
MAX_DATA_BYTES = 768 << 20
"""Limit on the private memory of the process, libraries included; a good pack needs a fifth of it."""
LENGTHS_S = (0.02, 0.5, 1.0, 3.7)
_HINT = "nothing was changed: the models that were there go on; get the pack again, or another one"


def try_pack(
    pack: Pack,
    command_files: Sequence[Path],
    samples: Path,
    *,
    timeout_s: float = TIMEOUT_S,
    max_data_bytes: int = MAX_DATA_BYTES,
) -> None:
    """Run `trial` in a child process.

    Raises:
        PackError: the pack fails the trial, exceeds the memory or time limit, or crashes.
    """
    arguments = [str(pack.folder), str(samples), str(max_data_bytes), *map(str, command_files)]
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, "_trial"] if frozen else [sys.executable, "-m", "voiceassist.bench.trial"]
    try:
        done = subprocess.run(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=child_environment(),
            timeout=timeout_s,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise PackError(f"the model {pack.name!r} did not come to an end in {timeout_s:g} s", hint=_HINT) from None
    except OSError as error:
        raise PackError(
            f"the model {pack.name!r} cannot be tried: {reason_of(error)}", hint="install voiceassist again"
        ) from error
    problem = f"the model {pack.name!r} ended its trial with status {done.returncode}: it may need too much memory"
    with suppress(ValueError, IndexError):
        problem = json.loads(done.stdout.splitlines()[-1])
    if problem:
        raise PackError(str(problem)[:1000], hint=_HINT)


def trial(pack: Pack, command_files: Sequence[Path], samples: Path) -> None:
    """Run a pack on noise of several lengths, at minimum and full depth, and on the bundled recordings.

    Raises:
        VoiceAssistError: the pack cannot be loaded, returns wrong shapes or invalid probabilities, cannot pronounce the
            default commands, does not recognise most of the recordings, or would act on one that is not a command.
    """
    with Recognizer(pack) as recognizer:
        for length_s in LENGTHS_S:
            for depth in (1, pack.manifest.layers):
                _hear_noise(recognizer, length_s, depth)
        commands = load_commands(command_files)
        with Pipeline(recognizer, compile_automaton(commands, recognizer.pronounce)) as pipeline:
            _understand_samples(pipeline, samples)


def _hear_noise(recognizer: Recognizer, length_s: float, depth: int) -> None:
    name, frame_ms = recognizer.pack.name, recognizer.frame_ms
    noise = np.random.default_rng(0).normal(scale=0.01, size=round(length_s * SAMPLE_RATE_HZ)).astype(np.float32)
    heard = recognizer.hear(noise, depth)
    for log_probs in heard:
        if not np.allclose(np.exp(log_probs).sum(axis=1), 1, atol=1e-3):
            raise PackError(f"the model {name!r} gives no probabilities", hint=_HINT)
    wanted_ms = 1000 * max(length_s, 0.1)
    if abs(len(heard.phones) * frame_ms - wanted_ms) > 2 * frame_ms + 0.02 * wanted_ms:
        raise PackError(
            f"the model {name!r} gives {len(heard.phones)} frames of {frame_ms:g} ms for {wanted_ms:.0f} ms of sound",
            hint=_HINT,
        )


def _understand_samples(pipeline: Pipeline, samples: Path) -> None:
    detector = SpeechDetector()
    right = total = 0
    for description in sorted(samples.glob("*.json")):
        told = json.loads(description.read_text(encoding="utf-8"))
        recording = next(path for path in sorted(samples.glob(f"{description.stem}.*")) if path.suffix != ".json")
        found = recognize_recording(pipeline, detector, str(recording))
        if told["command"]:
            total += 1
            right += found.decision.verdict is not Verdict.REJECT and found.text == told["text"]
        elif found.decision.verdict is not Verdict.REJECT:
            raise PackError(f"the model {pipeline.model!r} takes {told['text']!r} for a command", hint=_HINT)
    if 2 * right <= total:
        raise PackError(
            f"the model {pipeline.model!r} understands {right} of {total} recordings of commands that come with the "
            "program, too few to be of use",
            hint=_HINT,
        )


def main(argv: Sequence[str]) -> int:
    """Child process: ``PACK SAMPLES MAX_DATA_BYTES COMMAND_FILE...``; writes the error, or null, as a line of JSON."""
    folder, samples, max_data_bytes, *command_files = argv
    _limit_memory(int(max_data_bytes))
    try:
        trial(open_pack(Path(folder)), [Path(name) for name in command_files], Path(samples))
        problem = None
    except VoiceAssistError as error:
        problem = error.message
    except MemoryError:
        problem = f"the model needs more than {int(max_data_bytes) >> 20} MB of memory"
    sys.stdout.write(json.dumps(problem) + "\n")
    return 0


def _limit_memory(max_data_bytes: int) -> None:
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - not available on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (max_data_bytes, max_data_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
