"""The clocks that timers and alarms use."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clocks(Protocol):
    """Three clocks, because none of them alone survives suspend, restart and being set."""

    @property
    def boot_id(self) -> str:
        """Identifies the current boot, to which ``boot_s`` belongs."""
        ...

    def boot_s(self) -> float:
        """Seconds since boot, including suspend; this clock cannot be set."""
        ...

    def epoch_s(self) -> float:
        """Seconds since 1970 by the system clock, which survives a restart."""
        ...

    def local(self) -> datetime:
        """The local date and time, without a time zone."""
        ...


class SystemClocks:
    """The machine's own clocks.

    Args:
        now: the wall clock.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self._now = now or local_now
        try:
            self.boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            import psutil  # noqa: PLC0415 - only if there is no such file

            self.boot_id = f"{psutil.boot_time():.0f}"

    def boot_s(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()

    def epoch_s(self) -> float:
        return time.time()

    def local(self) -> datetime:
        return self._now().replace(tzinfo=None)


def local_now() -> datetime:
    """The wall clock, in the local time zone."""
    return datetime.now(tz=UTC).astimezone()
