"""``steps``: several actions one after the other, until one fails; and ``wait``."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from voiceassist.actions.applications import words_of
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.errors import ActionError

MAX_STEPS = 50
MAX_WAIT_S = 60.0
STEPS_ACTION = "steps"


class StepActions:
    """``steps`` and ``wait``.

    Args:
        registry: runs the steps.
        active_application: the names of the application in front, as ``words_of`` gives them; ``None`` if unknown.
        system: this operating system, as ``when: {os: ...}`` names it.
    """

    def __init__(
        self, registry: ActionRegistry, active_application: Callable[[], Collection[str] | None], system: str
    ) -> None:
        self._registry = registry
        self._active_application = active_application
        self._system = system
        registry.register(
            STEPS_ACTION,
            self.run,
            Parameter("steps", ValueKind.ANY, description="written as steps: in the command file"),
            risk=Risk.CHANGES,
            undo=True,
            timeout_of=lambda call: sum(self._timeout_s(step, call) for step in read_steps(call)) + 5.0,
        )
        registry.register("wait", wait, Parameter("seconds", ValueKind.NUMBER), timeout_s=MAX_WAIT_S + 5.0)

    def run(self, call: ActionCall) -> ActionOutcome:
        """Does several actions one after the other; the first that fails ends it."""
        steps = read_steps(call)
        tokens: list[str] = []
        answers: list[str] = []
        for number, step in enumerate(steps, 1):
            if not self._applies(step):
                continue
            name = step["action"]
            try:
                outcome = self._registry.run_step(name, step.get("arguments", {}), call.slots)
            except ActionError as error:
                done = f"; {number - 1} before it were done" if number > 1 else ""
                raise ActionError(
                    f"step {number} of {len(steps)} ({name}) failed: {error.message}{done}", hint=error.hint
                ) from error
            if outcome.undo_token is not None:
                tokens.append(outcome.undo_token)
            if name != "wait":
                answers.append(outcome.message)
        if not answers:
            return ActionOutcome(True, "Nothing had to be done here.")
        return ActionOutcome(True, answers[-1], self._undo_all(tokens) if tokens else None)

    def _undo_all(self, tokens: list[str]) -> str:
        def undo() -> str:
            for token in reversed(tokens):
                self._registry.undo(token)
            return "It is as it was, as far as it can be undone."

        return self._registry.remember(undo)

    def _applies(self, step: Mapping[str, Any]) -> bool:
        when = step.get("when", {})
        if when.get("os") and self._system not in when["os"]:
            return False
        if not when.get("app"):
            return True
        active = self._active_application()
        return active is not None and bool({words_of(name) for name in when["app"]}.intersection(active))

    def _timeout_s(self, step: Mapping[str, Any], call: ActionCall) -> float:
        return self._registry.timeout_s(ActionCall(step["action"], step.get("arguments", {}), call.slots))


def wait(call: ActionCall) -> ActionOutcome:
    """Waits for some seconds before the next step."""
    seconds = call.needed_number("seconds")
    if not 0 <= seconds <= MAX_WAIT_S:
        raise call.nonsense("seconds", f"0 to {MAX_WAIT_S:g}")
    time.sleep(seconds)
    return ActionOutcome(True, "")


def read_steps(call: ActionCall) -> list[Mapping[str, Any]]:
    """The steps of a call, from the command file alone.

    Raises:
        ActionError: there are none, too many, or steps within steps.
    """
    steps = call.arguments.get("steps")
    if not isinstance(steps, list) or not 0 < len(steps) <= MAX_STEPS:
        raise ActionError(f"steps needs 1 to {MAX_STEPS} steps", hint="correct them in the command file")
    for step in steps:
        if not isinstance(step, Mapping) or not isinstance(step.get("action"), str) or step["action"] == STEPS_ACTION:
            raise ActionError("each step needs an action of its own", hint="correct the steps in the command file")
    return steps
