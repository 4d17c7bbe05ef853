"""Battery level, free disk space and network addresses of this computer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from socket import AF_INET
from typing import Protocol

from voiceassist.action_spec import ActionOutcome
from voiceassist.actions.call import ActionCall
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

_GB = 1_000_000_000


class Battery(Protocol):
    """State of a battery, as psutil reports it."""

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
        battery: reads the state of the battery; that of the system by default.
        home: a folder on the disk; the user's home by default.
    """

    def tell_battery(_call: ActionCall) -> ActionOutcome:
        return ActionOutcome(True, describe_battery((battery or system_battery)()))

    def tell_disk(_call: ActionCall) -> ActionOutcome:
        try:
            usage = shutil.disk_usage(home or Path.home())
        except OSError as error:
            raise ActionError(f"the free space cannot be read: {error.strerror}", hint="try again") from error
        free, size = _gigabytes(usage.free), _gigabytes(usage.total)
        return ActionOutcome(True, mark("{free} of {size} are free.", free=free, size=size))

    def tell_address(_call: ActionCall) -> ActionOutcome:
        addresses = local_addresses()
        if not addresses:
            raise ActionError("this computer is not connected to a network", hint="plug in a cable, or turn on Wi-Fi")
        return ActionOutcome(True, " ".join(f"{address} ({name})." for name, address in addresses))

    registry.register("battery.level", tell_battery, description="Tells how full the battery is.")
    registry.register("disk.free", tell_disk, description="Tells how much room is left on the disk.")
    registry.register("network.address", tell_address, description="Tells the addresses of this computer.")


def describe_battery(battery: Battery | None) -> str:
    """The state of the battery in one sentence."""
    if battery is None:
        return mark("This computer has no battery.")
    percent = f"{battery.percent:.0f}"
    if battery.power_plugged and battery.percent < 99.5:
        return mark("The battery is at {percent} % and charging.", percent=percent)
    if battery.power_plugged or battery.secsleft <= 0:
        return mark("The battery is at {percent} %.", percent=percent)
    left = spoken_duration(max(60, 60 * round(battery.secsleft / 60)))
    return mark("The battery is at {percent} %, enough for {time}.", percent=percent, time=left)


def local_addresses() -> list[tuple[str, str]]:
    """The IPv4 addresses of this machine by network interface, without loopback."""
    import psutil  # noqa: PLC0415 - only these two commands need it

    running = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return [
        (name, address.address)
        for name, addresses in psutil.net_if_addrs().items()
        for address in addresses
        if name in running and address.family == AF_INET and not address.address.startswith("127.")
    ]


def system_battery() -> Battery | None:
    """The state of this machine's battery; ``None`` if it has none."""
    import psutil  # noqa: PLC0415

    read = getattr(psutil, "sensors_battery", None)  # not available on every system
    found: Battery | None = read() if read is not None else None
    return found


def _gigabytes(size_bytes: float) -> str:
    return f"{size_bytes / _GB:.0f} GB" if size_bytes >= 10 * _GB else f"{size_bytes / _GB:.1f} GB"
