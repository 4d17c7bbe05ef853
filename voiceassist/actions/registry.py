"""The actions by name, what they are called with, and how the last ones are undone."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from voiceassist.domain import ActionOutcome
from voiceassist.errors import ActionError

Undo = Callable[[], str]
"""Puts back what an action did and says so in one sentence."""


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


Action = Callable[[ActionCall], ActionOutcome]


class ActionRegistry:
    """Runs actions by name and remembers how to undo the last ones.

    Thread: may be used from any thread; actions run on the caller's.
    """

    def __init__(self, *, undo_limit: int = 20) -> None:
        self._actions: dict[str, Action] = {}
        self._undo_limit = undo_limit
        self._undos: OrderedDict[str, Undo] = OrderedDict()
        self._tokens = 0
        self._owned: list[Callable[[], None]] = []
        self._closed = False
        self._lock = threading.Lock()

    def register(self, name: str, action: Action) -> None:
        """Adds an action.

        Raises:
            ActionError: the name is taken.
        """
        if name in self._actions:
            raise ActionError(f"the action {name} is registered twice", hint="give one of them another name")
        self._actions[name] = action

    def own(self, close: Callable[[], None]) -> None:
        """Has ``close`` called when the registry closes, last owned first."""
        self._owned.append(close)

    def names(self) -> tuple[str, ...]:
        """All registered names, sorted."""
        return tuple(sorted(self._actions))

    def run(self, name: str, arguments: Mapping[str, Any], slots: Mapping[str, Any]) -> ActionOutcome:
        """Carries out an action.

        Raises:
            ActionError: there is no such action, or it failed; the message says why.
        """
        if self._closed:
            raise ActionError("actions are closed", hint="start voiceassist again")
        action = self._actions.get(name)
        if action is None:
            raise ActionError(f"there is no action called {name!r}", hint="the actions are: " + ", ".join(self.names()))
        return action(ActionCall(name, arguments, slots))

    def remember(self, undo: Undo) -> str:
        """Keeps the way back of an action that was just done and returns its token; the oldest are forgotten."""
        with self._lock:
            self._tokens += 1
            token = str(self._tokens)
            self._undos[token] = undo
            while len(self._undos) > self._undo_limit:
                self._undos.popitem(last=False)
        return token

    def undo(self, token: str) -> ActionOutcome:
        """Undoes the action with that token, once.

        Raises:
            ActionError: it was undone already, is forgotten, or cannot be undone any more.
        """
        with self._lock:
            undo = self._undos.pop(token, None)
        if undo is None:
            raise ActionError("that cannot be undone any more", hint="it was undone already, or too much came after it")
        return ActionOutcome(done=True, message=undo())

    def undo_last(self) -> ActionOutcome:
        """Undoes the newest action that can be undone.

        Raises:
            ActionError: there is none, or it cannot be undone any more.
        """
        with self._lock:
            token = next(reversed(self._undos), None)
        if token is None:
            raise ActionError("there is nothing to undo", hint="do something that can be put back first")
        return self.undo(token)

    def close(self) -> None:
        """Stops what the actions still have running, as timers. May be called twice."""
        self._closed = True
        while self._owned:
            self._owned.pop()()
