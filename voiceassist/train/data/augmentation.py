"""Augmentation of batches: speed, rooms, noise, babble, microphones, levels and SpecAugment.

`Effects` are the changes, `Augmenter` chooses the rows that each is applied to.

Everything runs on the device of the batch, without Python per clip. Random numbers that decide on shapes are drawn on
the host, so that a GPU is never waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.train.data import acoustics
from voiceassist.train.data.batches import LENGTH_CLASS_SAMPLES, length_class
from voiceassist.train.data.store import AudioStore
from voiceassist.train.data.torchaudio_backend import audio_ops

ROUND_SAMPLES = 5_120
"""Batches are filled to a multiple of this, so that few shapes occur."""
HISS_SAMPLES = 1 << 21
"""Length of the track of white noise that all clips share; drawing it anew costs more than everything else here."""
INT16_SCALE = 32768
MIN_LEVEL = 1e-5
INAUDIBLE_DB = 60.0
Transform = Callable[[Tensor], Tensor]
"""Rows ``(rows, samples)`` to rows of the same shape."""


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How strongly training differs from the recordings. A probability of 0 switches an effect off.

    Attributes:
        speed: largest relative change of speed and pitch.
        silence_s: silence around the longest clip at the slowest speed; shorter ones have more. With 0 every clip
            begins at once.
        gain_db: quietest level below full scale.
        noise_prob: share of clips with noise.
        snr_db: range of the signal-to-noise ratio.
        babble_prob: share of the noisy clips whose noise is speech of others.
        babble_voices: largest number of voices in it.
        hiss_db: range of the microphone's white noise, relative to the speech.
        room_prob: share of clips with a simulated room.
        reflections: early reflections of a room, before its diffuse decay.
        far_prob: share of clips spoken far from the microphone: more reverberation than direct sound, and duller.
        mic_prob: share of clips through another microphone or line, down to telephone bandwidth.
        tilt_db: largest tilt of its frequency response from 125 Hz to 8 kHz.
        codec_prob: share of coarsely quantised clips, half of them with mu-law.
        clip_prob: share of clips with clipped peaks.
        quiet_prob: share of clips recorded at a very low level, with the resolution of 16 bits.
        quiet_db: range of that level below full scale.
        mel_masks, mel_width: SpecAugment over mels.
        time_masks, time_share: SpecAugment over time, each mask at most this share of the clip.
    """

    speed: float = 0.12
    silence_s: float = 0.1
    gain_db: float = 30.0
    noise_prob: float = 0.5
    snr_db: tuple[float, float] = (3.0, 30.0)
    babble_prob: float = 0.0
    babble_voices: int = 3
    hiss_db: tuple[float, float] = (-80.0, -40.0)
    room_prob: float = 0.3
    reflections: int = 0
    far_prob: float = 0.0
    mic_prob: float = 0.0
    tilt_db: float = 9.0
    codec_prob: float = 0.0
    clip_prob: float = 0.0
    quiet_prob: float = 0.0
    quiet_db: tuple[float, float] = (-65.0, -45.0)
    mel_masks: int = 2
    mel_width: int = 14
    time_masks: int = 3
    time_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Augmented:
    """An augmented batch: sound ``(batch, samples)``, and how times changed: ``new = offset + old / speed``.

    ``lengths`` stay on the host; all else is on the device of the batch.
    """

    sound: Tensor
    lengths: Tensor
    offset_ms: Tensor
    speed: Tensor


