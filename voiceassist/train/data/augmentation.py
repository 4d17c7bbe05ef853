"""What stands between a clean recording and a user's desk, put back in batched tensors.

All of it runs on the device of the batch, CPU or GPU, without Python per clip. What decides on shapes is drawn on the
host, so that a GPU never has to be waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.train.data import acoustics
from voiceassist.train.data.batches import LENGTH_CLASS_SAMPLES, length_class

ROUND_SAMPLES = 5_120
"""Batches are filled to a multiple of this, so that few shapes occur."""
HISS_SAMPLES = 1 << 21
"""Of the track from which each clip gets a stretch of hiss: drawing it anew costs more than all else here."""
Change = Callable[[Tensor], Tensor]
"""Rows ``(rows, samples)`` to rows of the same shape."""


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How strongly training differs from the recordings.

    Attributes:
        speed: largest relative change of speed and pitch.
        silence_s: silence around the longest clip at the slowest speed; all others have more. At 0 nothing stands
            before a clip.
        gain_db: quietest level below full scale.
        noise_prob: share of clips with noise from the noise store.
        snr_db: range of signal to noise ratio.
        hiss_db: range of the hiss that every microphone has, below the sound.
        room_prob: share of clips with a simulated room.
        reflections: early reflections of a room, before its even decay.
        mic_prob: share of clips through another microphone or line, down to the band of a telephone.
        tilt_db: how far its response may rise or fall from 125 Hz to 8 kHz.
        codec_prob: share of clips quantised coarsely, half of them on the telephone's logarithmic scale.
        clip_prob: share of clips whose peaks are cut off.
        mel_masks, mel_width: SpecAugment over mels.
        time_masks, time_share: SpecAugment over time, each at most this share of the clip.
    """

    speed: float = 0.12
    silence_s: float = 0.1
    gain_db: float = 30.0
    noise_prob: float = 0.5
    snr_db: tuple[float, float] = (3.0, 30.0)
    hiss_db: tuple[float, float] = (-80.0, -40.0)
    room_prob: float = 0.3
    reflections: int = 0
    mic_prob: float = 0.0
    tilt_db: float = 9.0
    codec_prob: float = 0.0
    clip_prob: float = 0.0
    mel_masks: int = 2
    mel_width: int = 14
    time_masks: int = 3
    time_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Augmented:
    """A changed batch: sound ``(batch, samples)`` and how times moved: ``new = offset + old / speed``.

    ``lengths`` stay on the host; all else is on the device of the batch.
    """

    sound: Tensor
    lengths: Tensor
    offset_ms: Tensor
    speed: Tensor


