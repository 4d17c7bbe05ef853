"""A global hotkey under X11: a passive grab, watched by a thread with a connection of its own."""

from __future__ import annotations

import threading

import xcffib
import xcffib.xproto as x

from voiceassist.config.combination import Combination
from voiceassist.desktop.cancellable_wait import Wakeup
from voiceassist.desktop.keyboard_map import KeyboardMap
from voiceassist.desktop.x11 import X11
from voiceassist.errors import DesktopError, HotkeyError
from voiceassist.hotkeys.autorepeat import RepeatFilter
from voiceassist.hotkeys.hotkey import HeldKey, HotkeyEvents

_DOUBT_S = 0.02
"""Time after which a release is confirmed: an auto-repeated press follows within the same burst of events."""

_Grab = tuple[int, int]


class X11Hotkey:
    """Grabs the combination on every screen, with every setting of the lock keys, and again after a layout change."""

    def __init__(self, combination: Combination, events: HotkeyEvents, display: str | None = None) -> None:
        self._combination, self._events, self._display = combination, events, display
        self._key = HeldKey(events)
        self._strokes = RepeatFilter(self._key)
        self._grabs: frozenset[_Grab] = frozenset()
        self._wakeup: Wakeup | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Grab the key on a new thread."""
        self._wakeup = Wakeup()
        self._thread = threading.Thread(target=self._work, args=(self._wakeup,), name="voiceassist-hotkey", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Release the grab and join the thread. May be called twice."""
        thread, self._thread = self._thread, None
        if thread is None or self._wakeup is None:
            return
        self._wakeup.wake()
        thread.join()
        self._wakeup.close()

    # Everything below runs on the thread.

    def _work(self, wakeup: Wakeup) -> None:
        try:
            with X11(self._display) as x11:
                self._grab(x11)
                self._events.ready(self._combination.words)
                while self._step(x11, wakeup):
                    pass
        except HotkeyError as error:
            self._key.fail(error)
        except (DesktopError, xcffib.ConnectionException) as error:
            found = HotkeyError("the X server does not answer", hint="start voiceassist within your desktop session")
            found.__cause__ = error
            self._key.fail(found)
        finally:
            self._key.up()

    def _step(self, x11: X11, wakeup: Wakeup) -> bool:
        """Handle pending events and wait for more; ``False`` at the end."""
        connection = x11.connection
        while (event := connection.poll_for_event()) is not None:
            self._handle(x11, event)
        connection.flush()
        doubtful = self._strokes.doubtful
        awake = wakeup.wait(connection.get_file_descriptor(), _DOUBT_S if doubtful else None)
        if doubtful and awake:
            self._settle(x11)
        return awake

    def _settle(self, x11: X11) -> None:
        """Confirm or drop an unconfirmed release, by the events that followed it."""
        while (event := x11.connection.poll_for_event()) is not None:
            self._handle(x11, event)
            if isinstance(event, x.KeyReleaseEvent):
                return
        self._strokes.believe()

    def _handle(self, x11: X11, event: object) -> None:
        if isinstance(event, x.KeyPressEvent):
            self._strokes.down(event.time)
        elif isinstance(event, x.KeyReleaseEvent):
            if any(event.detail == code for code, _ in self._grabs):
                self._strokes.up(event.time)
        elif isinstance(event, x.MappingNotifyEvent):
            self._grab(x11)

    def _grab(self, x11: X11) -> None:
        """Grab the keycodes of the combination on this keyboard, unless they are grabbed already."""
        connection = x11.connection
        wanted = _grabs_for(self._combination, x11.keyboard_map())
        if wanted == self._grabs:
            return
        roots = [screen.root for screen in connection.get_setup().roots]
        for root in roots:
            for code, mask in self._grabs:
                connection.core.UngrabKey(code, root, mask)
        self._grabs = wanted
        if not wanted:
            raise HotkeyError(
                f"this keyboard has no key for {self._combination.words}", hint="choose another in Settings"
            )
        try:
            for root in roots:
                for code, mask in wanted:
                    connection.core.GrabKeyChecked(
                        False,
                        root,
                        mask,
                        code,
                        x.GrabMode.Async,
                        x.GrabMode.Async,
                    ).check()
        except x.AccessError as error:
            raise HotkeyError(
                f"another program holds {self._combination.words}",
                hint="choose another combination in Settings, or end that program",
            ) from error


def _grabs_for(combination: Combination, keyboard: KeyboardMap) -> frozenset[_Grab]:
    mask = keyboard.mask_of(combination.modifiers)
    return frozenset(
        (code, mask | locks) for code in keyboard.codes_of(combination.key) for locks in keyboard.lock_masks()
    )
