"""Reads trained weights back."""

from __future__ import annotations

from pathlib import Path

import torch

from voiceassist.errors import DataError
from voiceassist.train.model import Encoder, ModelConfig


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


def load_weights(model: Encoder, checkpoint: Path) -> None:
    """Starts ``model`` with a checkpoint's weights.

    A shared block is copied into every block; deltas and conditioning that the checkpoint lacks begin as they are.
    """
    weights = load_encoder(checkpoint).state_dict()
    for name, value in model.state_dict().items():
        parts = name.split(".")
        if name not in weights and parts[0] == "blocks":
            weights[name] = weights[".".join(["blocks", "0", *parts[2:]])]
        elif name not in weights and parts[0] in ("deltas", "told"):
            weights[name] = value
    model.load_state_dict(weights)
