"""A conformer whose layers share their weights.

Sharing is configuration: ``layers`` virtual layers run over ``blocks`` physical ones. One class serves the fully
shared, the grouped and the unshared model, so that they differ in nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from voiceassist.errors import ConfigError
from voiceassist.train.model.block import MATRICES, NORMS_PER_LAYER, SCALES_PER_LAYER, Block, Private, new_deltas
from voiceassist.train.model.frontend import LogMel, Subsampling


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Shape of a model.

    Attributes:
        tokens: output classes of the CTC head, blank (index 0) included.
        phones: classes of the phone head, silence (index 0) included; 0 for none.
        dim: width of the encoder.
        layers: virtual layers; any smaller depth can be run.
        blocks: physical blocks; must divide ``layers``.
        order: ``cycle`` runs blocks 0 1 0 1, ``sequence`` 0 0 1 1.
        heads: attention heads; must divide ``dim`` into even widths.
        ff_mult: width of the feed-forward layers as a multiple of ``dim``.
        kernel: taps of the depthwise convolution, odd.
        phone_layer: layers before the phone head; later layers mix in which words are likely.
        phone_context: width of the part of the phone head that sees neighbouring frames; 0 for none.
        dropout: on every residual branch, in training.
        delta_rank: rank of the low-rank additions of each virtual layer; 0 for none.
        condition_layer: layers before self-conditioning, where the intermediate CTC posteriors are added to the
            input of the next layer; 0 for none.
        layer_drop: probability that the last layer is skipped in training, earlier layers less often (stochastic
            depth).
    """

    tokens: int = 192
    phones: int = 40
    dim: int = 192
    layers: int = 6
    blocks: int = 1
    order: Literal["cycle", "sequence"] = "cycle"
    heads: int = 4
    ff_mult: int = 4
    kernel: int = 15
    phone_layer: int = 3
    phone_context: int = 0
    dropout: float = 0.05
    delta_rank: int = 0
    condition_layer: int = 0
    layer_drop: float = 0.0

    def __post_init__(self) -> None:
        if self.blocks < 1 or self.layers % self.blocks:
            raise ConfigError(
                f"{self.layers} layers cannot share {self.blocks} blocks evenly",
                hint="choose a number of blocks that divides the number of layers",
            )
        if self.dim % (2 * self.heads):
            raise ConfigError(
                f"{self.heads} heads do not divide a width of {self.dim} into even parts",
                hint="choose dim as a multiple of 2 * heads",
            )
        if self.kernel % 2 == 0:
            raise ConfigError(f"the convolution has {self.kernel} taps", hint="choose an odd number of taps")
        if not 0 <= self.condition_layer < self.layers:
            raise ConfigError(
                f"no layer follows the condition layer {self.condition_layer} of {self.layers}",
                hint="choose condition_layer below layers, 0 for none",
            )

    @property
    def block_order(self) -> list[int]:
        """The physical block of each virtual layer."""
        return block_order(self.layers, self.blocks, self.order)

    @property
    def phone_depth(self) -> int:
        """The layers that run before the phone head: ``phone_layer``, or all of a shallower model."""
        return min(self.phone_layer, self.layers)

    def block_of(self, layer: int) -> int:
        """The physical block that virtual layer ``layer`` runs."""
        return self.block_order[layer]


