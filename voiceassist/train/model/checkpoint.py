"""Loads checkpoints, and initialises a model from another one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch

from voiceassist.errors import DataError
from voiceassist.packs.pack import open_pack
from voiceassist.train.model.encoder import Encoder, ModelConfig, block_order
from voiceassist.train.model.pack_weights import read_pack_weights


def load_encoder(checkpoint: Path) -> Encoder:
    """The averaged model of a checkpoint, in evaluation mode.

    Raises:
        DataError: there is no readable checkpoint.
    """
    try:
        saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError) as error:
        raise DataError(
            f"cannot read the checkpoint {checkpoint}: {error}", hint="run: python -m voiceassist.train fit"
        ) from error
    encoder = Encoder(ModelConfig(**saved["config"]))
    encoder.load_state_dict(saved["average"])
    return encoder.eval()


def replace_average(checkpoint: Path, encoder: Encoder) -> None:
    """Puts another averaged model into a checkpoint; its training does not go on from there."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    partial = checkpoint.with_suffix(".partial")
    torch.save({**saved, "config": dataclasses.asdict(encoder.config), "average": encoder.state_dict()}, partial)
    partial.replace(checkpoint)


def load_weights(model: Encoder, start: Path) -> None:
    """Initialises ``model`` with the weights of a checkpoint or of a pack's folder.

    A model with fewer blocks may start one with more: each block is a copy of the one that ran its first layer.
    Missing deltas, self-conditioning and phone context keep their initial values.

    Raises:
        DataError: there are no readable weights, or their shapes differ.
        PackError: the folder holds no valid pack.
    """
    if start.is_dir():
        manifest = open_pack(start).manifest
        found, block_of = read_pack_weights(start), block_order(manifest.layers, manifest.blocks, manifest.order)
    else:
        encoder = load_encoder(start)
        found, block_of = encoder.state_dict(), encoder.config.block_order
    weights = {name: value for name, value in found.items() if not name.startswith("blocks.")}
    for name, value in model.state_dict().items():
        kind, *rest = name.split(".")
        if kind == "blocks":
            first_layer = model.config.block_order.index(int(rest[0]))
            block = block_of[first_layer] if first_layer < len(block_of) else 0  # the source may have fewer layers
            source = ".".join([kind, str(block), *rest[1:]])
            if source in found:
                weights[name] = found[source]
        elif name not in weights and kind in ("deltas", "told", "phone_context"):
            weights[name] = value
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise DataError(
            f"the weights in {start} do not fit the model: {error}",
            hint="start from a model with the same [model] but for blocks, deltas, condition_layer and phone_context",
        ) from error
