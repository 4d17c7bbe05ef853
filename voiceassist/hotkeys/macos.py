"""Global hotkeys on macOS through Carbon, which needs no permission and reports press and release."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Protocol

from voiceassist.config.combination import Combination
from voiceassist.errors import HotkeyError
from voiceassist.hotkeys.hotkey import HeldKey, HotkeyEvents

_MODIFIERS = {"super": 0x0100, "shift": 0x0200, "alt": 0x0800, "ctrl": 0x1000}
_EXISTS = -9878
KEY_CODES = {
    "a": 0, "s": 1, "d": 2, "f": 3, "h": 4, "g": 5, "z": 6, "x": 7, "c": 8, "v": 9, "b": 11, "q": 12, "w": 13, "e": 14,
    "r": 15, "y": 16, "t": 17, "1": 18, "2": 19, "3": 20, "4": 21, "6": 22, "5": 23, "equal": 24, "9": 25, "7": 26,
    "minus": 27, "8": 28, "0": 29, "bracketright": 30, "o": 31, "u": 32, "bracketleft": 33, "i": 34, "p": 35,
    "return": 36, "l": 37, "j": 38, "apostrophe": 39, "k": 40, "semicolon": 41, "backslash": 42, "comma": 43,
    "slash": 44, "n": 45, "m": 46, "period": 47, "tab": 48, "space": 49, "grave": 50, "backspace": 51, "escape": 53,
    "f17": 64, "f18": 79, "f19": 80, "f20": 90, "f5": 96, "f6": 97, "f7": 98, "f3": 99, "f8": 100, "f9": 101,
    "f11": 103, "f13": 105, "f16": 106, "f14": 107, "f10": 109, "menu": 110, "f12": 111, "f15": 113, "insert": 114,
    "home": 115, "pageup": 116, "delete": 117, "f4": 118, "end": 119, "f2": 120, "pagedown": 121, "f1": 122,
    "left": 123, "right": 124, "down": 125, "up": 126,
}  # fmt: skip
"""Carbon's virtual key codes, by position on the keyboard; letters by their position in the US layout."""


class Carbon(Protocol):
    """The Carbon functions in use, all called on the main thread, whose event loop runs the callbacks."""

    def register(self, key_code: int, modifiers: int, changed: Callable[[bool], None]) -> int:
        """Register a hotkey; ``changed`` is called with whether it is down. Returns 0 or the error code."""
        ...

    def unregister(self) -> None:
        """Unregister the hotkey."""
        ...


class MacHotkey:
    """A hotkey without a thread: the window's event loop delivers its events."""

    def __init__(self, combination: Combination, events: HotkeyEvents, carbon: Carbon | None = None) -> None:
        self._combination, self._events = combination, events
        self._carbon = carbon or CtypesCarbon()
        self._key = HeldKey(events)
        self._registered = False

    def start(self) -> None:
        """Register the key, on the main thread."""
        code = KEY_CODES.get(self._combination.key)
        words = self._combination.words
        if code is None:
            self._events.failed(
                HotkeyError(f"a Mac has no key for {words}", hint="choose another combination in Settings")
            )
            return
        modifiers = sum(_MODIFIERS[name] for name in self._combination.modifiers)
        problem = self._carbon.register(code, modifiers, lambda down: self._key.down() if down else self._key.up())
        if problem:
            why = f"another program uses {words}" if problem == _EXISTS else f"macOS refuses {words} (error {problem})"
            self._events.failed(HotkeyError(why, hint="choose another combination in Settings"))
            return
        self._registered = True
        self._events.ready(words)

    def close(self) -> None:
        """Unregister the key. May be called twice."""
        if self._registered:
            self._registered = False
            self._carbon.unregister()
            self._key.up()


class CtypesCarbon:
    """Carbon through ctypes. Not covered by the tests, which do not run on macOS."""

    _PRESSED, _RELEASED = 5, 6

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL("/System/Library/Frameworks/Carbon.framework/Carbon")
        self._library.GetApplicationEventTarget.restype = ctypes.c_void_p
        self._library.GetEventKind.argtypes = [ctypes.c_void_p]
        self._handler = ctypes.c_void_p()
        self._hotkey = ctypes.c_void_p()
        self._callback: Any = None  # kept: Carbon holds no reference to it

    def register(self, key_code: int, modifiers: int, changed: Callable[[bool], None]) -> int:
        """Install a handler and register the hotkey."""
        target = ctypes.c_void_p(self._library.GetApplicationEventTarget())

        def handle(_next: int, event: int, _data: int) -> int:
            changed(self._library.GetEventKind(event) == self._PRESSED)
            return 0

        self._callback = _HANDLER(handle)
        kinds = (_EventType * 2)(_EventType(_KEYBOARD, self._PRESSED), _EventType(_KEYBOARD, self._RELEASED))
        problem: int = self._library.InstallEventHandler(
            target, self._callback, 2, kinds, None, ctypes.byref(self._handler)
        )
        if problem:
            return problem
        identity = _HotkeyId(int.from_bytes(b"vast"), 1)
        problem = self._library.RegisterEventHotKey(
            key_code, modifiers, identity, target, 0, ctypes.byref(self._hotkey)
        )
        if problem:
            self._library.RemoveEventHandler(self._handler)
        return problem

    def unregister(self) -> None:
        """Unregister the hotkey."""
        self._library.UnregisterEventHotKey(self._hotkey)
        self._library.RemoveEventHandler(self._handler)


_KEYBOARD = int.from_bytes(b"keyb")
_HANDLER = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class _EventType(ctypes.Structure):
    _fields_ = [("event_class", ctypes.c_uint32), ("kind", ctypes.c_uint32)]


class _HotkeyId(ctypes.Structure):
    _fields_ = [("signature", ctypes.c_uint32), ("identity", ctypes.c_uint32)]
