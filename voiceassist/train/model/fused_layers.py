"""The layers of an encoder for training on a GPU: the arithmetic of `Block` in a third of its kernels.

Weights are cast once a step instead of once a use, scales and residuals are one operation, attention is torch's fused
one, and the depthwise convolution and the rotary positions are Triton kernels where Triton is installed. Without it,
or on a CPU, torch computes both.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from voiceassist.train.model.block import MATRICES, NORMS_PER_LAYER, SCALES_PER_LAYER, Block
from voiceassist.train.model.encoder import Encoder, rotary_table
from voiceassist.train.model.kernels import Kernels, kernels_for

RunLayer = Callable[[int, Tensor], Tensor]
"""Runs a virtual layer, given its number and its input ``(batch, frames, dim)``."""


def layer_runner(model: Encoder, x: Tensor, *, fused: bool) -> RunLayer:
    """How to run the layers of a model on inputs like ``x`` ``(batch, frames, dim)``: fused on a GPU, else plainly."""
    if fused and x.device.type == "cuda" and not model.config.layer_drop:
        return FusedLayers(model, x, kernels_for(x.device))
    rotary = rotary_table(x.shape[1], model.config.dim // model.config.heads, x.device)
    return lambda index, state: model.layer(index, state, rotary)


class FusedLayers:
    """Runs the layers of one step. The results equal those of `Encoder.layer`."""

    def __init__(self, model: Encoder, x: Tensor, kernels: Kernels) -> None:
        self._model, self._kernels, shape = model, kernels, model.config
        device = x.device.type
        self._dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else x.dtype
        table = rotary_table(x.shape[1], shape.dim // shape.heads, x.device)
        half = table.shape[2] // 2
        self._cosine, self._sine = table[0, :, :half].contiguous(), table[1, :, :half].contiguous()
        self._blocks = [self._cast(block) for block in model.blocks if isinstance(block, Block)]
        # unbound once: each indexing of a stacked parameter costs three kernels in the backward pass
        self._norms = model.norms.to(self._dtype).reshape(-1, shape.dim).unbind(0)
        self._scales = model.scales.to(self._dtype).reshape(-1, shape.dim).unbind(0)

    def __call__(self, index: int, x: Tensor) -> Tensor:
        model = self._model
        if index == model.config.condition_layer:
            x = model.condition(x)
        with torch.autocast(x.device.type, enabled=False):
            return self._layer(index, x.to(self._dtype))

    def _cast(self, block: Block) -> dict[str, Tensor]:
        weights: dict[str, Tensor] = {}
        for name in MATRICES:
            linear = getattr(block, name)
            weights[name], weights[f"{name}.bias"] = linear.weight.to(self._dtype), linear.bias.to(self._dtype)
        weights["taps"] = block.depthwise.weight[:, 0].t().to(self._dtype)
        for name, value in (
            ("taps.bias", block.depthwise.bias),
            ("norm", block.conv_norm.weight),
            ("norm.bias", block.conv_norm.bias),
        ):
            assert value is not None  # noqa: S101 - a block has all biases
            weights[name] = value.to(self._dtype)
        return weights

    def _layer(self, index: int, x: Tensor) -> Tensor:
        shape, weights = self._model.config, self._blocks[self._model.config.block_of(index)]
        norms = self._norms[2 * NORMS_PER_LAYER * index : 2 * NORMS_PER_LAYER * (index + 1)]
        scales = self._scales[SCALES_PER_LAYER * index : SCALES_PER_LAYER * (index + 1)]

        def norm(number: int, value: Tensor) -> Tensor:
            return F.layer_norm(value, (shape.dim,), norms[2 * number], norms[2 * number + 1])

        def linear(name: str, value: Tensor) -> Tensor:
            weight = weights[name]
            if shape.delta_rank:
                inputs, outputs = (self._model.deltas[f"{name}_{part}"][index].to(self._dtype) for part in "ab")
                weight = weight + (inputs @ outputs).T
            return F.linear(value, weight, weights[f"{name}.bias"])

        def add(branch: Tensor, scale: Tensor) -> Tensor:
            return torch.addcmul(x, F.dropout(branch, shape.dropout, training=self._model.training), scale)

        x = add(linear("ff1_out", F.silu(linear("ff1_in", norm(0, x)))), scales[0])
        x = add(linear("attention_out", self._attend(linear("qkv", norm(1, x)))), scales[1])
        mixed = self._kernels.depthwise(F.glu(linear("conv_in", norm(2, x)), -1), weights["taps"], weights["taps.bias"])
        mixed = F.silu(F.layer_norm(mixed, (shape.dim,), weights["norm"], weights["norm.bias"]))
        x = add(linear("conv_out", mixed), scales[2])
        x = add(linear("ff2_out", F.silu(linear("ff2_in", norm(3, x)))), scales[3])
        return norm(4, x)

    def _attend(self, qkv: Tensor) -> Tensor:
        batch, frames, _ = qkv.shape
        heads, dim = self._model.config.heads, self._model.config.dim
        split = qkv.view(batch, frames, 3, heads, dim // heads)
        query, key, value = self._kernels.rotate(split, self._cosine, self._sine).unbind(2)
        mixed = F.scaled_dot_product_attention(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2))
        return mixed.transpose(1, 2).reshape(batch, frames, dim)
