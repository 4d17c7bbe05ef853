"""Desktop notifications over D-Bus, with buttons; no tray icon is needed.

Source: Desktop Notifications Specification 1.2 (freedesktop.org).
"""

from __future__ import annotations

import logging
import select
import socket
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from voiceassist.errors import ActionError

if TYPE_CHECKING:
    from voiceassist.desktop.bus import Bus

log = logging.getLogger(__name__)

APP_NAME = "voiceassist"
_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_CRITICAL = 2
_CLOSED_BY_USER = 2

Buttons = Mapping[str, Callable[[], None]]
"""The label of each button, and the function that it calls. Thread: the notifier's own."""


class Notifier:
    """Shows notifications and waits for their buttons, on one connection: some daemons signal only the sender.

    Thread: any; the buttons are called on the notifier's thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buttons: dict[int, Buttons] = {}
        self._bus: Bus | None = None
        self._waker: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def show(
        self,
        title: str,
        text: str = "",
        buttons: Buttons | None = None,
        dismissed: Callable[[], None] = lambda: None,
    ) -> int:
        """Show a notification and return its id; one with buttons stays until one is pressed.

        Args:
            title: in bold.
            text: below it.
            buttons: see `Buttons`.
            dismissed: called when the user closes a notification with buttons without pressing one.

        Raises:
            ActionError: there is no session bus, or no notification daemon on it.
        """
        buttons = buttons or {}
        actions = [part for label in buttons for part in (label, label)]
        hints = {"urgency": ("y", _CRITICAL)} if buttons else {}
        body = (APP_NAME, 0, "", title, text, actions, hints, 0 if buttons else -1)
        with self._lock:
            bus = self._bus or self._connect()
            (number,) = bus.call(_SERVICE, _PATH, f"{_SERVICE}.Notify", "susssasa{sv}i", body)
            if buttons:
                self._buttons[number] = {**buttons, "": dismissed}
            self._wake()  # the thread does not see signals that were queued during the call
        return int(number)

    def dismiss(self, number: int) -> None:
        """Close a notification, unless it is closed already."""
        with self._lock:
            self._buttons.pop(number, None)
            if self._bus is None:
                return
            try:
                self._bus.call(_SERVICE, _PATH, f"{_SERVICE}.CloseNotification", "u", (number,))
            except ActionError as error:
                log.info("notification %d could not be closed: %s", number, error)

    def close(self) -> None:
        """End the thread. Notifications stay, and their buttons do nothing."""
        with self._lock:
            self._closed = True
            thread, self._thread = self._thread, None
            self._wake()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _wake(self) -> None:
        if self._waker is not None:
            self._waker.send(b"x")

    def _connect(self) -> Bus:
        """Connect, and start the thread that waits for buttons. The caller holds the lock."""
        from voiceassist.desktop.bus import Bus  # noqa: PLC0415 - D-Bus is of use on Linux only

        if self._closed:
            raise ActionError("voiceassist is closing and shows no more notifications", hint="start it again")
        self._bus = bus = Bus("session")
        try:
            bus.subscribe(interface=_SERVICE)
        except ActionError:
            self._bus = None
            bus.close()
            raise
        woken, self._waker = socket.socketpair()
        self._thread = threading.Thread(target=self._work, args=(bus, woken), name="notifications", daemon=True)
        self._thread.start()
        return bus

    def _work(self, bus: Bus, woken: socket.socket) -> None:
        try:
            while not self._closed:
                readable, _, _ = select.select([bus.fileno(), woken.fileno()], [], [])
                if woken.fileno() in readable:
                    woken.recv(64)
                while (call := self._next_call(bus)) is not None:
                    call()
        except ActionError as error:
            log.warning("the buttons of the open notifications no longer work: %s", error)
        finally:
            with self._lock:
                self._bus = None
                self._buttons.clear()
                if self._waker is not None:
                    self._waker.close()
                    self._waker = None
            woken.close()
            bus.close()

    def _next_call(self, bus: Bus) -> Callable[[], None] | None:
        """The function for the next signal that has arrived; ``None`` if there is none."""
        with self._lock:
            signal = bus.next_signal(0.0)
            if signal is None:
                return None
            if signal.member not in {"ActionInvoked", "NotificationClosed"} or len(signal.body) != 2:
                return lambda: None
            number, key = signal.body
            buttons = self._buttons.pop(number, {})
            if signal.member == "NotificationClosed":
                key = "" if key == _CLOSED_BY_USER else None
            pressed = buttons.get(key)

        def press() -> None:
            try:
                if pressed is not None:
                    pressed()
            except Exception:
                log.exception("the button of a notification failed")

        return press
