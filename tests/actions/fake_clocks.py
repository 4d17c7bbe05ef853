"""Clocks that a test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClocks:
    """Time goes on only when it is told to; the machine can be suspended, restarted, and its clock be set."""

    def __init__(self) -> None:
        self.boot_id = "first"
        self._boot_s = 1_000.0
        self._now = datetime(2026, 3, 9, 21, 30, tzinfo=UTC)

    def boot_s(self) -> float:
        return self._boot_s

    def epoch_s(self) -> float:
        return self._now.timestamp()

    def local(self) -> datetime:
        return self._now.replace(tzinfo=None)

    def pass_time(self, **time: float) -> None:
        """Time goes by, while the machine runs or is suspended."""
        self._boot_s += timedelta(**time).total_seconds()
        self._now += timedelta(**time)

    def set_clock(self, **ahead: float) -> None:
        """Somebody sets the wall clock, or summer time begins."""
        self._now += timedelta(**ahead)

    def restart(self, **off: float) -> None:
        """The machine is off for a while and starts again."""
        self.boot_id += "'"
        self._boot_s = 5.0
        self._now += timedelta(**off)
