"""How long the main thread of the window is kept from drawing: the longest time between two beats of a timer."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer


class Heartbeat(QObject):
    """Beats on the main thread every few milliseconds, and keeps the longest time between two beats.

    Attributes:
        busy_ms: by the processor time of the main thread, which another program cannot lengthen.
        blocked_ms: by the clock, which includes waiting for a processor and for other threads.
    """

    def __init__(self, period_ms: int = 5) -> None:
        super().__init__()
        self.busy_ms = self.blocked_ms = 0.0
        self.beats = 0
        self._period_ms = period_ms
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self.reset()
        self._timer.start(period_ms)

    def reset(self) -> None:
        """Forget what was measured."""
        self.busy_ms = self.blocked_ms = 0.0
        self.beats = 0
        self._cpu_s, self._wall_s = time.thread_time(), time.perf_counter()

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()

    def _beat(self) -> None:
        cpu_s, wall_s = time.thread_time(), time.perf_counter()
        self.busy_ms = max(self.busy_ms, (cpu_s - self._cpu_s) * 1000)
        self.blocked_ms = max(self.blocked_ms, (wall_s - self._wall_s) * 1000 - self._period_ms)
        self._cpu_s, self._wall_s = cpu_s, wall_s
        self.beats += 1
