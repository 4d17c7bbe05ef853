"""False accepts an hour of listening, its processor time, and the growth of memory.

The audio comes from recordings, faster than real time. Only the capture from a microphone is left out, which
`capture_timing` measures.
"""

from __future__ import annotations

import csv
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from voiceassist.bench.memory import private_bytes
from voiceassist.domain import SAMPLE_RATE_HZ, Recognition, Samples, Verdict
from voiceassist.engine.activation import ListenMode, ModeConfig
from voiceassist.engine.events import Hooks, StateNotifier
from voiceassist.engine.listener import Listener, ListenerConfig
from voiceassist.engine.runner import spared_detector
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.lab.listening import pipeline_of
from voiceassist.packs.pack import Pack

WAKE_PHRASE = "hey computer"
ROOM_DB = -60.0
_BLOCK_SAMPLES = 400
_SILENCE_S = 4.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of the test audio.

    Attributes:
        kind: silence, speech or noise.
        samples: the audio. Shape: ``(samples,)``.
        said: its transcript, where known.
    """

    kind: str
    samples: Samples
    said: str = ""


@dataclass(slots=True)
class FalseAccepts:
    """Decisions, processor time and memory, by kind of audio."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    processor_s: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    mistakes: list[dict[str, Any]] = field(default_factory=list)
    private_mb: list[float] = field(default_factory=list)
    kind: str = ""
    said: str = ""

    def note(self, recognition: Recognition) -> None:
        """Counts the decision about an utterance."""
        verdict = recognition.decision.verdict
        self.verdicts.setdefault(self.kind, Counter())[str(verdict)] += 1
        if verdict is not Verdict.REJECT and recognition.best is not None:
            confidence = round(recognition.best.confidence, 3)
            row = {"verdict": str(verdict), "text": recognition.text, "confidence": confidence, "said": self.said}
            self.mistakes.append(row)

    def hear(self, listener: Listener, segment: Segment) -> None:
        """Lets a listener hear a segment, and counts its duration and the processor time."""
        self.kind, self.said = segment.kind, segment.said
        began_s = time.process_time()
        for start in range(0, segment.samples.size, _BLOCK_SAMPLES):
            listener.hear(segment.samples[start : start + _BLOCK_SAMPLES])
        self.processor_s[segment.kind] += time.process_time() - began_s
        self.seconds[segment.kind] += segment.samples.size / SAMPLE_RATE_HZ

    def to_json(self) -> dict[str, Any]:
        """The results as JSON values."""
        kinds = sorted(self.seconds)
        return {
            "seconds": {kind: round(self.seconds[kind], 1) for kind in kinds},
            "processor_percent": {
                kind: round(100 * self.processor_s[kind] / max(self.seconds[kind], 1e-9), 2) for kind in kinds
            },
            "answers": {kind: dict(self.verdicts.get(kind, {})) for kind in kinds},
            "acted_by_mistake": sum(row["verdict"] == Verdict.ACT for row in self.mistakes),
            "asked_by_mistake": sum(row["verdict"] == Verdict.ASK for row in self.mistakes),
            "private_mb": self.private_mb,
            "mistakes": self.mistakes,
        }


def mixed_sound(data: Path, duration_s: float, *, seed: int = 0) -> Iterator[Segment]:
    """Held-out speech, noise and room tone in rotation, up to the duration.

    Half of the speech has noise below it, 5 to 20 dB quieter. The recordings are those of ``speech/dev.tsv`` and
    ``noise/noise.tsv`` in the data folder.
    """
    draw = np.random.default_rng(seed)
    speech = _recordings(data / "speech" / "dev.tsv", draw)
    noise = _recordings(data / "noise" / "noise.tsv", draw)
    heard_s = 0.0
    while heard_s < duration_s:
        said, sound = next(speech)
        name, noisy = next(noise)
        behind = np.resize(noisy, sound.size) if draw.random() < 0.5 else np.zeros_like(sound)
        level = 10 ** (-draw.uniform(5, 20) / 20) * _rms(sound) / max(_rms(behind), 1e-6)
        for segment in (
            Segment("silence", room_tone(_SILENCE_S, draw)),
            Segment("speech", (sound + level * behind).astype(np.float32), said),
            Segment("noise", noisy, name),
        ):
            heard_s += segment.samples.size / SAMPLE_RATE_HZ
            yield segment


def room_tone(duration_s: float, draw: np.random.Generator) -> Samples:
    """A quiet room: faint noise.

    Shape:
        returns: ``(samples,)``
    """
    return draw.normal(scale=10 ** (ROOM_DB / 20), size=round(duration_s * SAMPLE_RATE_HZ)).astype(np.float32)


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))


def _recordings(table: Path, draw: np.random.Generator) -> Iterator[tuple[str, Samples]]:
    """The clips of a table in random order, endlessly."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    while True:
        for index in draw.permutation(len(rows)):
            row = rows[index]
            with soundfile.SoundFile(table.parents[1] / row["path"]) as clip:
                clip.seek(round(float(row["start_s"]) * clip.samplerate))
                frames = round(float(row["seconds"]) * clip.samplerate)
                sound = clip.read(frames, dtype="float32", always_2d=True).mean(axis=1)
                resampled: Samples = soxr.resample(sound, clip.samplerate, SAMPLE_RATE_HZ)
            yield row.get("text") or row.get("category") or "", resampled


def measure_false_accepts(
    pack: Pack,
    commands: CommandSet,
    mode: ListenMode,
    sound: Iterator[Segment],
    *,
    every_s: float = 600.0,
    progress: Callable[[float], None] | None = None,
) -> FalseAccepts:
    """Listens to all of the audio in one mode without acting. Memory is sampled ``every_s`` of audio."""
    counts = FalseAccepts()
    hooks = Hooks(on_recognition=counts.note)
    state_line = StateNotifier(hooks)
    state_line.ready = True
    wake = WakePrefix(WAKE_PHRASE) if mode is ListenMode.WAKE else None
    config, due_s = ListenerConfig(ModeConfig(mode)), 0.0
    with pipeline_of(pack, commands, wake) as pipeline:
        listener = Listener(
            pipeline, config=config, actions=None, hooks=hooks, state_line=state_line, make_detector=spared_detector
        )
        for segment in sound:
            counts.hear(listener, segment)
            heard_s = sum(counts.seconds.values())
            if heard_s >= due_s:
                due_s += every_s
                counts.private_mb.append(round(private_bytes() / 1e6, 2))
                if progress is not None:
                    progress(heard_s)
    return counts


def simulated_day(commands: Sequence[tuple[str, Samples]], duration_s: float, *, seed: int = 0) -> Iterator[Segment]:
    """A quiet room with a command every ten minutes, taken from the list in rotation."""
    draw = np.random.default_rng(seed)
    minute = room_tone(60.0, draw)
    minutes = round(duration_s / 60)
    for number in range(minutes):
        if number % 10 == 9:
            said, sound = commands[(number // 10) % len(commands)]
            yield Segment("command", np.concatenate([room_tone(1.0, draw), sound, room_tone(2.0, draw)]), said)
        yield Segment("silence", minute)
