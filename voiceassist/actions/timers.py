"""Timers that ring once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from voiceassist.errors import ActionError

SHORTEST_S = 1.0
LONGEST_S = 24 * 3600.0
MOST_TIMERS = 20


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """A timer as it stands now.

    Attributes:
        number: its name in this service.
        duration_s: what it was set to.
        left_s: until it rings.
    """

    number: int
    duration_s: float
    left_s: float


@dataclass(frozen=True, slots=True)
class _Entry:
    thread: threading.Timer
    duration_s: float
    rings_at_s: float


class TimerService:
    """Owns all timers; none outlives it.

    Thread: may be used from any thread; ``announce`` is called on the timer's own thread.
    """

    def __init__(self, announce: Callable[[str], None], *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._announce = announce
        self._clock_s = clock_s
        self._entries: dict[int, _Entry] = {}
        self._numbers = 0
        self._lock = threading.Lock()
        self._closed = False

    def start(self, duration_s: float) -> int:
        """Starts a timer and returns its number.

        Raises:
            ActionError: too short, too long, or too many.
        """
        if not SHORTEST_S <= duration_s <= LONGEST_S:
            raise ActionError(
                f"a timer cannot run for {duration_s:g} seconds", hint="choose between one second and 24 hours"
            )
        return self._start(duration_s, duration_s)

    def resume(self, timer: RunningTimer) -> int:
        """Starts a cancelled timer again with what it had left."""
        return self._start(timer.duration_s, timer.left_s)

    def running(self) -> tuple[RunningTimer, ...]:
        """All timers, the next to ring first."""
        with self._lock:
            timers = [self._view(number, entry) for number, entry in self._entries.items()]
        return tuple(sorted(timers, key=lambda timer: timer.left_s))

    def cancel(self, number: int) -> RunningTimer | None:
        """Stops a timer and returns how it stood; ``None`` where it has rung or was cancelled."""
        with self._lock:
            entry = self._entries.pop(number, None)
            if entry is None:
                return None
            entry.thread.cancel()
            return self._view(number, entry)

    def close(self) -> None:
        """Stops all timers and waits for their threads; they do not ring."""
        with self._lock:
            self._closed = True
            threads = [entry.thread for entry in self._entries.values()]
            self._entries.clear()
        for thread in threads:
            thread.cancel()
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join()

    def _start(self, duration_s: float, left_s: float) -> int:
        with self._lock:
            if self._closed:
                raise ActionError("timers are closed", hint="start voiceassist again")
            if len(self._entries) >= MOST_TIMERS:
                raise ActionError(f"{MOST_TIMERS} timers are running already", hint="cancel one of them first")
            self._numbers += 1
            number = self._numbers
            thread = threading.Timer(left_s, self._ring, [number])
            thread.daemon = True
            thread.name = f"timer-{number}"
            self._entries[number] = _Entry(thread, duration_s, self._clock_s() + left_s)
            thread.start()
        return number

    def _ring(self, number: int) -> None:
        with self._lock:
            entry = self._entries.pop(number, None)
        if entry is not None:
            self._announce(f"The timer for {spoken_duration(entry.duration_s)} is over.")

    def _view(self, number: int, entry: _Entry) -> RunningTimer:
        return RunningTimer(number, entry.duration_s, max(0.0, entry.rings_at_s - self._clock_s()))


def spoken_duration(duration_s: float) -> str:
    """A duration as one says it: ``1 hour 5 minutes``."""
    minutes, seconds = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{count} {unit}" if count == 1 else f"{count} {unit}s"
        for count, unit in ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        if count
    ]
    return " ".join(parts) or "0 seconds"
