"""Recognition of recordings: trimmed to the speech, or rejected if there is none."""

from __future__ import annotations

import time
from dataclasses import replace

from voiceassist.audio.files import MAX_SPEECH_MS, read_recording, trim_to_speech
from voiceassist.audio.framing import level_db
from voiceassist.audio.vad import Detector
from voiceassist.domain import SAMPLE_RATE_HZ, Latency, Recognition, Samples, Verdict
from voiceassist.engine.pipeline import Pipeline

_CUT = f"Only the first {MAX_SPEECH_MS / 1000:g} seconds were heard: cut the recording into its sentences."


def recognize_recording(pipeline: Pipeline, detector: Detector, name: str, *, depth: int | None = None) -> Recognition:
    """Recognise a recording; ``-`` reads standard input. A rejection names problems of the audio.

    Raises:
        SoundFileError: the recording cannot be read.
        UsageError: the model has fewer layers than ``depth``.
    """
    recording = read_recording(name)
    found = recognize_sound(pipeline, detector, recording.samples, depth=depth, file=name)
    decision = found.decision
    if decision.verdict is Verdict.REJECT and recording.hints and not decision.message:
        return replace(found, decision=replace(decision, message=" ".join(recording.hints)))
    return found


def recognize_sound(
    pipeline: Pipeline,
    detector: Detector,
    samples: Samples,
    *,
    depth: int | None = None,
    file: str | None = None,
) -> Recognition:
    """Recognise audio ``(samples,)`` like a recording.

    Raises:
        UsageError: the model has fewer layers than ``depth``.
    """
    started = time.perf_counter()
    utterance = trim_to_speech(samples, detector)
    detection_ms = (time.perf_counter() - started) * 1000
    if utterance is None:
        audio_ms = len(samples) * 1000 / SAMPLE_RATE_HZ
        return pipeline.reject(audio_ms=audio_ms, level_db=level_db(samples), file=file)
    found = pipeline.recognize(utterance, depth=depth, file=file)
    latency = replace(found.latency or Latency(), detection=detection_ms)
    decision = found.decision
    if len(utterance.samples) * 1000 / SAMPLE_RATE_HZ >= MAX_SPEECH_MS and not decision.message:
        decision = replace(decision, message=_CUT)
    return replace(found, decision=decision, latency=latency, latency_ms=latency.total)
