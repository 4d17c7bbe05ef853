"""Act, ask or reject: what to do with what was understood."""

from __future__ import annotations

import math

from voiceassist.domain import Decision, Interpretation, RejectReason, Risk, Verdict
from voiceassist.packs.manifest import Calibration

SILENCE_DB = -55.0
"""Below this level a recording without speech is silence, above it noise."""

MOST_MARGIN = 10.0
"""Larger margins count as this: beyond it they only tell how few commands there are."""

NEAR_SHARE = 0.5
"""Of the confidence from which the user is asked: between the two it was perhaps a command, below it was none."""


def confidence(score: float, margin: float, calibration: Calibration) -> float:
    """Probability that a grammar path is what was said.

    Args:
        score: log-likelihood ratio of the grammar path to the free path, per token.
        margin: log-likelihood ratio to the best path with another meaning. Speech that is no command fits several
            commands equally badly. Not per token: one clear word makes the difference in a long sentence, too.
        calibration: of the pack, from dev speech.
    """
    margin = min(margin, MOST_MARGIN)
    exponent = -(calibration.slope * score + calibration.margin_slope * margin + calibration.intercept)
    return 1 / (1 + math.exp(min(exponent, 700.0)))


def decide(best: Interpretation | None, calibration: Calibration) -> Decision:
    """Chooses by confidence band and risk; what destroys is never done unasked."""
    if best is None:
        return Decision(Verdict.REJECT, RejectReason.NO_MATCH)
    if best.confidence < calibration.ask_prob * NEAR_SHARE:
        return Decision(Verdict.REJECT, RejectReason.NO_MATCH)
    if best.confidence < calibration.ask_prob:
        return Decision(Verdict.REJECT, RejectReason.LOW_CONFIDENCE)
    if best.confidence < calibration.act_prob:
        return Decision(Verdict.ASK)
    return _by_risk(best)


def decide_typed(best: Interpretation | None) -> Decision:
    """The same for typed text, about which there is no doubt."""
    return Decision(Verdict.REJECT, RejectReason.NO_MATCH) if best is None else _by_risk(best)


def _by_risk(best: Interpretation) -> Decision:
    return Decision(Verdict.ASK if best.command.risk is Risk.DESTROYS else Verdict.ACT)


def nothing_heard(level_db: float) -> Decision:
    """The decision for a recording in which nobody speaks."""
    return Decision(Verdict.REJECT, RejectReason.SILENCE if level_db < SILENCE_DB else RejectReason.NOISE)
