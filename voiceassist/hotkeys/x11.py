"""A global hotkey under X11: a passive grab, watched by a thread with a connection of its own."""

from __future__ import annotations

import xcffib
import xcffib.xproto as x

from voiceassist.config.combination import Combination
from voiceassist.desktop.cancellable_wait import Wakeup
from voiceassist.desktop.keyboard_map import KeyboardMap
from voiceassist.desktop.x11 import X11
from voiceassist.errors import DesktopError, HotkeyError
from voiceassist.hotkeys.event_thread import EventThreadHotkey
from voiceassist.hotkeys.hotkey import HeldKey, HotkeyEvents

_CONFIRM_AFTER_S = 0.02
"""Time after which a release is confirmed: an auto-repeated press follows within the same burst of events."""

_Grab = tuple[int, int]


class X11Hotkey(EventThreadHotkey):
    """Grabs the combination on every screen, with every setting of the lock keys, and again after a layout change."""

    def __init__(self, combination: Combination, events: HotkeyEvents, display: str | None = None) -> None:
        super().__init__(combination, events)
        self._display = display
        self._repeats = AutoRepeatFilter(self._key)
        self._grabs: frozenset[_Grab] = frozenset()

    def _watch(self, wakeup: Wakeup) -> None:
        try:
            with X11(self._display) as x11:
                self._grab(x11)
                self._events.ready(self._combination.words)
                awake = True
                while awake:
                    while (event := x11.connection.poll_for_event()) is not None:
                        self._handle(x11, event)
                    x11.connection.flush()
                    unconfirmed = self._repeats.release_is_unconfirmed
                    timeout_s = _CONFIRM_AFTER_S if unconfirmed else None
                    awake = wakeup.wait(x11.connection.get_file_descriptor(), timeout_s)
                    if unconfirmed and awake:
                        self._confirm_release(x11)
        except (DesktopError, xcffib.XcffibException) as error:
            raise HotkeyError(
                "the X server does not answer", hint="start voiceassist within your desktop session"
            ) from error

    def _confirm_release(self, x11: X11) -> None:
        """Confirm an unconfirmed release, unless the events that followed it contain the repeated press."""
        while (event := x11.connection.poll_for_event()) is not None:
            self._handle(x11, event)
            if isinstance(event, x.KeyReleaseEvent):
                return
        self._repeats.confirm_release()

    def _handle(self, x11: X11, event: object) -> None:
        if isinstance(event, x.KeyPressEvent):
            self._repeats.down(event.time)
        elif isinstance(event, x.KeyReleaseEvent):
            if any(event.detail == code for code, _ in self._grabs):
                self._repeats.up(event.time)
        elif isinstance(event, x.MappingNotifyEvent):
            self._grab(x11)

    def _grab(self, x11: X11) -> None:
        """Grab the keycodes of the combination on this keyboard, unless they are grabbed already."""
        connection = x11.connection
        wanted = _grabs_for(self._combination, x11.keyboard_map())
        if wanted == self._grabs:
            return
        shared, roots = x.GrabMode.Async, [screen.root for screen in connection.get_setup().roots]
        for root in roots:
            for code, mask in self._grabs:
                connection.core.UngrabKey(code, root, mask)
        self._grabs = wanted
        if not wanted:
            raise HotkeyError(
                f"this keyboard has no key for {self._combination.words}", hint="choose another combination in Settings"
            )
        try:
            for root in roots:
                for code, mask in wanted:
                    connection.core.GrabKeyChecked(False, root, mask, code, shared, shared).check()
        except x.AccessError as error:
            raise HotkeyError(
                f"another program uses {self._combination.words}",
                hint="choose another combination in Settings, or close that program",
            ) from error


class AutoRepeatFilter:
    """Distinguishes the auto-repeat of a held key from a new press.

    X reports a held key as many strokes: a release and a press with the same time stamp. So a release is confirmed only
    if no press with that time stamp follows.
    """

    def __init__(self, key: HeldKey) -> None:
        self._key = key
        self._released_at_ms: int | None = None

    @property
    def release_is_unconfirmed(self) -> bool:
        """A release was reported: call :meth:`confirm_release` if no event follows shortly."""
        return self._released_at_ms is not None

    def down(self, time_ms: int) -> None:
        """The system reports a press."""
        if self._released_at_ms != time_ms:
            self.confirm_release()
        self._released_at_ms = None
        self._key.down()

    def up(self, time_ms: int) -> None:
        """The system reports a release."""
        self._released_at_ms = time_ms

    def confirm_release(self) -> None:
        """No repeated press followed: the key was released, if a release was reported."""
        if self._released_at_ms is not None:
            self._released_at_ms = None
            self._key.up()


def _grabs_for(combination: Combination, keyboard: KeyboardMap) -> frozenset[_Grab]:
    mask = keyboard.mask_of(combination.modifiers)
    return frozenset(
        (code, mask | locks) for code in keyboard.codes_of(combination.key) for locks in keyboard.lock_masks()
    )
