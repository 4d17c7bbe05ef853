"""Health of a microphone: dropped, non-finite and clipped samples, silence, mute, and the warnings about them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from voiceassist.audio.sound_hints import CLIPPED_LEVEL, CLIPPED_SHARE
from voiceassist.domain import SAMPLE_RATE_HZ, Samples
from voiceassist.i18n import mark

_SILENT_S = 5.0
_WINDOW_S = 2.0
_CALM_WINDOWS = 3
_CHANNELS_CANCEL = mark(
    "The microphone's two channels cancel each other: one of them is reversed. Choose a profile with one channel in "
    "the system's sound settings, or another microphone."
)
_HANDS_FREE = mark(
    "This Bluetooth headset is in its hands-free profile, with the sound of a telephone: words may be misheard. "
    "Another microphone understands better."
)


@dataclass(frozen=True, slots=True)
class MicrophoneHealth:
    """The condition of the open microphone.

    Attributes:
        device: its name.
        dropped_samples: lost because they were not read in time.
        nonfinite_samples: NaN or infinite, replaced by silence.
        clipped: too loud: many samples are at full scale.
        silent: only zeros since it was opened, for seconds. Later zeros are normal: many headsets
            send them while nobody speaks.
        muted: muted in the system's settings.
        channels_cancel: the two channels have opposite polarity, so that their mix is nearly silent.
        hands_free: a Bluetooth headset in its hands-free profile, with telephone bandwidth.
    """

    device: str = ""
    dropped_samples: int = 0
    nonfinite_samples: int = 0
    clipped: bool = False
    silent: bool = False
    muted: bool = False
    hands_free: bool = False
    channels_cancel: bool = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong and what helps, the worst first; empty where all is well."""
        told = (
            (self.muted, mark("The microphone is muted in the system's sound settings.")),
            (
                self.silent and not self.muted,
                mark("The microphone delivers nothing but silence: it may be switched off, or the wrong one."),
            ),
            (self.channels_cancel, _CHANNELS_CANCEL),
            (self.clipped, mark("The microphone is too loud and its sound is cut off: lower its input level.")),
            (
                self.nonfinite_samples > 0,
                mark("The microphone sends broken sound; the broken parts count as silence. Plug it in again."),
            ),
            (
                self.dropped_samples > 0,
                mark("Some sound was lost because this computer was too busy."),
            ),
            (self.hands_free, _HANDS_FREE),
        )
        return tuple(words for holds, words in told if holds)


class HealthMonitor:
    """Monitors the signal of one microphone, in blocks of any length."""

    def __init__(self) -> None:
        self._alive = False
        self._zero_samples = 0
        self._window_samples = 0
        self._window_clipped = 0
        self._calm_windows = _CALM_WINDOWS

    @property
    def silent(self) -> bool:
        """Only zeros since the microphone was opened, for seconds."""
        return not self._alive and self._zero_samples >= _SILENT_S * SAMPLE_RATE_HZ

    @property
    def clipped(self) -> bool:
        """Too many samples of the last seconds were at full scale."""
        return self._calm_windows < _CALM_WINDOWS

    def feed(self, block: Samples) -> None:
        """Take the next block.

        Shape:
            block: ``(samples,)``
        """
        if not block.size:
            return
        peak = float(max(block.max(), -block.min()))
        self._alive = self._alive or peak > 0.0
        self._zero_samples += block.size
        self._window_samples += block.size
        if peak >= CLIPPED_LEVEL:
            self._window_clipped += int(np.count_nonzero(np.abs(block) >= CLIPPED_LEVEL))
        if self._window_samples >= _WINDOW_S * SAMPLE_RATE_HZ:
            too_loud = self._window_clipped > CLIPPED_SHARE * self._window_samples
            self._calm_windows = 0 if too_loud else min(_CALM_WINDOWS, self._calm_windows + 1)
            self._window_samples = self._window_clipped = 0

    def rate(self, condition: MicrophoneHealth) -> MicrophoneHealth:
        """The condition, completed with the findings from the signal."""
        return replace(condition, clipped=self.clipped, silent=self.silent)
