"""The actions that come with voiceassist, and the registry that holds them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from voiceassist.actions.applications import Application, register_open
from voiceassist.actions.desktop import Desktop, current_desktop
from voiceassist.actions.registry import ActionCall, ActionRegistry
from voiceassist.actions.timers import RunningTimer, TimerService, spoken_duration
from voiceassist.actions.volume import VolumeActions
from voiceassist.domain import ActionOutcome
from voiceassist.errors import ActionError

# Not strftime: Qt switches the C library to the user's language, and the commands are English.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def default_registry(
    announce: Callable[[str], None],
    *,
    desktop: Desktop | None = None,
    now: Callable[[], datetime] | None = None,
) -> ActionRegistry:
    """All built-in actions on this machine.

    Args:
        announce: told when a timer rings. Thread: called on the timer's thread.
        desktop: the machine's applications and mixer; this machine's own where it is not given.
        now: the wall clock.
    """
    registry = ActionRegistry()
    desktop = desktop or current_desktop()
    registry.own(desktop.close)
    register_open(registry, desktop.applications, desktop.launch)
    VolumeActions(registry, desktop.mixer)
    timers = TimerService(announce)
    registry.own(timers.close)
    TimerActions(registry, timers)
    _register_clock(registry, now or _local_now)
    registry.register("undo", lambda _call: registry.undo_last())
    return registry


def installed_applications() -> list[Application]:
    """The applications that ``app.open`` can start, by name."""
    return current_desktop().applications()


class TimerActions:
    """``timer.start``, ``timer.status`` and ``timer.cancel``."""

    def __init__(self, registry: ActionRegistry, timers: TimerService) -> None:
        self._registry = registry
        self._timers = timers
        registry.register("timer.start", self.start)
        registry.register("timer.status", self.status)
        registry.register("timer.cancel", self.cancel)

    def start(self, call: ActionCall) -> ActionOutcome:
        """Starts a timer of ``duration`` seconds."""
        duration_s = call.needed_number("duration")
        number = self._timers.start(duration_s)
        token = self._registry.remember(lambda: self._stop(number))
        return ActionOutcome(True, f"The timer for {spoken_duration(duration_s)} runs.", token)

    def status(self, _call: ActionCall) -> ActionOutcome:
        """Says how long each timer still has."""
        timers = self._timers.running()
        return ActionOutcome(True, " ".join(map(_standing, timers)) or "No timer is running.")

    def cancel(self, _call: ActionCall) -> ActionOutcome:
        """Stops the timer that was started last."""
        newest = max(self._timers.running(), key=lambda timer: timer.number, default=None)
        stopped = self._timers.cancel(newest.number) if newest else None
        if stopped is None:
            raise ActionError("no timer is running", hint="start one, for example with: set a timer for ten minutes")
        token = self._registry.remember(lambda: self._resume(stopped))
        return ActionOutcome(True, f"The timer for {spoken_duration(stopped.duration_s)} is cancelled.", token)

    def _stop(self, number: int) -> str:
        timer = self._timers.cancel(number)
        if timer is None:
            raise ActionError("that timer is not running any more", hint="there is nothing left to undo about it")
        return f"The timer for {spoken_duration(timer.duration_s)} is cancelled."

    def _resume(self, timer: RunningTimer) -> str:
        self._timers.resume(timer)
        return f"The timer runs again. {_standing(timer)}"


def _standing(timer: RunningTimer) -> str:
    return f"The timer for {spoken_duration(timer.duration_s)} has {spoken_duration(timer.left_s)} left."


def _register_clock(registry: ActionRegistry, now: Callable[[], datetime]) -> None:
    def tell_time(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, f"It is {now():%H:%M}.")

    def tell_date(_call: ActionCall) -> ActionOutcome:
        today = now()
        weekday, month = _WEEKDAYS[today.weekday()], _MONTHS[today.month - 1]
        return ActionOutcome(True, f"Today is {weekday}, {today.day} {month} {today.year}.")

    registry.register("clock.time", tell_time)
    registry.register("clock.date", tell_date)


def _local_now() -> datetime:
    return datetime.now(tz=UTC).astimezone()
