"""Actions that timers, alarms and reminders share: selecting entries of the schedule, adding and cancelling them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voiceassist.action_spec import ActionOutcome, Parameter, ValueKind
from voiceassist.actions.applications import words_of
from voiceassist.actions.call import ActionCall
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.schedule_store import Entry, Kind
from voiceassist.actions.scheduler import Scheduler
from voiceassist.errors import ActionError
from voiceassist.i18n import joined, mark
from voiceassist.open_time import OpenTime

StopRinging = Callable[[Kind], Sequence[Entry]]
_NONE_SET: dict[Kind, tuple[str, str]] = {
    "timer": (mark("no timer is running"), "set a timer for ten minutes"),
    "alarm": (mark("no alarm is set"), "set an alarm for seven thirty"),
    "reminder": (mark("no reminder is set"), "remind me in ten minutes to call ann"),
}
"""The error for each kind, and a command that sets one."""
_QUESTIONS: dict[Kind, str] = {
    "timer": "how much time is left",
    "alarm": "which alarms are set",
    "reminder": "which reminders are set",
}
"""The command that lists the entries of each kind."""

SELECTION = (
    Parameter("name", required=False, description="which one, by its name or by words of it"),
    Parameter(
        "number",
        ValueKind.NUMBER,
        required=False,
        description="which one, in the order in which they are listed",
    ),
    Parameter("all", ValueKind.FLAG, required=False, description="all of them"),
)


class EntryActions:
    """Base of the actions for one or several kinds of entries.

    Args:
        registry: keeps what undoes an action.
        scheduler: has the entries.
        stop_ringing: ends everything of a kind that rings, and returns it.
    """

    def __init__(
        self,
        registry: ActionRegistry,
        scheduler: Scheduler,
        stop_ringing: StopRinging,
    ) -> None:
        self._registry = registry
        self._scheduler = scheduler
        self._stop_ringing = stop_ringing

    def _entries(self, kind: Kind, _call: ActionCall) -> Sequence[Entry]:
        """The entries of which a call selects some."""
        return self._scheduler.entries(kind)

    def _added(self, entry: Entry, message: str, undone: Callable[[], str]) -> ActionOutcome:
        """The outcome for a new entry; undo cancels it and answers with ``undone``."""

        def cancel() -> str:
            if self._scheduler.cancel(entry.number) is None:
                raise ActionError(f"that {entry.kind} is not set any more", hint="it has rung, or was cancelled")
            return undone()

        if not self._scheduler.rings:
            more = mark("It rings while voiceassist is running.")
            message = joined([message, more], " " if message.endswith(".") else ". ")
        return ActionOutcome(True, message, self._registry.remember(cancel))

    def _cancel(
        self,
        kind: Kind,
        call: ActionCall,
        cancelled: Callable[[list[Entry]], str],
        restored: Callable[[list[Entry]], str],
        *,
        newest: bool = False,
    ) -> ActionOutcome:
        """Stop what rings, or cancel the selected entries; undo restores them."""
        is_all = call.flag("all")
        stopped = self._stop_ringing(kind) if is_all or not is_selective(call) else ()
        if stopped and not (is_all and self._scheduler.entries(kind)):
            return ActionOutcome(True, mark("Stopped."))
        selected = select(self._entries(kind, call), call, kind, newest=newest)
        removed = [found for entry in selected if (found := self._scheduler.cancel(entry.number)) is not None]
        if not removed:
            raise none_is_set(kind)

        def restore() -> str:
            for entry in removed:
                self._scheduler.restore(entry)
            return restored(removed)

        return ActionOutcome(True, cancelled(removed), self._registry.remember(restore))


def none_is_set(kind: Kind) -> ActionError:
    """The error for a command about entries of a kind of which there are none."""
    message, example = _NONE_SET[kind]
    return ActionError(message, hint=mark("set one, for example with: {example}", example=example))


def is_selective(call: ActionCall) -> bool:
    """Whether a call says which entries it means, or that it means all."""
    return any(call.value(key) is not None for key in ("name", "number", "all", "duration", "time"))


def select(entries: Sequence[Entry], call: ActionCall, kind: Kind, *, newest: bool = False) -> list[Entry]:
    """The entries that a call selects by ``name``, ``number``, ``duration`` or ``time``.

    The entries are given in the order in which they are listed, the next to ring first. A call that does not select
    any means the ``newest``, or all.

    Raises:
        ActionError: there is no such entry.
    """
    found, wanted = list(entries), list[str]()
    if call.value("name") is not None:
        name = words_of(call.needed_text("name"))
        wanted.append(f"{'about' if kind == 'reminder' else 'called'} {call.needed_text('name')}")
        found = [entry for entry in found if words_of(entry.name) == name] or [
            entry for entry in found if name and set(name.split()) <= set(words_of(entry.name).split())
        ]
    if kind == "timer" and call.value("duration") is not None:
        duration_s = call.needed_number("duration")
        wanted.append(f"of {spoken_duration(duration_s)}")
        found = [entry for entry in found if round(entry.duration_s) == round(duration_s)]
    if kind != "timer" and (time := call.value("time")) is not None:
        times = [call.needed_text("time"), *([time.also] if isinstance(time, OpenTime) else [])]
        wanted.append(f"at {' or '.join(times)}")
        found = [entry for entry in found if _clock(entry) in times]
        # Of five in the morning and five in the afternoon, the next one is meant.
        found = [entry for entry in found if _clock(entry) == _clock(found[0])]
    if (number := call.number("number")) is not None:
        wanted.append(f"number {number:g}")
        found = found[int(number) - 1 : int(number)] if number >= 1 else []
    if wanted and not found:
        raise ActionError(f"there is no {kind} {' '.join(wanted)}", hint=f"ask: {_QUESTIONS[kind]}")
    if newest and not wanted and not call.flag("all"):
        return sorted(found, key=lambda entry: entry.number)[-1:]
    return found


def _clock(entry: Entry) -> str:
    """The time of day at which an entry rings, such as ``07:00``; empty for one that rings after a duration."""
    return "" if entry.due_local is None else f"{entry.due_local:%H:%M}"
