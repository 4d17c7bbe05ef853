"""Reads weights from a pack, so that training can go on from a model whose checkpoint is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from voiceassist.errors import DataError
from voiceassist.packs.pack import open_pack
from voiceassist.train.model.block import MATRICES, NORMS_PER_LAYER, SCALES_PER_LAYER
from voiceassist.train.model.frontend import FEATURE_GAIN, LogMel

Array = NDArray[Any]


def read_pack_weights(folder: Path) -> dict[str, Tensor]:
    """The weights of a pack by their `Encoder.state_dict` names, dequantized.

    The constant matrices of the log-mel front end are left out.

    Raises:
        PackError: the folder holds no valid pack.
        DataError: its graph was not written by this program.
    """
    pack = open_pack(folder)
    stored = {one.name: numpy_helper.to_array(one) for one in onnx.load(pack.model_file).graph.initializer}
    if "private" not in stored or "subsampling.first.weight" not in stored:
        raise DataError(
            f"the weights in {pack.model_file} have unknown names",
            hint="start from a pack that `python -m voiceassist.train export` wrote",
        )
    private = stored.pop("private").reshape(-1, 2 * NORMS_PER_LAYER + SCALES_PER_LAYER, pack.manifest.dim)
    norms, scales = np.split(private, [2 * NORMS_PER_LAYER], axis=1)
    weights = {"norms": norms.reshape(len(norms), NORMS_PER_LAYER, 2, -1), "scales": scales, **_deltas(stored)}
    for name, value in stored.items():
        if name.endswith(".bias"):
            weights[name] = value
        elif name.endswith(".weight"):
            weights[name] = _trained(name, value * stored[_scale(name)] if _scale(name) in stored else value)
    return {name: torch.from_numpy(np.array(value, np.float32)) for name, value in weights.items()}


def _scale(name: str) -> str:
    return f"{name.removesuffix('weight')}scale"


def _trained(name: str, value: Array) -> Array:
    """A weight in the layout of the torch module."""
    if name.startswith("subsampling.") and not name.startswith("subsampling.out."):
        dim = value.shape[1]
        width, gain = (LogMel.MELS, FEATURE_GAIN) if name.startswith("subsampling.first.") else (dim, 1.0)
        return value.reshape(-1, width, dim).transpose(2, 1, 0) / np.float32(gain)
    return value.T if value.ndim == 2 else value


def _deltas(stored: dict[str, Array]) -> dict[str, Array]:
    if "deltas.inputs" not in stored:
        return {}
    inputs, outputs = stored.pop("deltas.inputs"), stored.pop("deltas.outputs")
    sizes = [stored[f"blocks.0.{name}.weight"].shape for name in MATRICES]
    found: dict[str, Array] = {}
    for name, a, b in zip(
        MATRICES,
        np.split(inputs, np.cumsum([size[0] for size in sizes])[:-1], axis=1),
        np.split(outputs, np.cumsum([size[1] for size in sizes])[:-1], axis=2),
        strict=True,
    ):
        found |= {f"deltas.{name}_a": a, f"deltas.{name}_b": b}
    return found
