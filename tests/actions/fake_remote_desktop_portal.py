"""A desktop portal for tests: RemoteDesktop and Screenshot as their documentation describes them, without a compositor.

Arguments: how it behaves (``grant``, ``refuse``, ``silent``, or ``forget``: sessions are ended at once), a file that
gets one line of JSON for each call, and the picture that it hands out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, MessageType, new_error, new_method_return

sys.path.append(str(Path(__file__).parent.parent))

from fake_portal import FakePortal


class RemoteDesktopPortal(FakePortal):
    """Types nothing, and hands out one picture."""

    def __init__(self, behaviour: str, log: str, picture: str) -> None:
        self.log, self.picture = Path(log), Path(picture)
        super().__init__(behaviour)

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
        path = self.return_request(call)
        if self.behaviour == "silent":
            return
        refused = self.behaviour == "refuse" and method in {"Start", "Screenshot"}
        self.respond(path, int(refused), {} if refused else self.results(call, method))

    def results(self, call: Message, method: str) -> dict[str, Any]:
        if method == "CreateSession":
            return self.open_session(call)
        if method == "Start":
            return {"devices": ("u", 3)}
        return {"uri": ("s", self.picture.as_uri())} if method == "Screenshot" else {}


if __name__ == "__main__":
    RemoteDesktopPortal(*sys.argv[1:]).run()
