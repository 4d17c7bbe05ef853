"""The manifest of a model pack: the model's description, provenance and files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from voiceassist.errors import PackError
from voiceassist.packs.calibration import Calibration, read_calibration
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
MAX_MANIFEST_BYTES = 1 << 20
MAX_BYTES = {
    MODEL_NAME: 128 << 20,
    TOKENS_NAME: 16 << 20,
    PRONUNCIATIONS_NAME: 16 << 20,
    CARD_NAME: 1 << 20,
    CONFUSION_NAME: 1 << 20,
}
"""The files that a pack may have beside its manifest."""
REQUIRED_NAMES = (MODEL_NAME, TOKENS_NAME, PRONUNCIATIONS_NAME)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9])){0,63}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
"""Device names that Windows reserves."""
_NUMBER_LIST = re.compile(r"\[[-+.eE0-9,\s]*\]")
_SHA256 = re.compile(r"[0-9a-f]{64}")


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
        manifest = _read(raw, problems)
        if not problems and manifest.layers % manifest.blocks:
            problems.add(f"{manifest.layers} layers cannot share {manifest.blocks} blocks evenly")
        if not problems and len(manifest.phones) < 2:
            problems.add("phones lists fewer than two")
        for unknown in sorted(raw.keys() - {item.name for item in fields(Manifest)}, key=str):
            problems.add(f"{unknown!r} is unknown")
        if problems:
            raise problems.error(PackError)
        return manifest

    def to_json(self) -> str:
        """The manifest as text, the same for the same manifest.

        Raises:
            PackError: if it could not be read back.
        """
        files = {name: {"sha256": e.sha256, "bytes": e.size_bytes} for name, e in sorted(self.files.items())}
        raw = asdict(self) | {"calibration": self.calibration.to_json(), "files": files}
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


def _read(raw: dict[str, Any], problems: Problems) -> Manifest:
    layers = problems.integer(raw, "layers", 1, 1024)
    tokens = problems.integer(raw, "tokens", 2, 1 << 16)
    phones = tuple(problems.texts(raw, "phones"))
    name = problems.text(raw, "name")
    if name and not is_pack_name(name):
        problems.add(f"name {name!r} is not a pack name: small letters, digits, '.', '-' and '_', at most 64")
    return Manifest(
        name=name,
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
        log_prior=tuple(problems.numbers(raw, "log_prior", len(phones), len(phones))),
        calibration=read_calibration(problems.mapping(raw, "calibration"), problems.below("calibration")),
        files=_files(problems.mapping(raw, "files"), problems),
        provenance=problems.plain(raw, "provenance"),
        metrics=problems.plain(raw, "metrics"),
    )


def is_pack_name(name: str) -> bool:
    """Whether a pack, and so a folder on any system, may be called this."""
    return bool(_NAME.fullmatch(name)) and not _RESERVED.fullmatch(name)


def _files(raw: dict[str, Any], problems: Problems) -> dict[str, FileEntry]:
    files = {}
    for name in REQUIRED_NAMES:
        if name not in raw:
            problems.add(f"files: {name!r} is missing")
    for name, value in raw.items():
        if name not in MAX_BYTES:
            problems.add(f"files: {name!r} does not belong in a pack")
            continue
        inner = problems.below(f"files: {name}")
        entry = inner.object(value)
        sha256 = inner.text(entry, "sha256")
        if sha256 and not _SHA256.fullmatch(sha256):
            inner.add("sha256 is not 64 hexadecimal digits")
        files[name] = FileEntry(sha256, inner.integer(entry, "bytes", 1, MAX_BYTES[name]))
    return files