class Effects:
    """Random changes of sound; each maps rows ``(rows, samples)`` to rows of the same shape.

    Args:
        config: their strengths.
        hiss: a track of white noise.
        rng: of all random numbers.
        speech: an int16 track of speech for babble ``(samples,)``.
    """

    def __init__(self, config: AugmentConfig, hiss: NoiseTrack, rng: torch.Generator, speech: Tensor | None) -> None:
        self._config, self._hiss, self._rng, self._speech = config, hiss, rng, speech

    def uniform(self, *shape: int) -> Tensor:
        """Numbers in [0, 1) on the device of the batch."""
        return torch.rand(*shape, generator=self._rng, device=self._rng.device)

    def between(self, bounds: tuple[float, float], rows: int) -> Tensor:
        """Numbers between two bounds. Shape: ``(rows, 1)``."""
        return bounds[0] + (bounds[1] - bounds[0]) * self.uniform(rows, 1)

    def room(self, sound: Tensor) -> Tensor:
        """Reverberation of up to half the energy of the direct sound."""
        return self._reverberate(sound, rt60_s=(0.1, 0.6), share=(0.0, 0.5))

    def far_room(self, sound: Tensor) -> Tensor:
        """Reverberation of up to four times the energy of the direct sound, and less treble."""
        sound = self._reverberate(sound, rt60_s=(0.25, 0.9), share=(0.5, 4.0))
        slope_db = -self._config.tilt_db * self.uniform(len(sound), 1)
        low_hz, high_hz = (torch.full_like(slope_db, edge_hz) for edge_hz in (20.0, 16_000.0))
        return acoustics.filtered(sound, low_hz, high_hz, slope_db)

    def _reverberate(self, sound: Tensor, *, rt60_s: tuple[float, float], share: tuple[float, float]) -> Tensor:
        rows = len(sound)
        decay_s, reflected = self.between(rt60_s, rows), self.between(share, rows)
        tail = self._hiss.draw((rows, acoustics.ROOM_SAMPLES), self._rng)
        echoes = self.uniform(2, rows, self._config.reflections)
        return acoustics.convolve(sound, acoustics.room(tail, decay_s, reflected, echoes))

    def babble(self, noise: Tensor) -> Tensor:
        """Replaces noise by one to ``babble_voices`` segments of speech of equal level, if there is a track of it."""
        if self._speech is None:
            return noise
        rows, samples = noise.shape
        voices = self._config.babble_voices
        start = (self.uniform(rows * voices) * max(1, len(self._speech) - samples)).long()
        index = start[:, None] + torch.arange(samples, device=noise.device)
        speech = self._speech[index.clamp_(max=len(self._speech) - 1)].float() / INT16_SCALE
        speech = (speech / level_of(speech)).view(rows, voices, samples)
        count = 1 + (self.uniform(rows, 1) * voices).long()
        chosen = torch.arange(voices, device=noise.device) < count
        return (speech * chosen[..., None]).sum(1)

    def microphone(self, sound: Tensor) -> Tensor:
        """The frequency response of another microphone or line."""
        low_hz, high_hz, slope = self.uniform(3, len(sound), 1)
        slope_db = self._config.tilt_db * (2 * slope - 1)
        return acoustics.filtered(sound, 50 + 300 * low_hz, 3000 * 2.5**high_hz, slope_db)

    def clip(self, sound: Tensor) -> Tensor:
        """Clips the peaks at 15 to 75 % of the loudest sample."""
        limit = sound.abs().amax(1, keepdim=True) * (0.15 + 0.6 * self.uniform(len(sound), 1))
        return torch.maximum(torch.minimum(sound, limit), -limit)

    def codec(self, sound: Tensor) -> Tensor:
        """Coarse quantisation, linear or mu-law."""
        coarse = acoustics.quantise(sound, 7 + 4 * self.uniform(len(sound), 1))
        return torch.where(self.uniform(len(sound), 1) < 0.5, coarse, acoustics.mu_law(sound))

    def quiet(self, sound: Tensor) -> Tensor:
        """Sets the level below full scale and rounds to 16 bits, where quiet consonants are lost."""
        level = 10 ** (self.between(self._config.quiet_db, len(sound)) / 20)
        return torch.round(sound * (level / level_of(sound)) * INT16_SCALE) / INT16_SCALE