class Augmenter:
    """Draws changes for batches. ``noise`` is one long float32 track ``(samples,)`` of noise recordings."""

    def __init__(self, config: AugmentConfig, noise: Tensor, seed: int) -> None:
        self._config = config
        self._device = noise.device
        self._rng = torch.Generator(device=noise.device)
        self._rng.manual_seed(seed)
        self._host = torch.Generator()
        self._host.manual_seed(seed)
        self._noise = NoiseTrack(noise)
        self._hiss = NoiseTrack(torch.randn(HISS_SAMPLES, generator=self._rng, device=noise.device))

    def __call__(self, sound: Tensor, lengths: Tensor) -> Augmented:
        """Shape: ``(batch, samples)``, ``(batch,)`` on the host -> longer rows, moved by ``offset_ms``.

        Rows are filled with silence, on both sides at random, instead of padding that would teach nothing.
        """
        config, rows = self._config, len(sound)
        speed = 1 + config.speed * (2 * torch.rand(rows, generator=self._host) - 1)
        moved = (lengths / speed).long()
        samples = self._room_for(int(lengths.max()))
        before = (torch.rand(rows, generator=self._host) * (samples - moved) * bool(config.silence_s)).long()
        speed, before, moved = (value.to(self._device, non_blocking=True) for value in (speed, before, moved))
        sound = self._degrade(acoustics.resample(sound, speed, before, moved, samples))
        gain = 10 ** (-config.gain_db * self._uniform(rows, 1) / 20)
        filled = torch.full((rows,), samples)
        return Augmented(sound * gain, filled, before * 1000 / SAMPLE_RATE_HZ, speed)

    def _room_for(self, longest: int) -> int:
        """Samples that hold every clip of the class of the longest at any speed: one shape for each class."""
        config = self._config
        widest = length_class(longest) * LENGTH_CLASS_SAMPLES / (1 - config.speed)
        return -(-int(widest + config.silence_s * SAMPLE_RATE_HZ) // ROUND_SAMPLES) * ROUND_SAMPLES

    def _degrade(self, sound: Tensor) -> Tensor:
        """From the mouth to the program: room, other sounds, microphone, converter."""
        config = self._config
        sound = self._some(sound, config.room_prob, self._room)
        level = sound.pow(2).mean(1, keepdim=True).sqrt()
        sound = self._add_noise(sound, level)
        sound = self._some(sound, config.mic_prob, self._microphone)
        sound = self._some(sound, config.clip_prob, self._clip)
        least_db, most_db = config.hiss_db
        hiss_db = least_db + (most_db - least_db) * self._uniform(len(sound), 1)
        sound = sound + self._hiss.draw(sound.shape, self._rng) * (level * 10 ** (hiss_db / 20))
        return self._some(sound, config.codec_prob, self._codec)

    def _some(self, sound: Tensor, prob: float, change: Change) -> Tensor:
        """Changes a random share of the rows."""
        if not prob:
            return sound
        chosen = (torch.rand(len(sound), generator=self._host) < prob).nonzero().flatten()
        if not len(chosen):
            return sound
        rows = chosen.to(self._device, non_blocking=True)
        return sound.index_copy(0, rows, change(sound[rows]))

    def _uniform(self, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self._rng, device=self._device)

    def _room(self, sound: Tensor) -> Tensor:
        rows = len(sound)
        rt60_s, share = 0.1 + 0.5 * self._uniform(rows, 1), 0.5 * self._uniform(rows, 1)
        tail = self._hiss.draw((rows, acoustics.ROOM_SAMPLES), self._rng)
        echoes = self._uniform(2, rows, self._config.reflections)
        return acoustics.convolve(sound, acoustics.room(tail, rt60_s, share, echoes))

    def _add_noise(self, sound: Tensor, level: Tensor) -> Tensor:
        """Adds a stretch of the noise track, to some clips loud, to all others hardly audible."""
        low, high = self._config.snr_db
        rows = len(sound)
        noisy = self._uniform(rows, 1) < self._config.noise_prob
        snr_db = torch.where(noisy, low + (high - low) * self._uniform(rows, 1), 60.0)
        noise = self._noise.draw(sound.shape, self._rng)
        own = noise.pow(2).mean(1, keepdim=True).sqrt().clamp(min=1e-5)
        return sound + noise * (level * 10 ** (-snr_db / 20) / own)

    def _microphone(self, sound: Tensor) -> Tensor:
        low_hz, high_hz, slope = self._uniform(3, len(sound), 1)
        slope_db = self._config.tilt_db * (2 * slope - 1)
        return acoustics.filtered(sound, 50 + 300 * low_hz, 3000 * 2.5**high_hz, slope_db)

    def _clip(self, sound: Tensor) -> Tensor:
        limit = sound.abs().amax(1, keepdim=True) * (0.15 + 0.6 * self._uniform(len(sound), 1))
        return torch.maximum(torch.minimum(sound, limit), -limit)

    def _codec(self, sound: Tensor) -> Tensor:
        coarse = acoustics.quantise(sound, 7 + 4 * self._uniform(len(sound), 1))
        return torch.where(self._uniform(len(sound), 1) < 0.5, coarse, acoustics.mu_law(sound))


class NoiseTrack:
    """A long recording from which each row of a batch gets a stretch."""

    def __init__(self, sound: Tensor) -> None:
        self._sound, self._samples = sound, len(sound)

    def draw(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        """Shape: ``(batch, samples)``; beyond its end the track begins anew."""
        rows, samples = shape
        if len(self._sound) < self._samples + samples:  # copied once, so that no index has to be wrapped
            times = -(-samples // self._samples) + 1
            self._sound = self._sound[: self._samples].repeat(times)[: self._samples + samples]
        start = torch.rand(rows, generator=rng, device=self._sound.device) * self._samples
        return self._sound.unfold(0, samples, 1)[start.long().clamp(max=self._samples - 1)]


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
