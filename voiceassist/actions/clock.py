"""Time, date, weekday and week number, in English whatever the system language is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from voiceassist.action_spec import ActionOutcome, Parameter
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry

# Not strftime: Qt switches the C library to the user's language, and the commands are English.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def register_clock(registry: ActionRegistry, now: Callable[[], datetime]) -> None:
    """Adds ``clock.time``, ``clock.date``, ``clock.weekday`` (of ``date``), ``clock.days_until`` and ``clock.week``."""

    def tell_time(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, f"It is {now():%H:%M}.")

    def tell_date(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, f"Today is {spoken_date(now().date())}.")

    def tell_weekday(call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, f"That is {spoken_date(read_day(call))}.")

    def tell_days_until(call: ActionCall) -> ActionOutcome:
        date = read_day(call)
        days, day = (date - now().date()).days, spoken_date(date)
        if days == 0:
            return ActionOutcome(True, f"{day} is today.")
        count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
        return ActionOutcome(True, f"It is {count} until {day}." if days > 0 else f"{day} was {count} ago.")

    def tell_week(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, f"This is week {now().isocalendar().week}.")

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
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def read_day(call: ActionCall) -> date:
    """The slot ``date``, written ``2026-03-09``.

    Raises:
        ActionError: it is not a date.
    """
    try:
        return date.fromisoformat(call.needed_text("date"))
    except ValueError as error:
        raise call.nonsense("date", "a day such as 2026-03-09") from error
