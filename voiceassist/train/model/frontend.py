"""Front end: log-mel features and convolutional subsampling."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from voiceassist.domain import SAMPLE_RATE_HZ

FEATURE_GAIN = 0.4
"""Scales log-mel features to about unit variance."""


class LogMel(nn.Module):
    """Log-mel features of a waveform, mean-normalised over the utterance, always in float32.

    Training computes the spectrum with an FFT; the exported graph computes the same one as a matrix product with
    `basis`. Autocast is off here: a graph has no bfloat16, and a spectrum of bfloat16 samples is another spectrum.

    Shape: ``(batch, samples)`` -> ``(batch, frames, mels)`` with ``frames = samples // hop - 1``.
    """

    WINDOW = 400
    HOP = 160
    FFT = 512
    MELS = 80
    FLOOR = 1e-8
    """Power floor: below the noise of 16 bit audio, so digital silence is no special case."""

    def __init__(self) -> None:
        super().__init__()
        window = torch.hann_window(self.WINDOW, periodic=False, dtype=torch.float64)
        phase = torch.outer(
            torch.arange(self.WINDOW, dtype=torch.float64), torch.arange(self.FFT // 2 + 1, dtype=torch.float64)
        ) * (2 * math.pi / self.FFT)
        basis = torch.cat([torch.cos(phase), torch.sin(phase)], dim=1) * window[:, None]
        self.basis: Tensor
        self.window: Tensor
        self.mel: Tensor
        self.register_buffer("window", window.float(), persistent=False)
        self.register_buffer("basis", basis.float(), persistent=False)
        self.register_buffer("mel", _mel_filters(self.FFT // 2 + 1, self.MELS), persistent=False)

    @classmethod
    def frames(cls, samples: Tensor) -> Tensor:
        """Number of frames of so many samples."""
        return torch.clamp((samples - cls.WINDOW) // cls.HOP + 1, min=0)

    def forward(self, waveform: Tensor) -> Tensor:
        """Computes the features."""
        with torch.autocast(waveform.device.type, enabled=False):
            framed = waveform.float().unfold(1, self.WINDOW, self.HOP) * self.window
            spectrum = torch.view_as_real(torch.fft.rfft(framed, self.FFT))
            features = torch.log(spectrum.square().sum(-1) @ self.mel + self.FLOOR)
        return features - features.mean(dim=1, keepdim=True)


def _mel_filters(bins: int, mels: int) -> Tensor:
    def to_mel(hz: Tensor) -> Tensor:
        return 2595 * torch.log10(1 + hz / 700)

    frequencies = torch.linspace(0, SAMPLE_RATE_HZ / 2, bins, dtype=torch.float64)
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
        """Number of output frames of so many feature frames."""
        return (mel_frames + 3) // 4

    def forward(self, features: Tensor) -> Tensor:
        x = F.silu(self.first(features.transpose(1, 2) * FEATURE_GAIN))
        x = F.silu(self.second(x))
        out: Tensor = self.out(x.transpose(1, 2))
        return out
