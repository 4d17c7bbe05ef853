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

Buttons = Mapping[str, Callable[[], None]]
"""The label of each button, and what it does. Thread: the notifier's own."""


class Notifier:
    """Shows notifications and waits for their buttons, all on one connection: daemons answer the one that asked.

    Thread: any; the buttons are called on the notifier's thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buttons: dict[int, Buttons] = {}
        self._bus: Bus | None = None
        self._waker: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def show(self, title: str, text: str = "", buttons: Buttons | None = None) -> int:
        """Show a notification and return its number; one with buttons stays until it is answered.

        Raises:
            ActionError: there is no bus, or nobody on it shows notifications.
        """
        buttons = buttons or {}
        actions = [part for label in buttons for part in (label, label)]
        hints = {"urgency": ("y", _CRITICAL)} if buttons else {}
        body = (APP_NAME, 0, "", title, text, actions, hints, 0 if buttons else -1)
        with self._lock:
            bus = self._bus or self._connect()
            (number,) = bus.call(_SERVICE, _PATH, f"{_SERVICE}.Notify", "susssasa{sv}i", body)
            if buttons:
                self._buttons[number] = buttons
            self._wake()  # a signal that came during the call is kept, and nobody waits for it
        return int(number)

    def dismiss(self, number: int) -> None:
        """Take a notification away; one that is gone already is all the same."""
        with self._lock:
            self._buttons.pop(number, None)
            if self._bus is None:
                return
            try:
                self._bus.call(_SERVICE, _PATH, f"{_SERVICE}.CloseNotification", "u", (number,))
            except ActionError as error:
                log.info("notification %d could not be closed: %s", number, error)

    def close(self) -> None:
        """End the thread. Notifications stay, without what their buttons did."""
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
        """Connect, and have a thread wait for buttons. The lock is held."""
        from voiceassist.desktop.bus import Bus  # noqa: PLC0415 - D-Bus is of use on Linux only

        if self._closed:
            raise ActionError("notifications are closed", hint="start voiceassist again")
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
            log.warning("the buttons of notifications do nothing until the next one: %s", error)
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
        """What the next signal that has arrived asks for; ``None`` where none has."""
        with self._lock:
            signal = bus.next_signal(0.0)
            if signal is None:
                return None
            if signal.member not in {"ActionInvoked", "NotificationClosed"} or len(signal.body) != 2:
                return lambda: None
            number, key = signal.body
            buttons = self._buttons.pop(number, {})
            pressed = buttons.get(key) if signal.member == "ActionInvoked" else None

        def press() -> None:
            try:
                if pressed is not None:
                    pressed()
            except Exception:
                log.exception("the button of a notification failed")

        return press
