"""A desktop portal for tests: GlobalShortcuts as its documentation describes it, without a compositor.

Runs as a process of its own on the bus of ``DBUS_SESSION_BUS_ADDRESS``. Writes one line of JSON for each call that it
gets, and takes orders from standard input: ``activate``, ``deactivate``, ``close``. The argument says how it behaves:
``grant``, ``refuse``, ``none`` (no shortcut is bound), ``unknown`` (a portal without global shortcuts) or ``silent``
(the user is asked and does not answer).
"""

from __future__ import annotations

import json
import os
import select
import sys
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"


class StandIn:
    """One client, one session, one shortcut."""

    def __init__(self, behaviour: str) -> None:
        self.behaviour = behaviour
        self.session = self.client = ""
        self.shortcuts: list[tuple[str, dict[str, Any]]] = []
        self.bus = open_dbus_connection("SESSION")
        reply = self.bus.send_and_get_reply(message_bus.RequestName(NAME, 4))
        assert reply.body == (1,), reply.body
        self.tell("ready", "")

    def run(self) -> None:
        while True:
            readable, _, _ = select.select([self.bus.sock, sys.stdin], [], [])
            if sys.stdin in readable:
                orders = os.read(sys.stdin.fileno(), 1000).decode()
                if not orders:
                    return
                for order in orders.split():
                    self.obey(order)
            while (message := self.received()) is not None:
                if message.header.message_type is MessageType.method_call:
                    self.answer(message)

    def received(self) -> Message | None:
        try:
            return self.bus.receive(timeout=0.0)
        except TimeoutError:
            return None

    def tell(self, method: str, body: object) -> None:
        sys.stdout.write(json.dumps([method, body]) + "\n")
        sys.stdout.flush()

    def obey(self, order: str) -> None:
        if order == "close":
            self.emit(self.session, "org.freedesktop.portal.Session", "Closed", "", ())
            return
        member = {"activate": "Activated", "deactivate": "Deactivated"}[order]
        for identity, _ in self.shortcuts:
            self.emit(PATH, SHORTCUTS, member, "osta{sv}", (self.session, identity, 1234, {}))

    def emit(self, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> None:
        self.bus.send(new_signal(DBusAddress(path, interface=interface), member, signature or None, body))

    def answer(self, call: Message) -> None:
        method = call.header.fields[HeaderFields.member]
        interface = call.header.fields.get(HeaderFields.interface)
        self.tell(method, call.body)
        if interface == SHORTCUTS and self.behaviour != "unknown":
            getattr(self, method)(call)
        elif interface == "org.freedesktop.portal.Session" and method == "Close":
            self.bus.send(new_method_return(call))
        else:
            self.bus.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))

    def CreateSession(self, call: Message) -> None:  # noqa: N802 (the portal's name)
        (options,) = call.body
        sender = call.header.fields[HeaderFields.sender][1:].replace(".", "_")
        self.session = f"{PATH}/session/{sender}/{options['session_handle_token'][1]}"
        self.respond(call, options, 0, {"session_handle": ("s", self.session)})

    def BindShortcuts(self, call: Message) -> None:  # noqa: N802
        session, wishes, _parent, options = call.body
        assert session == self.session
        granted = [] if self.behaviour == "none" else wishes
        self.shortcuts = [
            (identity, {"description": fields["description"], "trigger_description": ("s", "Press Ctrl+Alt+Space")})
            for identity, fields in granted
        ]
        code = 1 if self.behaviour == "refuse" else 0
        self.respond(call, options, code, {"shortcuts": ("a(sa{sv})", self.shortcuts)} if code == 0 else {})

    def respond(self, call: Message, options: dict[str, Any], code: int, results: dict[str, Any]) -> None:
        sender = call.header.fields[HeaderFields.sender][1:].replace(".", "_")
        path = f"{PATH}/request/{sender}/{options['handle_token'][1]}"
        self.bus.send(new_method_return(call, "o", (path,)))
        if self.behaviour == "silent" and "shortcuts" in results:
            return
        self.emit(path, "org.freedesktop.portal.Request", "Response", "ua{sv}", (code, results))


if __name__ == "__main__":
    StandIn(sys.argv[1]).run()
