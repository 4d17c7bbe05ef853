"""A D-Bus connection: method calls, properties and signals, for one thread at a time."""

from __future__ import annotations

import math
import os
import select
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection

from voiceassist.desktop.cancellable_wait import Wakeup
from voiceassist.errors import DesktopError, reason_of

TIMEOUT_S = 3.0
"""Timeout of a method call."""

_PROPERTIES = "org.freedesktop.DBus.Properties"
_MISSING = {
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.UnknownObject",
    "org.freedesktop.DBus.Error.UnknownInterface",
    "org.freedesktop.DBus.Error.UnknownMethod",
    "org.freedesktop.DBus.Error.UnknownProperty",
}


class BusError(DesktopError):
    """A bus or a service is missing, returned an error, or did not answer.

    Attributes:
        name: the D-Bus name of the error; ``timeout`` for no answer, empty if the bus itself failed.
    """

    def __init__(self, message: str, *, hint: str, name: str = "") -> None:
        super().__init__(message, hint=hint)
        self.name = name

    @property
    def is_missing(self) -> bool:
        """The bus, the service, or the method or property that was called does not exist here."""
        return not self.name or self.name in _MISSING


class WaitEnded(Exception):  # noqa: N818 (not an error: the owner of the connection cancels the wait)
    """The connection's ``Wakeup`` has cancelled the wait."""


@dataclass(frozen=True, slots=True)
class BusSignal:
    """A signal that arrived."""

    path: str
    member: str
    body: tuple[Any, ...]


