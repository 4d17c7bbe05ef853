"""Frozen values that cross layers: utterances, interpretations, decisions and recognitions."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # a tenth of a second that a window which only waits does not need
    import numpy as np
    from numpy.typing import NDArray

from voiceassist.action_spec import ActionOutcome, Risk
from voiceassist.open_time import OpenTime

SAMPLE_RATE_HZ = 16_000
"""The one rate inside: capture and files are resampled to it at the edge."""

Samples: TypeAlias = "NDArray[np.float32]"
"""Mono sound at 16 kHz in [-1, 1]. Shape: ``(samples,)``."""


class RejectReason(StrEnum):
    """Why nothing was done."""

    SILENCE = "silence"
    NOISE = "noise"
    NO_MATCH = "no_match"
    LOW_CONFIDENCE = "low_confidence"
    VETOED = "vetoed"
    OUT_OF_RANGE = "out_of_range"
    NEGATED = "negated"
    """A word that turns a command round was heard: "not", "don't", "never"."""
    DECLINED = "declined"
    """The user was asked, and said no."""


class Verdict(StrEnum):
    """The decision of the policy."""

    ACT = "act"
    ASK = "ask"
    REJECT = "reject"


class Addressing(StrEnum):
    """How certain it is that an utterance is addressed to this program."""

    HELD = "held"
    """The user pressed a key or button, or passed a recording: it is certain."""
    WAKE = "wake"
    """The wake phrase was said before it."""
    OPEN = "open"
    """The microphone was open: the speaker may have addressed somebody else."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech cut from the microphone or a file.

    Attributes:
        samples: the audio with its pre-roll. Shape: ``(samples,)``.
        start_s: where it begins in the stream.
        speech_prob: probability that it holds speech and not noise alone.
        addressing: how certain it is that it is addressed to this program.
    """

    samples: Samples
    start_s: float = 0.0
    speech_prob: float = 1.0
    addressing: Addressing = Addressing.HELD


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The numbers that a slot accepts.

    Attributes:
        lowest: the smallest number.
        highest: the largest number.
        step: distance between neighbouring numbers.
    """

    lowest: float
    highest: float
    step: float = 1

    def __str__(self) -> str:
        """For users: ``a whole number from 0 to 100``."""
        return f"{'a number' if self.step < 1 else 'a whole number'} {self.limits}"

    @property
    def limits(self) -> str:
        """For users: ``from 0 to 100``."""
        steps = f" in steps of {self.step:g}" if self.step != 1 else ""
        return f"from {self.lowest:,g} to {self.highest:,g}{steps}"


