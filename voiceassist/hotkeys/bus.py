"""As much of D-Bus as a portal needs: requests that are answered by a signal, and signals until the wait is ended."""

from __future__ import annotations

import math
import os
import secrets
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from voiceassist.hotkeys.cancellable_wait import Wakeup

_NAME = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_REQUEST = "org.freedesktop.portal.Request"
_REGISTRY = "org.freedesktop.host.portal.Registry"
_PATIENCE_S = 10.0


class PortalBusError(Exception):
    """The bus or the portal is not there, or refused; internal to hotkeys, never shown as it is."""


class WaitEnded(Exception):  # noqa: N818 (it is no error: the hotkey is closed)
    """Whoever closes the hotkey has ended the wait."""


@dataclass(frozen=True, slots=True)
class BusSignal:
    """A signal that arrived."""

    path: str
    member: str
    body: tuple[Any, ...]


class PortalBus:
    """A connection to the session bus, for one thread. Everything that waits raises ``WaitEnded`` when it is woken."""

    def __init__(self, address: str, wakeup: Wakeup) -> None:
        self._wakeup = wakeup
        self._waiting: deque[Message] = deque()
        try:
            self._connection: DBusConnection = open_dbus_connection(address or _session_address())
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise PortalBusError(f"the session bus cannot be reached: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def register_application(self, name: str) -> None:
        """Tell the portal who we are, which a program outside of a sandbox has to; older portals know no such thing."""
        try:
            self._call(_REGISTRY, "Register", "sa{sv}", (name, {}))
        except PortalBusError:
            return

    def listen_to_signals(self, *interfaces: str) -> None:
        """Have the signals of these interfaces of the portal delivered, and ``NameOwnerChanged`` when it goes."""
        gone = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        gone.add_arg_condition(0, _NAME)
        self._match(gone)
        for interface in interfaces:
            self._match(MatchRule(type="signal", sender=_NAME, interface=interface))

    def request(
        self, interface: str, method: str, signature: str, arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        """Call a method that is answered later by a signal, and wait for that, as long as the user needs.

        Returns:
            The code (0: granted, 1: refused by the user) and the results.

        Raises:
            PortalBusError: the portal is not there or does not know the method.
        """
        token = f"voiceassist_{secrets.token_hex(8)}"
        expected = f"{_PATH}/request/{self._connection.unique_name[1:].replace('.', '_')}/{token}"
        # Before the call: the answer may come before the reply.
        self._match(MatchRule(type="signal", sender=_NAME, interface=_REQUEST, member="Response"))
        options = {**options, "handle_token": ("s", token)}
        (path,) = self._call(interface, method, signature, (*arguments, options))
        aside: list[Message] = []
        while True:
            message = self._next()
            signal = _signal(message)
            if signal.member == "Response" and signal.path in (path, expected):
                self._waiting.extendleft(reversed(aside))
                return int(signal.body[0]), dict(signal.body[1])
            aside.append(message)

    def next_signal(self) -> BusSignal:
        """Wait for a signal.

        Raises:
            PortalBusError: the bus has gone.
        """
        return _signal(self._next())

    def close_session(self, path: str, interface: str) -> None:
        """Close a session; one that is closed already is all the same."""
        address = DBusAddress(path, bus_name=_NAME, interface=interface)
        with suppress(OSError):
            self._connection.send(new_method_call(address, "Close"))

    def _call(self, interface: str, method: str, signature: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        address = DBusAddress(_PATH, bus_name=_NAME, interface=interface)
        return self._ask(new_method_call(address, method, signature, arguments))

    def _match(self, rule: MatchRule) -> None:
        self._ask(message_bus.AddMatch(rule))

    def _ask(self, call: Message) -> tuple[Any, ...]:
        """Send a call and wait for its reply; signals that come meanwhile are kept."""
        serial = next(self._connection.outgoing_serial)
        self._connection.send(call, serial=serial)
        give_up_at_s = time.monotonic() + _PATIENCE_S
        while True:
            message = self._receive()
            if message is None:
                self._wait(give_up_at_s)
            elif message.header.fields.get(HeaderFields.reply_serial) != serial:
                self._keep(message)
            elif message.header.message_type is MessageType.error:
                raise PortalBusError(str(message.header.fields.get(HeaderFields.error_name, "refused")))
            else:
                return tuple(message.body)

    def _next(self) -> Message:
        while not self._waiting:
            message = self._receive()
            if message is None:
                self._wait()
            else:
                self._keep(message)
        return self._waiting.popleft()

    def _keep(self, message: Message) -> None:
        if message.header.message_type is MessageType.signal:
            self._waiting.append(message)

    def _wait(self, give_up_at_s: float = math.inf) -> None:
        patience_s = give_up_at_s - time.monotonic()
        if patience_s <= 0:
            raise PortalBusError("the portal does not answer")
        if not self._wakeup.wait(self._connection.sock.fileno(), None if math.isinf(patience_s) else patience_s):
            raise WaitEnded

    def _receive(self) -> Message | None:
        """A message that is here already."""
        try:
            return self._connection.receive(timeout=0.0)
        except TimeoutError:
            return None
        except (OSError, EOFError) as error:
            raise PortalBusError("the session bus has gone") from error


def _signal(message: Message) -> BusSignal:
    fields = message.header.fields
    return BusSignal(
        str(fields.get(HeaderFields.path, "")), str(fields.get(HeaderFields.member, "")), tuple(message.body)
    )


def _session_address() -> str:
    """Where the session's bus is, also where the environment does not say so."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    return address or f"unix:path={os.environ['XDG_RUNTIME_DIR']}/bus"
