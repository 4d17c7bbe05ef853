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
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, MessageType, new_error, new_method_return

sys.path.append(str(Path(__file__).parent.parent))

from fake_portal import PATH, FakePortal

SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"


class ShortcutsPortal(FakePortal):
    """Binds one shortcut."""

    def __init__(self, behaviour: str) -> None:
        self.shortcuts: list[tuple[str, dict[str, Any]]] = []
        super().__init__(behaviour)
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
        path = self.return_request(call)
        self.respond(path, 0, self.open_session(call))

    def BindShortcuts(self, call: Message) -> None:  # noqa: N802
        session, wishes, _parent, _options = call.body
        assert session == self.session
        granted = [] if self.behaviour == "none" else wishes
        self.shortcuts = [
            (identity, {"description": fields["description"], "trigger_description": ("s", "Press Ctrl+Alt+Space")})
            for identity, fields in granted
        ]
        path = self.return_request(call)
        if self.behaviour == "refuse":
            self.respond(path, 1, {})
        elif self.behaviour != "silent":
            self.respond(path, 0, {"shortcuts": ("a(sa{sv})", self.shortcuts)})


if __name__ == "__main__":
    ShortcutsPortal(sys.argv[1]).run()
