"""How scores become confidence, as fitted for one pack and kept in its manifest.

The formulas are in ``asr.confidence`` and ``asr.sentence_evidence``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from voiceassist.domain import Addressing
from voiceassist.validation import Problems

ACT_FLOOR_PROB = 0.5
ASK_FLOOR_PROB = 0.1
"""Minimum thresholds to carry out a command or to ask about it; a pack's lower thresholds are raised to these."""
VALUE_PROB = 0.75
"""Confidence in a slot's value from which packs act that do not say."""
WORD_INPUTS, GAP_INPUTS = 7, 5
"""Maximum number of inputs of the curves of words and gaps."""
_MODES = ("held", "wake", "unclear")
"""Ways of listening, and a kind of sound, that may have thresholds of their own; all else has the strict ones."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidence from which a command is carried out, and from which the user is asked."""

    act_prob: float
    ask_prob: float


@dataclass(frozen=True, slots=True)
class EvidenceCurve:
    """The logistic curve over the evidence for one word, or for the lack of anything in one gap.

    Attributes:
        slopes: of the curve, for the first of the inputs that ``asr.sentence_evidence`` has for a word or a gap.
        intercept: of the curve.
        weight: of the summed log-probabilities of all words, or gaps, in the confidence of the sentence.
    """

    slopes: tuple[float, ...]
    intercept: float
    weight: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become confidence: a logistic curve over score, margin and evidence.

    Attributes:
        prior_weight: weight of the phones' log prior that is subtracted from the log-probabilities.
        slope: of the logistic curve.
        intercept: of the logistic curve.
        act_prob: confidence from which a command is carried out.
        ask_prob: confidence from which the user is asked; below it the utterance is rejected.
        margin_slope: of the logistic curve, for the margin to the next best meaning.
        words: the curve for words that were said or not; none in older packs.
        gaps: the curve for gaps in which nothing else was said; none in older packs.
        value_slope: slope of a slot's confidence over the margin to another value; 0 in older packs.
        value_prob: confidence in a slot's value from which it is acted on.
        held: thresholds for speech that is known to be meant for the program; the strict ones in older packs.
        wake: thresholds after a wake phrase; the strict ones in older packs.
        unclear: thresholds at an open microphone for what is not clearly speech; the strict ones in older packs.
    """

    prior_weight: float
    slope: float
    intercept: float
    act_prob: float
    ask_prob: float
    margin_slope: float = 0.0
    words: EvidenceCurve | None = None
    gaps: EvidenceCurve | None = None
    value_slope: float = 0.0
    value_prob: float = VALUE_PROB
    held: Thresholds | None = None
    wake: Thresholds | None = None
    unclear: Thresholds | None = None

    def thresholds(self, addressing: Addressing, *, clear: bool = True) -> Thresholds:
        """The thresholds of a listening mode: the strict ones for an open microphone, and as a default.

        Args:
            addressing: how certain it is that somebody speaks to the program.
            clear: whether the sound is clearly speech; counts at an open microphone.
        """
        own = {Addressing.HELD: self.held, Addressing.WAKE: self.wake, Addressing.OPEN: None if clear else self.unclear}
        return own[addressing] or Thresholds(self.act_prob, self.ask_prob)

    def to_json(self) -> dict[str, Any]:
        """As it stands in the manifest; in the format of older versions if it has no newer field."""
        raw = asdict(self)
        own = {name: thresholds for name in _MODES if (thresholds := raw.pop(name)) is not None}
        evidence = {name: raw.pop(name) for name in ("words", "gaps", "value_slope", "value_prob")}
        if self.words is not None and self.gaps is not None:
            raw["evidence"] = evidence
        return raw | ({"thresholds": own} if own else {})


def read_calibration(raw: dict[str, Any], problems: Problems) -> Calibration:
    """Reads what `Calibration.to_json` wrote; what is wrong with it is added to the problems."""
    strict = _thresholds(raw, problems)
    own, inner = problems.mapping(raw, "thresholds") if "thresholds" in raw else {}, problems.below("thresholds")
    held, wake, unclear = (
        _thresholds(inner.mapping(own, name), inner.below(name)) if name in own else None for name in _MODES
    )
    return Calibration(
        prior_weight=problems.number(raw, "prior_weight", 0, 10),
        slope=problems.number(raw, "slope", 1e-6, 1e6),
        intercept=problems.number(raw, "intercept", -1e6, 1e6),
        act_prob=strict.act_prob,
        ask_prob=strict.ask_prob,
        margin_slope=problems.number(raw, "margin_slope", 0, 1e6),
        **(_evidence(problems.mapping(raw, "evidence"), problems.below("evidence")) if "evidence" in raw else {}),
        held=held,
        wake=wake,
        unclear=unclear,
    )


def _evidence(raw: dict[str, Any], problems: Problems) -> dict[str, Any]:
    curves = {}
    for name, inputs in (("words", WORD_INPUTS), ("gaps", GAP_INPUTS)):
        inner, curve = problems.below(name), problems.mapping(raw, name)
        curves[name] = EvidenceCurve(
            slopes=tuple(inner.numbers(curve, "slopes", 1, inputs)),
            intercept=inner.number(curve, "intercept", -1e6, 1e6),
            weight=inner.number(curve, "weight", 0, 1e6),
        )
    return {
        **curves,
        "value_slope": problems.number(raw, "value_slope", 0, 1e6),
        "value_prob": problems.number(raw, "value_prob", 0, 1),
    }


def _thresholds(raw: dict[str, Any], problems: Problems) -> Thresholds:
    act_prob, ask_prob = problems.number(raw, "act_prob", 0, 1), problems.number(raw, "ask_prob", 0, 1)
    if ask_prob > act_prob:
        problems.add("ask_prob is above act_prob")
    return Thresholds(max(act_prob, ACT_FLOOR_PROB), max(ask_prob, ASK_FLOOR_PROB))
