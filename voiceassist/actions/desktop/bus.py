"""D-Bus, one call at a time: a connection is opened for a task and closed after it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self

from voiceassist.errors import ActionError

PATIENCE_S = 3.0
"""A service that gives no answer in this time has failed."""

_PROPERTIES = "org.freedesktop.DBus.Properties"
_UNKNOWN = {
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.UnknownObject",
    "org.freedesktop.DBus.Error.UnknownInterface",
    "org.freedesktop.DBus.Error.UnknownMethod",
    "org.freedesktop.DBus.Error.UnknownProperty",
}


class BusError(ActionError):
    """A service is not there, or refused.

    Attributes:
        name: D-Bus's own name of the error; empty where the bus itself failed.
    """

    def __init__(self, message: str, *, hint: str, name: str = "") -> None:
        super().__init__(message, hint=hint)
        self.name = name

    @property
    def is_missing(self) -> bool:
        """The service, or what was asked of it, does not exist here."""
        return not self.name or self.name in _UNKNOWN


class Bus:
    """A connection to the session's or the system's bus. A context manager.

    Raises:
        BusError: there is no such bus.
    """

    def __init__(self, kind: Literal["session", "system"]) -> None:
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415 - only commands that need it pay for it

        self._kind = kind
        try:
            self._connection = open_dbus_connection(session_address() if kind == "session" else "SYSTEM")
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            hint = "log in to a desktop session" if kind == "session" else "start the service dbus"
            raise BusError(f"the {kind} bus cannot be reached: {error}", hint=hint) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def call(
        self,
        service: str,
        path: str,
        method: str,
        signature: str = "",
        body: Sequence[Any] = (),
    ) -> tuple[Any, ...]:
        """Calls ``interface.Method`` and returns what it answers.

        Raises:
            BusError: the service is missing, refused or was silent.
        """
        from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415

        interface, _, member = method.rpartition(".")
        address = DBusAddress(path, bus_name=service, interface=interface)
        message = new_method_call(address, member, signature or None, tuple(body))
        try:
            reply = self._connection.send_and_get_reply(message, timeout=PATIENCE_S)
        except TimeoutError as error:
            raise BusError(f"{service} gave no answer in {PATIENCE_S:g} s", hint="try again", name="timeout") from error
        except OSError as error:
            raise BusError(f"the {self._kind} bus went away: {error}", hint="try again") from error
        if reply.header.message_type is MessageType.error:
            raise _refusal(service, reply)
        return tuple(reply.body)

    def get(self, service: str, path: str, interface: str, name: str) -> Any:
        """The value of a property.

        Raises:
            BusError: it does not exist.
        """
        ((_signature, value),) = self.call(service, path, f"{_PROPERTIES}.Get", "ss", (interface, name))
        return value

    def set(self, service: str, path: str, interface: str, name: str, value: tuple[str, Any]) -> None:
        """Sets a property to a variant: ``("b", True)``.

        Raises:
            BusError: it does not exist, or cannot be set.
        """
        self.call(service, path, f"{_PROPERTIES}.Set", "ssv", (interface, name, value))

    def names(self) -> list[str]:
        """All names on the bus."""
        (names,) = self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.ListNames")
        return list(names)


def session_address() -> str:
    """Where the session's bus listens, also where the environment does not say so.

    Raises:
        KeyError: neither the bus nor the session's folder is named.
    """
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    return address or f"unix:path={os.environ['XDG_RUNTIME_DIR']}/bus"


def _refusal(service: str, reply: Any) -> BusError:
    from jeepney import HeaderFields  # noqa: PLC0415

    name = str(reply.header.fields.get(HeaderFields.error_name, ""))
    said = next((part for part in reply.body if isinstance(part, str)), name)
    return BusError(f"{service} refused: {said}", hint="see whether this desktop offers it", name=name)
