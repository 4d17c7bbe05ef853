"""Screenshots and key presses through the desktop portal, which asks the user first.

Source: org.freedesktop.portal.Session, .Screenshot and .RemoteDesktop, as documented with xdg-desktop-portal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from voiceassist.desktop.bus import Bus, BusError
from voiceassist.desktop.portal import GRANTED, Options, Portal
from voiceassist.errors import ActionError
from voiceassist.keys import keysym_of

ANSWER_TIMEOUT_S = 60.0
"""How long the user has to answer the portal's question."""

_SCREENSHOT = "org.freedesktop.portal.Screenshot"
_REMOTE = "org.freedesktop.portal.RemoteDesktop"
_KEYBOARD_AND_POINTER = 1 | 2
_VERTICAL, _HORIZONTAL = 0, 1
_INSTALL = "install xdg-desktop-portal and the part of it for your desktop"
_ALLOW = "allow it when the desktop asks"


class PortalCamera:
    """Takes screenshots through the portal."""

    def screen(self) -> bytes:
        """The whole screen as PNG.

        Raises:
            ActionError: there is no portal, or the user said no.
        """
        with _connect() as bus:
            results = _ask(bus, f"{_SCREENSHOT}.Screenshot", "sa{sv}", "", options={"interactive": ("b", False)})
        file = Path(unquote(urlparse(str(results.get("uri", ("s", ""))[1])).path))
        try:
            picture = file.read_bytes()
            file.unlink()  # the portal created the file for this program alone; it is saved under our own name
        except OSError as error:
            raise ActionError(f"the portal's picture cannot be read: {error.strerror}", hint="try again") from error
        return picture

    def window(self) -> bytes:
        """Not offered by portals.

        Raises:
            ActionError: always.
        """
        raise ActionError("Wayland gives no picture of a single window", hint="take a screenshot of the screen")


class PortalKeyboard:
    """Sends keys through the portal, which asks the user on first use. The session is held until ``close``."""

    def __init__(self) -> None:
        self._bus: Bus | None = None
        self._session = ""

    def target(self) -> str:
        """Not known on Wayland."""
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
        """Turns the wheel."""
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
        bus = self._bus or self._begin()
        try:
            Portal(bus).call(f"{_REMOTE}.{method}", signature, self._session, {}, *values)
        except BusError as error:
            self.close()  # the user may have ended the session; the next command asks again
            raise _unavailable(error) from error

    def _begin(self) -> Bus:
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


def _connect() -> Bus:
    try:
        return Bus("session")
    except BusError as error:
        raise ActionError(f"the desktop portal cannot be reached: {error.message}", hint=_INSTALL) from error


def _ask(bus: Bus, method: str, signature: str, *body: Any, options: Options) -> Options:
    """The results of a request once the user has granted it.

    Raises:
        ActionError: the user said no, nobody answered, or there is no portal.
    """
    try:
        answer = Portal(bus).request(method, signature, *body, options=options, timeout_s=ANSWER_TIMEOUT_S)
    except BusError as error:
        raise _unavailable(error) from error
    if answer is None:
        raise ActionError("the desktop's question was not answered", hint=_ALLOW)
    code, results = answer
    if code != GRANTED:
        raise ActionError("the desktop did not allow it", hint=_ALLOW)
    return results


def _unavailable(error: BusError) -> ActionError:
    return ActionError(f"the desktop portal did not do it: {error.message}", hint=_INSTALL)
