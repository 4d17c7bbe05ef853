"""The actions by name: what they are called with, how they are run, and how the last ones are undone."""

from __future__ import annotations

import difflib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from voiceassist.actions.call import ActionCall
from voiceassist.actions.worker import ActionWorker
from voiceassist.config.trust import ConsentNeededError
from voiceassist.domain import ActionOutcome, ActionSpec, Parameter, Risk, ValueKind
from voiceassist.errors import ActionError

Undo = Callable[[], str]
"""Puts back what an action did and says so in one sentence."""


Action = Callable[[ActionCall], ActionOutcome]

CHANGE_BY_PERCENT = (
    Parameter("delta_percent", ValueKind.NUMBER, description="up or, below 0, down"),
    Parameter("percent", ValueKind.NUMBER, required=False, description="how far, instead of delta_percent"),
)
"""Parameters of what is made more or less."""

_ABOUT_OTHERS = {"undo", "action.repeat", "answer.repeat"}
"""Actions about the last action: they do not count as the last one themselves."""


Check = Callable[[], object]
"""Raises ActionError with the reason why an action cannot work on this machine."""

TIMEOUT_S = 15.0


class ActionDetails(TypedDict, total=False):
    """What there is to know about an action beside its name and parameters.

    Attributes:
        description: one sentence; the first paragraph of the function's docstring where it is not given.
        risk: what it can cost when it was not meant.
        undo: it can be undone.
        needs: what the machine must have, for people.
        check: raises the reason where that is not there.
        timeout_s: after this time it counts as failed.
        timeout_of: the same, where it depends on the call.
    """

    description: str
    risk: Risk
    undo: bool
    needs: str
    check: Check
    timeout_s: float
    timeout_of: Callable[[ActionCall], float]


@dataclass(frozen=True, slots=True)
class _Entry:
    spec: ActionSpec
    action: Action
    check: Check | None
    timeout_of: Callable[[ActionCall], float] | None


