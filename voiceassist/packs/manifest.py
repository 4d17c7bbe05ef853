"""The manifest of a model pack: the model's description, provenance and files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from voiceassist.domain import Addressing
from voiceassist.errors import PackError
from voiceassist.validation import Problems

SCHEMA = 2
MANIFEST_NAME = "manifest.json"
MODEL_NAME = "model.onnx"
TOKENS_NAME = "tokens.model"
PRONUNCIATIONS_NAME = "pronunciations.npy"
"""File of pronunciations, for the search."""
CARD_NAME = "README.md"
"""Model card, for people: training and measured accuracy. Optional."""
CONFUSION_NAME = "confusion.json"
"""Phone confusions of the model, for `voiceassist commands confusable`. Optional."""
FILE_NAMES = (MODEL_NAME, TOKENS_NAME, PRONUNCIATIONS_NAME, CARD_NAME, CONFUSION_NAME)
MAX_MANIFEST_BYTES = 1 << 20
MAX_FILE_BYTES = 128 << 20
MAX_WORD_FILE_BYTES = 16 << 20
ACT_FLOOR_PROB = 0.5
ASK_FLOOR_PROB = 0.1
"""Minimum thresholds to carry out a command or to ask about it; a pack's lower thresholds are raised to these."""
VALUE_PROB = 0.75
"""Confidence in a slot's value from which packs act that do not say."""
WORD_INPUTS, GAP_INPUTS = 7, 5
"""Maximum number of inputs of the curves of words and gaps."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9])){0,63}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
"""Device names that Windows reserves."""
_NUMBER_LIST = re.compile(r"\[[-+.eE0-9,\s]*\]")
_SHA256 = re.compile(r"[0-9a-f]{64}")


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

    def thresholds(self, addressing: Addressing) -> Thresholds:
        """The thresholds of a listening mode: the strict ones for an open microphone, and as a default."""
        own = {Addressing.HELD: self.held, Addressing.WAKE: self.wake}.get(addressing)
        return own or Thresholds(self.act_prob, self.ask_prob)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Expected size and hash of a file of the pack."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of a model pack.

    Attributes:
        name: of the pack and of its folder: small letters, digits, ``.``, ``-``, ``_``.
        title: for people.
        layers: virtual layers, the maximum depth of the depth dial.
        blocks: physical blocks; one is fully shared, as many as layers is unshared.
        order: in which the layers run over the blocks, ``cycle`` or ``sequence``.
        dim: width of the encoder.
        parameters: trained numbers in the pack.
        quantization: ``int8`` or ``float32``.
        sample_rate_hz: of the input waveform.
        frame_ms: time between two frames of its output.
        tokens: output classes, blank included.
        blank: index of the CTC blank.
        phones: names of its phone classes, silence first; the search for commands uses these.
        licence: SPDX name.
        attribution: credits for its data and code.
        log_prior: log of the mean probability of each phone on held-out speech. Length: that of ``phones``.
        calibration: how scores become confidence.
        files: every file of the pack but the manifest.
        provenance: how it was made.
        metrics: measurements on held-out data.
        schema: version of this format.
    """

    name: str
    title: str
    layers: int
    blocks: int
    order: str
    dim: int
    parameters: int
    quantization: str
    sample_rate_hz: int
    frame_ms: float
    tokens: int
    blank: int
    licence: str
    attribution: tuple[str, ...]
    phones: tuple[str, ...]
    log_prior: tuple[float, ...]
    calibration: Calibration
    files: Mapping[str, FileEntry]
    provenance: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    schema: int = SCHEMA

    @property
    def size_bytes(self) -> int:
        """All files but the manifest."""
        return sum(entry.size_bytes for entry in self.files.values())

    @property
    def model_bytes(self) -> int:
        """The graph with the weights alone; word pieces and pronunciations do not depend on sharing."""
        return self.files[MODEL_NAME].size_bytes

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Reads a manifest.

        Raises:
            PackError: lists every problem found.
        """
        problems = Problems("the manifest", hint="get the pack again, or export it again")
        raw = problems.json(text)
        if problems:
            raise problems.error(PackError)
        if raw.get("schema") != SCHEMA or isinstance(raw["schema"], bool):
            problems.add(f"its schema is {raw.get('schema')!r}, this version reads {SCHEMA}")
            raise problems.error(PackError, hint="install a newer voiceassist, or a pack made for this one")
        return _read(raw, problems)

    def to_json(self) -> str:
        """The manifest as text, the same for the same manifest.

        Raises:
            PackError: if it could not be read back.
        """
        files = {name: {"sha256": e.sha256, "bytes": e.size_bytes} for name, e in sorted(self.files.items())}
        raw = {name: getattr(self, name) for name in _FIELDS} | {
            "attribution": list(self.attribution),
            "phones": list(self.phones),
            "log_prior": list(self.log_prior),
            "provenance": dict(self.provenance),
            "metrics": dict(self.metrics),
            "calibration": _calibration_json(self.calibration),
            "files": files,
        }
        try:
            text = json.dumps({"schema": raw.pop("schema"), **raw}, indent=1, ensure_ascii=False, allow_nan=False)
            text.encode()
        except (TypeError, ValueError) as error:
            raise PackError(
                f"the manifest cannot be written as JSON: {error}",
                hint="provenance and metrics must be plain finite values",
            ) from error
        Manifest.from_json(text)
        return _NUMBER_LIST.sub(lambda found: " ".join(found.group().split()), text) + "\n"


_FIELDS = tuple(item.name for item in fields(Manifest))


def _read(raw: dict[str, Any], problems: Problems) -> Manifest:
    layers = problems.integer(raw, "layers", 1, 1024)
    tokens = problems.integer(raw, "tokens", 2, 1 << 16)
    phones = tuple(problems.texts(raw, "phones"))
    manifest = Manifest(
        name=_name(raw, problems),
        title=problems.text(raw, "title"),
        layers=layers,
        blocks=problems.integer(raw, "blocks", 1, max(layers, 1)),
        order=problems.choice(raw, "order", ("cycle", "sequence")),
        dim=problems.integer(raw, "dim", 1, 1 << 16),
        parameters=problems.integer(raw, "parameters", 1, 1 << 40),
        quantization=problems.choice(raw, "quantization", ("int8", "float32")),
        sample_rate_hz=problems.integer(raw, "sample_rate_hz", 16_000, 16_000),
        frame_ms=problems.number(raw, "frame_ms", 1, 1000),
        tokens=tokens,
        blank=problems.integer(raw, "blank", 0, max(tokens - 1, 0)),
        licence=problems.text(raw, "licence"),
        attribution=tuple(problems.texts(raw, "attribution")),
        phones=phones,
        log_prior=tuple(problems.numbers(raw, "log_prior", len(phones))),
        calibration=_calibration(problems.mapping(raw, "calibration"), problems),
        files=_files(problems.mapping(raw, "files"), problems),
        provenance=problems.plain(raw, "provenance"),
        metrics=problems.plain(raw, "metrics"),
    )
    if not problems and manifest.layers % manifest.blocks:
        problems.add(f"{manifest.layers} layers cannot share {manifest.blocks} blocks evenly")
    if not problems and len(phones) < 2:
        problems.add("phones names fewer than two")
    for name in sorted(raw.keys() - set(_FIELDS), key=str):
        problems.add(f"{name!r} is unknown")
    if problems:
        raise problems.error(PackError)
    return manifest


def _name(raw: dict[str, Any], problems: Problems) -> str:
    name = problems.text(raw, "name")
    if name and not is_pack_name(name):
        problems.add(f"name {name!r} is not a pack name: small letters, digits, '.', '-' and '_', at most 64")
    return name


def is_pack_name(name: str) -> bool:
    """Whether a pack, and so a folder on any system, may be called this."""
    return bool(_NAME.fullmatch(name)) and not _RESERVED.fullmatch(name)


def _calibration(raw: dict[str, Any], problems: Problems) -> Calibration:
    inner = problems.below("calibration")
    own = inner.mapping(raw, "thresholds") if "thresholds" in raw else {}
    strict = _thresholds(raw, inner)
    by_addressing = {
        name: _thresholds(inner.below(f"thresholds: {name}").object(own[name]), inner.below(f"thresholds: {name}"))
        for name in ("held", "wake")
        if name in own
    }
    return Calibration(
        prior_weight=inner.number(raw, "prior_weight", 0, 10),
        slope=inner.number(raw, "slope", 1e-6, 1e6),
        intercept=inner.number(raw, "intercept", -1e6, 1e6),
        act_prob=strict.act_prob,
        ask_prob=strict.ask_prob,
        margin_slope=inner.number(raw, "margin_slope", 0, 1e6),
        **(_evidence(inner.mapping(raw, "evidence"), inner.below("evidence")) if "evidence" in raw else {}),
        held=by_addressing.get("held"),
        wake=by_addressing.get("wake"),
    )


def _evidence(raw: dict[str, Any], problems: Problems) -> dict[str, Any]:
    curves = {}
    for name, inputs in (("words", WORD_INPUTS), ("gaps", GAP_INPUTS)):
        inner, curve = problems.below(name), problems.mapping(raw, name)
        curves[name] = EvidenceCurve(
            slopes=tuple(inner.numbers(curve, "slopes", _length(curve, "slopes", most=inputs))),
            intercept=inner.number(curve, "intercept", -1e6, 1e6),
            weight=inner.number(curve, "weight", 0, 1e6),
        )
    return {
        **curves,
        "value_slope": problems.number(raw, "value_slope", 0, 1e6),
        "value_prob": problems.number(raw, "value_prob", 0, 1),
    }


def _length(raw: dict[str, Any], name: str, *, most: int) -> int:
    """The length of a list that may be shorter than ``most``, but not longer nor empty."""
    values = raw.get(name)
    return min(len(values), most) or most if isinstance(values, list) else most


def _thresholds(raw: dict[str, Any], problems: Problems) -> Thresholds:
    act_prob, ask_prob = problems.number(raw, "act_prob", 0, 1), problems.number(raw, "ask_prob", 0, 1)
    if ask_prob > act_prob:
        problems.add("ask_prob is above act_prob")
    return Thresholds(max(act_prob, ACT_FLOOR_PROB), max(ask_prob, ASK_FLOOR_PROB))


def _calibration_json(calibration: Calibration) -> dict[str, Any]:
    """The calibration as JSON, in the format of older versions if it has no newer field."""
    raw = asdict(calibration)
    own = {name: thresholds for name in ("held", "wake") if (thresholds := raw.pop(name)) is not None}
    evidence = {name: raw.pop(name) for name in ("words", "gaps", "value_slope", "value_prob")}
    if calibration.words is not None and calibration.gaps is not None:
        raw["evidence"] = evidence
    return raw | ({"thresholds": own} if own else {})


def _files(raw: dict[str, Any], problems: Problems) -> dict[str, FileEntry]:
    files = {}
    for name in (MODEL_NAME, TOKENS_NAME, PRONUNCIATIONS_NAME):
        if name not in raw:
            problems.add(f"files: {name!r} is missing")
    for name, value in raw.items():
        if name not in FILE_NAMES:
            problems.add(f"files: {name!r} does not belong in a pack")
            continue
        inner = problems.below(f"files: {name}")
        entry = inner.object(value)
        sha256 = inner.text(entry, "sha256")
        if sha256 and not _SHA256.fullmatch(sha256):
            inner.add("sha256 is not 64 hexadecimal digits")
        limit_bytes = MAX_FILE_BYTES if name == MODEL_NAME else MAX_WORD_FILE_BYTES
        files[name] = FileEntry(sha256, inner.integer(entry, "bytes", 1, limit_bytes))
    return files
