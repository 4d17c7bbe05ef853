"""What stands between a clean recording and a user's desk, put back in batched tensors.

All of it runs on the device of the batch, CPU or GPU, without Python per clip.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from voiceassist.domain import SAMPLE_RATE_HZ

ROUND_SAMPLES = 10_240
"""Batches are padded to a multiple of this, so that few shapes occur."""


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How strongly training differs from the recordings.

    Attributes:
        speed: largest relative change of speed and pitch.
        silence_s: longest silence before and after.
        gain_db: quietest level below full scale.
        noise_prob: share of clips with noise from the noise store.
        snr_db: range of signal to noise ratio.
        room_prob: share of clips with a simulated room.
        mel_masks, mel_width: SpecAugment over mels.
        time_masks, time_share: SpecAugment over time, each at most this share of the clip.
    """

    speed: float = 0.12
    silence_s: float = 0.4
    gain_db: float = 30.0
    noise_prob: float = 0.5
    snr_db: tuple[float, float] = (3.0, 30.0)
    room_prob: float = 0.3
    mel_masks: int = 2
    mel_width: int = 14
    time_masks: int = 3
    time_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Augmented:
    """A changed batch: sound ``(batch, samples)``, lengths, and how times moved: ``new = offset + old / speed``."""

    sound: Tensor
    lengths: Tensor
    offset_ms: Tensor
    speed: Tensor


class Augmenter:
    """Draws changes for batches. ``noise`` is one long float32 track ``(samples,)`` of noise recordings."""

    def __init__(self, config: AugmentConfig, noise: Tensor, seed: int) -> None:
        self._config = config
        self._noise = noise
        self._rng = torch.Generator(device=noise.device)
        self._rng.manual_seed(seed)

    def __call__(self, sound: Tensor, lengths: Tensor) -> Augmented:
        """Shape: ``(batch, samples)``, ``(batch,)`` -> longer rows, moved by ``offset_ms``."""
        config, rows = self._config, len(sound)
        speed = 1 + config.speed * (2 * self._uniform(rows) - 1)
        before, after = (self._uniform(2, rows) * config.silence_s * SAMPLE_RATE_HZ).long()
        lengths_moved = (lengths / speed).long()
        total = before + lengths_moved + after
        moved = _resample(sound, speed, before, lengths_moved, -(-int(total.max()) // ROUND_SAMPLES) * ROUND_SAMPLES)
        moved = self._room(moved)
        moved = self._add_noise(moved)
        gain = 10 ** (-config.gain_db * self._uniform(rows) / 20)
        return Augmented(moved * gain[:, None], total, before * 1000 / SAMPLE_RATE_HZ, speed)

    def _uniform(self, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self._rng, device=self._noise.device)

    def _room(self, sound: Tensor) -> Tensor:
        """A room as decaying noise after the direct sound.

        Source: Polack's model of late reverberation; the energy decays by 60 dB in ``rt60``.
        """
        chosen = (self._uniform(len(sound)) < self._config.room_prob).nonzero().flatten()
        if not len(chosen):
            return sound
        taps = SAMPLE_RATE_HZ // 3
        rt60 = 0.1 + 0.5 * self._uniform(len(chosen), 1)
        time = torch.arange(taps, device=sound.device) / SAMPLE_RATE_HZ
        tail = torch.randn(len(chosen), taps, generator=self._rng, device=sound.device) * torch.exp(-6.9 * time / rt60)
        tail = tail * (time > 0.002)
        share = 0.5 * self._uniform(len(chosen), 1)
        tail = tail / tail.norm(dim=1, keepdim=True).clamp(min=1e-6) * share.sqrt()
        tail[:, 0] = 1
        size = sound.shape[1] + taps
        wet = torch.fft.irfft(torch.fft.rfft(sound[chosen], size) * torch.fft.rfft(tail, size), size)
        sound = sound.clone()
        sound[chosen] = wet[:, : sound.shape[1]]
        return sound

    def _add_noise(self, sound: Tensor) -> Tensor:
        """Adds a stretch of the noise track, and always a faint hiss: no microphone is silent."""
        rows, samples = sound.shape
        low, high = self._config.snr_db
        snr_db = torch.where(
            self._uniform(rows) < self._config.noise_prob, low + (high - low) * self._uniform(rows), 60.0
        )
        start = (self._uniform(rows) * max(1, len(self._noise) - samples)).long()
        noise = self._noise[(start[:, None] + torch.arange(samples, device=sound.device)) % len(self._noise)]
        level = sound.pow(2).mean(1).sqrt() * 10 ** (-snr_db / 20) / noise.pow(2).mean(1).sqrt().clamp(min=1e-5)
        hiss_db = -40 - 40 * self._uniform(rows, 1)
        hiss = torch.randn(rows, samples, generator=self._rng, device=sound.device) * 10 ** (hiss_db / 20)
        return sound + noise * level[:, None] + hiss * sound.pow(2).mean(1, keepdim=True).sqrt()


def _resample(sound: Tensor, speed: Tensor, before: Tensor, lengths: Tensor, total: int) -> Tensor:
    """Plays each row ``speed`` times as fast, ``before`` samples late, by linear interpolation."""
    index = torch.arange(total, device=sound.device)
    inside = (index >= before[:, None]) & (index < (before + lengths)[:, None])
    position = ((index - before[:, None]) * speed[:, None]).clamp(0, sound.shape[1] - 1)
    left = position.long().clamp(max=sound.shape[1] - 2)
    fraction = position - left
    moved = sound.gather(1, left) * (1 - fraction) + sound.gather(1, left + 1) * fraction
    return moved * inside


class SpecAugment(nn.Module):
    """Hides bands of mels and stretches of time.

    Source: Park et al. 2019 (arXiv 1904.08779).
    """

    def __init__(self, config: AugmentConfig) -> None:
        super().__init__()
        self._config = config

    def forward(self, features: Tensor) -> Tensor:
        """Shape: ``(batch, frames, mels)``."""
        config = self._config
        rows, frames, mels = features.shape
        keep = torch.ones(rows, frames, mels, dtype=torch.bool, device=features.device)
        for _ in range(config.mel_masks):
            keep &= ~_band(rows, mels, config.mel_width, features.device)[:, None, :]
        for _ in range(config.time_masks):
            keep &= ~_band(rows, frames, max(1, int(frames * config.time_share)), features.device)[:, :, None]
        return features * keep


def _band(rows: int, size: int, widest: int, device: torch.device) -> Tensor:
    width = torch.rand(rows, 1, device=device) * widest
    start = torch.rand(rows, 1, device=device) * (size - width)
    index = torch.arange(size, device=device)
    return (index >= start) & (index < start + width)
