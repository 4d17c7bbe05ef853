"""A microphone that is opened again after it was unplugged, the machine slept, or the sound server restarted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from voiceassist.audio.health import HealthMonitor, MicrophoneHealth
from voiceassist.domain import Samples
from voiceassist.errors import DeviceError

SLEEP_S = 5.0
"""If the wall clock gains this much on the monotonic one, the machine slept (or its clock was set: harmless)."""


class MicrophoneLike(Protocol):
    """What delivers sound; ``read`` never waits."""

    @property
    def condition(self) -> MicrophoneHealth: ...

    def start(self) -> None: ...

    def read(self) -> Samples: ...

    def close(self) -> None: ...


@runtime_checkable
class TellsOfSound(Protocol):
    """A microphone that need not be read while it is calm; see `capture.Microphone`."""

    on_louder: Callable[[], None]

    @property
    def calm(self) -> bool: ...


class SystemClocks:
    """The time on the wall and the time that the machine has been running."""

    def running_s(self) -> float:
        """Stands still while the machine sleeps, on most systems."""
        return time.monotonic()

    def wall_s(self) -> float:
        """Goes on while the machine sleeps."""
        return time.time()


class ReconnectingMicrophone:
    """Opens a microphone, and reopens it after it was lost or the machine has slept.

    Thread: one at a time.
    """

    def __init__(
        self,
        make: Callable[[], MicrophoneLike],
        *,
        on_lost: Callable[[DeviceError | None], None],
        on_louder: Callable[[], None] = lambda: None,
        retry_s: float = 1.0,
        settle_s: float = 1.0,
        clocks: SystemClocks | None = None,
    ) -> None:
        """``on_lost`` is called once for each outage, however many attempts it takes to end it; after the machine
        has slept it gets ``None``, since nothing is wrong then. ``on_louder`` is called on any thread when a
        microphone is not calm any more."""
        self._make = make
        self._on_lost = on_lost
        self._on_louder = on_louder
        self._tells: TellsOfSound | None = None
        self._retry_s = retry_s
        self._settle_s = settle_s
        self._clocks = clocks or SystemClocks()
        self._microphone: MicrophoneLike | None = None
        self._meter = HealthMonitor()
        self._try_at_s = 0.0
        self._opened_at_s = 0.0
        self._asleep_s = self._slept_so_far_s()
        self._settled = False
        self._lost = False

    @property
    def is_open(self) -> bool:
        """Whether the device is open."""
        return self._microphone is not None

    @property
    def settled(self) -> bool:
        """Whether the microphone delivers signal; a long run of zeros counts as signal, too."""
        return self._settled

    @property
    def calm(self) -> bool:
        """Nothing is lost by not reading before ``on_louder`` is called."""
        return self._tells is not None and self._tells.calm

    @property
    def condition(self) -> MicrophoneHealth:
        """The condition of the open microphone."""
        return MicrophoneHealth() if self._microphone is None else self._meter.rate(self._microphone.condition)

    def read(self) -> Samples | None:
        """The samples captured since the last call; ``None`` while no microphone is open.

        Shape:
            returns: ``(samples,)``
        """
        asleep_s, before_s = self._slept_so_far_s(), self._asleep_s
        self._asleep_s = asleep_s
        if asleep_s - before_s > SLEEP_S and self._microphone is not None:
            self.close()  # after sleep it may be another device, or deliver nothing any more
            self._try_at_s = self._clocks.running_s()
            self._on_lost(None)
        try:
            if self._microphone is None and self._clocks.running_s() >= self._try_at_s:
                microphone = self._make()
                microphone.start()
                self._microphone = microphone
                if isinstance(microphone, TellsOfSound):
                    self._tells, microphone.on_louder = microphone, self._on_louder
                self._meter = HealthMonitor()
                self._opened_at_s = self._clocks.running_s()
            block = None if self._microphone is None else self._microphone.read()
        except DeviceError as error:
            self.close()
            self._try_at_s = self._clocks.running_s() + self._retry_s
            if not self._lost:
                self._lost = True
                self._on_lost(error)
            return None
        if block is not None and block.size:
            self._lost = False
            self._meter.feed(block)
            waited_s = self._clocks.running_s() - self._opened_at_s
            self._settled = self._settled or bool(block.any()) or waited_s >= self._settle_s
        return block

    def close(self) -> None:
        """Close the device."""
        microphone, self._microphone, self._tells = self._microphone, None, None
        self._settled = False
        if microphone is not None:
            microphone.close()

    def _slept_so_far_s(self) -> float:
        return self._clocks.wall_s() - self._clocks.running_s()
