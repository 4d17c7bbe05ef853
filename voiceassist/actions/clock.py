"""Time, date, weekday and week number, in English whatever the system language is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from voiceassist.action_spec import ActionOutcome, Parameter
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.i18n import mark

# Not strftime: Qt switches the C library to the user's language, and the commands are English.
WEEKDAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
_MONTHS = (
    mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"),
    mark("July"), mark("August"), mark("September"), mark("October"), mark("November"), mark("December"),
)  # fmt: skip


def register_clock(registry: ActionRegistry, now: Callable[[], datetime]) -> None:
    """Adds ``clock.time``, ``clock.date``, ``clock.weekday`` (of ``date``), ``clock.days_until`` and ``clock.week``."""

    def tell_time(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, mark("It is {time}.", time=f"{now():%H:%M}"))

    def tell_date(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, mark("Today is {date}.", date=spoken_date(now().date())))

    def tell_weekday(call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, mark("That is {date}.", date=spoken_date(read_day(call))))

    def tell_days_until(call: ActionCall) -> ActionOutcome:
        date = read_day(call)
        days, day = (date - now().date()).days, spoken_date(date)
        if days == 0:
            return ActionOutcome(True, mark("{date} is today.", date=day))
        count = mark("1 day") if abs(days) == 1 else mark("{count} days", count=abs(days))
        words = mark("It is {days} until {date}.") if days > 0 else mark("{date} was {days} ago.")
        return ActionOutcome(True, mark(words, days=count, date=day))

    def tell_week(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, mark("This is week {number}.", number=now().isocalendar().week))

    day = Parameter("date", description="as 2026-03-09")
    registry.register("clock.time", tell_time, description="Tells the time.")
    registry.register("clock.date", tell_date, description="Tells the date.")
    registry.register("clock.weekday", tell_weekday, day, description="Tells which day of the week a date is.")
    registry.register(
        "clock.days_until", tell_days_until, day, description="Tells how many days it is until or since a date."
    )
    registry.register("clock.week", tell_week, description="Tells the number of the week.")


def spoken_date(day: date) -> str:
    """``Monday, 9 March 2026``."""
    return mark(
        "{weekday}, {day} {month} {year}",
        weekday=WEEKDAYS[day.weekday()],
        day=day.day,
        month=_MONTHS[day.month - 1],
        year=day.year,
    )


def read_day(call: ActionCall) -> date:
    """The slot ``date``, written ``2026-03-09``.

    Raises:
        ActionError: it is not a date.
    """
    try:
        return date.fromisoformat(call.needed_text("date"))
    except ValueError as error:
        raise call.nonsense("date", "a day such as 2026-03-09") from error
