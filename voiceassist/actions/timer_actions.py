"""Commands about timers."""

from __future__ import annotations

from voiceassist.actions.registry import ActionCall, ActionRegistry
from voiceassist.actions.timers import RunningTimer, TimerService, spoken_duration
from voiceassist.domain import ActionOutcome, Parameter, ValueKind
from voiceassist.errors import ActionError


class TimerActions:
    """``timer.start``, ``timer.status``, ``timer.cancel``, ``timer.pause`` and ``timer.resume``."""

    def __init__(self, registry: ActionRegistry, timers: TimerService) -> None:
        self._registry = registry
        self._timers = timers
        name = Parameter("name", required=False)
        duration = Parameter("duration", ValueKind.NUMBER, description="seconds")
        registry.register("timer.start", self.start, duration, name, undo=True)
        registry.register("timer.status", self.status)
        registry.register("timer.cancel", self.cancel, undo=True)
        registry.register("timer.pause", self.pause, undo=True)
        registry.register("timer.resume", self.resume, undo=True)

    def start(self, call: ActionCall) -> ActionOutcome:
        """Starts a timer of ``duration`` seconds, called ``name`` where that is given."""
        duration_s = call.needed_number("duration")
        name = call.needed_text("name") if call.value("name") is not None else ""
        number = self._timers.start(duration_s, name)
        token = self._registry.remember(lambda: self._stop(number))
        return ActionOutcome(True, f"The {name and f'{name} '}timer for {spoken_duration(duration_s)} runs.", token)

    def status(self, _call: ActionCall) -> ActionOutcome:
        """Says how long each timer still has."""
        timers = (*self._timers.running(), *self._timers.paused())
        return ActionOutcome(True, " ".join(map(_standing, timers)) or "No timer is running.")

    def cancel(self, _call: ActionCall) -> ActionOutcome:
        """Stops the timer that was started last, also a paused one."""
        timers = self._timers.running() or self._timers.paused()
        newest = max(timers, key=lambda timer: timer.number, default=None)
        stopped = self._timers.cancel(newest.number) if newest else None
        if stopped is None:
            raise _none_runs()
        token = self._registry.remember(lambda: self._start_again(stopped))
        return ActionOutcome(True, f"{describe(stopped)} is cancelled.", token)

    def pause(self, _call: ActionCall) -> ActionOutcome:
        """Halts all timers."""
        halted = [timer for timer in self._timers.running() if self._timers.pause(timer.number)]
        if not halted:
            raise _none_runs()

        def go_on() -> str:
            return " ".join(self._go_on(timer) for timer in halted)

        return ActionOutcome(True, f"{_all_of(halted)} paused.", self._registry.remember(go_on))

    def resume(self, _call: ActionCall) -> ActionOutcome:
        """Lets all halted timers run on."""
        halted = self._timers.paused()
        if not halted:
            raise ActionError("no timer is paused", hint="say: pause the timer")
        told = " ".join(self._go_on(timer) for timer in halted)

        def halt() -> str:
            paused = [timer for timer in halted if self._timers.pause(timer.number)]
            if not paused:
                raise _is_over()
            return f"{_all_of(paused)} paused again."

        return ActionOutcome(True, told, self._registry.remember(halt))

    def _stop(self, number: int) -> str:
        timer = self._timers.cancel(number)
        if timer is None:
            raise _is_over()
        return f"{describe(timer)} is cancelled."

    def _start_again(self, timer: RunningTimer) -> str:
        self._timers.resume(timer)
        return f"The timer runs again. {_standing(timer)}"

    def _go_on(self, timer: RunningTimer) -> str:
        if not self._timers.unpause(timer.number):
            raise _is_over()
        return f"{describe(timer)} runs on."


def describe(timer: RunningTimer) -> str:
    """``The tea timer for 5 minutes``."""
    return f"The {timer.name and f'{timer.name} '}timer for {spoken_duration(timer.duration_s)}"


def _standing(timer: RunningTimer) -> str:
    paused = ", paused" if timer.paused else ""
    return f"{describe(timer)} has {spoken_duration(timer.left_s)} left{paused}."


def _all_of(timers: list[RunningTimer]) -> str:
    return f"{describe(timers[0])} is" if len(timers) == 1 else f"{len(timers)} timers are"


def _none_runs() -> ActionError:
    return ActionError("no timer is running", hint="start one, for example with: set a timer for ten minutes")


def _is_over() -> ActionError:
    return ActionError("that timer is not running any more", hint="there is nothing left to undo about it")
