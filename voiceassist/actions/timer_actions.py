"""Commands about timers and the stopwatch."""

from __future__ import annotations

from dataclasses import replace

from voiceassist.action_spec import ActionOutcome, Parameter, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.entry_actions import SELECTION, EntryActions, StopRinging, none_is_set, select
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.schedule_store import Entry
from voiceassist.actions.scheduler import Scheduler
from voiceassist.errors import ActionError
from voiceassist.i18n import joined, mark

_NAME = Parameter("name", required=False)
_DURATION = Parameter("duration", ValueKind.NUMBER, required=False, description="seconds, of which timer")


class TimerActions(EntryActions):
    """``timer.start``, ``timer.status``, ``timer.cancel``, ``timer.extend``, ``timer.pause`` and ``timer.resume``."""

    def __init__(
        self, registry: ActionRegistry, scheduler: Scheduler, stop_ringing: StopRinging = lambda _kind: ()
    ) -> None:
        super().__init__(registry, scheduler, stop_ringing)
        duration = Parameter("duration", ValueKind.NUMBER, description="seconds")
        registry.register("timer.start", self.start, duration, _NAME, undo=True)
        registry.register("timer.status", self.status, *SELECTION, _DURATION)
        registry.register("timer.cancel", self.cancel, *SELECTION, _DURATION, undo=True)
        registry.register("timer.pause", self.pause, *SELECTION, _DURATION, undo=True)
        more = Parameter("duration", ValueKind.NUMBER, description="seconds to add")
        registry.register("timer.extend", self.extend, more, *SELECTION[:2], undo=True)
        registry.register("timer.resume", self.resume, *SELECTION, _DURATION, undo=True)

    def start(self, call: ActionCall) -> ActionOutcome:
        """Starts a timer of ``duration`` seconds, called ``name`` if that is given."""
        duration_s = call.needed_number("duration")
        name = call.needed_text("name") if call.value("name") is not None else ""
        timer = self._scheduler.add_timer(duration_s, name)
        words = describe(timer)
        return self._added(
            timer, mark("{timer} runs.", timer=words), lambda: mark("{timer} is cancelled.", timer=words)
        )

    def status(self, call: ActionCall) -> ActionOutcome:
        """Says how long each timer still runs."""
        timers = select(self._scheduler.entries("timer"), call, "timer")
        return ActionOutcome(True, joined(map(self._remaining, timers)) or mark("No timer is running."))

    def cancel(self, call: ActionCall) -> ActionOutcome:
        """Cancels a timer: the selected one, else one that rings, else the newest."""

        def restored(timers: list[Entry]) -> str:
            return joined([mark("The timer runs again."), *map(self._remaining, map(self._stored, timers))])

        def cancelled(timers: list[Entry]) -> str:
            if len(timers) == 1:
                return mark("{timer} is cancelled.", timer=describe(timers[0]))
            return mark("{count} timers are cancelled.", count=len(timers))

        return self._cancel("timer", call, cancelled, restored, newest=True)

    def pause(self, call: ActionCall) -> ActionOutcome:
        """Pauses the timers."""
        timers = select(self._scheduler.entries("timer"), call, "timer")
        paused = [timer for timer in timers if self._scheduler.pause(timer)]
        if not paused and timers:
            raise ActionError(f"{_count(timers).lower()} paused already", hint="say: resume the timer")
        if not paused:
            raise none_is_set("timer")
        undo = self._registry.remember(lambda: joined(map(self._resume, paused)))
        if len(paused) == 1:
            return ActionOutcome(True, mark("{timer} is paused.", timer=describe(paused[0])), undo)
        return ActionOutcome(True, mark("{count} timers are paused.", count=len(paused)), undo)

    def extend(self, call: ActionCall) -> ActionOutcome:
        """Adds ``duration`` to a timer: the selected one, else the newest."""
        added_s = call.needed_number("duration")
        which = {key: call.value(key) for key in ("name", "number") if call.value(key) is not None}
        timers = select(self._scheduler.entries("timer"), ActionCall(call.name, which), "timer", newest=True)
        if not timers:
            raise none_is_set("timer")
        timer = timers[0]
        if not self._scheduler.extend(timer, added_s):
            raise _is_over()

        def take_back() -> str:
            if not self._scheduler.extend(self._stored(timer), -added_s):
                raise _is_over()
            return self._remaining(self._stored(timer))

        return ActionOutcome(True, self._remaining(self._stored(timer)), self._registry.remember(take_back))

    def resume(self, call: ActionCall) -> ActionOutcome:
        """Resumes the paused timers."""
        paused = [timer for timer in self._scheduler.entries("timer") if timer.state == "paused"]
        resumed = select(paused, call, "timer")
        if not resumed:
            raise ActionError(mark("no timer is paused"), hint=mark("say: pause the timer"))
        message = joined(map(self._resume, resumed))

        def pause() -> str:
            paused_again = [timer for timer in resumed if self._scheduler.pause(self._stored(timer))]
            if not paused_again:
                raise _is_over()
            if len(paused_again) == 1:
                return mark("{timer} is paused again.", timer=describe(paused_again[0]))
            return mark("{count} timers are paused again.", count=len(paused_again))

        return ActionOutcome(True, message, self._registry.remember(pause))

    def _stored(self, timer: Entry) -> Entry:
        """The current state of a timer; paused if it is over."""
        found = (entry for entry in self._scheduler.entries("timer") if entry.number == timer.number)
        return next(found, replace(timer, state="paused"))

    def _resume(self, timer: Entry) -> str:
        if not self._scheduler.resume(timer.number):
            raise _is_over()
        return mark("{timer} runs on.", timer=describe(timer))

    def _remaining(self, timer: Entry) -> str:
        left = spoken_duration(max(0.0, self._scheduler.left_s(timer)))
        words = (
            mark("{timer} has {left} left, paused.") if timer.state == "paused" else mark("{timer} has {left} left.")
        )
        return mark(words, timer=describe(timer), left=left)


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
        """Starts or resumes the stopwatch."""
        started_s, counted_s = self._store.stopwatch()
        if started_s is not None:
            counted = spoken_duration(self._counted_s())
            return ActionOutcome(True, mark("The stopwatch is running already, at {time}.", time=counted))
        return self._set(self._clocks.epoch_s(), counted_s, mark("The stopwatch runs."))

    def stop(self, _call: ActionCall) -> ActionOutcome:
        """Stops the stopwatch and says its time."""
        if self._store.stopwatch()[0] is None:
            raise ActionError(mark("the stopwatch is not running"), hint=mark("say: start the stopwatch"))
        counted_s = self._counted_s()
        return self._set(None, counted_s, mark("Stopped at {time}.", time=spoken_duration(counted_s)))

    def status(self, _call: ActionCall) -> ActionOutcome:
        """Says the time of the stopwatch."""
        runs = self._store.stopwatch()[0] is not None
        words = mark("The stopwatch shows {time}.") if runs else mark("The stopwatch shows {time}, stopped.")
        return ActionOutcome(True, mark(words, time=spoken_duration(self._counted_s())))

    def reset(self, _call: ActionCall) -> ActionOutcome:
        """Sets the stopwatch to zero."""
        return self._set(None, 0.0, mark("The stopwatch is at zero."))

    def _counted_s(self) -> float:
        started_s, counted_s = self._store.stopwatch()
        return counted_s + (0.0 if started_s is None else max(0.0, self._clocks.epoch_s() - started_s))

    def _set(self, started_s: float | None, counted_s: float, message: str) -> ActionOutcome:
        before = self._store.stopwatch()
        self._store.set_stopwatch(started_s, counted_s)

        def put_back() -> str:
            self._store.set_stopwatch(*before)
            return mark("The stopwatch is as it was.")

        return ActionOutcome(True, message, self._registry.remember(put_back))


def describe(timer: Entry) -> str:
    """``The tea timer for 5 minutes``."""
    duration = spoken_duration(timer.duration_s)
    if timer.name:
        return mark("The {name} timer for {duration}", name=timer.name, duration=duration)
    return mark("The timer for {duration}", duration=duration)


def _count(timers: list[Entry]) -> str:
    return f"{describe(timers[0])} is" if len(timers) == 1 else f"{len(timers)} timers are"


def _is_over() -> ActionError:
    return ActionError(mark("that timer is over"), hint=mark("ask: how much time is left on the timer"))
