"""A global hotkey on Windows.

``RegisterHotKey`` reports the press only, so the key is then polled until it is up. A keyboard hook would report
both, but sees every key that is typed anywhere, which a program with an open microphone should not.
"""

from __future__ import annotations

import ctypes
import threading
from enum import Enum, auto
from typing import Any, Protocol

from voiceassist.config.combination import Combination
from voiceassist.errors import HotkeyError
from voiceassist.hotkeys.hotkey import HeldKey, HotkeyEvents

_MODIFIERS = {"alt": 0x0001, "ctrl": 0x0002, "shift": 0x0004, "super": 0x0008}
_NO_REPEAT = 0x4000
_ALREADY_REGISTERED = 1409
_POLL_INTERVAL_MS = 20
VIRTUAL_KEYS = {
    "backspace": 0x08, "tab": 0x09, "return": 0x0D, "pause": 0x13, "escape": 0x1B, "space": 0x20, "pageup": 0x21,
    "pagedown": 0x22, "end": 0x23, "home": 0x24, "left": 0x25, "up": 0x26, "right": 0x27, "down": 0x28, "print": 0x2C,
    "insert": 0x2D, "delete": 0x2E, "menu": 0x5D, "scrolllock": 0x91, "semicolon": 0xBA, "equal": 0xBB, "comma": 0xBC,
    "minus": 0xBD, "period": 0xBE, "slash": 0xBF, "grave": 0xC0, "bracketleft": 0xDB, "backslash": 0xDC,
    "bracketright": 0xDD, "apostrophe": 0xDE,
    **{f"f{number}": 0x6F + number for number in range(1, 25)},
    **{letter: ord(letter.upper()) for letter in "abcdefghijklmnopqrstuvwxyz0123456789"},
}  # fmt: skip


class Win32Message(Enum):
    """Kinds of messages to the hotkey's thread."""

    HOTKEY = auto()
    TIMER = auto()
    QUIT = auto()
    OTHER = auto()


class Win32(Protocol):
    """The Windows functions in use. All but ``quit`` are called on the hotkey's thread."""

    def register(self, modifiers: int, virtual_key: int) -> int:
        """Register the hotkey for this thread; 0, or the error code."""
        ...

    def unregister(self) -> None:
        """Unregister the hotkey."""
        ...

    def message(self) -> Win32Message:
        """Wait for the thread's next message."""
        ...

    def start_timer(self, interval_ms: int) -> None:
        """Start the timer messages."""
        ...

    def stop_timer(self) -> None:
        """Stop the timer messages."""
        ...

    def is_down(self, virtual_key: int) -> bool:
        """Whether a key is down now."""
        ...

    def quit(self) -> None:
        """Send the thread a message to end. Thread: any."""
        ...


class WindowsHotkey:
    """Owns a thread with a message queue, to which Windows sends the hotkey."""

    def __init__(self, combination: Combination, events: HotkeyEvents, win32: Win32 | None = None) -> None:
        self._combination, self._events = combination, events
        self._win32 = win32 or CtypesWin32()
        self._key = HeldKey(events)
        self._virtual_key = VIRTUAL_KEYS[combination.key]
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Register the key on a new thread."""
        self._thread = threading.Thread(target=self._work, name="voiceassist-hotkey", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Unregister the key and join the thread. May be called twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._win32.quit()
            thread.join()

    # Everything below runs on the thread.

    def _work(self) -> None:
        modifiers = sum(_MODIFIERS[name] for name in self._combination.modifiers) | _NO_REPEAT
        problem = self._win32.register(modifiers, self._virtual_key)
        if problem:
            words = self._combination.words
            taken = f"another program uses {words}"
            why = taken if problem == _ALREADY_REGISTERED else f"Windows refuses {words} (error {problem})"
            self._events.failed(HotkeyError(why, hint="choose another combination in Settings"))
            return
        try:
            self._events.ready(self._combination.words)
            while (message := self._win32.message()) is not Win32Message.QUIT:
                if message is Win32Message.HOTKEY and not self._key.held:
                    self._key.down()
                    self._win32.start_timer(_POLL_INTERVAL_MS)
                elif message is Win32Message.TIMER and not self._win32.is_down(self._virtual_key):
                    self._release()
        finally:
            self._win32.unregister()
            self._release()

    def _release(self) -> None:
        if self._key.held:
            self._win32.stop_timer()
            self._key.up()


class CtypesWin32:
    """user32 through ctypes. Not covered by the tests, which do not run on Windows."""

    _KINDS = {0x0312: Win32Message.HOTKEY, 0x0113: Win32Message.TIMER, 0x0012: Win32Message.QUIT}  # noqa: RUF012
    _ID = 1

    def __init__(self) -> None:
        self._user32: Any = ctypes.WinDLL("user32", use_last_error=True)  # type: ignore[attr-defined]
        self._kernel32: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
        self._thread_id = 0
        self._timer = 0
        self._has_queue = threading.Event()

    def register(self, modifiers: int, virtual_key: int) -> int:
        """Register the hotkey for this thread, which also creates its message queue."""
        self._user32.PeekMessageW(_new_message(), None, 0, 0, 0)
        self._thread_id = self._kernel32.GetCurrentThreadId()
        self._has_queue.set()
        if self._user32.RegisterHotKey(None, self._ID, modifiers, virtual_key):
            return 0
        problem: int = ctypes.get_last_error()  # type: ignore[attr-defined]
        return problem or -1

    def unregister(self) -> None:
        """Unregister the hotkey."""
        self._user32.UnregisterHotKey(None, self._ID)

    def message(self) -> Win32Message:
        """Wait for the thread's next message; an error counts as the message to end."""
        message = _new_message()
        if self._user32.GetMessageW(message, None, 0, 0) <= 0:
            return Win32Message.QUIT
        return self._KINDS.get(message[0].message, Win32Message.OTHER)

    def start_timer(self, interval_ms: int) -> None:
        """Start the timer messages."""
        self._timer = self._user32.SetTimer(None, 0, interval_ms, None)

    def stop_timer(self) -> None:
        """Stop the timer messages."""
        self._user32.KillTimer(None, self._timer)

    def is_down(self, virtual_key: int) -> bool:
        """Whether a key is down now."""
        return bool(self._user32.GetAsyncKeyState(virtual_key) & 0x8000)

    def quit(self) -> None:
        """End the thread's wait."""
        self._has_queue.wait()
        self._user32.PostThreadMessageW(self._thread_id, 0x0012, 0, 0)


class _Message(ctypes.Structure):
    _fields_ = [
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wide", ctypes.c_size_t),
        ("long", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_long),
        ("y", ctypes.c_long),
        ("private", ctypes.c_uint32),
    ]


def _new_message() -> Any:
    return (_Message * 1)()
