"""Loads checkpoints, and initialises a model from another one."""

from __future__ import annotations

from pathlib import Path

import torch

from voiceassist.errors import DataError
from voiceassist.train.model.encoder import Encoder, ModelConfig
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


def load_weights(model: Encoder, start: Path) -> None:
    """Initialises ``model`` with the weights of a checkpoint or of a pack's folder.

    A shared block is copied into every block; missing deltas and self-conditioning keep their initial values.

    Raises:
        DataError: there are no readable weights, or their shapes differ.
        PackError: the folder holds no valid pack.
    """
    weights = read_pack_weights(start) if start.is_dir() else load_encoder(start).state_dict()
    for name, value in model.state_dict().items():
        parts = name.split(".")
        if name not in weights and parts[0] == "blocks":
            weights[name] = weights[".".join(["blocks", "0", *parts[2:]])]
        elif name not in weights and parts[0] in ("deltas", "told"):
            weights[name] = value
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise DataError(
            f"the weights in {start} do not fit the model: {error}",
            hint="start from a model with the same [model] but for blocks, delta_rank and condition_layer",
        ) from error
