"""Commands about alarms and reminders, and about what is ringing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from voiceassist.actions.call import ActionCall
from voiceassist.actions.clock import WEEKDAYS
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.ringer import SNOOZE_S, Ringer
from voiceassist.actions.schedule_store import Entry, Kind
from voiceassist.actions.scheduler import Scheduler
from voiceassist.actions.selection import SELECTION, says_which, select
from voiceassist.actions.timer_actions import NOT_RUNNING
from voiceassist.domain import ActionOutcome, Parameter, ValueKind
from voiceassist.errors import ActionError

REPEATS = {
    "daily": tuple(range(7)),
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    **{name.lower(): (day,) for day, name in enumerate(WEEKDAYS)},
}
_WHEN = (
    Parameter("date", required=False, description="as 2026-03-09"),
    Parameter("repeat", required=False, choices=tuple(REPEATS), description="on which days again and again"),
)
_TIME = Parameter("time", required=False, description="as 07:30")


class AlarmActions:
    """``alarm.*`` and ``reminder.*``."""

    def __init__(
        self,
        registry: ActionRegistry,
        scheduler: Scheduler,
        stop_ringing: Callable[[Kind], Sequence[Entry]] = lambda _kind: (),
    ) -> None:
        self._registry = registry
        self._scheduler = scheduler
        self._stop_ringing = stop_ringing
        time = Parameter("time", description="as 07:30")
        name = Parameter("name", required=False)
        registry.register("alarm.set", self.set, time, name, *_WHEN, undo=True)
        registry.register("alarm.status", self.status, *SELECTION, _TIME)
        registry.register("alarm.cancel", self.cancel, *SELECTION, _TIME, undo=True)
        text = Parameter("text", description="what about")
        duration = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds from now")
        registry.register("reminder.set", self.remind, text, duration, _TIME, *_WHEN, undo=True)
        registry.register("reminder.status", self.status_of_reminders, *SELECTION, _TIME)
        registry.register("reminder.cancel", self.cancel_reminder, *SELECTION, _TIME, undo=True)

    def set(self, call: ActionCall) -> ActionOutcome:
        """Sets an alarm for the next time that the clock shows ``time``, on ``date``, or again and again."""
        name = call.needed_text("name") if call.value("name") is not None else ""
        return self._set("alarm", call, name)

    def remind(self, call: ActionCall) -> ActionOutcome:
        """Reminds of ``text`` after ``duration`` or at ``time``."""
        text = call.needed_text("text")
        duration_s = call.number("duration")
        if duration_s is None:
            return self._set("reminder", call, text)
        entry = self._scheduler.add_timer(duration_s, text, "reminder")
        return self._added(entry, f"I remind you in {spoken_duration(duration_s)}: {text}")

    def status(self, call: ActionCall) -> ActionOutcome:
        """Says when the alarms ring."""
        return self._status("alarm", call)

    def status_of_reminders(self, call: ActionCall) -> ActionOutcome:
        """Says what the reminders are."""
        return self._status("reminder", call)

    def cancel(self, call: ActionCall) -> ActionOutcome:
        """Removes the alarm of that time, number or name, else all of them."""
        return self._cancel("alarm", call)

    def cancel_reminder(self, call: ActionCall) -> ActionOutcome:
        """Removes the reminder of that time, number or words, else all of them."""
        return self._cancel("reminder", call)

    def _set(self, kind: Kind, call: ActionCall, name: str) -> ActionOutcome:
        now = self._scheduler.clocks.local()
        repeat = call.value("repeat")
        if repeat is not None and repeat not in REPEATS:
            raise call.nonsense("repeat", "one of " + ", ".join(REPEATS))
        days = REPEATS[repeat] if repeat is not None else ()
        at = next_time(call, now, days)
        entry = self._scheduler.add_at(kind, at, name, days)
        when = self._when(entry)
        return self._added(entry, f"The alarm rings {when}." if kind == "alarm" else f"I remind you {when}: {name}")

    def _added(self, entry: Entry, told: str) -> ActionOutcome:
        def drop() -> str:
            if self._scheduler.cancel(entry.number) is None:
                raise ActionError(f"that {entry.kind} is not set any more", hint="it rang already, or was cancelled")
            return f"The {entry.kind} {self._when(entry)} is off."

        note = "" if self._scheduler.rings else NOT_RUNNING
        return ActionOutcome(True, told + note, self._registry.remember(drop))

    def _status(self, kind: Kind, call: ActionCall) -> ActionOutcome:
        entries = select(self._scheduler.entries(kind), call, kind)
        if kind == "alarm":
            told = [f"An alarm rings {self._when(entry)}." for entry in entries]
        else:
            told = [f"{self._when(entry).capitalize()}: {entry.name}." for entry in entries]
        return ActionOutcome(True, " ".join(told) or f"No {kind} is set.")

    def _cancel(self, kind: Kind, call: ActionCall) -> ActionOutcome:
        if not says_which(call) and self._stop_ringing(kind):
            return ActionOutcome(True, "Stopped.")
        chosen = select(self._scheduler.entries(kind), call, kind)
        dropped = [found for entry in chosen if (found := self._scheduler.cancel(entry.number)) is not None]
        if not dropped:
            hint = "set an alarm for seven thirty" if kind == "alarm" else "remind me in ten minutes to call ann"
            raise ActionError(f"no {kind} is set", hint=f"set one, for example with: {hint}")
        one = len(dropped) == 1

        def put_back() -> str:
            for entry in dropped:
                self._scheduler.restore(entry)
            return f"The {kind} is set again." if one else f"The {kind}s are set again."

        told = f"The {kind} is off." if one else f"{len(dropped)} {kind}s are off."
        return ActionOutcome(True, told, self._registry.remember(put_back))

    def _when(self, entry: Entry) -> str:
        if entry.due_local is None:
            return f"in {spoken_duration(max(0.0, self._scheduler.left_s(entry)))}"
        return spoken_time(entry, self._scheduler.clocks.local())


class RingActions:
    """``ring.stop`` and ``ring.snooze``, for what is ringing now."""

    def __init__(self, registry: ActionRegistry, ringer: Ringer) -> None:
        self._ringer = ringer
        registry.register("ring.stop", self.stop)
        duration = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds; 300 otherwise")
        registry.register("ring.snooze", self.snooze, duration)

    def stop(self, _call: ActionCall) -> ActionOutcome:
        """Ends what is ringing."""
        if not self._ringer.stop():
            raise _nothing_rings()
        return ActionOutcome(True, "Stopped.")

    def snooze(self, call: ActionCall) -> ActionOutcome:
        """Ends what is ringing, and has it ring again after five minutes or ``duration``."""
        after_s = call.number("duration") or SNOOZE_S
        if not self._ringer.snooze(after_s):
            raise _nothing_rings()
        return ActionOutcome(True, f"It rings again in {spoken_duration(after_s)}.")


def next_time(call: ActionCall, now: datetime, days: tuple[int, ...] = ()) -> datetime:
    """The next moment at which the clock shows the slot ``time``, on the slot ``date`` or one of ``days``.

    Raises:
        ActionError: it is no time of day, no date, or it is over.
    """
    try:
        wanted = datetime.strptime(call.needed_text("time"), "%H:%M").time()  # noqa: DTZ007 - a clock has no zone
    except ValueError as error:
        raise call.nonsense("time", "a time such as 07:30") from error
    if call.value("date") is not None:
        try:
            day = date.fromisoformat(call.needed_text("date"))
        except ValueError as error:
            raise call.nonsense("date", "a day such as 2026-03-09") from error
        at = datetime.combine(day, wanted)
        if at <= now:
            raise ActionError("that time is over already", hint="say a later one")
        return at
    at = datetime.combine(now.date(), wanted)
    while at <= now or (days and at.weekday() not in days):
        at += timedelta(days=1)
    return at


def spoken_time(entry: Entry, now: datetime) -> str:
    """``at 07:00``, with ``tomorrow``, the day or the days where they are needed."""
    at = entry.due_local
    if at is None:
        return ""
    if entry.repeat_days:
        named = next((name for name, days in REPEATS.items() if days == entry.repeat_days), "")
        words = {"daily": "every day", "weekdays": "every weekday", "weekends": "at weekends"}
        return f"{words.get(named, f'every {named.capitalize()}')} at {at:%H:%M}"
    days = (at.date() - now.date()).days
    day = "" if days == 0 else "tomorrow " if days == 1 else f"on {WEEKDAYS[at.weekday()]} "
    return f"{f'on {at:%Y-%m-%d} ' if days > 6 else day}at {at:%H:%M}"


def _nothing_rings() -> ActionError:
    return ActionError("nothing is ringing", hint="this ends an alarm or a timer that rings")
