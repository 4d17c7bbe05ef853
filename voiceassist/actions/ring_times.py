"""When alarms and reminders ring: times of day with days in words, dates or repeats, and how they are told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from voiceassist.actions.call import DAY_BEGINS_HOUR, ActionCall
from voiceassist.actions.clock import WEEKDAYS, read_day
from voiceassist.actions.schedule_store import Entry
from voiceassist.errors import ActionError
from voiceassist.i18n import mark
from voiceassist.open_time import OpenTime

REPEATS = {
    "daily": tuple(range(7)),
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    **{name.lower(): (day,) for day, name in enumerate(WEEKDAYS)},
}
_DEFAULT_TIMES = {"": time(9), "morning": time(9), "afternoon": time(2), "evening": time(7), "night": time(8)}
"""When a reminder without a time rings, for each part of the day, on a clock of twelve hours."""
_AFTER_MIDNIGHT = {"evening": 1, "night": 5}
"""Hours before this one are those after midnight: tonight at two, this evening at midnight."""
_WEEKDAYS = "|".join(WEEKDAYS).lower()
_DAY = re.compile(
    rf"(tomorrow|this|day after tomorrow|(?:next )?(?:{_WEEKDAYS}))(?: (morning|afternoon|evening|night))?"
)


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
        raise ActionError(mark("that names two days"), hint=mark("say one day only"))
    date = _date_of(call, day, now)
    wanted = _DEFAULT_TIMES[part]
    if call.value("time") is not None or not (date or days):
        wanted = _time_of_day(call)
        if isinstance(said := call.value("time"), OpenTime) and not part:
            not_next = days or day.capitalize() in WEEKDAYS or (date is None and call.value("half") == "morning")
            wanted = said.from_hour(first_hour) if not_next else said.on(date, now, first_hour)
    at = datetime.combine(date or now.date(), wanted) + _until_part(part, wanted)
    if day == "this" and at - now > timedelta(days=1):  # "tonight at two" after midnight
        at -= timedelta(days=1)
    if date and at <= now:
        if day.capitalize() not in WEEKDAYS:
            or_next = "" if day else f", or next {WEEKDAYS[at.weekday()].lower()}"  # a weekday is a date, too
            hint = f"say a later one{or_next}" if call.value("time") is not None else "say at what time"
            raise ActionError("that time has passed already", hint=hint)
        at += timedelta(days=7)
    while at <= now or (days and at.weekday() not in days):
        at += timedelta(days=1)
    return at


def entries_of_day(found: Sequence[Entry], call: ActionCall, now: datetime) -> Sequence[Entry]:
    """The entries that ring on the day that a call names, or all if it names none."""
    if days := repeat_days(call):
        return [entry for entry in found if entry.repeat_days == days]
    day, part = _named_day(call)
    date = _date_of(call, day, now)
    if date is None:
        return found
    if part and call.value("time") is not None:
        wanted = _time_of_day(call)
        at = datetime.combine(date, wanted) + _until_part(part, wanted)
        return [entry for entry in found if entry.due_local == at]
    return [entry for entry in found if entry.due_local is not None and entry.due_local.date() == date]


def repeat_days(call: ActionCall) -> tuple[int, ...]:
    """The weekdays of the slot ``repeat``; empty without it."""
    if call.value("repeat") is None:
        return ()
    repeat = call.needed_text("repeat")
    if repeat not in REPEATS:
        raise call.nonsense("repeat", "one of " + ", ".join(REPEATS))
    return REPEATS[repeat]


def _date_of(call: ActionCall, day: str, now: datetime) -> date | None:
    """The date of a named day, or of the slot ``date``; a weekday can be today."""
    if not day:
        return None if call.value("date") is None else read_day(call)
    ahead = {"this": 0, "tomorrow": 1, "day after tomorrow": 2}.get(day)
    if ahead is None:
        weekday = WEEKDAYS.index(day.removeprefix("next ").capitalize()) - now.weekday()
        ahead = weekday + 7 if day.startswith("next ") else weekday % 7  # next friday is that of the next week
    return now.date() + timedelta(days=ahead)


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
    found = _DAY.fullmatch(call.needed_text("day").replace("tonight", "this night").replace("today", "this"))
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
        words = {
            "daily": mark("every day at {time}"),
            "weekdays": mark("every weekday at {time}"),
            "weekends": mark("at weekends at {time}"),
        }.get(named, mark("every {day} at {time}"))
        return mark(words, day=WEEKDAYS[entry.repeat_days[0]], time=f"{at:%H:%M}")
    days = (at.date() - now.date()).days
    if days > 6:
        return mark("on {day} at {time}", day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}")
    words = {0: mark("today at {time}"), 1: mark("tomorrow at {time}")}.get(days, mark("on {day} at {time}"))
    return mark(words, day=WEEKDAYS[at.weekday()], time=f"{at:%H:%M}")
