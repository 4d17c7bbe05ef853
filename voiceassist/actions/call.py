"""The arguments of an action: slots of the sentence, and arguments of the command file."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from voiceassist.actions.clocks import local_now
from voiceassist.errors import ActionError
from voiceassist.open_time import OpenTime

DAY_BEGINS_HOUR = 7
"""On a named day, five is 17:00, for it is between 7:00 and 18:59."""
_MAX_NUMBER = sys.float_info.max


@dataclass(frozen=True, slots=True)
class ActionCall:
    """A call of an action. A slot takes precedence over an argument of the same name.

    Attributes:
        name: of the action, for example ``volume.set``.
        arguments: fixed values of the command file.
        slots: values from the sentence.
        now: the local time of the call.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)
    now: datetime = field(default_factory=local_now, compare=False)

    @property
    def definite_slots(self) -> Mapping[str, Any]:
        """The slots for the texts of a command file: ``at five`` is the next of 05:00 and 17:00.

        Where the sentence has a date, too, it is the one between 7:00 and 18:59.
        """
        day, now = next(filter(None, map(_date, self.slots.values())), None), self.now.replace(tzinfo=None)
        return {
            name: f"{value.on(day, now, DAY_BEGINS_HOUR):%H:%M}" if isinstance(value, OpenTime) else value
            for name, value in self.slots.items()
        }

    def value(self, key: str) -> Any:
        """The slot of that name, else the argument, else ``None``."""
        return self.slots.get(key, self.arguments.get(key))

    def number(self, key: str) -> float | None:
        """A finite number, or ``None`` if it was not given.

        Raises:
            ActionError: the value is of another kind.
        """
        value = self.value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not -_MAX_NUMBER <= value <= _MAX_NUMBER:
            raise self.nonsense(key, "a number")
        return float(value)

    def needed_number(self, key: str) -> float:
        """A finite number.

        Raises:
            ActionError: the value is missing or of another kind.
        """
        number = self.number(key)
        if number is None:
            raise self.missing(key)
        return number

    def changed_percent(self, before: float) -> float:
        """A percentage after the change by ``delta_percent``, by as much as ``percent`` says, or by ``factor``.

        Raises:
            ActionError: a value is missing or of another kind.
        """
        factor = self.number("factor")
        if factor is not None:
            return before * factor
        delta = self.needed_number("delta_percent")
        size = self.number("percent")
        return before + (delta if size is None else math.copysign(size, delta))

    def flag(self, key: str) -> bool | None:
        """True or false, or ``None`` if it was not given.

        Raises:
            ActionError: the value is of another kind.
        """
        value = self.value(key)
        if value is not None and not isinstance(value, bool):
            raise self.nonsense(key, "true or false")
        return value

    def needed_text(self, key: str) -> str:
        """A text that is not empty, without white space around it.

        Raises:
            ActionError: the value is missing or of another kind.
        """
        value = self.value(key)
        if value is None:
            raise self.missing(key)
        if not isinstance(value, str) or not value.strip():
            raise self.nonsense(key, "a text")
        return value.strip()

    def missing(self, key: str) -> ActionError:
        """The error for a missing value."""
        return ActionError(
            f"{self.name} was called without {key}",
            hint=f"give the sentence a slot {{{key}}}, or the command an argument of that name",
        )

    def nonsense(self, key: str, wanted: str) -> ActionError:
        """The error for a value of the wrong kind."""
        given = repr(self.value(key))
        return ActionError(
            f"{self.name} needs {wanted} as {key}, not {given if len(given) < 80 else f'{given[:80]}…'}",
            hint="correct the slot or the argument in the command file",
        )


def _date(value: object) -> date | None:
    """The value of a slot ``{date}``, else ``None``."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-03-09") else None
    except ValueError:
        return None
