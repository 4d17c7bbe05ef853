"""A global hotkey under Wayland: the GlobalShortcuts portal of the desktop, over D-Bus.

The portal asks the user, who may choose another combination; the one that we would like is a suggestion.

Source: https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
"""

from __future__ import annotations

import threading
from typing import Any

from voiceassist.config.combination import Combination
from voiceassist.errors import HotkeyError
from voiceassist.hotkeys.bus import BusSignal, PortalBus, PortalBusError, WaitEnded
from voiceassist.hotkeys.cancellable_wait import Wakeup
from voiceassist.hotkeys.hotkey import BY_HAND, HeldKey, HotkeyEvents
from voiceassist.paths import APP_NAME

SHORTCUT = "talk"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_SESSION = "org.freedesktop.portal.Session"
_DESCRIPTION = "Talk to voiceassist"
_REFUSED = 1


class PortalHotkey:
    """Binds one shortcut in a session of the portal; a thread waits for its signals."""

    def __init__(self, combination: Combination, events: HotkeyEvents, bus_address: str = "") -> None:
        self._combination, self._events, self._bus_address = combination, events, bus_address
        self._key = HeldKey(events)
        self._session = ""
        self._wakeup: Wakeup | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Ask the portal on a thread of its own; the user may take a while to answer."""
        self._wakeup = Wakeup()
        self._thread = threading.Thread(target=self._work, args=(self._wakeup,), name="voiceassist-hotkey", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the session and join the thread. May be called twice."""
        thread, self._thread = self._thread, None
        if thread is None or self._wakeup is None:
            return
        self._wakeup.wake()
        thread.join()
        self._wakeup.close()

    # Everything below runs on the thread.

    def _work(self, wakeup: Wakeup) -> None:
        try:
            with PortalBus(self._bus_address, wakeup) as bus:
                self._live(bus)
        except PortalBusError as error:
            self._key.fail(_unavailable(error))
        except HotkeyError as error:
            self._key.fail(error)
        except WaitEnded:
            self._key.up()

    def _live(self, bus: PortalBus) -> None:
        try:
            self._bind(bus)
            while True:
                self._take(bus.next_signal())
        finally:
            if self._session:
                bus.close_session(self._session, _SESSION)

    def _bind(self, bus: PortalBus) -> None:
        """Open a session and bind the shortcut."""
        bus.register_application(APP_NAME)
        bus.listen_to_signals(_SHORTCUTS, _SESSION)
        answer = bus.request(_SHORTCUTS, "CreateSession", "a{sv}", (), {"session_handle_token": ("s", APP_NAME)})
        self._session = str(_granted(answer).get("session_handle", ("s", ""))[1])
        bound = bus.request(_SHORTCUTS, "BindShortcuts", "oa(sa{sv})sa{sv}", (self._session, self._wish(), ""), {})
        self._events.ready(_trigger(_granted(bound)) or self._combination.words)

    def _wish(self) -> list[tuple[str, dict[str, tuple[str, str]]]]:
        wish = {"description": ("s", _DESCRIPTION), "preferred_trigger": ("s", trigger_text(self._combination))}
        return [(SHORTCUT, wish)]

    def _take(self, signal: BusSignal) -> None:
        if signal.body[:2] == (self._session, SHORTCUT):
            {"Activated": self._key.down, "Deactivated": self._key.up}.get(signal.member, _ignore)()
        elif signal.member == "Closed" and signal.path == self._session:
            self._session = ""
            raise _taken_back("the desktop has taken the hotkey back")
        elif signal.member == "NameOwnerChanged" and signal.body[2:] == ("",):
            self._session = ""
            raise _taken_back("the desktop's portal was ended")


def trigger_text(combination: Combination) -> str:
    """The combination as the portal writes it: modifiers in capitals, the key by its XKB name.

    Source: https://specifications.freedesktop.org/shortcuts-spec/latest/
    """
    modifiers = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "super": "LOGO"}
    return "+".join((*(modifiers[name] for name in combination.modifiers), _XKB.get(combination.key, combination.key)))


_XKB = {
    "tab": "Tab", "return": "Return", "backspace": "BackSpace", "delete": "Delete", "escape": "Escape",
    "pageup": "Page_Up", "pagedown": "Page_Down", "up": "Up", "down": "Down", "left": "Left", "right": "Right",
    "pause": "Pause", "insert": "Insert", "print": "Print", "scrolllock": "Scroll_Lock", "menu": "Menu",
    "home": "Home", "end": "End", **{f"f{number}": f"F{number}" for number in range(1, 25)},
}  # fmt: skip


def _granted(answer: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    code, results = answer
    if code == _REFUSED:
        raise HotkeyError("the hotkey was not allowed", hint=f"allow it when the desktop asks, or {BY_HAND}")
    if code != 0:
        raise HotkeyError("the desktop's portal gave no hotkey", hint=BY_HAND)
    return results


def _trigger(results: dict[str, Any]) -> str:
    """What the portal says is bound, in the user's language."""
    for name, fields in results.get("shortcuts", ("", []))[1]:
        if name == SHORTCUT:
            return str(fields.get("trigger_description", ("s", ""))[1])
    raise HotkeyError("the hotkey was not allowed", hint=f"allow it when the desktop asks, or {BY_HAND}")


def _unavailable(error: PortalBusError) -> HotkeyError:
    found = HotkeyError(f"this desktop has no global hotkeys for programs: {error}", hint=BY_HAND)
    found.__cause__ = error
    return found


def _taken_back(message: str) -> HotkeyError:
    return HotkeyError(message, hint=f"start voiceassist again, or {BY_HAND}")


def _ignore() -> None:
    pass
