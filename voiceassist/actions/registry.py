"""The registry of actions: their parameters, how they are run, and how the last ones are undone."""

from __future__ import annotations

import difflib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from voiceassist.action_spec import ActionOutcome, ActionSpec, ArgumentProblem, Parameter, Risk, ValueKind, no_problems
from voiceassist.actions.call import ActionCall
from voiceassist.actions.worker import ActionWorker
from voiceassist.config.trust import ConsentNeededError
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

Undo = Callable[[], str]
"""Undoes an action and says so in one sentence."""

Action = Callable[[ActionCall], ActionOutcome]

CHANGE_BY_PERCENT = (
    Parameter("delta_percent", ValueKind.NUMBER, description="up, or down if negative"),
    Parameter("percent", ValueKind.NUMBER, required=False, description="the amount, instead of that of delta_percent"),
    Parameter("factor", ValueKind.NUMBER, required=False, description="instead of both: 0.5 is half of what it is"),
)
"""Parameters of actions that raise or lower something."""

_META_ACTIONS = {"undo", "action.repeat", "answer.repeat"}
"""Actions on the last action: they do not count as the last one themselves."""

Check = Callable[[], object]
"""Raises ActionError with the reason why an action is unavailable on this machine."""

TIMEOUT_S = 15.0


class ActionDetails(TypedDict, total=False):
    """The description of an action beside its name and parameters.

    Attributes:
        description: one sentence; by default the first paragraph of the function's docstring.
        risk: what it can cost if it was not intended.
        undo: it can be undone.
        needs: the requirements on the machine, for people.
        check: raises the reason if they are not met.
        timeout_s: after this time it counts as failed.
        timeout_of: the same, if it depends on the call.
        problems: finds what is wrong with arguments of a command file, see `ActionSpec`.
    """

    description: str
    risk: Risk
    undo: bool
    needs: str
    check: Check
    timeout_s: float
    timeout_of: Callable[[ActionCall], float]
    problems: Callable[[Mapping[str, Any]], Iterable[ArgumentProblem]]


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
        undo_limit: maximum number of actions that can be undone.
        guard: raises ConsentNeededError if the user has to agree to an action and its arguments first.
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

    def register(self, name: str, action: Action, *parameters: Parameter, **details: Unpack[ActionDetails]) -> None:
        """Add an action.

        Args:
            name: for example ``volume.set``.
            action: the function that carries it out.
            parameters: of the action.
            details: its description.

        Raises:
            ActionError: the name is registered already.
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
            details.get("problems", no_problems),
        )
        self._entries[name] = _Entry(spec, action, details.get("check"), details.get("timeout_of"))

    def take_over(self, name: str, action: Action) -> Callable[[], None]:
        """Have another function carry out a registered action, on the caller's thread, until the result is called.

        Of several functions, the one that took over last is used.
        """
        with self._lock:
            self._taken_over.setdefault(name, []).append(action)

        def end() -> None:
            with self._lock:
                functions = self._taken_over.get(name, [])
                if action in functions:
                    functions.remove(action)

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
        """Why an action is unavailable on this machine now; ``None`` if it is available."""
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
            arguments: fixed values of the command file.
            slots: values from the sentence.

        Returns:
            What it did. If the user has to agree first, it was not done, and the outcome has what to agree to.

        Raises:
            ActionError: there is no such action, it failed, or it did not finish in time; the message says why.
        """
        if self._closed:
            raise ActionError("voiceassist is closing", hint="start it again")
        call = ActionCall(name, arguments, slots)
        self._entry(name)
        try:
            self._guard(name, arguments)
        except ConsentNeededError as error:
            words = mark("{what} ({hint})", what=error.message, hint=error.hint)
            return ActionOutcome(False, words, consent=error.request)
        if name not in _META_ACTIONS:
            self._last_call = call
        try:
            outcome = self._perform(call)
        except ActionError as error:
            if name != "answer.repeat":
                self._last_message = error.message
            raise
        self._last_message = outcome.message
        return outcome

    def _perform(self, call: ActionCall) -> ActionOutcome:
        """On the caller's thread, that of the listener, if the action was taken over; else on the registry's own."""
        with self._lock:
            taken_over = self._taken_over.get(call.name)
        if taken_over:
            return taken_over[-1](call)
        action = self._entry(call.name).action
        return self._worker.run(call.name, lambda: action(call), self.timeout_s(call))

    def run_step(self, name: str, arguments: Mapping[str, Any], slots: Mapping[str, Any]) -> ActionOutcome:
        """Carry out an action as a step of another one, to which the user has agreed as a whole.

        Thread: the registry's own, within an action.

        Raises:
            ActionError: there is no such action, or it failed.
        """
        return self._entry(name).action(ActionCall(name, arguments, slots))

    def timeout_s(self, call: ActionCall) -> float:
        """After which time a call counts as failed.

        Raises:
            ActionError: there is no such action, or its arguments are invalid.
        """
        entry = self._entry(call.name)
        return entry.spec.timeout_s if entry.timeout_of is None else entry.timeout_of(call)

    def repeat_last(self) -> ActionOutcome:
        """Carry out the last action once more.

        Raises:
            ActionError: there was none, or it failed.
        """
        if self._last_call is None:
            raise ActionError(mark("there is no action to repeat"), hint=mark("say a command first"))
        if self._entry(self._last_call.name).spec.risk is Risk.DESTROYS:
            raise ActionError("what closes or deletes is only repeated when you say it again", hint="say it again")
        return self.run(self._last_call.name, self._last_call.arguments, self._last_call.slots)

    @property
    def last_message(self) -> str:
        """The answer of the last action, or why it failed; empty before the first."""
        return self._last_message

    def _entry(self, name: str) -> _Entry:
        entry = self._entries.get(name)
        if entry is None:
            near = difflib.get_close_matches(name, self._entries, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise ActionError(f"there is no action called {name!r}", hint=f"{hint}voiceassist actions lists them all")
        return entry

    def remember(self, undo: Undo) -> str:
        """Keep the function that undoes the action just done, and return its token; the oldest ones are dropped."""
        with self._lock:
            self._tokens += 1
            token = str(self._tokens)
            self._undos[token] = undo
            while len(self._undos) > self._undo_limit:
                self._undos.popitem(last=False)
        return token

    def take_undo(self, token: str) -> Undo:
        """The function that undoes the action with that token; the registry drops it.

        Raises:
            ActionError: the action was undone already, or is too old.
        """
        with self._lock:
            undo = self._undos.pop(token, None)
        if undo is None:
            hint = mark("it was undone already, or many other actions followed")
            raise ActionError(mark("that cannot be undone any more"), hint=hint)
        return undo

    def undo(self, token: str) -> ActionOutcome:
        """Undo the action with that token, once.

        Raises:
            ActionError: it was undone already, is too old, or its effect cannot be undone any more.
        """
        undo = self.take_undo(token)
        return self._worker.run("undo", lambda: ActionOutcome(done=True, message=undo()), TIMEOUT_S)

    def undo_last(self) -> ActionOutcome:
        """Undo the newest action that can be undone.

        Raises:
            ActionError: there is none, or its effect cannot be undone any more.
        """
        with self._lock:
            token = next(reversed(self._undos), None)
        if token is None:
            raise ActionError(mark("there is nothing to undo"), hint=mark("first say a command that can be undone"))
        return self.undo(token)

    def close(self) -> None:
        """End the thread, and close what the actions own, such as the timers. May be called twice."""
        self._closed = True
        self._worker.close()
        while self._owned:
            self._owned.pop()()
