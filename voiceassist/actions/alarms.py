"""Alarms at a time of day."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from voiceassist.actions.registry import ActionCall, ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter
from voiceassist.errors import ActionError

MAX_ALARMS = 20
MAX_CLOCK_CHECK_S = 20.0
"""The wall clock is looked at this often: it jumps when the machine wakes up or summer time begins."""


class AlarmService:
    """Owns all alarms and the one thread that waits for them; none outlives it.

    Args:
        announce: told when an alarm rings. Thread: called on the service's thread.
        now: the wall clock.
    """

    def __init__(self, announce: Callable[[str], None], now: Callable[[], datetime]) -> None:
        self._announce = announce
        self._now = now
        self._alarms: list[datetime] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def set(self, at: datetime) -> None:
        """Adds an alarm. ``at`` is wall clock time, without a zone.

        Raises:
            ActionError: there is one then already, or too many.
        """
        with self._changed:
            if self._closed:
                raise ActionError("alarms are closed", hint="start voiceassist again")
            if at in self._alarms:
                raise ActionError(f"there is an alarm {self.describe(at)} already", hint="choose another time")
            if len(self._alarms) >= MAX_ALARMS:
                raise ActionError(f"{MAX_ALARMS} alarms are set already", hint="cancel one of them first")
            self._alarms = sorted([*self._alarms, at])
            self._changed.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._wait, name="alarms", daemon=True)
                self._thread.start()

    def waiting(self) -> tuple[datetime, ...]:
        """All alarms, the next to ring first."""
        with self._changed:
            return tuple(self._alarms)

    def cancel(self, at: datetime) -> bool:
        """Removes an alarm; whether it was still there."""
        with self._changed:
            if at not in self._alarms:
                return False
            self._alarms.remove(at)
            self._changed.notify()
            return True

    def close(self) -> None:
        """Drops all alarms and waits for the thread."""
        with self._changed:
            self._closed = True
            self._alarms.clear()
            self._changed.notify()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def wall_clock(self) -> datetime:
        """What a clock on the wall shows."""
        return self._now().replace(tzinfo=None)

    def describe(self, at: datetime) -> str:
        """``at 07:00``, or with ``tomorrow`` where that is meant."""
        days = (at.date() - self.wall_clock().date()).days
        return f"{'tomorrow ' if days == 1 else ''}at {at:%H:%M}"

    def _wait(self) -> None:
        while (due := self._next_due()) is not None:
            self._announce(f"It is {due:%H:%M}: your alarm.")

    def _next_due(self) -> datetime | None:
        """The next alarm once its time has come; ``None`` when the service closes."""
        with self._changed:
            while not self._closed:
                left_s = self._left_s()
                if left_s is not None and left_s <= 0:
                    return self._alarms.pop(0)
                self._changed.wait(None if left_s is None else min(left_s, MAX_CLOCK_CHECK_S))
        return None

    def _left_s(self) -> float | None:
        return (self._alarms[0] - self.wall_clock()).total_seconds() if self._alarms else None


class AlarmActions:
    """``alarm.set``, ``alarm.status`` and ``alarm.cancel``."""

    def __init__(self, registry: ActionRegistry, alarms: AlarmService) -> None:
        self._registry = registry
        self._alarms = alarms
        registry.register("alarm.set", self.set, Parameter("time", description="as 07:30"), undo=True)
        registry.register("alarm.status", self.status)
        registry.register("alarm.cancel", self.cancel, undo=True)

    def set(self, call: ActionCall) -> ActionOutcome:
        """Sets an alarm for the next time that the clock shows ``time`` (``HH:MM``)."""
        at = next_time(call, self._alarms.wall_clock())
        self._alarms.set(at)
        token = self._registry.remember(lambda: self._drop(at))
        return ActionOutcome(True, f"The alarm rings {self._alarms.describe(at)}.", token)

    def status(self, _call: ActionCall) -> ActionOutcome:
        """Says when the alarms ring."""
        alarms = [f"An alarm rings {self._alarms.describe(at)}." for at in self._alarms.waiting()]
        return ActionOutcome(True, " ".join(alarms) or "No alarm is set.")

    def cancel(self, _call: ActionCall) -> ActionOutcome:
        """Removes all alarms."""
        dropped = [at for at in self._alarms.waiting() if self._alarms.cancel(at)]
        if not dropped:
            raise ActionError("no alarm is set", hint="set one, for example with: set an alarm for seven thirty")

        def put_back() -> str:
            for at in dropped:
                self._alarms.set(at)
            return "The alarm is set again." if len(dropped) == 1 else "The alarms are set again."

        told = "The alarm is off." if len(dropped) == 1 else f"{len(dropped)} alarms are off."
        return ActionOutcome(True, told, self._registry.remember(put_back))

    def _drop(self, at: datetime) -> str:
        if not self._alarms.cancel(at):
            raise ActionError("that alarm is not set any more", hint="it rang already, or was cancelled")
        return f"The alarm at {at:%H:%M} is off."


def next_time(call: ActionCall, now: datetime) -> datetime:
    """The next moment at which the clock shows the slot ``time``.

    Raises:
        ActionError: it is no time of day.
    """
    try:
        wanted = datetime.strptime(call.needed_text("time"), "%H:%M").time()  # noqa: DTZ007 - a clock has no zone
    except ValueError as error:
        raise call.nonsense("time", "a time such as 07:30") from error
    at = datetime.combine(now.date(), wanted)
    return at if at > now else at + timedelta(days=1)
