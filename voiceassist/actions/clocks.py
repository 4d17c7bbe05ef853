"""The clocks that timers and alarms go by."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clocks(Protocol):
    """Several clocks, because each of them fails somewhere."""

    @property
    def boot_id(self) -> str:
        """Names this run of the machine; ``boot_s`` counts from its beginning."""
        ...

    def boot_s(self) -> float:
        """Seconds since the machine was started, also while it was suspended; nobody sets it."""
        ...

    def epoch_s(self) -> float:
        """Seconds since 1970, as the machine's clock is set; it survives a restart."""
        ...

    def local(self) -> datetime:
        """What a clock on the wall shows, without a zone."""
        ...


class SystemClocks:
    """The machine's own clocks.

    Args:
        now: the wall clock.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self._now = now or (lambda: datetime.now(tz=UTC).astimezone())
        self.boot_id = _boot_id()

    def boot_s(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()

    def epoch_s(self) -> float:
        return time.time()

    def local(self) -> datetime:
        return self._now().replace(tzinfo=None)


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        import psutil  # noqa: PLC0415 - only where there is no such file

        return f"{psutil.boot_time():.0f}"
