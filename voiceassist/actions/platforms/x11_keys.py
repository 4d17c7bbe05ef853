"""Synthetic keys on X11 through the XTest extension.

Source: X Test Extension Protocol 2.2.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import xcffib
import xcffib.xproto as xp
import xcffib.xtest

from voiceassist.actions.platforms.x11_windows import X11WindowManager
from voiceassist.actions.windows import without_own
from voiceassist.desktop.x11 import X11
from voiceassist.errors import ActionError
from voiceassist.keys import keysym_of

_KEY_PRESS, _KEY_RELEASE, _BUTTON_PRESS, _BUTTON_RELEASE = 2, 3, 4, 5
_SHIFT = keysym_of("shift")
_WHEEL = {"up": 4, "down": 5, "left": 6, "right": 7}
_FOCUS_TIMEOUT_S = 1.0
_SETTLE_S = 0.15
"""Time for programs to read a changed keyboard map before keys are sent, and before it changes again."""


class X11Keyboard:
    """Sends keys to the focused window, or to the one focused before voiceassist's own window."""

    def target(self) -> str:
        """The id of the window that receives the keys."""
        with _sending_keys() as x11:
            return str(x11.active_window() or "")

    def type_text(self, text: str) -> None:
        """Types a text, also characters that are not on this keyboard."""
        with _sending_keys() as x11:
            codes = _KeyCodes(x11)
            keysyms = [keysym_of(char) for char in text]
            while keysyms:
                count = codes.prepare(keysyms)
                for keysym in keysyms[:count]:
                    codes.tap(keysym)
                del keysyms[:count]
            codes.close()

    def press(self, keys: tuple[str, ...]) -> None:
        """Presses the keys together."""
        *held, key = map(keysym_of, keys)
        with _sending_keys() as x11:
            codes = _KeyCodes(x11)
            codes.prepare([*held, key])
            try:
                for keysym in held:
                    codes.send(keysym, down=True)
                codes.tap(key)
            finally:
                for keysym in reversed(held):
                    codes.send(keysym, down=False)
                codes.close()

    def scroll(self, direction: str, steps: int) -> None:
        """Turns the wheel over the window; sends page keys if the pointer is elsewhere."""
        with _sending_keys() as x11:
            if _pointer_is_over_focus(x11):
                for _ in range(steps):
                    _fake(x11, _BUTTON_PRESS, _WHEEL[direction])
                    _fake(x11, _BUTTON_RELEASE, _WHEEL[direction])
                return
        named = {"up": "pageup", "down": "pagedown"}
        self.press((named.get(direction, direction),))


class _KeyCodes:
    """Key codes for keysyms. Keysyms without a key are mapped temporarily to unused keys."""

    def __init__(self, x11: X11) -> None:
        self._x11 = x11
        keyboard = x11.keyboard_map()
        self._first, self._rows = keyboard.first_code, keyboard.keysyms
        self._width = len(self._rows[0])
        self._free = [self._first + index for index, row in enumerate(self._rows) if not any(row)]
        self._borrowed: dict[int, int] = {}

    def prepare(self, keysyms: Sequence[int]) -> int:
        """Map as many of the keysyms as possible to keys, and return how many can be sent now.

        Raises:
            ActionError: there is no free key for one that has none.
        """
        wanted: list[int] = []
        count = len(keysyms)
        for index, keysym in enumerate(keysyms):
            if self._own_code(keysym) is None and keysym not in wanted:
                if len(wanted) == len(self._free):
                    count = index
                    break
                wanted.append(keysym)
        if count == 0 and keysyms:
            raise ActionError(
                "this keyboard layout has no free key for that character", hint="paste it from the clipboard instead"
            )
        if any(keysym not in self._borrowed for keysym in wanted):
            if self._borrowed:
                self._settle()
            self._borrowed = dict(zip(wanted, self._free, strict=False))
            for keysym, code in self._borrowed.items():
                self._map(code, keysym)
            self._settle()
        return count

    def tap(self, keysym: int) -> None:
        """Presses and releases a key, with Shift if the character needs it."""
        first = [index for index, row in enumerate(self._rows) if row and row[0] == keysym]
        second = [index for index, row in enumerate(self._rows) if len(row) > 1 and row[1] == keysym]
        shifted = bool(second) and not first
        if shifted:
            self.send(_SHIFT, down=True)
        self.send(keysym, down=True)
        self.send(keysym, down=False)
        if shifted:
            self.send(_SHIFT, down=False)

    def send(self, keysym: int, *, down: bool) -> None:
        """Presses or releases a key."""
        _fake(self._x11, _KEY_PRESS if down else _KEY_RELEASE, self._own_code(keysym) or self._borrowed[keysym])

    def close(self) -> None:
        """Restores the mapping of the borrowed keys."""
        if self._borrowed:
            self._settle()
            for code in self._borrowed.values():
                self._map(code, 0)
            self._borrowed.clear()

    def _own_code(self, keysym: int) -> int | None:
        """The keycode that produces a keysym, by itself or with Shift."""
        for column in range(min(2, self._width)):
            for index, row in enumerate(self._rows):
                if row[column] == keysym:
                    return self._first + index
        return None

    def _map(self, code: int, keysym: int) -> None:
        row = [keysym, keysym, *[0] * (self._width - 2)][: self._width]
        self._x11.connection.core.ChangeKeyboardMapping(1, code, self._width, row)

    def _settle(self) -> None:
        """Waits until the receiving program has read all keys sent."""
        self._x11.connection.core.GetInputFocus().reply()
        time.sleep(_SETTLE_S)


@contextmanager
def _sending_keys() -> Iterator[X11]:
    """A connection for sending keys, with the target window focused."""
    with X11() as x11:
        try:
            x11.connection(xcffib.xtest.key).GetVersion(2, 2).reply()
        except xcffib.XcffibException as error:
            raise ActionError("this X server accepts no synthetic keys", hint="enable its XTest extension") from error
        _leave_own_window(x11)
        yield x11
        x11.connection.core.GetInputFocus().reply()


def _leave_own_window(x11: X11) -> None:
    """Focuses the window that was active before the user clicked into voiceassist's own."""
    active = x11.active_window()
    try:
        if active is None or os.getpid() not in x11.numbers(active, "_NET_WM_PID"):
            return
    except xcffib.Error:  # closed in the meantime; the window manager reports the next one in a moment
        return
    manager = X11WindowManager()
    windows = without_own(manager.windows())
    if not windows:
        raise ActionError("there is no window to type into", hint="open one, or click into it")
    manager.activate(windows[-1])
    give_up_s = time.monotonic() + _FOCUS_TIMEOUT_S
    while x11.active_window() != windows[-1].number:
        if time.monotonic() > give_up_s:
            raise ActionError(f"{windows[-1].title} did not take the focus", hint="click into it, and try again")
        time.sleep(0.01)


def _fake(x11: X11, kind: int, detail: int) -> None:
    x11.connection(xcffib.xtest.key).FakeInput(kind, detail, xp.Time.CurrentTime, x11.root, 0, 0, 0)


def _pointer_is_over_focus(x11: X11) -> bool:
    active = x11.active_window()
    if active is None:
        return True
    try:
        pointer = x11.connection.core.QueryPointer(active).reply()
        size = x11.connection.core.GetGeometry(active).reply()
    except xcffib.Error:  # closed in the meantime
        return True
    return bool(0 <= pointer.win_x < size.width and 0 <= pointer.win_y < size.height)
