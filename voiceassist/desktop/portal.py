"""The desktop portal's handshake: a request whose answer comes as a signal once the user has decided.

Source: org.freedesktop.portal.Request, as documented with xdg-desktop-portal.
"""

from __future__ import annotations

import math
import secrets
import time
from typing import Any

from voiceassist.desktop.bus import Bus, BusError, BusSignal

SERVICE = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
GRANTED, REFUSED = 0, 1
"""Response codes of a request; any other means that it failed."""

Options = dict[str, tuple[str, Any]]

_REQUEST = "org.freedesktop.portal.Request"


class Portal:
    """Makes requests on a connection that its opener closes."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._subscribed = False

    def call(self, method: str, signature: str, *body: Any) -> tuple[Any, ...]:
        """Call a method that returns at once, without asking the user.

        Raises:
            BusError: there is no portal, or it returned an error.
        """
        return self._bus.call(SERVICE, PATH, method, signature, body)

    def request(
        self, method: str, signature: str, *body: Any, options: Options, timeout_s: float = math.inf
    ) -> tuple[int, Options] | None:
        """Make a request and wait until the user has decided. Other signals that arrive meanwhile are kept.

        Returns:
            The response code (0: granted, 1: refused by the user) and the results; ``None`` on timeout.

        Raises:
            BusError: there is no portal, it does not know the method, or it ended while the user was asked.
        """
        if not self._subscribed:  # before the call: the signal may arrive before the method's reply
            self._bus.subscribe(sender=SERVICE, interface=_REQUEST, member="Response")
            self._bus.subscribe(interface="org.freedesktop.DBus", member="NameOwnerChanged", argument=SERVICE)
            self._subscribed = True
        token = f"voiceassist_{secrets.token_hex(8)}"
        expected = f"{PATH}/request/{self._bus.unique_name[1:].replace('.', '_')}/{token}"
        (path,) = self.call(method, signature, *body, {**options, "handle_token": ("s", token)})
        other_signals: list[BusSignal] = []
        deadline_s = time.monotonic() + timeout_s
        try:
            while (signal := self._bus.next_signal(deadline_s - time.monotonic())) is not None:
                if signal.member == "Response" and signal.path in (path, expected):
                    return int(signal.body[0]), dict(signal.body[1])
                if is_portal_gone(signal):
                    raise BusError("the desktop portal has ended", hint="try again", name="ended")
                other_signals.append(signal)
        finally:
            self._bus.keep(other_signals)
        return None


def is_portal_gone(signal: BusSignal) -> bool:
    """Whether a signal reports that the portal's process has ended."""
    return signal.member == "NameOwnerChanged" and signal.body[0] == SERVICE and signal.body[2] == ""
