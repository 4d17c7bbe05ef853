"""Waits for timers, alarms and reminders, and has them ring: once each, also after a restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from voiceassist.actions.clocks import Clocks
from voiceassist.actions.schedule_store import Entry, Kind, ScheduleStore
from voiceassist.errors import ActionError, VoiceAssistError

log = logging.getLogger(__name__)

MIN_DURATION_S = 1.0
MAX_DURATION_S = 24 * 3600.0
MAX_ENTRIES = 20
MAX_CLOCK_CHECK_S = 5.0
"""The clocks are read this often while something waits: they jump when the machine wakes up or is set."""
IDLE_CHECK_S = 15.0
"""While nothing waits, another process may have added something."""


class Scheduler:
    """Owns the one thread that waits.

    Args:
        store: keeps the entries.
        clocks: what time it is.
        ring: told when an entry rings, and how many seconds late. Thread: called on the scheduler's thread.
        rings: whether this process rings at all; one that is gone in a moment leaves it to others.
        clock_check_s: how often the clocks are read while something waits.
    """

    def __init__(
        self,
        store: ScheduleStore,
        clocks: Clocks,
        ring: Callable[[Entry, float], None],
        *,
        rings: bool = True,
        clock_check_s: float = MAX_CLOCK_CHECK_S,
    ) -> None:
        self.clocks = clocks
        self.rings = rings
        self.store = store
        self._ring = ring
        self._clock_check_s = clock_check_s
        self._changed = threading.Condition()
        self._has_changed = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to wait; what was missed while nobody waited rings now."""
        with self._changed:
            if self._thread is None and self.rings and not self._closed:
                self._thread = threading.Thread(target=self._work, name="timers", daemon=True)
                self._thread.start()

    def add_timer(self, duration_s: float, name: str = "", kind: Kind = "timer") -> Entry:
        """Have something ring after a time.

        Raises:
            ActionError: too short, too long, or too many.
        """
        if not MIN_DURATION_S <= duration_s <= MAX_DURATION_S:
            raise ActionError(
                f"a timer cannot run for {duration_s:g} seconds", hint="choose between one second and 24 hours"
            )
        return self._add(self._running(Entry(kind, name, duration_s=duration_s), duration_s))

    def add_at(self, kind: Kind, at: datetime, name: str = "", repeat_days: tuple[int, ...] = ()) -> Entry:
        """Have something ring when the wall clock shows ``at``, and again on the same time of ``repeat_days``.

        Raises:
            ActionError: there is the same already, or too many.
        """
        wanted = Entry(kind, name, due_local=at, repeat_days=repeat_days)
        if any(replace(entry, number=0, state="waiting") == wanted for entry in self.entries(kind)):
            raise ActionError(f"the same {kind} is set already", hint="choose another time")
        return self._add(wanted)

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        """All of a kind that have not rung, the next to ring first and paused ones last."""
        found = [entry for entry in self.store.entries() if entry.kind == kind]
        return tuple(sorted(found, key=lambda entry: (entry.state == "paused", self.left_s(entry))))

    def cancel(self, number: int) -> Entry | None:
        """Drop an entry and return it as it stood, with what a timer had left; ``None`` where it rang or is gone."""
        found = self.store.remove(number)
        self._wake()
        return None if found is None else replace(found, left_s=max(0.0, self.left_s(found)))

    def restore(self, entry: Entry) -> None:
        """Put a cancelled entry back; a timer goes on with what it had left."""
        if entry.due_local is None and entry.state == "waiting":
            entry = self._running(entry, entry.left_s)
        self._add(entry)

    def pause(self, entry: Entry) -> bool:
        """Halt a timer; whether it was running."""
        found = self.cancel(entry.number) if entry.state == "waiting" else None
        if found is not None:
            self._add(replace(found, state="paused"))
        return found is not None

    def resume(self, number: int) -> bool:
        """Let a halted timer run on; whether it was halted."""
        halted = next((entry for entry in self.store.entries() if entry.number == number), None)
        if halted is None or halted.state != "paused":
            return False
        self._add(replace(self._running(halted, halted.left_s), state="waiting"))
        return True

    def left_s(self, entry: Entry) -> float:
        """Seconds until an entry rings; below 0 where it should have."""
        if entry.state == "paused":
            return entry.left_s
        if entry.due_local is not None:
            return (entry.due_local - self.clocks.local()).total_seconds()
        if entry.boot_id == self.clocks.boot_id:
            return entry.due_boot_s - self.clocks.boot_s()
        return entry.due_epoch_s - self.clocks.epoch_s()

    def close(self) -> None:
        """End the thread. The entries stay, and ring when the program runs again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _running(self, entry: Entry, left_s: float) -> Entry:
        return replace(
            entry,
            boot_id=self.clocks.boot_id,
            due_boot_s=self.clocks.boot_s() + left_s,
            due_epoch_s=self.clocks.epoch_s() + left_s,
        )

    def _add(self, entry: Entry) -> Entry:
        if self._closed:
            raise ActionError("timers are closed", hint="start voiceassist again")
        if len([other for other in self.entries(entry.kind) if other.number != entry.number]) >= MAX_ENTRIES:
            raise ActionError(f"{MAX_ENTRIES} {entry.kind}s are set already", hint="cancel one of them first")
        kept = self.store.add(entry)
        self.start()
        self._wake()
        return kept

    def _wake(self) -> None:
        with self._changed:
            self._has_changed = True
            self._changed.notify_all()

    # Everything below runs on the thread.

    def _work(self) -> None:
        idle_stamp: int | None = None
        while not self._closed:
            stamp, wait_s = self.store.stamp(), IDLE_CHECK_S
            if stamp != idle_stamp:  # while nothing waits and nothing changes, the file is not even opened
                try:
                    wait_s = self._ring_due()
                except VoiceAssistError:
                    log.exception("the timers cannot be read")
                idle_stamp = stamp if wait_s >= IDLE_CHECK_S else None
            self._wait(wait_s, stamp)

    def _ring_due(self) -> float:
        """Ring what is due, and return after which time to look again."""
        wait_s = IDLE_CHECK_S
        waiting = [entry for entry in self.store.entries() if entry.state == "waiting"]
        for entry in sorted(waiting, key=self.left_s):
            left_s = self.left_s(entry)
            if left_s > 0:
                return min(wait_s, left_s, self._clock_check_s)
            if self._closed:
                break
            if self.store.claim(entry, following_time(entry, self.clocks.local())):
                try:
                    self._ring(entry, -left_s)
                except Exception:
                    log.exception("%s %d could not ring", entry.kind, entry.number)
        return wait_s

    def _wait(self, wait_s: float, stamp: int) -> None:
        with self._changed:
            if not self._has_changed and not self._closed and self.store.stamp() == stamp:
                self._changed.wait(wait_s)
            self._has_changed = False


def following_time(entry: Entry, now: datetime) -> datetime | None:
    """When a repeated entry rings next; ``None`` for one that rings once."""
    if not entry.repeat_days or entry.due_local is None:
        return None
    at = entry.due_local
    while at <= now or at.weekday() not in entry.repeat_days:
        at += timedelta(days=1)
    return at
