"""A desktop portal for tests: RemoteDesktop and Screenshot as their documentation describes them, without a compositor.

Arguments: how it behaves (``grant``, ``refuse``, ``silent``, or ``forget``: sessions are ended at once), a file that
gets one line of JSON for each call, and the picture that it hands out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
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

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"


class StandIn:
    """One client and one session."""

    def __init__(self, behaviour: str, log: str, picture: str) -> None:
        self.behaviour, self.log, self.picture = behaviour, Path(log), Path(picture)
        self.session = ""
        self.bus = open_dbus_connection("SESSION")
        reply = self.bus.send_and_get_reply(message_bus.RequestName(NAME, 4))
        assert reply.body == (1,), reply.body

    def run(self) -> None:
        while True:
            message = self.bus.receive()
            if message.header.message_type is MessageType.method_call:
                self.answer(message)

    def answer(self, call: Message) -> None:
        method = call.header.fields[HeaderFields.member]
        with self.log.open("a") as log:
            log.write(json.dumps([method, call.body]) + "\n")
        if method.startswith("Notify"):
            self.notify(call)
        else:
            self.request(call, method)

    def notify(self, call: Message) -> None:
        if self.behaviour == "forget" or call.body[0] != self.session:
            self.bus.send(new_error(call, "org.freedesktop.DBus.Error.AccessDenied", "s", ("no such session",)))
        else:
            self.bus.send(new_method_return(call))

    def request(self, call: Message, method: str) -> None:
        sender = call.header.fields[HeaderFields.sender][1:].replace(".", "_")
        options = call.body[-1]
        path = f"{PATH}/request/{sender}/{options['handle_token'][1]}"
        self.bus.send(new_method_return(call, "o", (path,)))
        if self.behaviour == "silent":
            return
        refused = self.behaviour == "refuse" and method in {"Start", "Screenshot"}
        results = {} if refused else self.results(method, sender, options)
        signal = new_signal(DBusAddress(path, interface="org.freedesktop.portal.Request"), "Response", "ua{sv}",
                            (1 if refused else 0, results))  # fmt: skip
        self.bus.send(signal)

    def results(self, method: str, sender: str, options: dict[str, Any]) -> dict[str, Any]:
        if method == "CreateSession":
            self.session = f"{PATH}/session/{sender}/{options['session_handle_token'][1]}"
            return {"session_handle": ("s", self.session)}
        if method == "Start":
            return {"devices": ("u", 3)}
        if method == "Screenshot":
            return {"uri": ("s", self.picture.as_uri())}
        return {}


if __name__ == "__main__":
    StandIn(*sys.argv[1:]).run()
