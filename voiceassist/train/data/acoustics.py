"""Rooms, microphones and lines as operations on batches of sound ``(rows, samples)``."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from voiceassist.domain import SAMPLE_RATE_HZ

ROOM_SAMPLES = SAMPLE_RATE_HZ // 3
DIRECT_S = 0.002
"""Shortest delay of a reflection."""
FILTER_SAMPLES = SAMPLE_RATE_HZ // 16
"""Padding for the ringing of a filter, so that the FFT does not wrap the end of a clip to its start."""
MU = 255.0


def smooth_size(least: int) -> int:
    """The next size with no prime factors but 2, 3 and 5: other FFT sizes take several times as long."""
    best = 1 << max(0, least - 1).bit_length()
    power_of_5 = 1
    while power_of_5 < best:
        power = power_of_5
        while power < best:
            factor = -(-least // power)
            best = min(best, power << max(0, factor - 1).bit_length())
            power *= 3
        power_of_5 *= 5
    return best


def resample(sound: Tensor, speed: Tensor, before: Tensor, lengths: Tensor, total: int) -> Tensor:
    """Plays each row ``speed`` times as fast, ``before`` samples late, by linear interpolation."""
    index = torch.arange(total, device=sound.device)
    inside = (index >= before[:, None]) & (index < (before + lengths)[:, None])
    position = ((index - before[:, None]) * speed[:, None]).clamp_(0, sound.shape[1] - 1)
    left = position.long().clamp_(max=sound.shape[1] - 2)
    moved = torch.lerp(sound.gather(1, left), sound.gather(1, left + 1), position - left)
    return moved * inside


def room(tail: Tensor, rt60_s: Tensor, share: Tensor, echoes: Tensor) -> Tensor:
    """Room impulse responses: direct sound, early reflections, and noise that decays by 60 dB in ``rt60_s``.

    Shape:
        tail: white noise ``(rows, taps)``; rt60_s, share: ``(rows, 1)``, the latter is the share of reflected energy;
        echoes: uniform numbers ``(2, rows, reflections)``, delay and level of the early reflections.

    Source: Polack's model of late reverberation.
    """
    time_s = torch.arange(tail.shape[1], device=tail.device) / SAMPLE_RATE_HZ
    tail = tail * torch.exp(-6.9 * time_s / rt60_s) * (time_s > DIRECT_S)
    response = tail / tail.norm(dim=1, keepdim=True).clamp(min=1e-6)
    when_s, loudness = DIRECT_S + 0.03 * echoes[0], 0.6 * echoes[1] * torch.exp(-6.9 * 0.03 * echoes[0] / rt60_s)
    sign = 1 - 2 * ((echoes[1] * 1024).long() % 2)  # a reflection may invert the phase
    response = response.scatter_add(1, (when_s * SAMPLE_RATE_HZ).long(), loudness * sign)
    response = response * share.sqrt()
    return torch.cat([torch.ones_like(share), response[:, 1:]], dim=1)


def convolve(sound: Tensor, response: Tensor) -> Tensor:
    """Convolves each row with its own impulse response; the length stays."""
    size = smooth_size(sound.shape[1] + response.shape[1])
    wet: Tensor = torch.fft.irfft(torch.fft.rfft(sound, size) * torch.fft.rfft(response, size), size)
    return wet[:, : sound.shape[1]]


def filtered(sound: Tensor, low_hz: Tensor, high_hz: Tensor, slope_db: Tensor) -> Tensor:
    """Zero-phase band-pass of each row with soft edges and a tilt of ``slope_db`` from 125 Hz to 8 kHz.

    Shape: edges and slope ``(rows, 1)``.
    """
    size = smooth_size(sound.shape[1] + FILTER_SAMPLES)
    frequency_hz = torch.arange(size // 2 + 1, device=sound.device) * (SAMPLE_RATE_HZ / size)
    band = (1 + (frequency_hz / high_hz) ** 16).rsqrt() * (1 + (low_hz / frequency_hz.clamp(min=1)) ** 4).rsqrt()
    octaves = torch.log2(frequency_hz.clamp(min=125) / 1000) / 6
    gain = band * torch.exp(slope_db * octaves * (math.log(10) / 20))
    through: Tensor = torch.fft.irfft(torch.fft.rfft(sound, size) * gain, size)
    return through[:, : sound.shape[1]]


def quantise(sound: Tensor, bits: Tensor) -> Tensor:
    """Quantises each row to ``bits`` ``(rows, 1)`` of its own range; fractions of a bit are allowed."""
    step = sound.abs().amax(1, keepdim=True).clamp(min=1e-6) * 2 ** (1 - bits)
    return torch.round(sound / step) * step


def mu_law(sound: Tensor) -> Tensor:
    """Mu-law companding to eight bits and back.

    Source: ITU-T G.711, in its continuous form.
    """
    peak = sound.abs().amax(1, keepdim=True).clamp(min=1e-6)
    scale = torch.log1p(torch.tensor(MU, device=sound.device))
    code = torch.round(127 * torch.log1p(MU * sound.abs() / peak) / scale) / 127
    return torch.expm1(code * scale) / MU * peak * sound.sign()
