"""Selection of one of several timers, alarms or reminders by name, number, duration or time."""

from __future__ import annotations

from collections.abc import Sequence

from voiceassist.actions.applications import words_of
from voiceassist.actions.call import ActionCall
from voiceassist.actions.schedule_store import Entry
from voiceassist.domain import Parameter, ValueKind
from voiceassist.errors import ActionError

SELECTION = (
    Parameter("name", required=False, description="which one, by its name or by words of it"),
    Parameter("number", ValueKind.NUMBER, required=False, description="which one, counted as they are told"),
    Parameter("all", ValueKind.FLAG, required=False, description="all of them"),
)


def says_which(call: ActionCall) -> bool:
    """Whether a call names one of several, or all."""
    return any(call.value(key) is not None for key in ("name", "number", "all", "duration", "time"))


def select(entries: Sequence[Entry], call: ActionCall, what: str, *, newest: bool = False) -> list[Entry]:
    """The entries that a call means by ``name``, ``number``, ``duration`` or ``time``.

    Args:
        entries: as they are told, the next to ring first.
        call: of the action.
        what: what the user calls one of them.
        newest: where nothing says which, the one made last is meant, otherwise all are.

    Raises:
        ActionError: one is named that is not there.
    """
    found = list(entries)
    said = ""
    if call.value("name") is not None:
        said = call.needed_text("name")
        wanted = words_of(said)
        found = [entry for entry in found if words_of(entry.name) == wanted] or [
            entry for entry in found if wanted and set(wanted.split()) <= set(words_of(entry.name).split())
        ]
    if what == "timer" and call.value("duration") is not None:
        duration_s = call.needed_number("duration")
        said = f"{said} {duration_s:g} s".strip()
        found = [entry for entry in found if round(entry.duration_s) == round(duration_s)]
    if what != "timer" and call.value("time") is not None:
        time = call.needed_text("time")
        said = f"{said} {time}".strip()
        found = [entry for entry in found if _matches(entry, time)]
    number = call.number("number")
    if number is not None:
        said = f"{said} {number:g}".strip()
        found = found[int(number) - 1 : int(number)] if number >= 1 else []
    if said and not found:
        raise ActionError(f"there is no {what} {said}", hint=f"say: which {what}s are set")
    if newest and not said and not call.flag("all"):
        return sorted(found, key=lambda entry: entry.number)[-1:]
    return found


def _matches(entry: Entry, time: str) -> bool:
    """Whether an alarm is for a clock time; seven may be meant for nineteen hours."""
    if entry.due_local is None:
        return False
    hour, _, minute = time.partition(":")
    if not (hour.isdigit() and minute.isdigit()):
        return False
    same_hour = entry.due_local.hour == int(hour) or (int(hour) < 12 and entry.due_local.hour == int(hour) + 12)
    return same_hour and entry.due_local.minute == int(minute)
