"""The desktop portal: what Wayland lets a program do, after the user has agreed.

Source: org.freedesktop.portal.Request, .Session, .Screenshot and .RemoteDesktop, as documented with xdg-desktop-portal.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlparse

from voiceassist.actions.desktop.bus import PATIENCE_S, session_address
from voiceassist.actions.desktop.keysyms import keysym_of
from voiceassist.errors import ActionError

ANSWER_PATIENCE_S = 60.0
"""The portal may ask the user first."""

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_REQUEST = "org.freedesktop.portal.Request"
_SCREENSHOT = "org.freedesktop.portal.Screenshot"
_REMOTE = "org.freedesktop.portal.RemoteDesktop"
_KEYBOARD_AND_POINTER = 1 | 2
_VERTICAL, _HORIZONTAL = 0, 1
_INSTALL = "install xdg-desktop-portal and the part of it for your desktop"

Options = dict[str, tuple[str, Any]]


class Portal:
    """A connection to the portal. A context manager, or ``close``.

    Raises:
        ActionError: there is no session bus.
    """

    def __init__(self) -> None:
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415 - only commands that need it pay for it

        try:
            self._connection = open_dbus_connection(session_address())
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise ActionError(f"the desktop portal cannot be reached: {error}", hint=_INSTALL) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection, and with it every session."""
        self._connection.close()

    def call(self, method: str, signature: str, *body: Any) -> tuple[Any, ...]:
        """Calls ``interface.Method`` and returns what it answers at once.

        Raises:
            ActionError: the portal is not there, or refused.
        """
        from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415

        interface, _, member = method.rpartition(".")
        message = new_method_call(DBusAddress(_PATH, _SERVICE, interface), member, signature, body)
        try:
            reply = self._connection.send_and_get_reply(message, timeout=PATIENCE_S)
        except OSError as error:
            raise ActionError(f"the desktop portal does not answer: {error}", hint=_INSTALL) from error
        if reply.header.message_type is MessageType.error:
            said = next((str(part) for part in reply.body), "it said nothing")
            raise ActionError(f"the desktop portal refused: {said}", hint=_INSTALL)
        return tuple(reply.body)

    def ask(self, method: str, signature: str, *body: Any, options: Options) -> Options:
        """Makes a request, waits until the user has answered it, and returns the results.

        Raises:
            ActionError: the user said no, or nobody answered.
        """
        from jeepney import MatchRule, message_bus  # noqa: PLC0415
        from jeepney.io.blocking import Proxy  # noqa: PLC0415

        token = f"voiceassist{secrets.token_hex(8)}"
        sender = self._connection.unique_name.lstrip(":").replace(".", "_")
        path = f"{_PATH}/request/{sender}/{token}"
        rule = MatchRule(type="signal", interface=_REQUEST, member="Response", path=path)
        Proxy(message_bus, self._connection).AddMatch(rule)
        with self._connection.filter(rule) as answers:
            self.call(method, signature, *body, {**options, "handle_token": ("s", token)})
            try:
                answer = self._connection.recv_until_filtered(answers, timeout=ANSWER_PATIENCE_S)
            except OSError as error:
                raise ActionError("the desktop was not answered", hint="allow it when the desktop asks") from error
        status, results = answer.body
        if status != 0:
            raise ActionError("the desktop did not allow it", hint="allow it when the desktop asks")
        return dict(results)


class PortalCamera:
    """Asks the portal for screenshots."""

    def screen(self) -> bytes:
        """The whole screen as PNG.

        Raises:
            ActionError: there is no portal, or the user said no.
        """
        with Portal() as portal:
            results = portal.ask(f"{_SCREENSHOT}.Screenshot", "sa{sv}", "", options={"interactive": ("b", False)})
        file = Path(unquote(urlparse(str(results.get("uri", ("s", ""))[1])).path))
        try:
            picture = file.read_bytes()
            file.unlink()  # the portal made it for us alone; it is kept under a name of ours
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
    """Plays keys through the portal, which asks the user when it is first used. The session is held until ``close``."""

    def __init__(self) -> None:
        self._portal: Portal | None = None
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
        """Gives back the permission."""
        if self._portal is not None:
            self._portal.close()
            self._portal = None

    def _tap(self, keysym: int) -> None:
        self._notify("NotifyKeyboardKeysym", "oa{sv}iu", keysym, 1)
        self._notify("NotifyKeyboardKeysym", "oa{sv}iu", keysym, 0)

    def _notify(self, method: str, signature: str, *values: int) -> None:
        portal = self._portal or self._begin()
        try:
            portal.call(f"{_REMOTE}.{method}", signature, self._session, {}, *values)
        except ActionError:
            self.close()  # the user may have ended the session; the next command asks anew
            raise

    def _begin(self) -> Portal:
        portal = Portal()
        try:
            token: Options = {"session_handle_token": ("s", "voiceassist")}
            created = portal.ask(f"{_REMOTE}.CreateSession", "a{sv}", options=token)
            self._session = str(created["session_handle"][1])
            wanted: Options = {"types": ("u", _KEYBOARD_AND_POINTER)}
            portal.ask(f"{_REMOTE}.SelectDevices", "oa{sv}", self._session, options=wanted)
            portal.ask(f"{_REMOTE}.Start", "osa{sv}", self._session, "", options={})
        except BaseException:
            portal.close()
            raise
        self._portal = portal
        return portal
