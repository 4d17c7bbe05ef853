"""Act, ask or reject."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.action_spec import Risk
from voiceassist.domain import Addressing, CommandSpec, Interpretation, RejectReason, Verdict
from voiceassist.engine.policy import CLEAR_SPEECH_PROB, decide, decide_typed, nothing_heard
from voiceassist.packs.calibration import Calibration, Thresholds

CALIBRATION = Calibration(prior_weight=0.5, slope=2.0, intercept=3.0, act_prob=0.8, ask_prob=0.4, margin_slope=4.0)


def understood(probability: float, risk: Risk = Risk.SAFE) -> Interpretation:
    return Interpretation("close the door", CommandSpec("Close", risk=risk), confidence=probability)


@pytest.mark.parametrize(
    ("probability", "verdict", "reason"),
    [
        (0.8, Verdict.ACT, None),
        (0.79, Verdict.ASK, None),
        (0.4, Verdict.ASK, None),
        (0.39, Verdict.REJECT, RejectReason.LOW_CONFIDENCE),
        (0.2, Verdict.REJECT, RejectReason.LOW_CONFIDENCE),
        (0.19, Verdict.REJECT, RejectReason.NO_MATCH),
    ],
)
def test_the_band_decides(probability: float, verdict: Verdict, reason: RejectReason | None) -> None:
    decision = decide(understood(probability), CALIBRATION)
    assert (decision.verdict, decision.reject_reason) == (verdict, reason)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(Addressing))
def test_doubtful_speech_at_an_open_microphone_needs_more_confidence_and_is_no_question(
    probability: float, speech_prob: float, addressing: Addressing
) -> None:
    calibration = replace(CALIBRATION, unclear=Thresholds(0.9, 0.9))
    surely = decide(understood(probability), calibration, addressing)
    decision = decide(understood(probability), calibration, addressing, speech_prob)
    if addressing is Addressing.OPEN and speech_prob < CLEAR_SPEECH_PROB:
        assert decision.verdict is (Verdict.ACT if probability >= 0.9 else Verdict.REJECT)
        older = decide(understood(probability), CALIBRATION, addressing, speech_prob)
        assert older.verdict is (Verdict.ACT if probability >= 0.8 else Verdict.REJECT)
    else:
        assert decision == surely


@given(st.floats(0, 1))
def test_what_destroys_is_never_done_unasked(probability: float) -> None:
    assert decide(understood(probability, Risk.DESTROYS), CALIBRATION).verdict is not Verdict.ACT
    assert decide_typed(understood(1.0, Risk.DESTROYS)).verdict is Verdict.ASK


def test_no_sentence_is_no_match() -> None:
    assert decide(None, CALIBRATION).reject_reason is RejectReason.NO_MATCH
    assert decide_typed(None).reject_reason is RejectReason.NO_MATCH


def test_silence_and_noise_are_told_apart_by_level() -> None:
    assert nothing_heard(-90).reject_reason is RejectReason.SILENCE
    assert nothing_heard(-20).reject_reason is RejectReason.NOISE
