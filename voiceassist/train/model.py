"""The conformer whose layers share their weights.

Sharing is configuration: ``layers`` virtual layers run over ``blocks`` physical ones. One class
serves the fully shared, the grouped and the unshared model, so that they differ in nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from voiceassist.errors import ConfigError

NORMS_PER_LAYER = 5
"""Before feed-forward 1, attention, convolution and feed-forward 2, and after the block."""
SCALES_PER_LAYER = 4
"""One per residual branch."""


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Shape of a model.

    Attributes:
        tokens: output classes of the CTC head, blank (index 0) included.
        phones: classes of the training-only phone head; 0 for none.
        dim: width of the encoder.
        layers: virtual layers, the turns of the depth dial.
        blocks: physical blocks; must divide ``layers``.
        order: ``cycle`` runs blocks 0 1 0 1, ``sequence`` 0 0 1 1.
        heads: attention heads; must divide ``dim`` into even widths.
        ff_mult: width of the feed-forward layers as a multiple of ``dim``.
        kernel: taps of the depthwise convolution, odd.
        phone_layer: after how many turns the phone head listens.
        dropout: in training, on every residual branch.
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
    dropout: float = 0.05

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

    def block_of(self, layer: int) -> int:
        """The physical block that virtual layer ``layer`` runs."""
        return layer % self.blocks if self.order == "cycle" else layer // (self.layers // self.blocks)


class LogMel(nn.Module):
    """Log-mel features of a waveform, mean-normalised over the utterance, always in float32.

    The DFT is a matrix product, so that training and the exported graph run the same definition.

    Shape: ``(batch, samples)`` -> ``(batch, frames, mels)`` with ``frames = samples // hop - 1``.
    """

    WINDOW = 400
    HOP = 160
    FFT = 512
    MELS = 80
    FLOOR = 1e-8
    """Power floor: below the noise of 16 bit sound, so digital silence is no special case."""

    def __init__(self, sample_rate_hz: int = 16_000) -> None:
        super().__init__()
        window = torch.hann_window(self.WINDOW, periodic=False, dtype=torch.float64)
        phase = torch.outer(
            torch.arange(self.WINDOW, dtype=torch.float64), torch.arange(self.FFT // 2 + 1, dtype=torch.float64)
        ) * (2 * math.pi / self.FFT)
        basis = torch.cat([torch.cos(phase), torch.sin(phase)], dim=1) * window[:, None]
        self.basis: Tensor
        self.mel: Tensor
        self.register_buffer("basis", basis.float(), persistent=False)
        self.register_buffer("mel", _mel_filters(self.FFT // 2 + 1, self.MELS, sample_rate_hz), persistent=False)

    @classmethod
    def frames(cls, samples: Tensor) -> Tensor:
        """How many frames come of so many samples."""
        return torch.clamp((samples - cls.WINDOW) // cls.HOP + 1, min=0)

    def forward(self, waveform: Tensor, mask: Tensor | None = None) -> Tensor:
        """Computes the features; ``mask`` ``(batch, frames)`` marks frames that count towards the mean."""
        framed = waveform.float().unfold(1, self.WINDOW, self.HOP)
        spectrum = framed @ self.basis
        real, imaginary = spectrum.chunk(2, dim=-1)
        features = torch.log((real * real + imaginary * imaginary) @ self.mel + self.FLOOR)
        if mask is None:
            return features - features.mean(dim=1, keepdim=True)
        weight = mask.to(features.dtype).unsqueeze(-1)
        mean = (features * weight).sum(1, keepdim=True) / weight.sum(1, keepdim=True).clamp(min=1)
        return (features - mean) * weight


def _mel_filters(bins: int, mels: int, sample_rate_hz: int) -> Tensor:
    def to_mel(hz: Tensor) -> Tensor:
        return 2595 * torch.log10(1 + hz / 700)

    frequencies = torch.linspace(0, sample_rate_hz / 2, bins, dtype=torch.float64)
    low, high = to_mel(torch.tensor([20.0, 7600.0], dtype=torch.float64))
    edges = torch.linspace(float(low), float(high), mels + 2, dtype=torch.float64)
    position = to_mel(frequencies)[:, None]
    rising = (position - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - position) / (edges[2:] - edges[1:-1])
    return torch.clamp(torch.minimum(rising, falling), min=0).float()


class Subsampling(nn.Module):
    """Two strided 1-D convolutions: 10 ms features become 40 ms frames.

    Shape: ``(batch, frames, mels)`` -> ``(batch, frames // 4, dim)``, rounded up.
    """

    def __init__(self, mels: int, dim: int) -> None:
        super().__init__()
        self.first = nn.Conv1d(mels, dim, kernel_size=5, stride=2, padding=2)
        self.second = nn.Conv1d(dim, dim, kernel_size=3, stride=2, padding=1)
        self.out = nn.Linear(dim, dim)

    @staticmethod
    def frames(mel_frames: Tensor) -> Tensor:
        """How many frames come of so many feature frames."""
        return (mel_frames + 3) // 4

    def forward(self, features: Tensor, mel_frames: Tensor | None = None) -> Tensor:
        """``mel_frames`` ``(batch,)`` tells the sound of each row from its padding; ``None`` where there is none."""
        x = F.silu(self.first(features.transpose(1, 2) * 0.4))
        if mel_frames is not None:
            # beyond the sound the convolution gives its bias, not the zeros that a row without padding ends with
            x = x * (torch.arange(x.shape[2], device=x.device) < ((mel_frames + 1) // 2)[:, None])[:, None]
        x = F.silu(self.second(x))
        out: Tensor = self.out(x.transpose(1, 2))
        return out


class Block(nn.Module):
    """One physical conformer block; norms and residual scales come from the virtual layer.

    Source: Gulati et al. 2020 (arXiv 2005.08100), with LayerNorm in the convolution module and
    rotary positions (arXiv 2104.09864).
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        dim, hidden = config.dim, config.dim * config.ff_mult
        self.heads = config.heads
        self.ff1_in, self.ff1_out = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.qkv, self.attention_out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.conv_in, self.conv_out = nn.Linear(dim, 2 * dim), nn.Linear(dim, dim)
        self.depthwise = nn.Conv1d(dim, dim, config.kernel, padding=config.kernel // 2, groups=dim)
        self.conv_norm = nn.LayerNorm(dim)
        self.ff2_in, self.ff2_out = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, norms: Tensor, scales: Tensor, rotary: Tensor, mask: Tensor | None = None) -> Tensor:
        """Runs the block once.

        Shape:
            x: ``(batch, frames, dim)``; norms: ``(NORMS_PER_LAYER, 2, dim)`` weight and bias;
            scales: ``(SCALES_PER_LAYER, dim)``; rotary: ``(2, frames, dim // heads)`` cosine and sine;
            mask: ``(batch, frames)``, true where there is sound; ``None`` where all frames are.
        """
        x = x + scales[0] * self.dropout(self.ff1_out(F.silu(self.ff1_in(_norm(x, norms[0])))))
        x = x + scales[1] * self.dropout(self._attend(_norm(x, norms[1]), rotary, mask))
        x = x + scales[2] * self.dropout(self._convolve(_norm(x, norms[2]), mask))
        x = x + scales[3] * self.dropout(self.ff2_out(F.silu(self.ff2_in(_norm(x, norms[3])))))
        return _norm(x, norms[4])

    def _attend(self, x: Tensor, rotary: Tensor, mask: Tensor | None) -> Tensor:
        batch, frames, dim = x.shape
        qkv = self.qkv(x).view(batch, frames, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        query, key = _rotate(qkv[0], rotary), _rotate(qkv[1], rotary)
        # written out: torch's fused attention is slower on a CPU for clips of a few seconds (backward above all)
        weights = query @ key.transpose(-1, -2) * (dim // self.heads) ** -0.5
        if mask is not None:
            weights = weights.masked_fill(~mask[:, None, None, :], -3e4)
        attended = torch.softmax(weights.float(), dim=-1).to(x.dtype) @ qkv[2]
        out: Tensor = self.attention_out(attended.transpose(1, 2).reshape(batch, frames, dim))
        return out

    def _convolve(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = F.glu(self.conv_in(x), dim=-1)
        if mask is not None:
            x = x * mask.unsqueeze(-1).to(x.dtype)
        x = self.depthwise(x.transpose(1, 2)).transpose(1, 2)
        out: Tensor = self.conv_out(F.silu(self.conv_norm(x)))
        return out


def _norm(x: Tensor, weight_and_bias: Tensor) -> Tensor:
    return F.layer_norm(x, (x.shape[-1],), weight_and_bias[0], weight_and_bias[1])


def _rotate(x: Tensor, rotary: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return x * rotary[0].to(x.dtype) + turned * rotary[1].to(x.dtype)


def rotary_table(frames: int | Tensor, width: int) -> Tensor:
    """Cosines and sines of rotary positions. Shape: ``(2, frames, width)``."""
    frequency = 10_000.0 ** (-torch.arange(0, width, 2, dtype=torch.float32) / width)
    angle = torch.arange(frames, dtype=torch.float32)[:, None] * frequency  # type: ignore[arg-type]
    angle = torch.cat([angle, angle], dim=-1)
    return torch.stack([torch.cos(angle), torch.sin(angle)])


class Encoder(nn.Module):
    """Waveform to CTC log-probabilities, at any depth."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.log_mel = LogMel()
        self.subsampling = Subsampling(LogMel.MELS, config.dim)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.blocks))
        norms = torch.zeros(config.layers, NORMS_PER_LAYER, 2, config.dim)
        norms[:, :, 0] = 1
        self.norms = nn.Parameter(norms)
        scales = torch.ones(config.layers, SCALES_PER_LAYER, config.dim)
        scales[:, 0] = scales[:, 3] = 0.5  # the macaron halves
        self.scales = nn.Parameter(scales)
        self.head = nn.Linear(config.dim, config.tokens)
        self.phone_head = nn.Linear(config.dim, config.phones) if config.phones else None

    def embed(
        self, waveform: Tensor, samples: Tensor | None = None, mel_filter: nn.Module | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """The input of the first layer and its mask.

        Args:
            waveform: ``(batch, samples)``.
            samples: valid samples of each row ``(batch,)``; ``None`` where all are.
            mel_filter: training only, changes the features (SpecAugment).
        """
        if samples is None:
            return self.subsampling(self.log_mel(waveform)), None
        mel_frames = LogMel.frames(samples)
        span = torch.arange((waveform.shape[1] - LogMel.WINDOW) // LogMel.HOP + 1, device=waveform.device)
        features = self.log_mel(waveform, span < mel_frames[:, None])
        if mel_filter is not None:
            features = mel_filter(features)
        x = self.subsampling(features, mel_frames)
        mask = torch.arange(x.shape[1], device=x.device) < Subsampling.frames(mel_frames)[:, None]
        return x, mask

    def layer(self, index: int, x: Tensor, rotary: Tensor, mask: Tensor | None = None) -> Tensor:
        """Runs virtual layer ``index``."""
        out: Tensor = self.blocks[self.config.block_of(index)](x, self.norms[index], self.scales[index], rotary, mask)
        return out

    def classify(self, x: Tensor) -> Tensor:
        """CTC log-probabilities in float32. Shape: ``(batch, frames, tokens)``."""
        return F.log_softmax(self.head(x).float(), dim=-1)

    def forward(self, waveform: Tensor, samples: Tensor | None = None, turns: int | None = None) -> Tensor:
        """Log-probabilities after ``turns`` layers (default all).

        Shape: ``(batch, samples)`` -> ``(batch, frames, tokens)``.
        """
        x, mask = self.embed(waveform, samples)
        rotary = rotary_table(x.shape[1], self.config.dim // self.config.heads).to(x.device)
        for index in range(self.config.layers if turns is None else turns):
            x = self.layer(index, x, rotary, mask)
        return self.classify(x)
