"""Writes a trained encoder as an ONNX file or as a whole model pack, with licence and provenance."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voiceassist.bench.version import code_version
from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.packs.calibration import Calibration
from voiceassist.packs.manifest import Manifest
from voiceassist.packs.pack import Pack
from voiceassist.packs.writer import WordFiles, write_pack_folder
from voiceassist.train.data.word_pieces import BLANK
from voiceassist.train.export.encoder_graph import EncoderGraph
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.model.encoder import Encoder
from voiceassist.train.model.frontend import LogMel
from voiceassist.train.phones import PHONES

SUBSAMPLING = 4
"""Feature frames to a frame of the output."""
LICENCE = "CC-BY-4.0"
ATTRIBUTION = (
    "LibriSpeech (V. Panayotov, D. Povey), OpenSLR 31 and dev-clean of OpenSLR 12, CC BY 4.0",
    "Mozilla Common Voice, CC0; some of its recordings labelled by Moonshine Tiny English (Moonshine AI), MIT",
    "speechocean762 (J. Zhang et al.), OpenSLR 101, CC BY 4.0",
    "VCTK (J. Yamagishi, C. Veaux, K. MacDonald), CC BY 4.0",
    "LibriTTS (H. Zen et al.), OpenSLR 60, CC BY 4.0",
    "Rhasspy data set cathy, CC0",
    "LJ Speech (K. Ito, L. Johnson), public domain",
    "ESC-50 (K. J. Piczak; clips by freesound.org authors under CC0 and CC BY only)",
    "Google Speech Commands v0.01 background noise, CC BY 4.0",
    "Synthetic phrases spoken by flite (Carnegie Mellon University)",
    "Alignments by PocketSphinx with its US English model (Carnegie Mellon University)",
    "Alignments and soft phone labels by the encoder of Moonshine Tiny English (Moonshine AI), MIT",
    "Pronunciations learned from the CMU Pronouncing Dictionary (Carnegie Mellon University)",
)
UNCALIBRATED = Calibration(prior_weight=0.0, slope=1.0, intercept=0.0, act_prob=1.0, ask_prob=1.0)
"""Rejects everything, until ``evaluate`` calibrates the pack."""


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
    Outputs, both log-probabilities: ``log_probs`` float32 ``(batch, frames, pieces)`` of the word pieces, and
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


def release(encoder: Encoder, config: TrainingConfig, config_file: Path, folder: Path, *, quantize: bool) -> Pack:
    """Writes the pack of a run; it rejects everything until it is calibrated."""
    shape = config.model
    sharing = "fully shared" if shape.blocks == 1 else "unshared" if shape.blocks == shape.layers else "grouped"
    blocks = f"{shape.blocks} block{'s' * (shape.blocks > 1)}"
    deltas = f", deltas of rank {shape.delta_rank}" if shape.delta_rank else ""
    card = PackCard(
        name=folder.name,
        title=f"English, {sharing}: {shape.layers} layers, {blocks}{deltas}",
        licence=LICENCE,
        attribution=ATTRIBUTION,
        log_prior=[0.0] * shape.phones,
        calibration=UNCALIBRATED,
        provenance={
            "config": config_file.as_posix(),
            "steps": config.steps,
            "ctc_layers": list(config.depths),
            "code": code_version(),
        },
    )
    data = Path(config.data)
    words = WordFiles(data / "tokens.model", data / "pronunciations.npy")
    return write_pack(folder, encoder, words, card=card, quantize=quantize)
