"""Timers that ring once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from voiceassist.errors import ActionError

MIN_DURATION_S = 1.0
MAX_DURATION_S = 24 * 3600.0
MAX_TIMERS = 20


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """A timer as it stands now.

    Attributes:
        number: its name in this service.
        duration_s: what it was set to.
        left_s: until it rings.
        name: what the user calls it, for example ``tea``; empty where it has no name.
        paused: it does not run.
    """

    number: int
    duration_s: float
    left_s: float
    name: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    thread: threading.Timer
    duration_s: float
    rings_at_s: float
    name: str


class TimerService:
    """Owns all timers; none outlives it.

    Thread: may be used from any thread; ``announce`` is called on the timer's own thread.
    """

    def __init__(self, announce: Callable[[str], None], *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._announce = announce
        self._clock_s = clock_s
        self._entries: dict[int, _Entry] = {}
        self._paused: dict[int, RunningTimer] = {}
        self._numbers = 0
        self._lock = threading.Lock()
        self._closed = False

    def start(self, duration_s: float, name: str = "") -> int:
        """Starts a timer and returns its number.

        Raises:
            ActionError: too short, too long, or too many.
        """
        if not MIN_DURATION_S <= duration_s <= MAX_DURATION_S:
            raise ActionError(
                f"a timer cannot run for {duration_s:g} seconds", hint="choose between one second and 24 hours"
            )
        return self._start(duration_s, duration_s, name)

    def resume(self, timer: RunningTimer) -> int:
        """Starts a cancelled timer again with what it had left."""
        if timer.paused:
            with self._lock:
                self._paused[timer.number] = timer
            return timer.number
        return self._start(timer.duration_s, timer.left_s, timer.name)

    def pause(self, number: int) -> bool:
        """Halts a timer; whether it was running."""
        with self._lock:
            halted = self._take(number)
            if halted is not None:
                self._paused[number] = replace(halted, paused=True)
        return halted is not None

    def unpause(self, number: int) -> bool:
        """Lets a halted timer run on under its number; whether it was halted."""
        with self._lock:
            timer = self._paused.pop(number, None)
        if timer is None:
            return False
        self._start(timer.duration_s, timer.left_s, timer.name, number)
        return True

    def paused(self) -> tuple[RunningTimer, ...]:
        """The timers that are halted, the oldest first."""
        with self._lock:
            return tuple(self._paused.values())

    def running(self) -> tuple[RunningTimer, ...]:
        """All timers, the next to ring first."""
        with self._lock:
            timers = [self._view(number, entry) for number, entry in self._entries.items()]
        return tuple(sorted(timers, key=lambda timer: timer.left_s))

    def cancel(self, number: int) -> RunningTimer | None:
        """Stops a timer, also a halted one, and returns how it stood; ``None`` where it rang or was cancelled."""
        with self._lock:
            return self._paused.pop(number, None) or self._take(number)

    def close(self) -> None:
        """Stops all timers and waits for their threads; they do not ring."""
        with self._lock:
            self._closed = True
            threads = [entry.thread for entry in self._entries.values()]
            self._entries.clear()
            self._paused.clear()
        for thread in threads:
            thread.cancel()
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join()

    def _start(self, duration_s: float, left_s: float, name: str, number: int | None = None) -> int:
        with self._lock:
            if self._closed:
                raise ActionError("timers are closed", hint="start voiceassist again")
            if len(self._entries) + len(self._paused) >= MAX_TIMERS:
                raise ActionError(f"{MAX_TIMERS} timers are running already", hint="cancel one of them first")
            if number is None:
                self._numbers += 1
                number = self._numbers
            thread = threading.Timer(left_s, self._ring, [number])
            thread.daemon = True
            thread.name = f"timer-{number}"
            self._entries[number] = _Entry(thread, duration_s, self._clock_s() + left_s, name)
            thread.start()
        return number

    def _ring(self, number: int) -> None:
        with self._lock:
            entry = self._entries.get(number)
            # A timer that was halted and runs on again has another thread; the old one may still come by.
            is_due = entry is not None and entry.thread is threading.current_thread()
            if is_due:
                del self._entries[number]
        if entry is not None and is_due:
            name = entry.name and f"{entry.name} "
            self._announce(f"The {name}timer for {spoken_duration(entry.duration_s)} is over.")

    def _take(self, number: int) -> RunningTimer | None:
        """Stops a running timer's thread and says how it stood. The lock is held."""
        entry = self._entries.pop(number, None)
        if entry is None:
            return None
        entry.thread.cancel()
        return self._view(number, entry)

    def _view(self, number: int, entry: _Entry) -> RunningTimer:
        left_s = max(0.0, entry.rings_at_s - self._clock_s())
        return RunningTimer(number, entry.duration_s, left_s, entry.name)


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
