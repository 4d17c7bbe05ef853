"""The microphone: captured at its own rate through PortAudio, read as mono 16 kHz."""

from __future__ import annotations

import contextlib
import math
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import numpy as np
import soxr
from numpy.typing import NDArray

from voiceassist.audio.devices import (
    PORTAUDIO_LOCK,
    InputDevice,
    choose_device,
    errors_named,
    led_to,
    list_devices,
    load_portaudio,
)
from voiceassist.audio.energy_gate import LevelRise
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.audio.sound_hints import SoundMeter
from voiceassist.audio.sound_server import SourceWatch
from voiceassist.domain import SAMPLE_RATE_HZ, Samples
from voiceassist.errors import DeviceError

__all__ = ["InputDevice", "Microphone", "list_devices"]

_LATENCY_S = 0.1
_METERED_S = 2.0
_SAMPLE_BYTES = 4
_MEASURED_EVERY = 4
"""One block of so many is measured, eight a second: as often as the sound is read where it is not calm."""
_CALM_BLOCKS = 12
_RISE_DB = 2.0
"""A block this far above the noise ends the calm. It is less than what wakes the speech detector: its frames differ."""
_BLOCK_S = 0.032
"""One frame of the speech detector. By default some systems deliver blocks of a few samples, with a callback for
each; a long block also leaves the callback time while another thread holds the interpreter."""


