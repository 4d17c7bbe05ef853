"""Endurance: thousands of recognitions in one process; does memory, or the time of one, grow?"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import psutil
from numpy.typing import ArrayLike

from voiceassist.audio.files import trim_to_speech
from voiceassist.audio.vad import SpeechDetector
from voiceassist.bench.memory import private_bytes
from voiceassist.domain import Samples
from voiceassist.engine.pipeline import Pipeline

WINDOW = 100
"""Recognitions between two looks at the process."""
_WARM_UP_WINDOWS = 5
_T_95 = 1.984
"""Two-sided 95 % quantile of Student's t with 100 degrees of freedom."""


class ProcessState(NamedTuple):
    """The process after a run of recognitions, and their median time."""

    memory_mb: float
    latency_ms: float
    descriptors: int
    threads: int


def measure_soak(
    pipeline: Pipeline,
    recordings: Sequence[Samples],
    recognitions: int,
    progress: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """Recognise recordings again and again.

    Args:
        pipeline: what recognises; it stays open.
        recordings: ``(samples,)`` each, taken in turn.
        recognitions: how many times.
        progress: called with the number of recognitions so far.

    Returns:
        Slopes per 1000 recognitions with their 95 % confidence intervals, by least squares over windows after a
        warm-up, and the extremes of descriptors and threads.
    """
    detector = SpeechDetector()
    utterances = [found for found in (trim_to_speech(samples, detector) for samples in recordings) if found is not None]
    process, windows, acted = psutil.Process(), list[ProcessState](), 0
    done = [WINDOW * (number + 1) for number in range(math.ceil(recognitions / WINDOW))]
    for end in done:
        times_ms = []
        for number in range(end - WINDOW, min(recognitions, end)):
            started_s = time.perf_counter()
            found = pipeline.recognize(utterances[number % len(utterances)])
            times_ms.append(1000 * (time.perf_counter() - started_s))
            acted += found.decision.verdict == "act"
        median_ms = statistics.median(times_ms)
        windows.append(ProcessState(private_bytes() / 1e6, median_ms, process.num_fds(), process.num_threads()))
        progress(end)
    counts = {"recognitions": recognitions, "recordings": len(utterances), "acted": acted}
    return counts | summary(done, windows)


def summary(done: Sequence[int], windows: Sequence[ProcessState]) -> dict[str, Any]:
    """Extremes and slopes over windows that end at the given numbers of recognitions."""
    memory_mb = [window.memory_mb for window in windows]
    steady, done = windows[_WARM_UP_WINDOWS:], done[_WARM_UP_WINDOWS:]
    return {
        "private_mb": {
            "first": round(memory_mb[0], 2),
            "last": round(memory_mb[-1], 2),
            "most": round(max(memory_mb), 2),
        },
        "private_mb_per_1000": slope(done, [window.memory_mb for window in steady]),
        "latency_ms": {"first": round(windows[0].latency_ms, 2), "last": round(windows[-1].latency_ms, 2)},
        "latency_ms_per_1000": slope(done, [window.latency_ms for window in steady]),
        "descriptors": [min(window.descriptors for window in steady), max(window.descriptors for window in steady)],
        "threads": [min(window.threads for window in steady), max(window.threads for window in steady)],
    }


def slope(counts: ArrayLike, values: ArrayLike) -> dict[str, float]:
    """Change of a value per 1000 counts by least squares, and the ends of its 95 % confidence interval.

    Source: ordinary least squares; the interval takes the windows as independent.
    """
    x, y = np.asarray(counts, float) / 1000, np.asarray(values, float)
    centred = x - x.mean()
    spread = float(centred @ centred)
    best = float(centred @ y) / spread
    residuals = y - y.mean() - best * centred
    error = math.sqrt(float(residuals @ residuals) / max(1, len(x) - 2) / spread)
    return {"slope": round(best, 5), "low": round(best - _T_95 * error, 5), "high": round(best + _T_95 * error, 5)}
