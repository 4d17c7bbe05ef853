"""The conformer block, and what its virtual layers own: norms, residual scales, low-rank deltas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

NORMS_PER_LAYER = 5
"""Before feed-forward 1, attention, convolution and feed-forward 2, and after the block."""
SCALES_PER_LAYER = 4
"""One per residual branch."""
MATRICES = ("ff1_in", "ff1_out", "qkv", "attention_out", "conv_in", "conv_out", "ff2_in", "ff2_out")
"""The linear layers of a block."""
Deltas = Mapping[str, tuple[Tensor, Tensor]]
"""Low-rank additions of a virtual layer to the matrices of its block: ``(inputs, rank)`` times ``(rank, outputs)``."""


class Private(NamedTuple):
    """The private parameters of a virtual layer.

    Shape:
        norms: ``(NORMS_PER_LAYER, 2, dim)`` weight and bias; scales: ``(SCALES_PER_LAYER, dim)``.
    """

    norms: Tensor
    scales: Tensor
    deltas: Deltas


class Block(nn.Module):
    """One physical conformer block; norms and residual scales come from the virtual layer.

    Args:
        dim: width of its input and output.
        heads: attention heads; must divide ``dim`` into even widths.
        hidden: width of the feed-forward layers.
        kernel: taps of the depthwise convolution, odd.
        dropout: on every residual branch, in training.

    Source: Gulati et al. 2020 (arXiv 2005.08100), with LayerNorm in the convolution module and
    rotary positions (arXiv 2104.09864).
    """

    def __init__(self, dim: int, *, heads: int, hidden: int, kernel: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.ff1_in, self.ff1_out = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.qkv, self.attention_out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.conv_in, self.conv_out = nn.Linear(dim, 2 * dim), nn.Linear(dim, dim)
        self.depthwise = nn.Conv1d(dim, dim, kernel, padding=kernel // 2, groups=dim)
        self.conv_norm = nn.LayerNorm(dim)
        self.ff2_in, self.ff2_out = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, private: Private, rotary: Tensor) -> Tensor:
        """Runs the block once.

        Shape:
            x: ``(batch, frames, dim)``, of which every frame counts; rotary: ``(2, frames, dim // heads)`` cosine and
            sine.
        """
        norms, scales = private.norms, private.scales
        x = x + scales[0] * self.dropout(self._feed_forward("ff1", _norm(x, norms[0]), private))
        x = x + scales[1] * self.dropout(self._attend(_norm(x, norms[1]), private, rotary))
        mixed = self._mix(F.glu(self._linear("conv_in", _norm(x, norms[2]), private), dim=-1))
        x = x + scales[2] * self.dropout(self._linear("conv_out", F.silu(self.conv_norm(mixed)), private))
        x = x + scales[3] * self.dropout(self._feed_forward("ff2", _norm(x, norms[3]), private))
        return _norm(x, norms[4])

    def _linear(self, name: str, x: Tensor, private: Private) -> Tensor:
        layer: nn.Linear = getattr(self, name)
        if not private.deltas:
            return F.linear(x, layer.weight, layer.bias)
        inputs, outputs = private.deltas[name]
        # one product with the summed matrix is cheaper than three products over all frames
        return F.linear(x, layer.weight + (inputs @ outputs).T, layer.bias)

    def _feed_forward(self, name: str, x: Tensor, private: Private) -> Tensor:
        return self._linear(f"{name}_out", F.silu(self._linear(f"{name}_in", x, private)), private)

    def _attend(self, x: Tensor, private: Private, rotary: Tensor) -> Tensor:
        batch, frames, dim = x.shape
        qkv = self._linear("qkv", x, private).view(batch, frames, 3, self.heads, dim // self.heads)
        qkv = qkv.permute(2, 0, 3, 1, 4)
        query, key = _rotate(qkv[0], rotary), _rotate(qkv[1], rotary)
        # written out: fused attention is slower on a CPU for clips of a few seconds, above all in the backward pass
        weights = query @ key.transpose(-1, -2) * (dim // self.heads) ** -0.5
        attended = torch.softmax(weights.float(), dim=-1).to(x.dtype) @ qkv[2]
        return self._linear("attention_out", attended.transpose(1, 2).reshape(batch, frames, dim), private)

    @torch.compiler.disable  # type: ignore[untyped-decorator]
    def _mix(self, x: Tensor) -> Tensor:
        """The depthwise convolution; the libraries' own is faster than what torch compiles."""
        out: Tensor = self.depthwise(x.transpose(1, 2)).transpose(1, 2).contiguous()
        return out


def _norm(x: Tensor, weight_and_bias: Tensor) -> Tensor:
    return F.layer_norm(x, (x.shape[-1],), weight_and_bias[0], weight_and_bias[1])


def _rotate(x: Tensor, rotary: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return x * rotary[0].to(x.dtype) + turned * rotary[1].to(x.dtype)


def new_deltas(block: nn.Module, layers: int, rank: int) -> dict[str, nn.Parameter]:
    """New low-rank deltas of the matrices of a block: ``a``, random, and ``b``, zero.

    Their product is zero, so training begins with the plain shared model.

    Shape: ``a`` ``(layers, inputs, rank)``; ``b`` ``(layers, rank, outputs)``.

    Source: Wang and Li 2023 (arXiv 2310.02489).
    """
    made: dict[str, nn.Parameter] = {}
    for name in MATRICES if rank else ():
        layer: nn.Linear = getattr(block, name)
        a = torch.randn(layers, layer.in_features, rank) * layer.in_features**-0.5
        made[f"{name}_a"] = nn.Parameter(a)
        made[f"{name}_b"] = nn.Parameter(torch.zeros(layers, rank, layer.out_features))
    return made
