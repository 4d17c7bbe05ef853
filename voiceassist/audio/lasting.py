"""A microphone that comes back: plugged out, asleep, sound server restarted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from voiceassist.domain import Samples
from voiceassist.errors import DeviceError


class MicrophoneLike(Protocol):
    """What delivers sound; ``read`` never waits."""

    def start(self) -> None: ...

    def read(self) -> Samples: ...

    def close(self) -> None: ...


class LastingMicrophone:
    """Opens a microphone, and opens it anew when it was lost.

    Thread: one at a time.
    """

    def __init__(
        self,
        make: Callable[[], MicrophoneLike],
        *,
        on_lost: Callable[[DeviceError], None],
        retry_s: float = 1.0,
        settle_s: float = 1.0,
    ) -> None:
        """``on_lost`` is called once for each outage, however many attempts it takes to end it."""
        self._make = make
        self._on_lost = on_lost
        self._retry_s = retry_s
        self._settle_s = settle_s
        self._microphone: MicrophoneLike | None = None
        self._try_at_s = 0.0
        self._opened_at_s = 0.0
        self._settled = False
        self._lost = False

    @property
    def settled(self) -> bool:
        """Real signal arrives. Nothing but zeros counts as real too when it goes on for long."""
        return self._settled

    def read(self) -> Samples | None:
        """What was captured since the last call; ``None`` where there is no microphone now.

        Shape:
            returns: ``(samples,)``
        """
        try:
            if self._microphone is None and time.monotonic() >= self._try_at_s:
                self._open()
            block = None if self._microphone is None else self._microphone.read()
        except DeviceError as error:
            self._lose(error)
            return None
        if block is not None and block.size:
            self._lost = False
            self._settle(block)
        return block

    def close(self) -> None:
        """Give the device back."""
        microphone, self._microphone = self._microphone, None
        self._settled = False
        if microphone is not None:
            microphone.close()

    def _open(self) -> None:
        microphone = self._make()
        microphone.start()
        self._microphone = microphone
        self._opened_at_s = time.monotonic()

    def _lose(self, error: DeviceError) -> None:
        self.close()
        self._try_at_s = time.monotonic() + self._retry_s
        if not self._lost:
            self._lost = True
            self._on_lost(error)

    def _settle(self, block: Samples) -> None:
        waited_s = time.monotonic() - self._opened_at_s
        self._settled = self._settled or bool(block.any()) or waited_s >= self._settle_s
