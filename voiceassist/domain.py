"""The values that cross layers. Frozen, without behaviour beyond what they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # a tenth of a second that a window which only waits does not need
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
"""The one rate inside: capture and files are resampled to it at the edge."""

Samples: TypeAlias = "NDArray[np.float32]"
"""Mono sound at 16 kHz in [-1, 1]. Shape: ``(samples,)``."""


class Risk(StrEnum):
    """What an action can cost when it was not meant."""

    SAFE = "safe"
    """Nothing is lost: tell the time, open a window."""
    CHANGES = "changes"
    """Changes something that can be put back: volume, brightness."""
    DESTROYS = "destroys"
    """Loses work or cannot be put back: close, shut down. Always asked first."""


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
    """What the policy makes of an interpretation."""

    ACT = "act"
    ASK = "ask"
    REJECT = "reject"


class Addressing(StrEnum):
    """How sure it is that an utterance was meant for this program."""

    HELD = "held"
    """A key or button was used, or a recording was handed over: it was."""
    WAKE = "wake"
    """The wake phrase was said before it."""
    OPEN = "open"
    """The microphone was open: anybody may have said it to anybody."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech cut from the microphone or a file.

    Attributes:
        samples: the sound with its pre-roll. Shape: ``(samples,)``.
        start_s: where it begins in the stream.
        speech_prob: mean probability of speech over its frames.
        truncated: it was cut because it reached the longest allowed length.
        addressing: how sure it is that it was meant for this program.
    """

    samples: Samples
    start_s: float = 0.0
    speech_prob: float = 1.0
    truncated: bool = False
    addressing: Addressing = Addressing.HELD


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The numbers that a slot takes.

    Attributes:
        lowest: the smallest number, as it is said.
        highest: the largest number.
        step: the distance between neighbours.
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
    """A slot as it was filled.

    Attributes:
        name: the slot, for example ``duration``.
        value: typed: a number, a text, seconds for durations.
        raw_value: the words that were said; the whole text for a value that the sentence as such stands for.
        start: index of the first character in the text.
        end: index after the last character.
        confidence: probability that this value was said, if the intent was; 1 where nothing speaks for another.
        out_of_range: what the slot takes, if the value is none of these.
    """

    name: str
    value: Any
    raw_value: str
    start: int
    end: int
    confidence: float = 1.0
    out_of_range: ValueRange | None = None


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """What the command file says of an intent beside its sentences.

    Attributes:
        intent: its name, for example ``TimerStart``.
        action: the registered action to run; ``None`` is reported only.
        arguments: fixed arguments of the action, beside the slots.
        risk: the policy asks before what destroys.
        apps: it is done in the windows of these applications only; empty is everywhere.
        subject: what its number is a number of, for users: ``the volume``.
    """

    intent: str
    action: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    risk: Risk = Risk.SAFE
    apps: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One way to understand an utterance: a sentence of the grammar and what it means.

    Attributes:
        text: the sentence in words.
        command: which intent it belongs to and what that runs.
        entities: the slots in the order they were said.
        score: log-likelihood ratio per token against the free path; 0 is as good as free decoding.
        confidence: calibrated probability that this is what was said, 0 to 1.
        woken: the wake phrase was said before it, or is all that was said.
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
        """The first slot whose value it does not take; such a command is never carried out."""
        return next((entity for entity in self.entities if entity.out_of_range is not None), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy decided, and why if it was no.

    Attributes:
        verdict: act, ask or reject.
        reject_reason: why nothing is done.
        message: for the user, where the reason alone does not say what is wrong.
    """

    verdict: Verdict
    reject_reason: RejectReason | None = None
    message: str = ""


