"""Commands about alarms and reminders, and about what is ringing."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from voiceassist.action_spec import ActionOutcome, Parameter, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.clock import WEEKDAYS, read_day
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.entry_actions import SELECTION, EntryActions, StopRinging, select
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.ringer import SNOOZE_S, Ringer
from voiceassist.actions.schedule_store import Entry, Kind
from voiceassist.actions.scheduler import MAX_DURATION_S, MIN_DURATION_S, Scheduler
from voiceassist.errors import ActionError

REPEATS = {
    "daily": tuple(range(7)),
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    **{name.lower(): (day,) for day, name in enumerate(WEEKDAYS)},
}
_DEFAULT_TIMES = {"": time(9), "morning": time(9), "afternoon": time(2), "evening": time(7), "night": time(8)}
"""When a reminder without a time rings, for each part of the day, on a clock of twelve hours."""
_DAY = re.compile(rf"(tomorrow|this|{'|'.join(WEEKDAYS).lower()})(?: (morning|afternoon|evening|night))?")
_WHEN = (
    Parameter("date", required=False, description="as 2026-03-09"),
    Parameter("day", required=False, description="as tomorrow, monday, tonight or tomorrow evening, instead of date"),
    Parameter("repeat", required=False, choices=tuple(REPEATS), description="the days on which it repeats"),
)
_TIME = Parameter("time", required=False, description="as 07:30")


class AlarmActions(EntryActions):
    """``alarm.*`` and ``reminder.*``."""

    def __init__(
        self, registry: ActionRegistry, scheduler: Scheduler, stop_ringing: StopRinging = lambda _kind: ()
    ) -> None:
        super().__init__(registry, scheduler, stop_ringing)
        needed_time = Parameter("time", description="as 07:30")
        name = Parameter("name", required=False)
        registry.register("alarm.set", self.set, needed_time, name, *_WHEN, undo=True)
        registry.register("alarm.status", self.status, *SELECTION, _TIME)
        registry.register("alarm.cancel", self.cancel, *SELECTION, _TIME, undo=True)
        text = Parameter("text", description="what to be reminded of")
        duration = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds from now")
        registry.register("reminder.set", self.remind, text, duration, _TIME, *_WHEN, undo=True)
        registry.register("reminder.status", self.status_of_reminders, *SELECTION, _TIME)
        registry.register("reminder.cancel", self.cancel_reminder, *SELECTION, _TIME, undo=True)

    def set(self, call: ActionCall) -> ActionOutcome:
        """Sets an alarm for the next ``time``, for ``time`` on ``date`` or ``day``, or for every ``repeat``."""
        call.needed_text("time")
        name = call.needed_text("name") if call.value("name") is not None else ""
        return self._set("alarm", call, name)

    def remind(self, call: ActionCall) -> ActionOutcome:
        """Reminds of ``text`` after ``duration``, at ``time``, or on ``date`` or ``day`` in the morning."""
        text = call.needed_text("text")
        duration_s = call.number("duration")
        if duration_s is None:
            return self._set("reminder", call, text)
        entry = self._scheduler.add_timer(duration_s, text, "reminder")
        return self._set_entry(entry, f"I remind you in {spoken_duration(duration_s)}: {text}")

    def status(self, call: ActionCall) -> ActionOutcome:
        """Says when the alarms ring."""
        return self._status("alarm", call)

    def status_of_reminders(self, call: ActionCall) -> ActionOutcome:
        """Lists the reminders."""
        return self._status("reminder", call)

    def cancel(self, call: ActionCall) -> ActionOutcome:
        """Cancels the alarm of that time, number or name, else all alarms."""
        return self._cancel_kind("alarm", call)

    def cancel_reminder(self, call: ActionCall) -> ActionOutcome:
        """Cancels the reminder of that time, number or words, else all reminders."""
        return self._cancel_kind("reminder", call)

    def _set(self, kind: Kind, call: ActionCall, name: str) -> ActionOutcome:
        now = self._scheduler.clocks.local()
        repeat = call.needed_text("repeat") if call.value("repeat") is not None else None
        if repeat is not None and repeat not in REPEATS:
            raise call.nonsense("repeat", "one of " + ", ".join(REPEATS))
        days = REPEATS[repeat] if repeat is not None else ()
        at = next_time(call, now, days)
        entry = self._scheduler.add_at(kind, at, name, days)
        when = self._when(entry)
        message = f"The alarm rings {when}." if kind == "alarm" else f"I remind you {when}: {name}"
        return self._set_entry(entry, message)

    def _set_entry(self, entry: Entry, message: str) -> ActionOutcome:
        return self._added(entry, message, lambda: f"The {entry.kind} {self._when(entry)} is off.")

    def _status(self, kind: Kind, call: ActionCall) -> ActionOutcome:
        entries = select(self._scheduler.entries(kind), call, kind)
        if kind == "alarm":
            lines = [f"An alarm rings {self._when(entry)}." for entry in entries]
        else:
            lines = [f"{self._when(entry).capitalize()}: {entry.name}." for entry in entries]
        return ActionOutcome(True, " ".join(lines) or f"No {kind} is set.")

    def _cancel_kind(self, kind: Kind, call: ActionCall) -> ActionOutcome:
        return self._cancel(
            kind,
            call,
            lambda removed: f"The {kind} is off." if len(removed) == 1 else f"{len(removed)} {kind}s are off.",
            lambda removed: f"The {kind} is set again." if len(removed) == 1 else f"The {kind}s are set again.",
        )

    def _when(self, entry: Entry) -> str:
        if entry.due_local is None:
            return f"in {spoken_duration(max(0.0, self._scheduler.left_s(entry)))}"
        return spoken_time(entry, self._scheduler.clocks.local())


class RingActions:
    """``ring.stop`` and ``ring.snooze``, for everything that is ringing."""

    def __init__(self, registry: ActionRegistry, ringer: Ringer) -> None:
        self._ringer = ringer
        registry.register("ring.stop", self.stop)
        duration = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds; 300 by default")
        registry.register("ring.snooze", self.snooze, duration)

    def stop(self, _call: ActionCall) -> ActionOutcome:
        """Stops everything that is ringing."""
        if not self._ringer.stop():
            raise _nothing_rings()
        return ActionOutcome(True, "Stopped.")

    def snooze(self, call: ActionCall) -> ActionOutcome:
        """Stops what is ringing; it rings again after five minutes or ``duration``."""
        duration_s = call.number("duration")
        after_s = SNOOZE_S if duration_s is None else duration_s
        if not MIN_DURATION_S <= after_s <= MAX_DURATION_S:
            raise call.nonsense("duration", "one second to 24 hours")
        if not self._ringer.snooze(after_s):
            raise _nothing_rings()
        return ActionOutcome(True, f"It rings again in {spoken_duration(after_s)}.")


def next_time(call: ActionCall, now: datetime, days: tuple[int, ...] = ()) -> datetime:
    """The next local time for the slot ``time``, on the slot ``date`` or ``day``, or on one of ``days``.

    Raises:
        ActionError: the slots are not a time of day and a day, or that time has passed.
    """
    day, part = _named_day(call)
    if [day or None, call.value("date"), days or None].count(None) < 2:
        raise ActionError("that names two days", hint="say one day only")
    wanted = _DEFAULT_TIMES[part]
    if call.value("time") is not None or not (day or days or call.value("date")):
        try:
            wanted = datetime.strptime(call.needed_text("time"), "%H:%M").time()  # noqa: DTZ007 - a clock has no zone
        except ValueError as error:
            raise call.nonsense("time", "a time such as 07:30") from error
    is_pm = (part in {"evening", "night"} and wanted.hour <= 12) or (part == "afternoon" and wanted.hour < 12)
    later = timedelta(hours=12 * is_pm)
    if day in {"tomorrow", "this"} or call.value("date") is not None:
        date = read_day(call) if not day else now.date() + timedelta(days=day == "tomorrow")
        at = datetime.combine(date, wanted) + later
        if at <= now:
            raise ActionError("that time has passed already", hint="say a later one")
        return at
    if day:
        days = (WEEKDAYS.index(day.capitalize()),)
    at = datetime.combine(now.date(), wanted) + later
    while at <= now or (days and at.weekday() not in days):
        at += timedelta(days=1)
    return at


def _named_day(call: ActionCall) -> tuple[str, str]:
    """The slot ``day``: ``tomorrow``, ``this`` or a weekday, and the part of the day; empty if they were not said."""
    if call.value("day") is None:
        return "", ""
    found = _DAY.fullmatch(call.needed_text("day").replace("tonight", "this night"))
    if found is None:
        raise call.nonsense("day", "a day such as tomorrow, monday or tomorrow evening")
    return found[1], found[2] or ""


def spoken_time(entry: Entry, now: datetime) -> str:
    """``at 07:00``, with ``tomorrow``, the day or the repeated days if needed."""
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
    return ActionError("nothing is ringing", hint="this stops an alarm or a timer while it rings")
