"""Commands about timers and the stopwatch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from voiceassist.actions.call import ActionCall
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.schedule_store import Entry, Kind
from voiceassist.actions.scheduler import Scheduler
from voiceassist.actions.selection import SELECTION, says_which, select
from voiceassist.domain import ActionOutcome, Parameter, ValueKind
from voiceassist.errors import ActionError

NOT_RUNNING = " It rings while voiceassist is running."
_NAME = Parameter("name", required=False)
_DURATION = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds, of which timer")


class TimerActions:
    """``timer.start``, ``timer.status``, ``timer.cancel``, ``timer.pause`` and ``timer.resume``."""

    def __init__(
        self,
        registry: ActionRegistry,
        scheduler: Scheduler,
        stop_ringing: Callable[[Kind], Sequence[Entry]] = lambda _kind: (),
    ) -> None:
        self._registry = registry
        self._scheduler = scheduler
        self._stop_ringing = stop_ringing
        duration = Parameter("duration", ValueKind.NUMBER, description="seconds")
        registry.register("timer.start", self.start, duration, _NAME, undo=True)
        registry.register("timer.status", self.status, *SELECTION, _DURATION)
        registry.register("timer.cancel", self.cancel, *SELECTION, _DURATION, undo=True)
        registry.register("timer.pause", self.pause, *SELECTION, _DURATION, undo=True)
        registry.register("timer.resume", self.resume, *SELECTION, _DURATION, undo=True)

    def start(self, call: ActionCall) -> ActionOutcome:
        """Starts a timer of ``duration`` seconds, called ``name`` where that is given."""
        duration_s = call.needed_number("duration")
        name = call.needed_text("name") if call.value("name") is not None else ""
        timer = self._scheduler.add_timer(duration_s, name)
        token = self._registry.remember(lambda: f"{describe(self._dropped(timer))} is cancelled.")
        note = "" if self._scheduler.rings else NOT_RUNNING
        return ActionOutcome(True, f"{describe(timer)} runs.{note}", token)

    def status(self, call: ActionCall) -> ActionOutcome:
        """Says how long each timer still has."""
        timers = select(self._scheduler.entries("timer"), call, "timer")
        return ActionOutcome(True, " ".join(map(self._standing, timers)) or "No timer is running.")

    def cancel(self, call: ActionCall) -> ActionOutcome:
        """Stops a timer: the one that is named, else one that rings, else the one that was started last."""
        if not says_which(call) and self._stop_ringing("timer"):
            return ActionOutcome(True, "Stopped.")
        timers = select(self._scheduler.entries("timer"), call, "timer", newest=True)
        stopped = [found for timer in timers if (found := self._scheduler.cancel(timer.number)) is not None]
        if not stopped:
            raise _none_runs()

        def start_again() -> str:
            for timer in stopped:
                self._scheduler.restore(timer)
            return "The timer runs again. " + " ".join(map(self._standing, map(self._now, stopped)))

        told = f"{describe(stopped[0])} is" if len(stopped) == 1 else f"{len(stopped)} timers are"
        return ActionOutcome(True, f"{told} cancelled.", self._registry.remember(start_again))

    def pause(self, call: ActionCall) -> ActionOutcome:
        """Halts the timers."""
        timers = select(self._scheduler.entries("timer"), call, "timer")
        halted = [timer for timer in timers if self._scheduler.pause(timer)]
        if not halted:
            raise _none_runs()

        def go_on() -> str:
            return " ".join(self._go_on(timer) for timer in halted)

        return ActionOutcome(True, f"{_all_of(halted)} paused.", self._registry.remember(go_on))

    def resume(self, call: ActionCall) -> ActionOutcome:
        """Lets the halted timers run on."""
        paused = [timer for timer in self._scheduler.entries("timer") if timer.state == "paused"]
        halted = select(paused, call, "timer")
        if not halted:
            raise ActionError("no timer is paused", hint="say: pause the timer")
        told = " ".join(self._go_on(timer) for timer in halted)

        def halt() -> str:
            paused_again = [timer for timer in halted if self._scheduler.pause(self._now(timer))]
            if not paused_again:
                raise _is_over()
            return f"{_all_of(paused_again)} paused again."

        return ActionOutcome(True, told, self._registry.remember(halt))

    def _dropped(self, timer: Entry) -> Entry:
        found = self._scheduler.cancel(timer.number)
        if found is None:
            raise _is_over()
        return found

    def _now(self, timer: Entry) -> Entry:
        """The timer as it stands in the store."""
        found = (entry for entry in self._scheduler.entries("timer") if entry.number == timer.number)
        return next(found, replace(timer, state="paused"))

    def _go_on(self, timer: Entry) -> str:
        if not self._scheduler.resume(timer.number):
            raise _is_over()
        return f"{describe(timer)} runs on."

    def _standing(self, timer: Entry) -> str:
        left = spoken_duration(max(0.0, self._scheduler.left_s(timer)))
        return f"{describe(timer)} has {left} left{', paused' if timer.state == 'paused' else ''}."


class StopwatchActions:
    """``stopwatch.start``, ``stopwatch.stop``, ``stopwatch.status`` and ``stopwatch.reset``."""

    def __init__(self, registry: ActionRegistry, scheduler: Scheduler) -> None:
        self._store = scheduler.store
        self._clocks = scheduler.clocks
        self._registry = registry
        registry.register("stopwatch.start", self.start, undo=True)
        registry.register("stopwatch.stop", self.stop, undo=True)
        registry.register("stopwatch.status", self.status)
        registry.register("stopwatch.reset", self.reset, undo=True)

    def start(self, _call: ActionCall) -> ActionOutcome:
        """Starts the stopwatch, or lets it run on."""
        started_s, counted_s = self._store.stopwatch()
        if started_s is not None:
            return ActionOutcome(True, f"The stopwatch runs already, at {spoken_duration(self._counted_s())}.")
        return self._set(self._clocks.epoch_s(), counted_s, "The stopwatch runs.")

    def stop(self, _call: ActionCall) -> ActionOutcome:
        """Stops the stopwatch and says what it counted."""
        if self._store.stopwatch()[0] is None:
            raise ActionError("the stopwatch does not run", hint="say: start the stopwatch")
        counted_s = self._counted_s()
        return self._set(None, counted_s, f"Stopped at {spoken_duration(counted_s)}.")

    def status(self, _call: ActionCall) -> ActionOutcome:
        """Says what the stopwatch shows."""
        running = "" if self._store.stopwatch()[0] is not None else ", stopped"
        return ActionOutcome(True, f"The stopwatch shows {spoken_duration(self._counted_s())}{running}.")

    def reset(self, _call: ActionCall) -> ActionOutcome:
        """Sets the stopwatch to zero."""
        return self._set(None, 0.0, "The stopwatch is at zero.")

    def _counted_s(self) -> float:
        started_s, counted_s = self._store.stopwatch()
        return counted_s + (0.0 if started_s is None else max(0.0, self._clocks.epoch_s() - started_s))

    def _set(self, started_s: float | None, counted_s: float, told: str) -> ActionOutcome:
        before = self._store.stopwatch()
        self._store.set_stopwatch(started_s, counted_s)

        def put_back() -> str:
            self._store.set_stopwatch(*before)
            return "The stopwatch is as it was."

        return ActionOutcome(True, told, self._registry.remember(put_back))


def describe(timer: Entry) -> str:
    """``The tea timer for 5 minutes``."""
    return f"The {timer.name and f'{timer.name} '}timer for {spoken_duration(timer.duration_s)}"


def _all_of(timers: list[Entry]) -> str:
    return f"{describe(timers[0])} is" if len(timers) == 1 else f"{len(timers)} timers are"


def _none_runs() -> ActionError:
    return ActionError("no timer is running", hint="start one, for example with: set a timer for ten minutes")


def _is_over() -> ActionError:
    return ActionError("that timer is not running any more", hint="there is nothing left to undo about it")
