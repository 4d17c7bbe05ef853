"""A connection to the X server, and the conventions of window managers.

Source: Extended Window Manager Hints 1.5 (freedesktop.org); ICCCM 2.0, section 4.
"""

from __future__ import annotations

import os
import struct
from types import TracebackType
from typing import Any, Self

import xcffib
import xcffib.xproto as xp

from voiceassist.desktop.keyboard_map import KeyboardMap
from voiceassist.errors import DesktopError

_SOURCE_PAGER = 2
"""EWMH source indication: the request comes from a pager-like tool of the user, not from an application."""
_MAX_PROPERTY = 1 << 16


class X11:
    """A connection to an X server. A context manager.

    Args:
        display: the server's name; that of ``DISPLAY`` by default.

    Raises:
        DesktopError: there is no X server. A connection that breaks later raises it on leaving the ``with`` block.
    """

    def __init__(self, display: str | None = None) -> None:
        if not (display or os.environ.get("DISPLAY")):
            raise DesktopError("there is no X display", hint="log in to an X11 session, or set DISPLAY")
        try:
            self.connection = xcffib.connect(display)
            self.screen = self.connection.get_setup().roots[self.connection.pref_screen]
        except xcffib.ConnectionException as error:
            raise _no_answer() from error
        self.root: int = self.screen.root
        self._atoms: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.disconnect()
        if isinstance(error, xcffib.ConnectionException):
            raise _no_answer() from error

    def atom(self, name: str) -> int:
        """The atom for a name."""
        if name not in self._atoms:
            self._atoms[name] = self.connection.core.InternAtom(False, len(name), name).reply().atom
        return self._atoms[name]

    def numbers(self, window: int, name: str) -> list[int]:
        """A property of 32-bit numbers; empty if it is not set."""
        reply = self._property(window, name)
        return [int(value) for value in reply.value.to_atoms()] if reply.format == 32 else []

    def text(self, window: int, name: str) -> str:
        """A text property; empty if it is not set."""
        reply = self._property(window, name)
        return bytes(reply.value.buf()).decode("utf-8", "replace") if reply.format == 8 else ""

    def send_message(self, window: int, name: str, *data: int) -> None:
        """Send the window manager a client message about a window.

        Raises:
            xcffib.Error: the window has been closed; a window manager would ignore the message.
        """
        self.connection.core.GetWindowAttributes(window).reply()
        values = (*data, *[0] * (5 - len(data)))
        content = xp.ClientMessageData.synthetic(values, "5I")
        event = xp.ClientMessageEvent.synthetic(32, window, self.atom(name), content)
        mask = xp.EventMask.SubstructureNotify | xp.EventMask.SubstructureRedirect
        self.connection.core.SendEvent(False, self.root, mask, event.pack())
        self.connection.flush()

    def supports(self, name: str) -> bool:
        """Whether the window manager supports a hint."""
        return self.atom(name) in self.numbers(self.root, "_NET_SUPPORTED")

    def active_window(self) -> int | None:
        """The window that the window manager reports as active."""
        return next(iter(window for window in self.numbers(self.root, "_NET_ACTIVE_WINDOW") if window), None)

    def activate(self, window: int) -> None:
        """Raise and focus a window.

        Raises:
            xcffib.Error: it has been closed.
        """
        self.send_message(window, "_NET_ACTIVE_WINDOW", _SOURCE_PAGER, xp.Time.CurrentTime)

    def keyboard_map(self) -> KeyboardMap:
        """The current keyboard map."""
        setup = self.connection.get_setup()
        first = setup.min_keycode
        keys = self.connection.core.GetKeyboardMapping(first, setup.max_keycode - first + 1).reply()
        modifiers = self.connection.core.GetModifierMapping().reply()
        return KeyboardMap(
            first,
            _rows(list(keys.keysyms), keys.keysyms_per_keycode),
            _rows(list(modifiers.keycodes), modifiers.keycodes_per_modifier),
        )

    def _property(self, window: int, name: str) -> Any:
        kind = xp.GetPropertyType.Any
        return self.connection.core.GetProperty(False, window, self.atom(name), kind, 0, _MAX_PROPERTY).reply()


def _no_answer() -> DesktopError:
    return DesktopError("the X server does not answer", hint="log in to the desktop again")


def _rows(values: list[int], length: int) -> list[list[int]]:
    return [values[start : start + length] for start in range(0, len(values), length)]


def signed(value: int) -> int:
    """A 32-bit number of a property or message as a signed one."""
    return int(struct.unpack("=i", struct.pack("=I", value & 0xFFFFFFFF))[0])
