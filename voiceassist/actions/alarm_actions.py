"""Commands about alarms and reminders, and about what is ringing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from voiceassist.action_spec import ActionOutcome, Parameter, ValueKind
from voiceassist.actions.call import DAY_BEGINS_HOUR, ActionCall
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.entry_actions import SELECTION, EntryActions, StopRinging, none_is_set, select
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.ring_times import REPEATS, entries_of_day, next_time, repeat_days, spoken_time
from voiceassist.actions.ringer import SNOOZE_S, Ringer
from voiceassist.actions.schedule_store import Entry, Kind
from voiceassist.actions.scheduler import MAX_DURATION_S, MIN_DURATION_S, Scheduler
from voiceassist.errors import ActionError
from voiceassist.i18n import capitalized, joined, mark

MAX_AHEAD_S = 1000 * 24 * 3600.0
"""Reminders after a longer time are refused."""
MAX_NAMED = 3
"""Up to so many entries that were cancelled are told one by one."""
_SET_AGAIN: dict[tuple[Kind, bool], str] = {
    ("alarm", True): mark("The alarm is set again."),
    ("alarm", False): mark("The alarms are set again."),
    ("reminder", True): mark("The reminder is set again."),
    ("reminder", False): mark("The reminders are set again."),
}
"""What undo says, by kind and whether it is the only one."""
_FIRST_HOURS: dict[Kind, int] = {"alarm": 4, "reminder": DAY_BEGINS_HOUR}
"""On a day that is not today, ``at five`` is the one of 05:00 and 17:00 in the twelve hours from this hour on: one is
woken in the morning, and reminded while awake."""
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
        half = Parameter("half", required=False, choices=("morning",), description="not in the afternoon, unless said")
        registry.register("alarm.set", self.set, needed_time, name, *_WHEN, half, undo=True)
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
            return self._set("reminder", *_with_date(call, text, self._scheduler.clocks.local()))
        if MAX_DURATION_S < duration_s <= MAX_AHEAD_S:  # in two days is at the same time of day
            at = self._scheduler.clocks.local().replace(microsecond=0) + timedelta(seconds=duration_s)
            entry = self._scheduler.add_at("reminder", at, text)
            return self._set_entry(entry, _reminds(self._when(entry), text))
        entry = self._scheduler.add_timer(duration_s, text, "reminder")
        return self._set_entry(entry, _reminds(mark("in {duration}", duration=spoken_duration(duration_s)), text))

    def change(self, call: ActionCall) -> ActionOutcome:
        """Moves the only alarm to another ``time``; a repeating one keeps its days unless others are given."""
        alarms = self._scheduler.entries("alarm")
        if not alarms:
            raise none_is_set("alarm")
        if len(alarms) > 1:
            raise ActionError(f"{len(alarms)} alarms are set", hint="cancel one of them, and set another")
        before, now = alarms[0], self._scheduler.clocks.local()
        is_on_a_day = any(call.value(key) is not None for key in ("date", "day"))
        days = repeat_days(call) or (() if is_on_a_day else before.repeat_days)
        after = self._scheduler.add_at("alarm", next_time(call, now, days, _FIRST_HOURS["alarm"]), before.name, days)
        self._scheduler.cancel(before.number)

        def change_back() -> str:
            if self._scheduler.cancel(after.number) is None:
                raise ActionError(mark("that alarm is not set any more"), hint=mark("it has rung, or was cancelled"))
            self._scheduler.restore(before)
            return _rings(self._when(before))

        return ActionOutcome(True, _rings(self._when(after)), self._registry.remember(change_back))

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
        days = repeat_days(call)
        at = next_time(call, now, days, _FIRST_HOURS[kind])
        entry = self._scheduler.add_at(kind, at, name, days)
        when = self._when(entry)
        return self._set_entry(entry, _rings(when) if kind == "alarm" else _reminds(when, name))

    def _set_entry(self, entry: Entry, message: str) -> ActionOutcome:
        return self._added(entry, message, lambda: self._off([entry]))

    def _off(self, removed: Sequence[Entry]) -> str:
        """Says which entries of a kind ring no more; of many only how many."""
        count, times, is_alarm = len(removed), list(map(self._when, removed)), removed[0].kind == "alarm"
        if count == 1 and is_alarm:
            return mark("The alarm {when} is off.", when=times[0])
        if count == 1:
            return mark("The reminder {when} is off: {text}", when=times[0], text=removed[0].name)
        if count > MAX_NAMED:
            return mark(
                mark("{count} alarms are off.") if is_alarm else mark("{count} reminders are off."), count=count
            )
        words = mark("The alarms {times} are off.") if is_alarm else mark("The reminders {times} are off.")
        return mark(words, times=_listed(times))

    def _status(self, kind: Kind, call: ActionCall) -> ActionOutcome:
        entries = select(self._entries(kind, call), call, kind)
        times = list(map(self._when, entries))
        if not times:
            return ActionOutcome(True, mark("No alarm is set.") if kind == "alarm" else mark("No reminder is set."))
        if kind == "alarm" and len(times) == 1:
            return ActionOutcome(True, mark("An alarm rings {when}.", when=times[0]))
        if kind == "alarm":
            words = mark("{count} alarms are set: {times}.", count=len(times), times=_listed(times))
            return ActionOutcome(True, words)
        told = (
            mark("{when}: {text}.", when=capitalized(when), text=entry.name)
            for when, entry in zip(times, entries, strict=True)
        )
        return ActionOutcome(True, joined(told))

    def _cancel_kind(self, kind: Kind, call: ActionCall) -> ActionOutcome:
        return self._cancel(
            kind,
            call,
            self._off,
            lambda removed: _SET_AGAIN[kind, len(removed) == 1],
        )

    def _entries(self, kind: Kind, call: ActionCall) -> Sequence[Entry]:
        """The entries of the day that a call names, or all."""
        return entries_of_day(self._scheduler.entries(kind), call, self._scheduler.clocks.local())

    def _when(self, entry: Entry) -> str:
        if entry.due_local is None:
            return mark("in {duration}", duration=spoken_duration(max(0.0, self._scheduler.left_s(entry))))
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
        return ActionOutcome(True, mark("Stopped."))

    def snooze(self, call: ActionCall) -> ActionOutcome:
        """Stops what is ringing; it rings again after five minutes or ``duration``."""
        duration_s = call.number("duration")
        after_s = SNOOZE_S if duration_s is None else duration_s
        if not MIN_DURATION_S <= after_s <= MAX_DURATION_S:
            raise call.nonsense("duration", "one second to 24 hours")
        if not self._ringer.snooze(after_s):
            raise _nothing_rings()
        return ActionOutcome(True, mark("It rings again in {duration}.", duration=spoken_duration(after_s)))


def _rings(when: str) -> str:
    return mark("The alarm rings {when}.", when=when)


def _reminds(when: str, text: str) -> str:
    return mark("I remind you {when}: {text}", when=when, text=text)


def _listed(times: Sequence[str]) -> str:
    return mark("{first} and {last}", first=joined(times[:-1], ", "), last=times[-1]) if times[1:] else times[0]


def _with_date(call: ActionCall, text: str, now: datetime) -> tuple[ActionCall, str]:
    """The call and its text without a date: in ``pay the rent on the first of may at noon`` it is free text."""
    from voiceassist.grammar.language.numbers import read_number  # noqa: PLC0415 - only reminders need them
    from voiceassist.grammar.language.text_normalization import normalize  # noqa: PLC0415
    from voiceassist.grammar.values.dates import read_date  # noqa: PLC0415

    what, _, date = text.rpartition(" on ")
    words = normalize(date)
    is_dated = any(call.value(key) is not None for key in ("date", "day", "repeat"))
    if not what or is_dated or read_number(words) is not None:  # "put the oven on five" is no date
        return call, text
    try:
        slots = {**call.slots, "date": read_date(words, now.date())}
    except (ValueError, IndexError):
        return call, text
    return replace(call, slots=slots), what


def _nothing_rings() -> ActionError:
    return ActionError(mark("nothing is ringing"), hint=mark("this stops an alarm or a timer while it rings"))
