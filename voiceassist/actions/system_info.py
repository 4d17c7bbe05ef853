"""Battery level, free disk space and network addresses of this computer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from socket import AF_INET
from typing import Protocol

from voiceassist.actions.call import ActionCall
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import ActionOutcome
from voiceassist.errors import ActionError

_GB = 1_000_000_000


class Battery(Protocol):
    """How a battery stands, as psutil tells it."""

    @property
    def percent(self) -> float: ...

    @property
    def secsleft(self) -> int: ...

    @property
    def power_plugged(self) -> bool | None: ...


def register_system_info(
    registry: ActionRegistry, *, battery: Callable[[], Battery | None] | None = None, home: Path | None = None
) -> None:
    """Adds ``battery.level``, ``disk.free`` and ``network.address``.

    Args:
        battery: how the battery stands; asked of the system where it is not given.
        home: whose disk is meant; the user's own folder where it is not given.
    """

    def tell_battery(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, describe_battery((battery or _battery)()))

    def tell_disk(_call: ActionCall) -> ActionOutcome:
        usage = shutil.disk_usage(home or Path.home())
        return ActionOutcome(True, f"{_gigabytes(usage.free)} of {_gigabytes(usage.total)} are free.")

    def tell_address(_call: ActionCall) -> ActionOutcome:
        addresses = local_addresses()
        if not addresses:
            raise ActionError("this computer is in no network", hint="plug in a cable, or turn on Wi-Fi")
        return ActionOutcome(True, " ".join(f"{address} ({name})." for name, address in addresses))

    registry.register("battery.level", tell_battery, description="Tells how full the battery is.")
    registry.register("disk.free", tell_disk, description="Tells how much room is left on the disk.")
    registry.register("network.address", tell_address, description="Tells the addresses of this computer.")


def describe_battery(battery: Battery | None) -> str:
    """How the battery stands, in one sentence."""
    if battery is None:
        return "This computer has no battery."
    level = f"The battery is at {battery.percent:.0f} %"
    if battery.power_plugged:
        return f"{level}." if battery.percent >= 99.5 else f"{level} and charging."
    return f"{level}, enough for {_rough(battery.secsleft)}." if battery.secsleft > 0 else f"{level}."


def local_addresses() -> list[tuple[str, str]]:
    """The IPv4 addresses of this machine by network, without its own loop."""
    import psutil  # noqa: PLC0415 - only these two commands need it

    running = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return [
        (name, address.address)
        for name, addresses in psutil.net_if_addrs().items()
        for address in addresses
        if name in running and address.family == AF_INET and not address.address.startswith("127.")
    ]


def _battery() -> Battery | None:
    import psutil  # noqa: PLC0415

    ask = getattr(psutil, "sensors_battery", None)  # not built for every system
    found: Battery | None = ask() if ask is not None else None
    return found


def _rough(left_s: float) -> str:
    return spoken_duration(max(60, 60 * round(left_s / 60)))


def _gigabytes(size_bytes: float) -> str:
    return f"{size_bytes / _GB:.0f} GB" if size_bytes >= 10 * _GB else f"{size_bytes / _GB:.1f} GB"