class ActionRegistry:
    """Runs actions by name, one after the other, and remembers how to undo the last ones.

    Thread: may be used from any thread; actions run on a thread of the registry's own, in the order of the calls.

    Args:
        undo_limit: so many actions at most can be undone.
        guard: raises ConsentNeededError where the user has to agree to an action and its arguments first.
    """

    def __init__(
        self, *, undo_limit: int = 20, guard: Callable[[str, Mapping[str, Any]], None] = lambda _name, _arguments: None
    ) -> None:
        self._guard = guard
        self._entries: dict[str, _Entry] = {}
        self._undo_limit = undo_limit
        self._undos: OrderedDict[str, Undo] = OrderedDict()
        self._tokens = 0
        self._taken_over: dict[str, list[Action]] = {}
        self._owned: list[Callable[[], None]] = []
        self._closed = False
        self._lock = threading.Lock()
        self._worker = ActionWorker()
        self._last_call: ActionCall | None = None
        self._last_message = ""

    def register(
        self,
        name: str,
        action: Action,
        *parameters: Parameter,
        **details: Unpack[ActionDetails],
    ) -> None:
        """Add an action.

        Args:
            name: for example ``volume.set``.
            action: does it.
            parameters: what it is called with.
            details: what else there is to know about it.

        Raises:
            ActionError: the name is taken.
        """
        if name in self._entries:
            raise ActionError(f"the action {name} is registered twice", hint="give one of them another name")
        description = details.get("description") or (action.__doc__ or "").strip().partition("\n\n")[0]
        spec = ActionSpec(
            name,
            " ".join(description.replace("``", "").split()),
            parameters,
            details.get("risk", Risk.SAFE),
            details.get("undo", False),
            details.get("needs", ""),
            details.get("timeout_s", TIMEOUT_S),
        )
        self._entries[name] = _Entry(spec, action, details.get("check"), details.get("timeout_of"))

    def take_over(self, name: str, action: Action) -> Callable[[], None]:
        """Have another function carry out a registered action, on the caller's thread, until the result is called.

        The function that took over last acts.
        """
        with self._lock:
            self._taken_over.setdefault(name, []).append(action)

        def end() -> None:
            with self._lock:
                others = self._taken_over.get(name, [])
                if action in others:
                    others.remove(action)

        return end

    def own(self, close: Callable[[], None]) -> None:
        """Have ``close`` called when the registry closes, last owned first."""
        self._owned.append(close)

    def names(self) -> tuple[str, ...]:
        """All registered names, sorted."""
        return tuple(sorted(self._entries))

    def specs(self) -> dict[str, ActionSpec]:
        """All actions by name, sorted."""
        return {name: self._entries[name].spec for name in self.names()}

    def unavailable(self, name: str) -> ActionError | None:
        """Why an action cannot work on this machine now; ``None`` where nothing speaks against it."""
        check = self._entry(name).check
        try:
            if check is not None:
                check()
        except ActionError as error:
            return error
        return None

    def run(self, name: str, arguments: Mapping[str, Any], slots: Mapping[str, Any]) -> ActionOutcome:
        """Carry out an action after all earlier ones.

        Args:
            name: of the action.
            arguments: fixed by the command file.
            slots: filled by what was said.

        Returns:
            What it did; where the user has to agree first, nothing, and what to agree to.

        Raises:
            ActionError: there is no such action, it failed, or it did not finish in time; the message says why.
        """
        if self._closed:
            raise ActionError("actions are closed", hint="start voiceassist again")
        entry = self._entry(name)
        call = ActionCall(name, arguments, slots)
        try:
            self._guard(name, arguments)
        except ConsentNeededError as error:
            return ActionOutcome(False, f"{error.message} ({error.hint})", consent=error.request)
        with self._lock:
            taken_over = self._taken_over.get(name)
            action = taken_over[-1] if taken_over else None
        if action is not None:  # on the caller's thread: it belongs to whoever took over
            outcome = action(call)
        else:
            outcome = self._worker.run(name, lambda: entry.action(call), self.timeout_s(call))
        if name not in _ABOUT_OTHERS:
            self._last_call = call
        if name != "answer.repeat":
            self._last_message = outcome.message
        return outcome

    def run_step(self, name: str, arguments: Mapping[str, Any], slots: Mapping[str, Any]) -> ActionOutcome:
        """Carry out an action as a part of another one, which was agreed to as a whole.

        Thread: the registry's own, from within an action.

        Raises:
            ActionError: there is no such action, or it failed.
        """
        return self._entry(name).action(ActionCall(name, arguments, slots))

    def timeout_s(self, call: ActionCall) -> float:
        """After which time a call counts as failed.

        Raises:
            ActionError: there is no such action, or its arguments make no sense.
        """
        entry = self._entry(call.name)
        return entry.spec.timeout_s if entry.timeout_of is None else entry.timeout_of(call)

    def repeat_last(self) -> ActionOutcome:
        """Carry out the last action once more.

        Raises:
            ActionError: there was none, or it failed.
        """
        if self._last_call is None:
            raise ActionError("there is nothing to repeat", hint="say a command first")
        return self.run(self._last_call.name, self._last_call.arguments, self._last_call.slots)

    @property
    def last_message(self) -> str:
        """What the last action answered; empty before the first."""
        return self._last_message

    def _entry(self, name: str) -> _Entry:
        entry = self._entries.get(name)
        if entry is None:
            near = difflib.get_close_matches(name, self._entries, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise ActionError(f"there is no action called {name!r}", hint=f"{hint}voiceassist actions lists them all")
        return entry

    def remember(self, undo: Undo) -> str:
        """Keep the way back of an action that was just done and return its token; the oldest are forgotten."""
        with self._lock:
            self._tokens += 1
            token = str(self._tokens)
            self._undos[token] = undo
            while len(self._undos) > self._undo_limit:
                self._undos.popitem(last=False)
        return token

    def undo(self, token: str) -> ActionOutcome:
        """Undo the action with that token, once.

        Raises:
            ActionError: it was undone already, is forgotten, or cannot be undone any more.
        """
        with self._lock:
            undo = self._undos.pop(token, None)
        if undo is None:
            raise ActionError("that cannot be undone any more", hint="it was undone already, or too much came after it")
        return self._worker.run("undo", lambda: ActionOutcome(done=True, message=undo()), TIMEOUT_S)

    def undo_last(self) -> ActionOutcome:
        """Undo the newest action that can be undone.

        Raises:
            ActionError: there is none, or it cannot be undone any more.
        """
        with self._lock:
            token = next(reversed(self._undos), None)
        if token is None:
            raise ActionError("there is nothing to undo", hint="do something that can be put back first")
        return self.undo(token)

    def close(self) -> None:
        """Stop what the actions still have running, as timers. May be called twice."""
        self._closed = True
        self._worker.close()
        while self._owned:
            self._owned.pop()()
