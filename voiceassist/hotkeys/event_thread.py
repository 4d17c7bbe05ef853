"""The thread of a hotkey whose desktop reports events over a connection: X11 and the portal."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

from voiceassist.config.combination import Combination
from voiceassist.desktop.cancellable_wait import Wakeup
from voiceassist.errors import HotkeyError
from voiceassist.hotkeys.hotkey import HeldKey, HotkeyEvents


class EventThreadHotkey(ABC):
    """Owns the thread that waits for the desktop's events, and what cancels its wait."""

    def __init__(self, combination: Combination, events: HotkeyEvents) -> None:
        self._combination, self._events = combination, events
        self._key = HeldKey(events)
        self._wakeup: Wakeup | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Request the key on a new thread; the user may take a while to answer a prompt of the desktop."""
        self._wakeup = Wakeup()
        self._thread = threading.Thread(target=self._run, args=(self._wakeup,), name="voiceassist-hotkey", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Unregister the key and join the thread. May be called twice."""
        thread, self._thread = self._thread, None
        if thread is None or self._wakeup is None:
            return
        self._wakeup.wake()
        thread.join()
        self._wakeup.close()

    def _run(self, wakeup: Wakeup) -> None:
        try:
            self._watch(wakeup)
        except HotkeyError as error:
            self._key.fail(error)
        finally:
            self._key.up()

    @abstractmethod
    def _watch(self, wakeup: Wakeup) -> None:
        """Register the key and report its events until the wait is cancelled. Thread: the hotkey's own.

        Raises:
            HotkeyError: the key was not registered, or the desktop took it back.
        """
