"""What an action is called with: the slots of what was said, and the arguments of the command file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voiceassist.errors import ActionError


@dataclass(frozen=True, slots=True)
class ActionCall:
    """What an action is called with. What was said goes before what the command file fixed.

    Attributes:
        name: the action, for example ``volume.set``.
        arguments: fixed by the command file.
        slots: filled by what was said.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """The slot of that name, else the argument, else ``None``."""
        return self.slots.get(key, self.arguments.get(key))

    def number(self, key: str) -> float | None:
        """A finite number, or ``None`` where it was not given.

        Raises:
            ActionError: it is something else.
        """
        value = self.value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.nonsense(key, "a number")
        return float(value)

    def needed_number(self, key: str) -> float:
        """A finite number.

        Raises:
            ActionError: it is missing or something else.
        """
        number = self.number(key)
        if number is None:
            raise self.missing(key)
        return number

    def flag(self, key: str) -> bool | None:
        """True or false, or ``None`` where it was not given.

        Raises:
            ActionError: it is something else.
        """
        value = self.value(key)
        if value is not None and not isinstance(value, bool):
            raise self.nonsense(key, "true or false")
        return value

    def needed_text(self, key: str) -> str:
        """A text that is not empty.

        Raises:
            ActionError: it is missing or something else.
        """
        value = self.value(key)
        if value is None:
            raise self.missing(key)
        if not isinstance(value, str) or not value.strip():
            raise self.nonsense(key, "a text")
        return value.strip()

    def missing(self, key: str) -> ActionError:
        """The error for a value that was not given."""
        return ActionError(
            f"{self.name} was called without {key}",
            hint=f"give the sentence a slot {{{key}}}, or the command an argument of that name",
        )

    def nonsense(self, key: str, wanted: str) -> ActionError:
        """The error for a value of the wrong kind."""
        return ActionError(
            f"{self.name} needs {wanted} as {key}, not {self.value(key)!r}",
            hint="correct the slot or the argument in the command file",
        )
