"""Keys and screenshots on Wayland: through the desktop portal, which asks the user first, and keys through wtype.

Source: org.freedesktop.portal.Session, .Screenshot and .RemoteDesktop, as documented with xdg-desktop-portal.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from voiceassist.actions.process import run_tool
from voiceassist.desktop.bus import Bus, BusError
from voiceassist.desktop.portal import GRANTED, Options, Portal
from voiceassist.errors import ActionError
from voiceassist.keys import XKB_NAMES, keysym_of

ANSWER_TIMEOUT_S = 60.0
"""Time for the user to answer the prompt of the portal."""

_SCREENSHOT = "org.freedesktop.portal.Screenshot"
_REMOTE = "org.freedesktop.portal.RemoteDesktop"
_KEYBOARD_AND_POINTER = 1 | 2
_VERTICAL, _HORIZONTAL = 0, 1
_INSTALL = "install xdg-desktop-portal and its backend for your desktop"
_ALLOW = "allow it when the desktop asks"
_WTYPE_SETTLE = ("-s", "60")
"""Milliseconds for the compositor to register wtype's virtual keyboard, and to read its keys before it is removed."""


class PortalCamera:
    """Takes screenshots through the portal."""

    def screen(self) -> bytes:
        """The whole screen as PNG.

        Raises:
            ActionError: there is no portal, or the user refused.
        """
        with _connect() as bus:
            results = _ask(bus, f"{_SCREENSHOT}.Screenshot", "sa{sv}", "", options={"interactive": ("b", False)})
        file = Path(unquote(urlparse(str(results.get("uri", ("s", ""))[1])).path))
        try:
            picture = file.read_bytes()
            file.unlink()  # the portal created the file for this program alone; it is saved under our own name
        except OSError as error:
            raise ActionError(
                f"the screenshot of the portal cannot be read: {error.strerror}", hint="try again"
            ) from error
        return picture

    def window(self) -> bytes:
        """Not supported by the portal.

        Raises:
            ActionError: always.
        """
        raise ActionError("Wayland allows no screenshot of a single window", hint="take one of the whole screen")


class PortalKeyboard:
    """Sends keys through the portal, which asks the user on first use. The session is held until ``close``."""

    def __init__(self) -> None:
        self._bus: Bus | None = None
        self._session = ""

    def target(self) -> str:
        """Unknown on Wayland."""
        return ""

    def type_text(self, text: str) -> None:
        """Types a text."""
        for char in text:
            self._tap(keysym_of(char))

    def press(self, keys: tuple[str, ...]) -> None:
        """Presses keys together."""
        *held, key = map(keysym_of, keys)
        for keysym in held:
            self._notify("NotifyKeyboardKeysym", "oa{sv}iu", keysym, 1)
        try:
            self._tap(key)
        finally:
            for keysym in reversed(held):
                self._notify("NotifyKeyboardKeysym", "oa{sv}iu", keysym, 0)

    def scroll(self, direction: str, steps: int) -> None:
        """Turns the mouse wheel."""
        axis = _VERTICAL if direction in {"up", "down"} else _HORIZONTAL
        sign = -1 if direction in {"up", "left"} else 1
        self._notify("NotifyPointerAxisDiscrete", "oa{sv}ui", axis, sign * steps)

    def close(self) -> None:
        """Closes the session, and with it the permission."""
        if self._bus is not None:
            self._bus.close()
            self._bus = None

    def _tap(self, keysym: int) -> None:
        self._notify("NotifyKeyboardKeysym", "oa{sv}iu", keysym, 1)
        self._notify("NotifyKeyboardKeysym", "oa{sv}iu", keysym, 0)

    def _notify(self, method: str, signature: str, *values: int) -> None:
        bus = self._bus or self._open_session()
        try:
            Portal(bus).call(f"{_REMOTE}.{method}", signature, self._session, {}, *values)
        except BusError as error:
            self.close()  # the user may have closed the session; the next command asks again
            raise _unavailable(error) from error

    def _open_session(self) -> Bus:
        bus = _connect()
        try:
            token: Options = {"session_handle_token": ("s", "voiceassist")}
            created = _ask(bus, f"{_REMOTE}.CreateSession", "a{sv}", options=token)
            self._session = str(created["session_handle"][1])
            wanted: Options = {"types": ("u", _KEYBOARD_AND_POINTER)}
            _ask(bus, f"{_REMOTE}.SelectDevices", "oa{sv}", self._session, options=wanted)
            _ask(bus, f"{_REMOTE}.Start", "osa{sv}", self._session, "", options={})
        except BaseException:
            bus.close()
            raise
        self._bus = bus
        return bus


class WtypeKeyboard:
    """Sends keys with wtype, on compositors with a virtual keyboard (Sway, Hyprland, labwc and others)."""

    @classmethod
    def is_usable(cls) -> bool:
        """Whether wtype is installed and the compositor supports it."""
        if not shutil.which("wtype"):
            return False
        try:
            run_tool(["wtype", ""])
        except ActionError:
            return False
        return True

    def target(self) -> str:
        """Unknown on Wayland."""
        return ""

    def type_text(self, text: str) -> None:
        """Types a text."""
        run_tool(["wtype", *_WTYPE_SETTLE, "-d", "2", "--", text], time_limit_s=60.0, locale="C.UTF-8")

    def press(self, keys: tuple[str, ...]) -> None:
        """Presses keys together."""
        *held, key = keys
        modifiers = ["logo" if name == "super" else name for name in held]
        down = [part for name in modifiers for part in ("-M", name)]
        up = [part for name in reversed(modifiers) for part in ("-m", name)]
        # wtype would parse a bare character such as ``-`` as an option; every character has a keysym name.
        name = f"U{ord(key):04X}" if len(key) == 1 else XKB_NAMES[key]
        run_tool(["wtype", *_WTYPE_SETTLE, *down, "-k", name, *up, *_WTYPE_SETTLE])

    def scroll(self, direction: str, steps: int) -> None:  # noqa: ARG002 - the protocol's
        """Sends Page Up or Page Down: wtype has no mouse wheel."""
        self.press(({"up": "pageup", "down": "pagedown"}.get(direction, direction),))


def _connect() -> Bus:
    try:
        return Bus("session")
    except BusError as error:
        raise ActionError(f"the desktop portal cannot be reached: {error.message}", hint=_INSTALL) from error


def _ask(bus: Bus, method: str, signature: str, *body: Any, options: Options) -> Options:
    """The results of a request once the user has granted it.

    Raises:
        ActionError: the user refused or did not answer, or there is no portal.
    """
    try:
        answer = Portal(bus).request(method, signature, *body, options=options, timeout_s=ANSWER_TIMEOUT_S)
    except BusError as error:
        raise _unavailable(error) from error
    if answer is None:
        raise ActionError("you did not answer the prompt of the desktop", hint=_ALLOW)
    code, results = answer
    if code != GRANTED:
        raise ActionError("the desktop did not allow it", hint=_ALLOW)
    return results


def _unavailable(error: BusError) -> ActionError:
    return ActionError(f"the desktop portal failed: {error.message}", hint=_INSTALL)
