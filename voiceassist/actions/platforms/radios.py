"""Wi-Fi through NetworkManager and Bluetooth through BlueZ.

Source: NetworkManager D-Bus reference, org.freedesktop.NetworkManager; BlueZ org.bluez.Adapter1.
"""

from __future__ import annotations

from voiceassist.desktop.bus import Bus, BusError
from voiceassist.errors import ActionError

_NETWORK = "org.freedesktop.NetworkManager"
_NETWORK_PATH = "/org/freedesktop/NetworkManager"
_BLUEZ = "org.bluez"
_ADAPTER = "org.bluez.Adapter1"


class WifiSwitch:
    """Wireless networks."""

    def is_on(self) -> bool:
        """Whether the radio is on.

        Raises:
            ActionError: NetworkManager is not running.
        """
        with Bus("system") as bus:
            try:
                return bool(bus.get(_NETWORK, _NETWORK_PATH, _NETWORK, "WirelessEnabled"))
            except BusError as error:
                raise _missing("NetworkManager", "Wi-Fi", error) from error

    def turn(self, on: bool) -> None:
        """Turns the radio on or off."""
        with Bus("system") as bus:
            bus.set(_NETWORK, _NETWORK_PATH, _NETWORK, "WirelessEnabled", ("b", on))


class BluetoothSwitch:
    """All Bluetooth adapters."""

    def is_on(self) -> bool:
        """Whether any adapter is powered.

        Raises:
            ActionError: there is no adapter.
        """
        with Bus("system") as bus:
            return any(powered for _path, powered in _adapters(bus))

    def turn(self, on: bool) -> None:
        """Powers all adapters on or off."""
        with Bus("system") as bus:
            for path, _powered in _adapters(bus):
                bus.set(_BLUEZ, path, _ADAPTER, "Powered", ("b", on))


def _adapters(bus: Bus) -> list[tuple[str, bool]]:
    try:
        (objects,) = bus.call(_BLUEZ, "/", "org.freedesktop.DBus.ObjectManager.GetManagedObjects")
    except BusError as error:
        raise _missing("BlueZ", "Bluetooth", error) from error
    found = [(path, bool(kinds[_ADAPTER]["Powered"][1])) for path, kinds in objects.items() if _ADAPTER in kinds]
    if not found:
        raise ActionError("this computer has no Bluetooth adapter", hint="plug one in")
    return found


def _missing(service: str, what: str, error: BusError) -> ActionError:
    if not error.is_missing:
        return error
    return ActionError(f"{what} needs {service}, which is not running", hint=f"install and start {service}")
