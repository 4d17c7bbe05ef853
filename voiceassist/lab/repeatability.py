"""The same sound gives the same answer: recordings are played into a virtual microphone again and again."""

from __future__ import annotations

import queue
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import soundfile

from voiceassist.audio.files import read_sound
from voiceassist.audio.vad import SpeechDetector
from voiceassist.domain import SAMPLE_RATE_HZ, Recognition
from voiceassist.engine.activation import ListenMode
from voiceassist.engine.recording import recognize_recording
from voiceassist.engine.runner import Runner
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.lab.listening import listening, pipeline_of
from voiceassist.lab.sound_server import SoundServer
from voiceassist.packs.pack import Pack

MAX_DIFFERENCE = 0.05
_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Plays:
    """What became of one recording.

    Attributes:
        recording: its name.
        verdict: from the file.
        confidence: from the file.
        verdicts: of the plays.
        confidences: of the plays.
        max_difference: the largest of theirs to the file's.
    """

    recording: str
    verdict: str
    confidence: float
    verdicts: tuple[str, ...]
    confidences: tuple[float, ...]
    max_difference: float

    @classmethod
    def compared(cls, name: str, from_file: Recognition, heard: Sequence[Recognition | None]) -> Self:
        """Compares what was heard with what the file itself gives."""
        confidence = _confidence(from_file)
        confidences = tuple(_confidence(one) for one in heard)
        return cls(
            name,
            str(from_file.decision.verdict),
            confidence,
            tuple("none" if one is None else str(one.decision.verdict) for one in heard),
            confidences,
            round(max(abs(one - confidence) for one in confidences), 4),
        )


def measure_repeatability(
    pack: Pack,
    commands: CommandSet,
    recordings: Sequence[Path],
    plays: int,
    mode: ListenMode = ListenMode.PUSH,
    progress: Callable[[Plays], None] = lambda _: None,
) -> dict[str, Any]:
    """Play each recording several times and compare with the file itself. With ``push`` a key is held meanwhile.

    Raises:
        BenchError: the virtual microphone does not work, or an answer is missing.
    """
    pipeline, detector = pipeline_of(pack, commands), SpeechDetector()
    from_files = [recognize_recording(pipeline, detector, str(path)) for path in recordings]
    answers, found = queue.Queue[Recognition](), list[Plays]()
    with (
        SoundServer() as server,
        server.in_force(),
        tempfile.TemporaryDirectory() as folder,
        listening(pipeline, answers.put, mode=mode) as runner,
    ):
        for path, from_file in zip(recordings, from_files, strict=True):
            wav = Path(folder) / "played.wav"
            soundfile.write(wav, read_sound(path), SAMPLE_RATE_HZ, subtype="FLOAT")
            heard = (_play(server, runner, wav, answers, mode) for _ in range(plays))
            found.append(Plays.compared(path.stem, from_file, list(heard)))
            progress(found[-1])
    return {
        "mode": str(mode),
        "plays": plays,
        "recordings": [asdict(one) for one in found],
        "max_difference": max(one.max_difference for one in found),
        "recordings_beyond_limit": sum(one.max_difference > MAX_DIFFERENCE for one in found),
        "other_decisions": sum(verdict != one.verdict for one in found for verdict in one.verdicts),
    }


def _play(
    server: SoundServer, runner: Runner, wav: Path, answers: queue.Queue[Recognition], mode: ListenMode
) -> Recognition | None:
    runner.answer(None)  # a question about the last play would make this one its answer
    time.sleep(0.3)
    while not answers.empty():
        answers.get()
    if mode is ListenMode.PUSH:
        runner.press()
    server.play(wav)
    time.sleep(0.5)  # what was played is still on its way through the server
    if mode is ListenMode.PUSH:
        runner.release()
    try:
        return answers.get(timeout=_TIMEOUT_S if mode is ListenMode.PUSH else 4.0)
    except queue.Empty:
        return None


def _confidence(recognition: Recognition | None) -> float:
    best = None if recognition is None else recognition.best
    return 0.0 if best is None else round(best.confidence, 4)
