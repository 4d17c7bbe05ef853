"""Times of day that leave open which half of the day is meant: ``five`` is 05:00 or 17:00."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

_HALF_A_DAY = timedelta(hours=12)


class OpenTime(str):
    """A time of day as ``HH:MM``, said without ``a m``, ``in the evening`` or the like.

    It is a text, so that it can be stored, compared and printed as any other time; what needs a point in time chooses
    between it and `also`.
    """

    __slots__ = ()

    @property
    def also(self) -> str:
        """The other time that the words can mean, twelve hours away."""
        hour, _, minute = self.partition(":")
        return f"{(int(hour) + 12) % 24:02d}:{minute}"

    def after(self, now: datetime) -> datetime:
        """The first of the two that comes after ``now``, at most twelve hours away on the clock."""
        moment = datetime.combine(now, time.fromisoformat(self))
        return moment + _HALF_A_DAY * ((now - moment) // _HALF_A_DAY + 1)

    def on(self, day: date | None, now: datetime, first_hour: int) -> time:
        """The one that is meant: today, or without a day, the next; on another day the one from ``first_hour`` on."""
        following = self.after(now)
        return following.time() if day is None or following.date() == day == now.date() else self.from_hour(first_hour)

    def from_hour(self, hour: int) -> time:
        """The one of the two that is within the twelve hours from ``hour`` on."""
        own = time.fromisoformat(self)
        return own if (own.hour - hour) % 24 < 12 else time.fromisoformat(self.also)