@dataclass(frozen=True, slots=True)
class Entity:
    """A filled slot.

    Attributes:
        name: the slot, for example ``duration``.
        value: typed: a number, a text, seconds for durations.
        raw_value: the spoken words; the whole text for a value that the sentence as a whole stands for.
        start: index of the first character in the text.
        end: index after the last character.
        confidence: probability of this value, given the intent; 1 if no other value was found.
        out_of_range: the accepted numbers, if the value is not one of them.
    """

    name: str
    value: Any
    raw_value: str
    start: int
    end: int
    confidence: float = 1.0
    out_of_range: ValueRange | None = None

    def to_json(self) -> dict[str, Any]:
        """The entity in the NDJSON object of the command line."""
        return {
            "entity": self.name,
            "value": self.value,
            "raw_value": self.raw_value,
            "start": self.start,
            "end": self.end,
            "confidence": round(self.confidence, 4),
            **({"also": self.value.also} if isinstance(self.value, OpenTime) else {}),
        }


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """The settings of an intent in its command file.

    Attributes:
        intent: its name, for example ``TimerStart``.
        action: the registered action to run; ``None`` if the intent is only reported.
        arguments: fixed arguments of the action, beside the slots.
        risk: the policy asks before destructive actions.
        apps: names of the applications to which it is limited; empty for all.
        subject: the noun for its number in messages, for example ``the volume``.
    """

    intent: str
    action: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    risk: Risk = Risk.SAFE
    apps: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One possible meaning of an utterance: a sentence of the grammar with its intent and slots.

    Attributes:
        text: the sentence in words.
        command: its intent and action.
        entities: the slots in spoken order.
        score: log-likelihood ratio per token against the free path; 0 is as good as free decoding.
        confidence: calibrated probability that this was said, 0 to 1.
        woken: the wake phrase was said before it, or alone.
    """

    text: str
    command: CommandSpec
    entities: tuple[Entity, ...] = ()
    score: float = 0.0
    confidence: float = 1.0
    woken: bool = False

    @property
    def slots(self) -> dict[str, Any]:
        """Slot names and values."""
        return {entity.name: entity.value for entity in self.entities}

    @property
    def out_of_range(self) -> Entity | None:
        """The first slot whose value is out of range; such a command is never carried out."""
        return next((entity for entity in self.entities if entity.out_of_range is not None), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision of the policy, with its reason.

    Attributes:
        verdict: act, ask or reject.
        reject_reason: why nothing is done.
        message: for the user, if the reason alone does not explain it.
    """

    verdict: Verdict
    reject_reason: RejectReason | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Latency:
    """The parts of the latency, in milliseconds.

    Attributes:
        detection: speech detection in a recording; 0 for a microphone, where it runs during speech.
        encoder: running the model.
        search: searching sentences of the grammar.
        ranking: ranking them, with filler evidence and negations.
    """

    detection: float = 0.0
    encoder: float = 0.0
    search: float = 0.0
    ranking: float = 0.0

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return self.detection + self.encoder + self.search + self.ranking

    def after(self, elapsed_ms: float) -> Latency:
        """What is left of the parts, which run one after the other, when so much time has passed."""
        ends = accumulate((self.detection, self.encoder, self.search, self.ranking))
        left = [max(end - elapsed_ms, 0.0) for end in ends]
        return Latency(*(end - before for before, end in pairwise([0.0, *left])))


@dataclass(frozen=True, slots=True)
class Recognition:
    """The result for one utterance, as window, tray, command line and history show it.

    Attributes:
        text: the understood sentence, else the free transcript.
        heard: the free transcript, without the grammar.
        best: the best interpretation, also if it was rejected; ``None`` if there is none.
        alternatives: further interpretations, best first.
        decision: act, ask or reject.
        model: name of the model pack.
        audio_ms: length of the utterance.
        latency_ms: from the end of the audio to the decision.
        file: the recording it came from, if any.
        outcome: of the action; ``None`` if none was run.
        latency: the parts of ``latency_ms``; ``None`` for typed text.
    """

    text: str
    heard: str
    best: Interpretation | None
    alternatives: tuple[Interpretation, ...]
    decision: Decision
    model: str
    audio_ms: float
    latency_ms: float
    file: str | None = None
    outcome: ActionOutcome | None = None
    latency: Latency | None = None

    def to_json(self) -> dict[str, Any]:
        """The NDJSON object of the command line; CONTRIBUTING.md lists its keys."""
        understood = self.decision.verdict is not Verdict.REJECT and self.best is not None
        shown = self.best if understood else None
        reason, confidence = self.decision.reject_reason, 0.0 if self.best is None else self.best.confidence
        json: dict[str, Any] = {
            "file": self.file,
            "text": self.text,
            "heard": self.heard,
            "understood": understood,
            "verdict": str(self.decision.verdict),
            "reject_reason": None if reason is None else str(reason),
            "intent": {"name": shown.command.intent if shown else "", "confidence": round(confidence, 4)},
            "slots": shown.slots if shown else {},
            "entities": [entity.to_json() for entity in shown.entities] if shown else [],
            "alternatives": [
                {"text": other.text, "intent": other.command.intent, "confidence": round(other.confidence, 4)}
                for other in self.alternatives
            ],
            "action": shown.command.action if shown else None,
            "model": self.model,
            "audio_ms": round(self.audio_ms),
            "latency_ms": round(self.latency_ms, 1),
        }
        if self.latency is not None:
            json["latency_parts_ms"] = {part: round(value, 1) for part, value in asdict(self.latency).items()}
        if self.decision.message:
            json["message"] = self.decision.message
        if self.outcome is not None:
            json["outcome"] = self.outcome.to_json()
        return json
