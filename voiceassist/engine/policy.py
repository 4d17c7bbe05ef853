"""Decision policy: act on an interpretation, ask about it, or reject it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from voiceassist.action_spec import Risk
from voiceassist.actions.applications import words_of
from voiceassist.asr.negation import negations_in
from voiceassist.domain import Addressing, Decision, Interpretation, RejectReason, Verdict
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.packs.calibration import Calibration

SILENCE_DB = -55.0
"""Below this level a recording without speech is silence, above it noise."""

NEAR_SHARE = 0.5
"""Share of the ask threshold above which a rejected utterance counts as a possible command; below, as none."""

CLEAR_SPEECH_PROB = 0.98
"""At an open microphone a sound that is less certainly speech needs more confidence, and nothing is asked about it.

One in a hundred commands in noise of 10 dB is below, and nine of ten noises that a detector takes for speech.
"""


def decide(
    best: Interpretation | None,
    calibration: Calibration,
    addressing: Addressing = Addressing.HELD,
    speech_prob: float = 1.0,
) -> Decision:
    """Decide by confidence, value limits and risk; destructive commands always need confirmation.

    Args:
        best: the best interpretation, if any.
        calibration: its thresholds.
        addressing: how certain it is that somebody speaks to the program.
        speech_prob: how certain it is that somebody speaks at all.
    """
    clear = speech_prob >= CLEAR_SPEECH_PROB or addressing is not Addressing.OPEN
    thresholds = calibration.thresholds(addressing, clear=clear)
    if best is None:
        return Decision(Verdict.REJECT, RejectReason.NO_MATCH)
    if best.confidence < thresholds.ask_prob * NEAR_SHARE:
        return Decision(Verdict.REJECT, RejectReason.NO_MATCH)
    if best.confidence < thresholds.ask_prob:
        return Decision(Verdict.REJECT, RejectReason.LOW_CONFIDENCE)
    if best.out_of_range is None and best.confidence < thresholds.act_prob:
        return Decision(Verdict.ASK) if clear else Decision(Verdict.REJECT, RejectReason.LOW_CONFIDENCE)
    decision = _by_meaning(best)
    # 3 or 30 seconds? The user is asked, whatever the confidence of the command.
    unsure = any(entity.confidence < calibration.value_prob for entity in best.entities)
    return Decision(Verdict.ASK) if unsure and decision.verdict is Verdict.ACT else decision


def decide_typed(best: Interpretation | None, text: str = "") -> Decision:
    """Decide on typed text, which has no recognition uncertainty; negations are checked here too."""
    beside = negations_in(normalize(text), () if best is None else normalize(best.text))
    if best is None:
        return Decision(Verdict.REJECT, RejectReason.NO_MATCH if beside is None else RejectReason.NEGATED)
    decision = _by_meaning(best)
    return decision if beside is None or decision.verdict is not Verdict.ACT else negated(beside)


def negated(phrase: str) -> Decision:
    """Decision for a command that was heard together with a negation: always ask."""
    return Decision(Verdict.ASK, message=f"I heard “{phrase}”. Shall I do it all the same?")


ActiveApplication = Callable[[], Collection[str] | None]
"""Names of the application in the foreground, in the form of ``words_of``; ``None`` if it cannot be determined."""


def veto(decision: Decision, best: Interpretation | None, active_application: ActiveApplication | None) -> Decision:
    """Withhold a command that is restricted to applications other than the one in the foreground.

    If the foreground application cannot be determined, the user is asked instead. Without ``active_application``, as
    for recordings, the restriction is not checked.
    """
    if best is None or not best.command.apps or active_application is None or decision.verdict is Verdict.REJECT:
        return decision
    active = active_application()
    if active is None:
        return Decision(Verdict.ASK)
    meant = {words_of(name) for name in best.command.apps}
    return decision if meant.intersection(active) else Decision(Verdict.REJECT, RejectReason.VETOED)


def _by_meaning(best: Interpretation) -> Decision:
    """A slot value out of range is never acted on, nor replaced by the nearest valid one."""
    entity, subject = best.out_of_range, best.command.subject
    if entity is not None and entity.out_of_range is not None:
        message = f"“{entity.raw_value}” is out of range: say {entity.out_of_range}."
        if subject:
            limits = entity.out_of_range.limits
            message = f"{subject[0].upper()}{subject[1:]} goes {limits}; “{entity.raw_value}” is out of range."
        return Decision(Verdict.REJECT, RejectReason.OUT_OF_RANGE, message)
    return Decision(Verdict.ASK if best.command.risk is Risk.DESTROYS else Verdict.ACT)


def nothing_heard(level_db: float) -> Decision:
    """Decision for a recording without speech."""
    return Decision(Verdict.REJECT, RejectReason.SILENCE if level_db < SILENCE_DB else RejectReason.NOISE)