class Mixdown:
    """Mixes what a device captured to mono at 16 kHz; samples that are no numbers become silence.

    Attributes:
        nonfinite_samples: how many samples were NaN or infinite.
        channels_cancel: the channels of the last seconds have opposite polarity, so that their mix is nearly silent.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.nonfinite_samples = 0
        self.channels_cancel = False
        self._channels = channels
        self._metered_samples = _METERED_S * rate_hz * channels
        self._meter = SoundMeter()
        self._to_16khz = soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, 1)

    def feed(self, interleaved: NDArray[np.float32]) -> Samples:
        """Take the next samples of all channels in turn.

        Shape:
            interleaved: ``(frames * channels,)``
            returns: ``(samples,)``
        """
        if not math.isfinite(np.dot(interleaved, interleaved)):  # one quick pass, which is all that most blocks need
            broken = ~np.isfinite(interleaved)
            self.nonfinite_samples += int(broken.sum())
            interleaved = np.where(broken, np.float32(0.0), interleaved)
        mono = interleaved
        if self._channels > 1:
            frames = interleaved.reshape(-1, self._channels)
            mono = frames.mean(axis=1, dtype=np.float32)
            self._meter.feed(frames, mono)
            if self._meter.samples > self._metered_samples:
                self.channels_cancel, self._meter = self._meter.cancelled, SoundMeter()
        resampled: Samples = self._to_16khz.resample_chunk(mono)
        return resampled


class SampleQueue:
    """Samples between the sound system's thread and ours; a block that does not fit is dropped and counted.

    Thread: one writer and one reader, which may be different threads.
    """

    def __init__(self, capacity_samples: int) -> None:
        self._capacity_bytes = capacity_samples * _SAMPLE_BYTES
        self._blocks: deque[bytes] = deque()
        self._written_bytes = self._read_bytes = self._dropped_bytes = 0

    @property
    def dropped_samples(self) -> int:
        """How many samples were lost so far because nobody read in time."""
        return self._dropped_bytes // _SAMPLE_BYTES

    def write(self, block: bytes) -> None:
        """Put in samples, each of them a float of 32 bits."""
        if self._written_bytes - self._read_bytes + len(block) > self._capacity_bytes:
            self._dropped_bytes += len(block)
            return
        self._blocks.append(block)
        self._written_bytes += len(block)

    def read(self) -> NDArray[np.float32]:
        """Take out everything.

        Shape:
            returns: ``(samples,)``
        """
        samples = b"".join(self._blocks.popleft() for _ in range(len(self._blocks)))
        self._read_bytes += len(samples)
        return np.frombuffer(samples, np.float32)


class Microphone:
    """An input device, open between ``start`` and ``close``.

    The callback of the sound system only copies and measures the level; the rest happens where it is read.

    Thread: ``start``, ``read`` and ``close`` belong to one thread.

    Attributes:
        on_louder: called on the sound system's thread when the calm ends.
    """

    def __init__(self, device_name: str | None = None, *, capacity_s: float = 10.0, stall_s: float = 1.0) -> None:
        """``None`` selects the default device; after ``stall_s`` without a sample the device counts as lost."""
        self._device_name = device_name
        self._capacity_s = capacity_s
        self._stall_s = stall_s
        self._stream: Any = None
        self.on_louder: Callable[[], None] = lambda: None
        self._queue = SampleQueue(1)
        self._rise = LevelRise()
        self._unmeasured = 0
        self._mixdown = Mixdown(SAMPLE_RATE_HZ, 1)
        self._device: InputDevice | None = None
        self._channels = 1
        self._heard_at_s = 0.0
        self._watch = SourceWatch()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def device(self) -> InputDevice | None:
        """The device that is open."""
        return self._device

    @property
    def condition(self) -> MicrophoneHealth:
        """The condition of the microphone, from its samples and the sound server."""
        source, name = None, "" if self._device is None else self._device.name
        sources = self._watch.latest
        if sources is not None and self._device is not None:
            source = sources.find(self._device.source or next(iter(sources.ours), None))
        return MicrophoneHealth(
            device=name if source is None else source.description,
            dropped_samples=self.dropped_samples,
            nonfinite_samples=self.nonfinite_samples,
            muted=source is not None and source.muted,
            channels_cancel=self._mixdown.channels_cancel,
            hands_free=source is not None and source.hands_free,
        )

    @property
    def calm(self) -> bool:
        """Nothing has been louder than the noise for a while: sound need not be read before ``on_louder`` is called."""
        return self._rise.steady_blocks >= _CALM_BLOCKS

    @property
    def dropped_samples(self) -> int:
        """How many samples (at the device's rate) were lost since the start because ``read`` came too late."""
        return self._queue.dropped_samples // self._channels

    @property
    def nonfinite_samples(self) -> int:
        """How many samples since the start were NaN or infinite; they were replaced by silence."""
        return self._mixdown.nonfinite_samples

    def start(self) -> None:
        """Open the device.

        Raises:
            DeviceError: there is no such device, or it is busy, or PortAudio is missing.
        """
        if self._stream is not None:
            return
        with PORTAUDIO_LOCK:
            device = choose_device(list_devices(), self._device_name)
            sounddevice = load_portaudio()
            with errors_named(f"the microphone '{device.name}' cannot be opened"):
                sounddevice._initialize()  # noqa: SLF001 - adds a user of the library, see devices.rescan
                try:
                    self._open(device)
                except BaseException:
                    sounddevice._terminate()  # noqa: SLF001
                    raise
        self._watch.start()

    def read(self) -> Samples:
        """All samples captured since the last call; may be empty.

        Shape:
            returns: ``(samples,)`` at 16 kHz

        Raises:
            DeviceError: the device is not open, was disconnected, or delivers no samples any more.
        """
        if self._stream is None:
            raise DeviceError("The microphone is not open", hint="start it first")
        interleaved = self._queue.read()
        now_s = time.monotonic()
        if interleaved.size:
            self._heard_at_s = now_s
        elif not self._stream.active or now_s - self._heard_at_s > self._stall_s:
            raise self._lost("has stopped delivering sound")
        # when a microphone disappears, the server moves its streams to another one, which is the wrong one
        sources = self._watch.latest
        wanted = None if self._device is None else self._device.source
        if wanted is not None and sources is not None and bool(sources.ours) and wanted not in sources.ours:
            raise self._lost("has vanished")
        return self._mixdown.feed(interleaved)

    def close(self) -> None:
        """Close the device. May be called again."""
        self._watch.close()
        self._watch = SourceWatch()
        stream, self._stream = self._stream, None
        if stream is None:
            return
        sounddevice = load_portaudio()
        with PORTAUDIO_LOCK:
            with contextlib.suppress(sounddevice.PortAudioError):  # it may have vanished already
                stream.abort(ignore_errors=True)
            with contextlib.suppress(sounddevice.PortAudioError):
                stream.close(ignore_errors=True)
            with contextlib.suppress(sounddevice.PortAudioError):
                sounddevice._terminate()  # noqa: SLF001

    def _lost(self, what: str) -> DeviceError:
        name = self._device.name if self._device else ""
        return DeviceError(f"The microphone '{name}' {what}", hint="plug it in again, or choose another one")

    def _open(self, device: InputDevice) -> None:
        # A device with many channels is usually a sound server, which mixes down itself if one channel is requested.
        usual = device.channels if device.channels <= 2 else 1
        try:
            stream = self._start_stream(device, usual)
        except load_portaudio().PortAudioError:
            if usual == device.channels:
                raise
            stream = self._start_stream(device, device.channels)
        self._mixdown = Mixdown(device.rate_hz, self._channels)
        self._device = device
        self._heard_at_s = time.monotonic() + 2.0  # some headsets take that long to send the first sample
        self._stream = stream

    def _start_stream(self, device: InputDevice, channels: int) -> Any:
        self._channels = channels
        self._queue = SampleQueue(int(self._capacity_s * device.rate_hz) * channels)
        self._rise = LevelRise(_RISE_DB, channels)
        with led_to(device.source):  # raw, because sounddevice sets the shape of its arrays, which NumPy 2.5 deprecates
            stream = load_portaudio().RawInputStream(
                device=device.index,
                channels=channels,
                samplerate=device.rate_hz,
                blocksize=round(_BLOCK_S * device.rate_hz),
                dtype="float32",
                latency=_LATENCY_S,
                callback=self._captured,
            )
        try:
            stream.start()
        except BaseException:
            stream.close(ignore_errors=True)
            raise
        return stream

    def _captured(self, block: memoryview, _frames: int, _time: object, _status: object) -> None:
        self._queue.write(bytes(block))
        self._unmeasured += 1
        if self._unmeasured == _MEASURED_EVERY:
            self._unmeasured = 0
            calm = self.calm
            if self._rise.feed(np.frombuffer(block, np.float32)) and calm:
                self.on_louder()
