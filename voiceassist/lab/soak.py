"""Endurance: thousands of recognitions in one process; does memory, or the time of one, grow?"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

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
    process = psutil.Process()
    done: list[int] = []
    memory_mb: list[float] = []
    latency_ms: list[float] = []
    descriptors: list[int] = []
    threads: list[int] = []
    acted = 0
    for window in range(math.ceil(recognitions / WINDOW)):
        times_ms = []
        for number in range(window * WINDOW, min(recognitions, (window + 1) * WINDOW)):
            started_s = time.perf_counter()
            found = pipeline.recognize(utterances[number % len(utterances)])
            times_ms.append(1000 * (time.perf_counter() - started_s))
            acted += found.decision.verdict == "act"
        done.append((window + 1) * WINDOW)
        memory_mb.append(private_bytes() / 1e6)
        latency_ms.append(statistics.median(times_ms))
        descriptors.append(process.num_fds())
        threads.append(process.num_threads())
        progress(done[-1])
    steady = slice(_WARM_UP_WINDOWS, None)
    return {
        "recognitions": recognitions,
        "recordings": len(utterances),
        "acted": acted,
        "private_mb": {
            "first": round(memory_mb[0], 2),
            "last": round(memory_mb[-1], 2),
            "most": round(max(memory_mb), 2),
        },
        "private_mb_per_1000": slope(done[steady], memory_mb[steady]),
        "latency_ms": {"first": round(latency_ms[0], 2), "last": round(latency_ms[-1], 2)},
        "latency_ms_per_1000": slope(done[steady], latency_ms[steady]),
        "descriptors": [min(descriptors[steady]), max(descriptors[steady])],
        "threads": [min(threads[steady]), max(threads[steady])],
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