class Bus:
    """A connection to the session's or the system's bus. A context manager.

    Args:
        kind: which bus.
        address: address of the bus; that of the environment by default.
        wakeup: cancels every wait of this connection with ``WaitEnded``.

    Raises:
        BusError: there is no such bus.
    """

    def __init__(
        self, kind: Literal["session", "system"] = "session", *, address: str = "", wakeup: Wakeup | None = None
    ) -> None:
        self._kind = kind
        self._wakeup = wakeup
        self._signals: deque[BusSignal] = deque()
        try:
            if kind == "session" and not address:  # the environment need not name the bus, only the session's folder
                default = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
                address = default or f"unix:path={os.environ['XDG_RUNTIME_DIR']}/bus"
            self._connection = open_dbus_connection(address or "SYSTEM")
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            hint = "log in to a desktop session" if kind == "session" else "start the service dbus"
            reason = "XDG_RUNTIME_DIR is not set" if isinstance(error, KeyError) else reason_of(error)
            raise BusError(f"the {kind} bus cannot be reached: {reason}", hint=hint) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    @property
    def unique_name(self) -> str:
        """The name that the bus gave to this connection: ``:1.42``."""
        return str(self._connection.unique_name)

    def fileno(self) -> int:
        """The descriptor that can be read when something has arrived."""
        return int(self._connection.sock.fileno())

    def call(
        self, service: str, path: str, method: str, signature: str = "", body: Sequence[Any] = ()
    ) -> tuple[Any, ...]:
        """Call ``interface.Method`` and return the body of its reply. Signals that arrive meanwhile are queued.

        Raises:
            BusError: the service is missing, returned an error or did not answer in time.
        """
        interface, _, member = method.rpartition(".")
        address = DBusAddress(path, bus_name=service, interface=interface)
        return self._request(service, new_method_call(address, member, signature or None, tuple(body)))

    def get(self, service: str, path: str, interface: str, name: str) -> Any:
        """The value of a property.

        Raises:
            BusError: it does not exist.
        """
        ((_signature, value),) = self.call(service, path, f"{_PROPERTIES}.Get", "ss", (interface, name))
        return value

    def set(self, service: str, path: str, interface: str, name: str, value: tuple[str, Any]) -> None:
        """Set a property to a variant: ``("b", True)``.

        Raises:
            BusError: it does not exist, or cannot be set.
        """
        self.call(service, path, f"{_PROPERTIES}.Set", "ssv", (interface, name, value))

    def names(self) -> list[str]:
        """All names on the bus."""
        (names,) = self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.ListNames")
        return list(names)

    def subscribe(
        self, *, sender: str | None = None, interface: str, member: str | None = None, argument: str | None = None
    ) -> None:
        """Subscribe to signals, which ``next_signal`` returns.

        Args:
            sender: only those of this service.
            interface: of the signals.
            member: the signal's name; by default all signals of the interface.
            argument: value that the first argument must have.
        """
        rule = MatchRule(type="signal", sender=sender, interface=interface, member=member)
        if argument is not None:
            rule.add_arg_condition(0, argument)
        self._request("the bus", message_bus.AddMatch(rule))

    def next_signal(self, timeout_s: float = math.inf) -> BusSignal | None:
        """Wait for a signal; ``None`` on timeout.

        Raises:
            BusError: the connection has ended.
            WaitEnded: the wait was cancelled.
        """
        deadline_s = time.monotonic() + timeout_s
        while not self._signals:
            message = self._receive()
            if message is not None:
                self._queue(message)
            elif not self._wait(deadline_s):
                return None
        return self._signals.popleft()

    def keep(self, signals: Sequence[BusSignal]) -> None:
        """Requeue signals, so that ``next_signal`` returns them first."""
        self._signals.extendleft(reversed(signals))

    def send(self, service: str, path: str, method: str) -> None:
        """Call a method without arguments and without waiting for the reply.

        Raises:
            BusError: the connection has ended.
        """
        interface, _, member = method.rpartition(".")
        try:
            self._connection.send(new_method_call(DBusAddress(path, bus_name=service, interface=interface), member))
        except OSError as error:
            raise self._ended(error) from error

    def _request(self, service: str, call: Message) -> tuple[Any, ...]:
        serial = next(self._connection.outgoing_serial)
        try:
            self._connection.send(call, serial=serial)
        except OSError as error:
            raise self._ended(error) from error
        deadline_s = time.monotonic() + TIMEOUT_S
        while True:
            message = self._receive()
            if message is None:
                if not self._wait(deadline_s):
                    raise BusError(f"{service} did not answer in {TIMEOUT_S:g} s", hint="try again", name="timeout")
            elif message.header.fields.get(HeaderFields.reply_serial) != serial:
                self._queue(message)
            elif message.header.message_type is MessageType.error:
                name = str(message.header.fields.get(HeaderFields.error_name, ""))
                reason = next((part for part in message.body if isinstance(part, str)), name)
                raise BusError(f"{service} refused: {reason}", hint="check whether this desktop offers it", name=name)
            else:
                return tuple(message.body)

    def _queue(self, message: Message) -> None:
        if message.header.message_type is MessageType.signal:
            fields = message.header.fields
            path, member = (str(fields.get(key, "")) for key in (HeaderFields.path, HeaderFields.member))
            self._signals.append(BusSignal(path, member, tuple(message.body)))

    def _wait(self, deadline_s: float) -> bool:
        """Wait for the next message; ``False`` on timeout."""
        left_s = deadline_s - time.monotonic()
        if left_s <= 0:
            return False
        timeout_s = None if math.isinf(left_s) else left_s
        descriptor = self.fileno()
        if self._wakeup is None:
            select.select([descriptor], [], [], timeout_s)
        elif not self._wakeup.wait(descriptor, timeout_s):
            raise WaitEnded
        return True

    def _receive(self) -> Message | None:
        """A message that has already arrived."""
        try:
            return self._connection.receive(timeout=0.0)
        except TimeoutError:
            return None
        except (OSError, EOFError) as error:
            raise self._ended(error) from error

    def _ended(self, error: Exception) -> BusError:
        return BusError(f"the connection to the {self._kind} bus has ended: {reason_of(error)}", hint="try again")
