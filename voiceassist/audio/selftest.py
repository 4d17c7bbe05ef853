"""The microphone test: levels of a few seconds of speech, and what is wrong with them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from voiceassist.audio.framing import frames_of, level_db
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.audio.reconnecting import MicrophoneLike
from voiceassist.audio.sound_hints import CLIPPED_LEVEL, CLIPPED_SHARE
from voiceassist.audio.vad import Detector
from voiceassist.domain import SAMPLE_RATE_HZ, Samples

DURATION_S = 4.0
QUIET_SPEECH_DB = -45.0
LOUD_NOISE_DB = -38.0
NEAR_NOISE_DB = 12.0
_SPEECH_PROB = 0.5
_SPEECH_FRAMES = 8
_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The result of the microphone test on a few seconds of speech.

    Attributes:
        device: its name.
        speech_db: level of the speech relative to full scale; ``None`` if none was detected.
        noise_db: level between the words.
        peak_db: the peak level.
        clipped_share: share of the samples at full scale, 0 to 1.
        silent: nothing but zeros arrived.
        findings: what is wrong and what helps, the worst first; empty where all is well.
    """

    device: str
    speech_db: float | None
    noise_db: float
    peak_db: float
    clipped_share: float
    silent: bool
    findings: tuple[str, ...]

    @property
    def good(self) -> bool:
        """No problem was found."""
        return not self.findings


def record(
    microphone: MicrophoneLike,
    *,
    duration_s: float = DURATION_S,
    on_level: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Samples, MicrophoneHealth]:
    """Record from a microphone for a while; it is started and closed here.

    Thread: any; blocks.

    Raises:
        DeviceError: it cannot be opened, or has vanished.
    """
    wanted = round(duration_s * SAMPLE_RATE_HZ)
    blocks: list[Samples] = []
    microphone.start()
    try:
        while sum(block.size for block in blocks) < wanted and not cancelled():
            time.sleep(_POLL_S)
            block = microphone.read()
            if block.size:
                blocks.append(block)
                on_level(level_db(block))
        return np.concatenate([*blocks, np.zeros(0, np.float32)])[:wanted], microphone.condition
    finally:
        microphone.close()


def assess(samples: Samples, condition: MicrophoneHealth, detector: Detector) -> SelfTest:
    """Assess a recording of a person speaking.

    Shape:
        samples: ``(samples,)``
    """
    frames = frames_of(samples) if samples.size else np.zeros((1, 512), np.float32)
    detector.reset()
    levels = np.array([level_db(frame) for frame in frames])
    spoken = np.array([detector(frame) for frame in frames]) >= _SPEECH_PROB
    enough = int(spoken.sum()) >= _SPEECH_FRAMES
    test = SelfTest(
        device=condition.device,
        speech_db=(10.0 * float(np.log10(np.mean(10.0 ** (levels[spoken] / 10.0))))) if enough else None,
        noise_db=float(np.percentile(levels[~spoken] if (~spoken).any() else levels, 25)),
        peak_db=20.0 * float(np.log10(max(np.abs(frames).max(), 1e-6))),
        clipped_share=float(np.mean(np.abs(samples) >= CLIPPED_LEVEL)) if samples.size else 0.0,
        silent=not samples.any(),
        findings=(),
    )
    return replace(test, findings=(*(() if test.silent and condition.muted else _of_sound(test)), *condition.warnings))


def _of_sound(test: SelfTest) -> list[str]:
    if test.silent:
        what = "the microphone may be switched off, or it is the wrong one"
        return [f"Nothing at all was heard: {what}. Choose another one."]
    findings = []
    if test.clipped_share > CLIPPED_SHARE:
        findings.append("It is too loud and cut off: lower the input level, or move away a little.")
    if test.speech_db is None:
        findings.append("Sound arrives, but no speech is in it: speak during the test, or choose another microphone.")
        return findings
    if test.speech_db < QUIET_SPEECH_DB:
        findings.append("Your voice is very quiet: move closer, or raise the input level.")
    if test.noise_db > LOUD_NOISE_DB or test.speech_db - test.noise_db < NEAR_NOISE_DB:
        findings.append("It is loud around you: a microphone closer to your mouth understands better.")
    return findings
