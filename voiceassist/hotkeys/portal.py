"""A global hotkey under Wayland: the GlobalShortcuts portal of the desktop, over D-Bus.

The portal asks the user, who may choose another combination: the requested one is only a suggestion.

Source: https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
"""

from __future__ import annotations

from contextlib import suppress

from voiceassist.config.combination import Combination
from voiceassist.desktop.bus import Bus, BusError, BusSignal, WaitEnded
from voiceassist.desktop.cancellable_wait import Wakeup
from voiceassist.desktop.portal import GRANTED, PATH, REFUSED, SERVICE, Options, Portal, is_portal_gone
from voiceassist.errors import HotkeyError
from voiceassist.hotkeys.event_thread import EventThreadHotkey
from voiceassist.hotkeys.hotkey import BY_HAND, HotkeyEvents
from voiceassist.keys import XKB_NAMES
from voiceassist.paths import APP_NAME

SHORTCUT = "talk"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_SESSION = "org.freedesktop.portal.Session"
_REGISTRY = "org.freedesktop.host.portal.Registry"
_DESCRIPTION = "Talk to voiceassist"


class PortalHotkey(EventThreadHotkey):
    """Binds one shortcut in a session of the portal; a thread waits for its signals."""

    def __init__(self, combination: Combination, events: HotkeyEvents, bus_address: str = "") -> None:
        super().__init__(combination, events)
        self._bus_address = bus_address
        self._session = ""
        self._is_bound = False

    def _watch(self, wakeup: Wakeup) -> None:
        try:
            with suppress(WaitEnded), Bus(address=self._bus_address, wakeup=wakeup) as bus:
                try:
                    self._bind(bus)
                    while (signal := bus.next_signal()) is not None:
                        self._handle(signal)
                finally:
                    if self._session:
                        with suppress(BusError):  # the session may be closed already
                            bus.send(SERVICE, self._session, f"{_SESSION}.Close")
        except BusError as error:
            what = "this desktop has no global hotkeys" if error.is_missing else "the hotkey could not be registered"
            what = "the hotkey no longer works" if self._is_bound else what
            raise HotkeyError(f"{what}: {error.message}", hint=BY_HAND) from error

    def _bind(self, bus: Bus) -> None:
        """Open a session and bind the shortcut."""
        # A program outside a sandbox has to register its application id; older portals have no such method.
        with suppress(BusError):
            bus.call(SERVICE, PATH, f"{_REGISTRY}.Register", "sa{sv}", (APP_NAME, {}))
        for interface in (_SHORTCUTS, _SESSION):
            bus.subscribe(sender=SERVICE, interface=interface)
        portal = Portal(bus)
        token: Options = {"session_handle_token": ("s", APP_NAME)}
        answer = portal.request(f"{_SHORTCUTS}.CreateSession", "a{sv}", options=token)
        self._session = str(_granted(answer).get("session_handle", ("s", ""))[1])
        shortcut = {"description": ("s", _DESCRIPTION), "preferred_trigger": ("s", trigger_text(self._combination))}
        body = (self._session, [(SHORTCUT, shortcut)], "")
        bound = portal.request(f"{_SHORTCUTS}.BindShortcuts", "oa(sa{sv})sa{sv}", *body, options={})
        shortcuts = dict(_granted(bound).get("shortcuts", ("", []))[1])
        if SHORTCUT not in shortcuts:
            raise HotkeyError("the hotkey was not allowed", hint=f"allow it when the desktop asks, or {BY_HAND}")
        self._is_bound = True
        trigger = shortcuts[SHORTCUT].get("trigger_description", ("s", ""))[1]  # in the user's language
        self._events.ready(str(trigger) or self._combination.words)

    def _handle(self, signal: BusSignal) -> None:
        if signal.body[:2] == (self._session, SHORTCUT):
            if signal.member == "Activated":
                self._key.down()
            elif signal.member == "Deactivated":
                self._key.up()
        elif signal.member == "Closed" and signal.path == self._session:
            self._session = ""
            raise _revoked("the desktop has revoked the hotkey")
        elif is_portal_gone(signal):
            self._session = ""
            raise _revoked("the desktop portal has ended, and the hotkey with it")


def trigger_text(combination: Combination) -> str:
    """The combination in the portal's syntax: modifiers in capitals, the key by its XKB name.

    Source: https://specifications.freedesktop.org/shortcuts-spec/latest/
    """
    modifiers = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "super": "LOGO"}
    return "+".join((*(modifiers[name] for name in combination.modifiers), XKB_NAMES[combination.key]))


def _granted(answer: tuple[int, Options] | None) -> Options:
    code, results = answer or (None, {})
    if code == REFUSED:
        raise HotkeyError("the hotkey was not allowed", hint=f"allow it when the desktop asks, or {BY_HAND}")
    if code != GRANTED:
        raise HotkeyError("the desktop portal could not register the hotkey", hint=BY_HAND)
    return results


def _revoked(message: str) -> HotkeyError:
    return HotkeyError(message, hint=f"start voiceassist again, or {BY_HAND}")