def block_order(layers: int, blocks: int, order: str) -> list[int]:
    """The physical block of each virtual layer."""
    return [layer % blocks if order == "cycle" else layer // (layers // blocks) for layer in range(layers)]


def rotary_table(frames: int, width: int, device: torch.device) -> Tensor:
    """Cosines and sines of rotary positions. Shape: ``(2, frames, width)``."""
    frequency = 10_000.0 ** (-torch.arange(0, width, 2, dtype=torch.float32, device=device) / width)
    angle = torch.arange(frames, dtype=torch.float32, device=device)[:, None] * frequency
    angle = torch.cat([angle, angle], dim=-1)
    return torch.stack([torch.cos(angle), torch.sin(angle)])


class PhoneContext(nn.Module):
    """What neighbouring frames add to the logits of the phones: 240 ms to both sides, in two depthwise convolutions.

    It begins at zero.

    Source: Peddinti, Povey and Khudanpur 2015, "A time delay neural network architecture for efficient modeling of
    long temporal contexts", with depthwise convolutions.
    """

    KERNEL = 7

    def __init__(self, dim: int, width: int, phones: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(dim, width), nn.Linear(width, width)
        self.first_depthwise, self.second_depthwise = (
            nn.Conv1d(width, width, self.KERNEL, padding=self.KERNEL // 2, groups=width) for _ in range(2)
        )
        self.out = nn.Linear(width, phones)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Shape: ``(batch, frames, dim)`` -> ``(batch, frames, phones)``."""
        for linear, depthwise in ((self.first, self.first_depthwise), (self.second, self.second_depthwise)):
            x = F.silu(depthwise(linear(x).transpose(1, 2))).transpose(1, 2)
        logits: Tensor = self.out(x)
        return logits


class Encoder(nn.Module):
    """Waveform to CTC log-probabilities, at any depth."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.log_mel = LogMel()
        self.subsampling = Subsampling(LogMel.MELS, config.dim)
        self.blocks = nn.ModuleList(
            Block(
                config.dim,
                heads=config.heads,
                hidden=config.dim * config.ff_mult,
                kernel=config.kernel,
                dropout=config.dropout,
            )
            for _ in range(config.blocks)
        )
        norms = torch.zeros(config.layers, NORMS_PER_LAYER, 2, config.dim)
        norms[:, :, 0] = 1
        self.norms = nn.Parameter(norms)
        scales = torch.ones(config.layers, SCALES_PER_LAYER, config.dim)
        scales[:, 0] = scales[:, 3] = 0.5  # the macaron halves
        self.scales = nn.Parameter(scales)
        self.head = nn.Linear(config.dim, config.tokens)
        # the projection of self-conditioning; the name is part of the checkpoint and pack formats
        self.told = nn.Linear(config.tokens, config.dim) if config.condition_layer else None
        if self.told is not None:
            nn.init.zeros_(self.told.weight)  # begins as the model without self-conditioning
            nn.init.zeros_(self.told.bias)
        self.phone_head = nn.Linear(config.dim, config.phones) if config.phones else None
        width = config.phone_context
        self.phone_context = PhoneContext(config.dim, width, config.phones) if width and config.phones else None
        self.deltas = nn.ParameterDict(new_deltas(self.blocks[0], config.layers, config.delta_rank))

    def embed(self, waveform: Tensor) -> Tensor:
        """The input of the first layer. Shape: ``(batch, samples)`` -> ``(batch, frames, dim)``; no row is padded."""
        x: Tensor = self.subsampling(self.log_mel(waveform))
        return x

    def layer(self, index: int, x: Tensor, rotary: Tensor) -> Tensor:
        """Runs virtual layer ``index``, in training with stochastic depth."""
        if index == self.config.condition_layer:
            x = self.condition(x)
        rank = self.config.delta_rank
        pairs = {name: (self.deltas[f"{name}_a"], self.deltas[f"{name}_b"]) for name in MATRICES} if rank else {}
        deltas = {name: (inputs[index], outputs[index]) for name, (inputs, outputs) in pairs.items()}
        out: Tensor = self.blocks[self.config.block_of(index)](
            x, Private(self.norms[index], self.scales[index], deltas), rotary
        )
        drop_prob = self.config.layer_drop * index / max(1, self.config.layers - 1)
        if not self.training or not drop_prob:
            return out
        keep = torch.rand(len(x), 1, 1, device=x.device) >= drop_prob
        return torch.where(keep, out, x.to(out.dtype))

    def condition(self, x: Tensor) -> Tensor:
        """Self-conditioning: adds the intermediate CTC posteriors. Shape: ``(batch, frames, dim)``.

        Source: Nozaki and Komatsu 2021 (arXiv 2104.02724), at one layer instead of each.
        """
        return x if self.told is None else x + self.told(self.classify(x).exp()).to(x.dtype)

    def classify(self, x: Tensor) -> Tensor:
        """CTC log-probabilities in float32. Shape: ``(batch, frames, pieces)``."""
        return F.log_softmax(self.head(x).float(), dim=-1)

    def classify_phones(self, x: Tensor) -> Tensor:
        """Logits of the phones, of a model that has a phone head. Shape: ``(batch, frames, phones)``."""
        if self.phone_head is None:
            raise ConfigError("the model has no phone head", hint="train it with model.phones = 40")
        logits: Tensor = self.phone_head(x)
        return logits if self.phone_context is None else logits + self.phone_context(x)

    def forward(self, waveform: Tensor, depth: int | None = None) -> Tensor:
        """Log-probabilities of the pieces after ``depth`` layers (default all).

        Shape: ``(batch, samples)`` -> ``(batch, frames, pieces)``.
        """
        return self.classify(self.encode(waveform, depth)[0])

    def encode(self, waveform: Tensor, depth: int | None = None) -> tuple[Tensor, Tensor]:
        """Inputs of the piece head and of the phone head after ``depth`` layers (default all).

        Shape: ``(batch, samples)`` -> two of ``(batch, frames, dim)``.
        """
        x = phones = self.embed(waveform)
        rotary = rotary_table(x.shape[1], self.config.dim // self.config.heads, x.device)
        for index in range(self.config.layers if depth is None else depth):
            x = self.layer(index, x, rotary)
            if index < self.config.phone_layer:
                phones = x
        return x, phones
