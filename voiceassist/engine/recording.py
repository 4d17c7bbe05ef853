"""A recording as the pipeline takes it: cut to what was said in it, or rejected because nobody speaks."""

from __future__ import annotations

from voiceassist.audio.files import read_sound, trim_to_speech
from voiceassist.audio.framing import level_db
from voiceassist.audio.vad import Detector
from voiceassist.domain import SAMPLE_RATE_HZ, Recognition, Samples
from voiceassist.engine.pipeline import Pipeline


def recognize_recording(pipeline: Pipeline, detector: Detector, name: str, *, depth: int | None = None) -> Recognition:
    """Understands a recording; ``-`` is read from standard input.

    Raises:
        SoundFileError: it cannot be read.
        UsageError: the model does not have so many layers.
    """
    return recognize_sound(pipeline, detector, read_sound(name), depth=depth, file=name)


def recognize_sound(
    pipeline: Pipeline,
    detector: Detector,
    samples: Samples,
    *,
    depth: int | None = None,
    file: str | None = None,
) -> Recognition:
    """Understands sound ``(samples,)`` as it would a recording.

    Raises:
        UsageError: the model does not have so many layers.
    """
    utterance = trim_to_speech(samples, detector)
    if utterance is None:
        audio_ms = len(samples) * 1000 / SAMPLE_RATE_HZ
        return pipeline.reject(audio_ms=audio_ms, level_db=level_db(samples), file=file)
    return pipeline.recognize(utterance, depth=depth, file=file)
