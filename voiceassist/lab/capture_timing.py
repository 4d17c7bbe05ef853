"""Times the capture callback at the pace of the microphone: it must never outlast its block."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from voiceassist.audio.capture import Microphone
from voiceassist.domain import Recognition
from voiceassist.engine.pipeline import Pipeline
from voiceassist.lab.listening import listening


class TimedMicrophone(Microphone):
    """A microphone that records the duration of each callback, absolute and as a share of its block."""

    def __init__(self) -> None:
        super().__init__()
        self.took_ms: list[float] = []
        self.share: list[float] = []

    def _captured(self, block: memoryview, frames: int, when: object, status: object) -> None:
        began_s = time.perf_counter()
        super()._captured(block, frames, when, status)
        took_s = time.perf_counter() - began_s
        self.took_ms.append(1000 * took_s)
        rate_hz = 0 if self.device is None else self.device.rate_hz
        self.share.append(took_s * rate_hz / max(frames, 1))


def measure_capture_timing(
    pipeline: Pipeline, duration_s: float, *, meanwhile: Callable[[threading.Event], None] | None = None
) -> dict[str, Any]:
    """Runs the complete listener on the default microphone and closes the pipeline.

    ``meanwhile`` runs in a thread, for example to play audio, until its event is set.

    Raises:
        BenchError: the microphone delivers no audio.
    """
    microphone, over, answers = TimedMicrophone(), threading.Event(), list[Recognition]()
    player = threading.Thread(target=meanwhile or (lambda _: None), args=(over,), name="voiceassist-player")
    with listening(pipeline, answers.append, make_microphone=lambda: microphone):
        player.start()
        began_s, began_cpu_s = time.monotonic(), time.process_time()
        time.sleep(duration_s)
        processor_s, passed_s = time.process_time() - began_cpu_s, time.monotonic() - began_s
        over.set()
        player.join()
        dropped = microphone.dropped_samples
    return {
        "seconds": round(passed_s, 1),
        "callbacks": len(microphone.took_ms),
        "callback_ms": {
            "median": round(float(np.median(microphone.took_ms)), 4),
            "percent_99_9": round(float(np.percentile(microphone.took_ms, 99.9)), 4),
            "longest": round(max(microphone.took_ms), 4),
        },
        "longest_share_of_its_block": round(max(microphone.share), 4),
        "callbacks_longer_than_their_block": sum(share >= 1 for share in microphone.share),
        "dropped_samples": dropped,
        "utterances": len(answers),
        "processor_percent": round(100 * processor_s / passed_s, 2),
    }
