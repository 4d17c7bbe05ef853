"""What the desktop portals of tests share: a name on the session bus, and requests that are answered by a signal.

Each runs as a process of its own on the bus of ``DBUS_SESSION_BUS_ADDRESS``.
"""

from __future__ import annotations

from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, message_bus, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"


class FakePortal:
    """One client and one session. ``behaviour`` says how it answers."""

    def __init__(self, behaviour: str) -> None:
        self.behaviour = behaviour
        self.session = ""
        self.bus = open_dbus_connection("SESSION")
        reply = self.bus.send_and_get_reply(message_bus.RequestName(NAME, 4))
        assert reply.body == (1,), reply.body

    def open_session(self, call: Message) -> dict[str, Any]:
        """The results of CreateSession."""
        self.session = f"{PATH}/session/{sender_of(call)}/{call.body[-1]['session_handle_token'][1]}"
        return {"session_handle": ("s", self.session)}

    def return_request(self, call: Message) -> str:
        """Answers the call itself, and returns the path of its request."""
        path = f"{PATH}/request/{sender_of(call)}/{call.body[-1]['handle_token'][1]}"
        self.bus.send(new_method_return(call, "o", (path,)))
        return path

    def respond(self, path: str, code: int, results: dict[str, Any]) -> None:
        """Tells what the user has decided."""
        self.emit(path, "org.freedesktop.portal.Request", "Response", "ua{sv}", (code, results))

    def emit(self, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> None:
        self.bus.send(new_signal(DBusAddress(path, interface=interface), member, signature or None, body))


def sender_of(call: Message) -> str:
    """The caller, as it stands in the paths of its requests and sessions."""
    return str(call.header.fields[HeaderFields.sender])[1:].replace(".", "_")
