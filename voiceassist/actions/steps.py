"""``steps``: several actions in sequence, until one fails; and ``wait``."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from voiceassist.action_spec import ActionOutcome, ArgumentProblem, Parameter, Risk, ValueKind
from voiceassist.actions.applications import words_of
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry, Undo
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

MAX_STEPS = 50
MAX_WAIT_S = 60.0
STEPS_ACTION = "steps"


class StepActions:
    """``steps`` and ``wait``.

    Args:
        registry: runs the steps.
        active_application: the names of the active application, normalized by ``words_of``; ``None`` if unknown.
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
            Parameter("steps", ValueKind.ANY, description="the list below steps: in the command file"),
            risk=Risk.CHANGES,
            undo=True,
            timeout_of=lambda call: sum(registry.timeout_s(_step_call(step, call)) for step in read_steps(call)) + 5.0,
        )
        seconds = Parameter("seconds", ValueKind.NUMBER, description=f"at most {MAX_WAIT_S:g}")
        registry.register("wait", wait, seconds, timeout_s=MAX_WAIT_S + 5.0, problems=wait_problems)

    def run(self, call: ActionCall) -> ActionOutcome:
        """Carries out several actions in sequence; the first failure ends it, and one undo takes all steps back."""
        steps = read_steps(call)
        undos: list[Undo] = []
        answers: list[str] = []
        for number, step in enumerate(steps, 1):
            if not self._applies(step):
                continue
            step_call = _step_call(step, call)
            try:
                outcome = self._registry.run_step(step_call.name, step_call.arguments, step_call.slots)
            except ActionError as error:
                if undos:
                    self._remember(undos)
                done = f"; steps done before: {len(answers)}" if answers else ""
                raise ActionError(
                    f"step {number} of {len(steps)} ({step_call.name}) failed: {error.message}{done}", hint=error.hint
                ) from error
            if outcome.undo_token is not None:
                undos.append(self._registry.take_undo(outcome.undo_token))
            if step_call.name != "wait":
                answers.append(outcome.message)
        if not answers:
            return ActionOutcome(True, mark("No step applies here."))
        return ActionOutcome(True, answers[-1], self._remember(undos) if undos else None)

    def _remember(self, undos: list[Undo]) -> str:
        """Register one undo for all steps; a step that cannot be undone does not prevent undoing the others."""

        def undo_all() -> str:
            problems: list[ActionError] = []
            for undo in reversed(undos):
                try:
                    undo()
                except ActionError as error:
                    problems.append(error)
            if problems:
                raise problems[0]
            return mark("All steps that can be undone are undone.")

        return self._registry.remember(undo_all)

    def _applies(self, step: Mapping[str, Any]) -> bool:
        when = step.get("when", {})
        if when.get("os") and self._system not in when["os"]:
            return False
        if not when.get("app"):
            return True
        active = self._active_application()
        return active is not None and bool({words_of(name) for name in when["app"]}.intersection(active))


def _step_call(step: Mapping[str, Any], call: ActionCall) -> ActionCall:
    return ActionCall(step["action"], step.get("arguments", {}), call.slots)


def wait(call: ActionCall) -> ActionOutcome:
    """Waits for some seconds before the next step."""
    seconds = call.needed_number("seconds")
    if not 0 <= seconds <= MAX_WAIT_S:
        raise call.nonsense("seconds", f"0 to {MAX_WAIT_S:g}")
    time.sleep(seconds)
    return ActionOutcome(True, "")


def wait_problems(arguments: Mapping[str, Any]) -> Iterator[ArgumentProblem]:
    """A time that is too long."""
    if "seconds" in arguments and not 0 <= arguments["seconds"] <= MAX_WAIT_S:
        yield ArgumentProblem(
            "seconds",
            mark("wait needs 0 to {seconds} as 'seconds'", seconds=f"{MAX_WAIT_S:g}"),
            mark("wait for a shorter time"),
        )


def read_steps(call: ActionCall) -> list[Mapping[str, Any]]:
    """The steps of a call, from the command file alone.

    Raises:
        ActionError: there are none or too many, one is malformed, or has steps itself.
    """
    steps = call.arguments.get("steps")
    if not isinstance(steps, list) or not 0 < len(steps) <= MAX_STEPS:
        raise ActionError(f"steps needs 1 to {MAX_STEPS} steps", hint="correct them in the command file")
    for step in steps:
        if not isinstance(step, Mapping) or not isinstance(step.get("action"), str) or step["action"] == STEPS_ACTION:
            raise ActionError("each step needs an action of its own", hint="correct the steps in the command file")
        if not all(isinstance(step.get(key, {}), Mapping) for key in ("arguments", "when")):
            raise ActionError("arguments and when of a step are names with values", hint="correct the command file")
    return steps
