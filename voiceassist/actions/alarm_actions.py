"""Commands about alarms and reminders, and about what is ringing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from voiceassist.action_spec import ActionOutcome, Parameter, ValueKind
from voiceassist.actions.call import DAY_BEGINS_HOUR, ActionCall
from voiceassist.actions.clock import WEEKDAYS, read_day
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.entry_actions import SELECTION, EntryActions, StopRinging, none_is_set, select
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.ringer import SNOOZE_S, Ringer
from voiceassist.actions.schedule_store import Entry, Kind
from voiceassist.actions.scheduler import MAX_DURATION_S, MIN_DURATION_S, Scheduler
from voiceassist.errors import ActionError
from voiceassist.open_time import OpenTime

MAX_NAMED = 3
"""Up to so many entries that were cancelled are told one by one."""
REPEATS = {
    "daily": tuple(range(7)),
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    **{name.lower(): (day,) for day, name in enumerate(WEEKDAYS)},
}
_DEFAULT_TIMES = {"": time(9), "morning": time(9), "afternoon": time(2), "evening": time(7), "night": time(8)}
"""When a reminder without a time rings, for each part of the day, on a clock of twelve hours."""
_FIRST_HOURS: dict[Kind, int] = {"alarm": 4, "reminder": DAY_BEGINS_HOUR}
"""On a day that is not today, ``at five`` is the one of 05:00 and 17:00 in the twelve hours from this hour on: one is
woken in the morning, and reminded while awake."""
_AFTER_MIDNIGHT = {"evening": 1, "night": 5}
"""Hours before this one are those after midnight: tonight at two, this evening at midnight."""
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
        registry.register("alarm.change", self.change, needed_time, *_WHEN, undo=True)
        registry.register("alarm.status", self.status, *SELECTION, _TIME, *_WHEN)
        registry.register("alarm.cancel", self.cancel, *SELECTION, _TIME, *_WHEN, undo=True)
        text = Parameter("text", description="what to be reminded of")
        duration = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds from now")
        registry.register("reminder.set", self.remind, text, duration, _TIME, *_WHEN, undo=True)
        registry.register("reminder.status", self.status_of_reminders, *SELECTION, _TIME, *_WHEN)
        registry.register("reminder.cancel", self.cancel_reminder, *SELECTION, _TIME, *_WHEN, undo=True)

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

    def change(self, call: ActionCall) -> ActionOutcome:
        """Moves the only alarm to another ``time``; a repeating one keeps its days unless others are given."""
        alarms = self._scheduler.entries("alarm")
        if not alarms:
            raise none_is_set("alarm")
        if len(alarms) > 1:
            raise ActionError(f"{len(alarms)} alarms are set", hint="cancel one of them, and set another")
        before, now = alarms[0], self._scheduler.clocks.local()
        is_on_a_day = any(call.value(key) is not None for key in ("date", "day"))
        days = _repeat_days(call) or (() if is_on_a_day else before.repeat_days)
        after = self._scheduler.add_at("alarm", next_time(call, now, days, _FIRST_HOURS["alarm"]), before.name, days)
        self._scheduler.cancel(before.number)

        def change_back() -> str:
            if self._scheduler.cancel(after.number) is None:
                raise ActionError("that alarm is not set any more", hint="it has rung, or was cancelled")
            self._scheduler.restore(before)
            return f"The alarm rings {self._when(before)}."

        return ActionOutcome(True, f"The alarm rings {self._when(after)}.", self._registry.remember(change_back))

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
        days = _repeat_days(call)
        at = next_time(call, now, days, _FIRST_HOURS[kind])
        entry = self._scheduler.add_at(kind, at, name, days)
        when = self._when(entry)
        message = f"The alarm rings {when}." if kind == "alarm" else f"I remind you {when}: {name}"
        return self._set_entry(entry, message)

    def _set_entry(self, entry: Entry, message: str) -> ActionOutcome:
        return self._added(entry, message, lambda: self._off([entry]))

    def _off(self, removed: Sequence[Entry]) -> str:
        """Says which entries of a kind ring no more; of many only how many."""
        kind = removed[0].kind
        if len(removed) == 1:
            about = f": {removed[0].name}" if kind == "reminder" else "."
            return f"The {kind} {self._when(removed[0])} is off{about}"
        if len(removed) > MAX_NAMED:
            return f"{len(removed)} {kind}s are off."
        times = [self._when(entry) for entry in removed]
        return f"The {kind}s {', '.join(times[:-1])} and {times[-1]} are off."

    def _status(self, kind: Kind, call: ActionCall) -> ActionOutcome:
        entries = select(self._entries(kind, call), call, kind)
        if kind == "alarm":
            lines = [f"An alarm rings {self._when(entry)}." for entry in entries]
        else:
            lines = [f"{self._when(entry).capitalize()}: {entry.name}." for entry in entries]
        return ActionOutcome(True, " ".join(lines) or f"No {kind} is set.")

    def _cancel_kind(self, kind: Kind, call: ActionCall) -> ActionOutcome:
        return self._cancel(
            kind,
            call,
            self._off,
            lambda removed: f"The {kind} is set again." if len(removed) == 1 else f"The {kind}s are set again.",
        )

    def _entries(self, kind: Kind, call: ActionCall) -> Sequence[Entry]:
        """The entries of the day that a call names, or all."""
        found = self._scheduler.entries(kind)
        if days := _repeat_days(call):
            return [entry for entry in found if entry.repeat_days == days]
        day, part = _named_day(call)
        date = _date_of(call, day, self._scheduler.clocks.local())
        if date is None:
            return found
        if part and call.value("time") is not None:
            wanted = _time_of_day(call)
            at = datetime.combine(date, wanted) + _until_part(part, wanted)
            return [entry for entry in found if entry.due_local == at]
        return [entry for entry in found if entry.due_local is not None and entry.due_local.date() == date]

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


def next_time(
    call: ActionCall, now: datetime, days: tuple[int, ...] = (), first_hour: int = DAY_BEGINS_HOUR
) -> datetime:
    """The next local time for the slot ``time``, on the slot ``date`` or ``day``, or on one of ``days``.

    Args:
        call: the call with its slots.
        now: the local time.
        days: the weekdays on which it repeats.
        first_hour: on other days than today, an `OpenTime` is in the twelve hours from this hour on.

    Raises:
        ActionError: the slots are not a time of day and a day, or that time has passed.
    """
    day, part = _named_day(call)
    if [day or None, call.value("date"), days or None].count(None) < 2:
        raise ActionError("that names two days", hint="say one day only")
    date = _date_of(call, day, now)
    wanted = _DEFAULT_TIMES[part]
    if call.value("time") is not None or not (date or days):
        wanted = _time_of_day(call)
        if isinstance(said := call.value("time"), OpenTime) and not part:
            is_weekday = days or day.capitalize() in WEEKDAYS
            wanted = said.from_hour(first_hour) if is_weekday else said.on(date, now, first_hour)
    at = datetime.combine(date or now.date(), wanted) + _until_part(part, wanted)
    if day == "this" and at - now > timedelta(days=1):  # "tonight at two" after midnight
        at -= timedelta(days=1)
    if date and at <= now:
        if day.capitalize() not in WEEKDAYS:
            raise ActionError("that time has passed already", hint="say a later one")
        at += timedelta(days=7)
    while at <= now or (days and at.weekday() not in days):
        at += timedelta(days=1)
    return at


def _repeat_days(call: ActionCall) -> tuple[int, ...]:
    """The weekdays of the slot ``repeat``; empty without it."""
    if call.value("repeat") is None:
        return ()
    repeat = call.needed_text("repeat")
    if repeat not in REPEATS:
        raise call.nonsense("repeat", "one of " + ", ".join(REPEATS))
    return REPEATS[repeat]


def _date_of(call: ActionCall, day: str, now: datetime) -> date | None:
    """The date of a named day, or of the slot ``date``; a weekday can be today."""
    if day.capitalize() in WEEKDAYS:
        return now.date() + timedelta(days=(WEEKDAYS.index(day.capitalize()) - now.weekday()) % 7)
    if day:
        return now.date() + timedelta(days=day == "tomorrow")
    return None if call.value("date") is None else read_day(call)


def _time_of_day(call: ActionCall) -> time:
    try:
        return datetime.strptime(call.needed_text("time"), "%H:%M").time()  # noqa: DTZ007 - a clock has no zone
    except ValueError as error:
        raise call.nonsense("time", "a time such as 07:30") from error


def _until_part(part: str, wanted: time) -> timedelta:
    """How much later a time of the first half of the day is in that part of it; two at night is after midnight."""
    if wanted.hour < _AFTER_MIDNIGHT.get(part, 0):
        return timedelta(days=1)
    is_pm = (part in {"evening", "night"} and wanted.hour <= 12) or (part == "afternoon" and wanted.hour < 12)
    return timedelta(hours=12 * is_pm)


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
    day = "today " if days == 0 else "tomorrow " if days == 1 else f"on {WEEKDAYS[at.weekday()]} "
    return f"{f'on {at:%Y-%m-%d} ' if days > 6 else day}at {at:%H:%M}"


def _nothing_rings() -> ActionError:
    return ActionError("nothing is ringing", hint="this stops an alarm or a timer while it rings")