class ValueKind(StrEnum):
    """What a parameter of an action takes."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "true or false"
    KEYS = "keys, such as ctrl+c"
    TEXTS = "list of texts"
    MAPPING = "texts by name"
    ANY = "any value"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that an action is called with: a slot of the sentence, or an argument of the command file.

    Attributes:
        name: of the slot or argument.
        kind: what it takes.
        required: the action fails without it.
        choices: the only texts that it takes; empty for any.
        template: ``{slot}`` in its text is replaced with what was said.
        description: for people.
    """

    name: str
    kind: ValueKind = ValueKind.TEXT
    required: bool = True
    choices: tuple[str, ...] = ()
    template: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """What there is to know about an action before it is run.

    Attributes:
        name: for example ``volume.set``.
        description: what it does, one sentence.
        parameters: what it is called with.
        risk: what it can cost when it was not meant.
        undo: it can be undone.
        needs: what the machine must have, for people; empty where it works everywhere.
        timeout_s: after this time it counts as failed.
    """

    name: str
    description: str
    parameters: tuple[Parameter, ...] = ()
    risk: Risk = Risk.SAFE
    undo: bool = False
    needs: str = ""
    timeout_s: float = 15.0


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """What a command file would do and the user has to agree to first.

    Attributes:
        content_hash: of all that would be done; agreement counts for exactly this.
        lines: what would be done, word for word; ``{slot}`` stands for what is said.
    """

    content_hash: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """What an action did.

    Attributes:
        done: the action was carried out.
        message: for the user, one sentence: ``Volume is at 40 %.``
        undo_token: opaque; the registry can undo the action with it. ``None`` where it cannot be undone.
        consent: what the user has to agree to before it can be done; ``None`` where nothing is asked.
    """

    done: bool
    message: str
    undo_token: str | None = None
    consent: ConsentRequest | None = None


@dataclass(frozen=True, slots=True)
class Latency:
    """What a user waits for, part by part, in milliseconds.

    Attributes:
        detection: finding the speech in a recording; 0 for a microphone, where it happens while somebody speaks.
        encoder: running the model.
        search: looking for sentences of the grammar.
        ranking: weighing them, with fillers and negations.
    """

    detection: float = 0.0
    encoder: float = 0.0
    search: float = 0.0
    ranking: float = 0.0

    @property
    def total(self) -> float:
        """All of it."""
        return self.detection + self.encoder + self.search + self.ranking


@dataclass(frozen=True, slots=True)
class Recognition:
    """All that came of one utterance: the event that GUI, tray, CLI and history show.

    Attributes:
        text: what was understood, or what was heard freely where nothing was.
        heard: the free transcript, without the grammar.
        best: the best interpretation, also when it was rejected; ``None`` where there is none.
        alternatives: further interpretations, best first.
        decision: act, ask or reject.
        model: name of the pack that listened.
        audio_ms: length of the utterance.
        latency_ms: from the end of the audio to the decision.
        file: the recording it came from, if any.
        outcome: what the action did; ``None`` where none was run.
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
        """The NDJSON object of the command line (DESIGN section 6 in the README)."""
        understood = self.decision.verdict is not Verdict.REJECT and self.best is not None
        shown = self.best if understood else None
        reason = self.decision.reject_reason
        intent: dict[str, Any] = {"name": "", "confidence": 0.0}
        if self.best is not None:
            intent = {"name": shown.command.intent if shown else "", "confidence": round(self.best.confidence, 4)}
        json: dict[str, Any] = {
            "file": self.file,
            "text": self.text,
            "heard": self.heard,
            "understood": understood,
            "verdict": str(self.decision.verdict),
            "reject_reason": None if reason is None else str(reason),
            "intent": intent,
            "slots": shown.slots if shown else {},
            "entities": [_entity_json(entity) for entity in shown.entities] if shown else [],
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
            json["outcome"] = {"done": self.outcome.done, "message": self.outcome.message}
            if self.outcome.consent is not None:
                json["outcome"]["needs_consent"] = list(self.outcome.consent.lines)
        return json


def _entity_json(entity: Entity) -> dict[str, Any]:
    return {
        "entity": entity.name,
        "value": entity.value,
        "raw_value": entity.raw_value,
        "start": entity.start,
        "end": entity.end,
        "confidence": round(entity.confidence, 4),
    }
