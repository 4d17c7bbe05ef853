"""The pack of a training run, with licence and provenance, before its calibration."""

from __future__ import annotations

from pathlib import Path

from voiceassist.bench.version import code_version
from voiceassist.packs.manifest import Calibration
from voiceassist.packs.pack import Pack
from voiceassist.packs.writer import WordFiles
from voiceassist.train.export.onnx_export import PackCard, write_pack
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.model.encoder import Encoder

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