class Augmenter:
    """Draws augmentations for batches.

    Args:
        config: what to draw.
        noise: a float32 track of noise recordings ``(samples,)``.
        seed: of all random numbers.
        speech: an int16 track of speech for babble ``(samples,)``; babble is off without it.
    """

    def __init__(self, config: AugmentConfig, noise: Tensor, seed: int, speech: Tensor | None = None) -> None:
        self._config = config
        self._device = noise.device
        self._rng = torch.Generator(device=noise.device)
        self._rng.manual_seed(seed)
        self._host = torch.Generator()
        self._host.manual_seed(seed)
        self._noise = NoiseTrack(noise)
        self._hiss = NoiseTrack(torch.randn(HISS_SAMPLES, generator=self._rng, device=noise.device))
        self._effects = Effects(config, self._hiss, self._rng, speech)

    def __call__(self, sound: Tensor, lengths: Tensor) -> Augmented:
        """Shape: ``(batch, samples)``, ``(batch,)`` on the host -> longer rows, moved by ``offset_ms``.

        Rows are filled with silence on both sides at random, because padding would teach nothing. All batches of a
        length class get one shape, that of its longest clip at the slowest speed.
        """
        config, effects, rows = self._config, self._effects, len(sound)
        speed = 1 + config.speed * (2 * torch.rand(rows, generator=self._host) - 1)
        moved = (lengths / speed).long()
        longest = int(length_class(int(lengths.max()))) * LENGTH_CLASS_SAMPLES / (1 - config.speed)
        samples = -(-int(longest + config.silence_s * SAMPLE_RATE_HZ) // ROUND_SAMPLES) * ROUND_SAMPLES
        before = (torch.rand(rows, generator=self._host) * (samples - moved) * bool(config.silence_s)).long()
        speed, before, moved = (value.to(self._device, non_blocking=True) for value in (speed, before, moved))
        sound = self._degrade(acoustics.resample(sound, speed, before, moved, samples))
        gain = 10 ** (-config.gain_db * effects.uniform(rows, 1) / 20)
        sound = self._some(sound * gain, config.quiet_prob, effects.quiet)
        return Augmented(sound, torch.full((rows,), samples), before * 1000 / SAMPLE_RATE_HZ, speed)

    def _degrade(self, sound: Tensor) -> Tensor:
        """The way from the mouth to the program: room, other sounds, microphone, converter.

        Noise or babble is loud in some clips and hardly audible in all others.
        """
        config, effects, rows = self._config, self._effects, len(sound)
        sound = self._some(sound, config.room_prob, effects.room)
        sound = self._some(sound, config.far_prob, effects.far_room)
        level = level_of(sound)
        noisy = effects.uniform(rows, 1) < config.noise_prob
        snr_db = torch.where(noisy, effects.between(config.snr_db, rows), INAUDIBLE_DB)
        noise = self._noise.draw(sound.shape, self._rng)
        noise = self._some(noise, config.babble_prob, effects.babble)
        sound = sound + noise * (level * 10 ** (-snr_db / 20) / level_of(noise))
        sound = self._some(sound, config.mic_prob, effects.microphone)
        sound = self._some(sound, config.clip_prob, effects.clip)
        hiss_db = effects.between(config.hiss_db, rows)
        sound = sound + self._hiss.draw(sound.shape, self._rng) * (level * 10 ** (hiss_db / 20))
        return self._some(sound, config.codec_prob, effects.codec)

    def _some(self, sound: Tensor, prob: float, transform: Transform) -> Tensor:
        """Transforms a random share of the rows."""
        if not prob:
            return sound
        chosen = (torch.rand(len(sound), generator=self._host) < prob).nonzero().flatten()
        if not len(chosen):
            return sound
        rows = chosen.to(self._device, non_blocking=True)
        return sound.index_copy(0, rows, transform(sound[rows]))


def level_of(sound: Tensor) -> Tensor:
    """Root mean square of each row. Shape: ``(rows, samples)`` -> ``(rows, 1)``."""
    return sound.pow(2).mean(1, keepdim=True).sqrt().clamp(min=MIN_LEVEL)


class NoiseTrack:
    """A long track; each row of a batch gets a random part of it."""

    def __init__(self, sound: Tensor) -> None:
        self._sound, self._samples = sound, len(sound)

    def draw(self, shape: tuple[int, ...], rng: torch.Generator) -> Tensor:
        """Shape: ``(batch, samples)``; the track is cyclic."""
        rows, samples = shape
        if len(self._sound) < self._samples + samples:  # extended once, so that no index needs wrapping
            times = -(-samples // self._samples) + 1
            self._sound = self._sound[: self._samples].repeat(times)[: self._samples + samples]
        start = torch.rand(rows, generator=rng, device=self._sound.device) * self._samples
        return self._sound.unfold(0, samples, 1)[start.long().clamp(max=self._samples - 1)]


def read_noise_track(store: AudioStore) -> Tensor:
    """All noise recordings of a store as one track ``(samples,)``, each at the same level."""
    track = torch.from_numpy(np.array(store.sound)).float() / INT16_SCALE
    for item in store.items:  # recordings differ in level by far more than rooms do
        part = track[item.begin : item.begin + item.samples]
        part /= part.pow(2).mean().sqrt().clamp(min=1e-4) * 10
    return track


class SpecAugment(nn.Module):
    """Masks bands of mels and spans of time.

    Source: Park et al. 2019 (arXiv 1904.08779).
    """

    def __init__(self, config: AugmentConfig) -> None:
        super().__init__()
        self._config = config

    def forward(self, features: Tensor) -> Tensor:
        """Shape: ``(batch, frames, mels)``."""
        config, mask_bands = self._config, audio_ops().mask_bands
        for _ in range(config.mel_masks):
            features = mask_bands(features, config.mel_width, 2)
        for _ in range(config.time_masks):
            features = mask_bands(features, max(1, int(features.shape[1] * config.time_share)), 1)
        return features
