"""Execution of recognised commands, shared by voice, typed text, the window and ``--act``."""

from __future__ import annotations

import logging
from dataclasses import replace

from voiceassist.action_spec import ActionOutcome
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import Decision, Recognition, Verdict
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

log = logging.getLogger(__name__)


def execute(recognition: Recognition, actions: ActionRegistry) -> Recognition:
    """Run the action of a recognition with the verdict "act".

    Returns:
        the recognition with its outcome, which gives the reason if the action failed. Questions, rejections and
        recognitions without an action are returned unchanged.
    """
    best = recognition.best
    if best is None or best.command.action is None or recognition.decision.verdict is not Verdict.ACT:
        return recognition
    try:
        outcome = actions.run(best.command.action, best.command.arguments, best.slots)
    except ActionError as error:
        outcome = ActionOutcome(done=False, message=mark("{what} ({hint})", what=error.message, hint=error.hint))
    except Exception as error:
        log.exception("the action %s failed", best.command.action)
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        outcome = ActionOutcome(False, f"That did not work because of a fault in the program: {what}")
    return replace(recognition, outcome=outcome)


def confirmed(recognition: Recognition) -> Recognition:
    """Recognition after the user has confirmed it."""
    return replace(recognition, decision=Decision(Verdict.ACT))
