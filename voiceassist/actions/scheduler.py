"""The thread that waits for timers, alarms and reminders: each rings once, also after a restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from voiceassist.actions.clocks import Clocks
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.schedule_store import Entry, Kind, ScheduleStore
from voiceassist.errors import ActionError, VoiceAssistError
from voiceassist.i18n import mark

log = logging.getLogger(__name__)

MIN_DURATION_S = 1.0
MAX_DURATION_S = 24 * 3600.0
MAX_ENTRIES = 20
MAX_CLOCK_CHECK_S = 5.0
"""The clocks are read at least this often while an entry waits: they jump after a suspend, or when they are set."""
IDLE_CHECK_S = 15.0
"""The store is checked this often while no entry waits: another process may add one."""


class Scheduler:
    """Owns the thread that waits for the next entry.

    Args:
        store: stores the entries.
        clocks: the clocks to go by.
        ring: called with each due entry and how many seconds late it is. Thread: called on the scheduler's thread.
        rings: whether this process rings at all; a short-lived one leaves that to the window.
        clock_check_s: how often the clocks are read while an entry waits.
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
        """Start the thread; entries that became due while no thread waited ring now."""
        with self._changed:
            if self._thread is None and self.rings and not self._closed:
                self._thread = threading.Thread(target=self._work, name="timers", daemon=True)
                self._thread.start()

    def add_timer(self, duration_s: float, name: str = "", kind: Kind = "timer") -> Entry:
        """Add an entry that rings after a duration.

        Raises:
            ActionError: the duration is too short or too long, or there are too many entries.
        """
        if not MIN_DURATION_S <= duration_s <= MAX_DURATION_S:
            length = spoken_duration(duration_s) if MIN_DURATION_S <= duration_s < 1e9 else f"{duration_s:g} seconds"
            raise ActionError(
                mark("a timer cannot run for {time}", time=length), hint=mark("choose between one second and 24 hours")
            )
        return self._add(self._running(Entry(kind, name, duration_s=duration_s), duration_s))

    def add_at(self, kind: Kind, at: datetime, name: str = "", repeat_days: tuple[int, ...] = ()) -> Entry:
        """Add an entry that rings at the local time ``at``, and again at the same time on ``repeat_days``.

        Raises:
            ActionError: the same entry exists already, or there are too many.
        """
        wanted = Entry(kind, name, due_local=at, repeat_days=repeat_days)
        if any(replace(entry, number=0, state="waiting") == wanted for entry in self.entries(kind)):
            hint = "choose another time, or cancel the first"
            raise ActionError(f"the same {kind} is set already, for {at:%H:%M}", hint=hint)
        return self._add(wanted)

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        """The entries of a kind, the next to ring first and paused ones last."""
        found = [entry for entry in self.store.entries() if entry.kind == kind]
        return tuple(sorted(found, key=lambda entry: (entry.state == "paused", self.left_s(entry))))

    def cancel(self, number: int) -> Entry | None:
        """Remove an entry and return it with its remaining time; ``None`` if it has rung or was removed already."""
        found = self.store.remove(number)
        self._wake()
        return None if found is None else replace(found, left_s=max(0.0, self.left_s(found)))

    def restore(self, entry: Entry) -> None:
        """Add a cancelled entry again; a timer continues with its remaining time."""
        if entry.due_local is None and entry.state == "waiting":
            entry = self._running(entry, entry.left_s)
        self._add(entry)

    def pause(self, entry: Entry) -> bool:
        """Pause a timer; whether it was running."""
        remaining = replace(entry, state="paused", left_s=max(0.0, self.left_s(entry)))
        paused = entry.state == "waiting" and self.store.exchange(entry, remaining)
        self._wake()
        return paused

    def extend(self, entry: Entry, added_s: float) -> bool:
        """Make a timer ring later, or earlier if ``added_s`` is negative; whether it has not rung yet.

        Raises:
            ActionError: the time that is left would be too long.
        """
        left_s = self.left_s(entry) + added_s
        if left_s > MAX_DURATION_S:
            raise ActionError(mark("a timer cannot run for more than 24 hours"), hint=mark("add less"))
        longer = replace(entry, duration_s=max(0.0, entry.duration_s + added_s))
        if entry.state == "paused":
            longer = replace(longer, left_s=max(0.0, left_s))
        else:
            longer = self._running(longer, max(0.0, left_s))
        extended = self.store.exchange(entry, longer)
        self._wake()
        return extended

    def resume(self, number: int) -> bool:
        """Resume a paused timer; whether it was paused."""
        paused = next((entry for entry in self.store.entries() if entry.number == number), None)
        if paused is None or paused.state != "paused":
            return False
        resumed = self.store.exchange(paused, replace(self._running(paused, paused.left_s), state="waiting"))
        self.start()
        self._wake()
        return resumed

    def left_s(self, entry: Entry) -> float:
        """Seconds until an entry rings; negative if it is overdue."""
        if entry.state == "paused":
            return entry.left_s
        if entry.due_local is not None:
            return (entry.due_local - self.clocks.local()).total_seconds()
        if entry.boot_id == self.clocks.boot_id:
            return entry.due_boot_s - self.clocks.boot_s()
        return entry.due_epoch_s - self.clocks.epoch_s()

    def close(self) -> None:
        """End the thread. The entries stay stored, and ring when the program runs again."""
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
            raise ActionError("voiceassist is closing and sets no more timers", hint="start voiceassist again")
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
        problem = ""
        while not self._closed:
            stamp, wait_s = self.store.stamp(), IDLE_CHECK_S
            if stamp != idle_stamp:  # while no entry waits and nothing changes, the file is not even opened
                try:
                    wait_s = self._ring_due()
                except VoiceAssistError as error:
                    if problem != error.message:
                        log.warning("timers do not ring: %s", error)
                    problem = error.message
                idle_stamp = stamp if wait_s >= IDLE_CHECK_S else None
            with self._changed:
                if not self._has_changed and not self._closed and self.store.stamp() == stamp:
                    self._changed.wait(wait_s)
                self._has_changed = False

    def _ring_due(self) -> float:
        """Ring the due entries, and return after how many seconds to check again."""
        waiting = [entry for entry in self.store.entries() if entry.state == "waiting"]
        for entry in sorted(waiting, key=self.left_s):
            left_s = self.left_s(entry)
            if left_s > 0:
                return min(IDLE_CHECK_S, left_s, self._clock_check_s)
            if self._closed:
                break
            again_at = following_time(entry, self.clocks.local())
            if self.store.exchange(entry, None if again_at is None else replace(entry, due_local=again_at)):
                try:
                    self._ring(entry, -left_s)
                except Exception:
                    log.exception("%s %d could not ring", entry.kind, entry.number)
        return IDLE_CHECK_S


def following_time(entry: Entry, now: datetime) -> datetime | None:
    """When a repeating entry rings next; ``None`` for one that rings once."""
    if not entry.repeat_days or entry.due_local is None:
        return None
    at = entry.due_local
    while at <= now or at.weekday() not in entry.repeat_days:
        at += timedelta(days=1)
    return at
