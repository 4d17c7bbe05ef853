"""Writes a trained encoder as an ONNX file or as a whole model pack."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.packs.manifest import Calibration, Manifest
from voiceassist.packs.pack import Pack
from voiceassist.packs.writer import WordFiles, write_pack_folder
from voiceassist.train.data.word_pieces import BLANK
from voiceassist.train.export.encoder_graph import EncoderGraph
from voiceassist.train.model.encoder import Encoder
from voiceassist.train.model.frontend import LogMel
from voiceassist.train.phones import PHONES

SUBSAMPLING = 4
"""Feature frames to a frame of the output."""


@dataclass(frozen=True, slots=True)
class PackCard:
    """The metadata of a pack; see ``Manifest`` for each field.

    Attributes:
        text: the model card; ``None`` for none.
    """

    name: str
    title: str
    licence: str
    attribution: Sequence[str]
    log_prior: Sequence[float]
    calibration: Calibration
    provenance: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


def export_onnx(encoder: Encoder, path: Path, *, quantize: bool) -> None:
    """Writes the encoder as an ONNX file, atomically.

    Inputs: ``waveform`` float32 ``(batch, samples)``; ``turns`` int64 scalar, the depth, at most ``layers``.
    Outputs, both log-probabilities: ``log_probs`` float32 ``(batch, frames, tokens)`` of the word pieces, and
    ``phones`` float32 ``(batch, frames, phones)``.

    Args:
        encoder: the model.
        path: the file to write or replace.
        quantize: int8 weights in the linear layers; spectrum, convolutions and norms stay float32.
    """
    data = EncoderGraph(encoder, quantize=quantize).serialize()
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as temporary:
        made = Path(temporary) / path.name
        made.write_bytes(data)
        made.replace(path)


def parameters(encoder: Encoder) -> int:
    """Number of trained parameters."""
    return sum(value.numel() for value in encoder.parameters())


def write_pack(folder: Path, encoder: Encoder, words: WordFiles, *, card: PackCard, quantize: bool) -> Pack:
    """Exports an encoder as a model pack; a pack that is in the folder is replaced after success.

    Args:
        folder: the pack's folder.
        encoder: the trained model.
        words: word pieces and pronunciations.
        card: the metadata of the pack.
        quantize: int8 or float32.

    Raises:
        PackError: the pack would not be valid.
    """
    config = encoder.config
    frame_samples = SUBSAMPLING * LogMel.HOP
    manifest = Manifest(
        name=card.name,
        title=card.title,
        layers=config.layers,
        blocks=config.blocks,
        order=config.order,
        dim=config.dim,
        parameters=parameters(encoder),
        quantization="int8" if quantize else "float32",
        sample_rate_hz=SAMPLE_RATE_HZ,
        frame_ms=1000 * frame_samples / SAMPLE_RATE_HZ,
        tokens=config.tokens,
        blank=BLANK,
        licence=card.licence,
        attribution=tuple(card.attribution),
        provenance=card.provenance,
        metrics=card.metrics,
        phones=PHONES[: config.phones],
        log_prior=tuple(round(float(value), 4) for value in card.log_prior),
        calibration=card.calibration,
        files={},
    )
    return write_pack_folder(
        folder, manifest, words, lambda path: export_onnx(encoder, path, quantize=quantize), card=card.text
    )
