"""The one place that carries out what was understood, whoever asks: voice, typed text, the window, ``--act``."""

from __future__ import annotations

import logging
from dataclasses import replace

from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import ActionOutcome, Decision, Recognition, Verdict
from voiceassist.errors import ActionError

log = logging.getLogger(__name__)


def execute(recognition: Recognition, actions: ActionRegistry) -> Recognition:
    """Run the action of a recognition that the policy decided to act on.

    Returns:
        the recognition with what came of it. What only is a question, was rejected, or has no action comes back as it
        was; an action that failed says why in the outcome.
    """
    best = recognition.best
    if best is None or best.command.action is None or recognition.decision.verdict is not Verdict.ACT:
        return recognition
    try:
        outcome = actions.run(best.command.action, best.command.arguments, best.slots)
    except ActionError as error:
        outcome = ActionOutcome(done=False, message=f"{error.message} ({error.hint})")
    except Exception as error:
        log.exception("the action %s failed", best.command.action)
        outcome = ActionOutcome(False, f"That did not work because of a fault in the program: {_words(error)}")
    return replace(recognition, outcome=outcome)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def confirmed(recognition: Recognition) -> Recognition:
    """The recognition after the user was asked about it and said yes."""
    return replace(recognition, decision=Decision(Verdict.ACT))
