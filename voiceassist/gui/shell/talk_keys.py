"""The keys that are held to talk: one while the window has the focus, and one that works in every window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from voiceassist.config.combination import Combination, parse_combination
from voiceassist.errors import HotkeyError
from voiceassist.gui.messages import key_words
from voiceassist.gui.translation import tr
from voiceassist.hotkeys.hotkey import Hotkey, HotkeyEvents

if TYPE_CHECKING:
    from voiceassist.gui.widgets.hotkey_field import HotkeyField

MakeHotkey = Callable[[Combination, HotkeyEvents], Hotkey]


class PushKey:
    """Tells a press from a release of one key, without the repeats that a held key sends."""

    def __init__(self, press: Callable[[], None], release: Callable[[], None]) -> None:
        self._press, self._release = press, release
        self._key = QKeySequence()
        self._held = False

    def set_key(self, name: str) -> None:
        """Listen for another key, by its Qt name, such as ``F9``."""
        self.let_go()
        self._key = QKeySequence(name)

    def pressed(self, event: QKeyEvent) -> bool:
        """Take a key press; ``False`` leaves it to others."""
        if not self._is_ours(event):
            return False
        if not event.isAutoRepeat() and not self._held:
            self._held = True
            self._press()
        return True

    def released(self, event: QKeyEvent) -> bool:
        """Take a key release; ``False`` leaves it to others."""
        if not self._is_ours(event):
            return False
        if not event.isAutoRepeat():
            self.let_go()
        return True

    def let_go(self) -> None:
        """End the utterance if the key is held: the window lost the focus, the release will not be seen."""
        if self._held:
            self._held = False
            self._release()

    def _is_ours(self, event: QKeyEvent) -> bool:
        return not self._key.isEmpty() and QKeySequence(event.key()) == self._key


class HotkeyControl(QObject):
    """Owns the registered hotkey. Its events arrive on other threads and are handled on the main thread.

    Whether it works stands in the field on the Settings page, once there is one.
    """

    pressed = Signal()
    released = Signal()
    _event = Signal(int, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.make_hotkey: MakeHotkey | None = None
        self._field: HotkeyField | None = None
        self._status = ("", "")
        self._text = ""
        self._hotkey: Hotkey | None = None
        self._number = 0
        self._held = self._paused = False
        self._event.connect(self._take)

    def attach(self, field: HotkeyField) -> None:
        """Tell in this field whether the key works, and let go of it while the field takes keys."""
        self._field = field
        field.capturing.connect(self._pause)
        field.show_status(*self._status)

    def use(self, text: str) -> None:
        """Put another combination in force, as the settings hold it; empty for none."""
        if text == self._text and (self._hotkey is not None or not text):
            return
        self._text, self._status = text, ("", "")
        self._restart()

    def close(self) -> None:
        """Give the key back; one that is held counts as released. May be called twice."""
        hotkey, self._hotkey = self._hotkey, None
        self._number += 1  # what the old one still says is no longer heard
        if hotkey is not None:
            hotkey.close()
        self._let_go()

    def _restart(self) -> None:
        self.close()
        if not self._text or self._paused or self.make_hotkey is None:
            return
        tell = partial(self._event.emit, self._number)
        events = HotkeyEvents(
            press=partial(tell, "press", None),
            release=partial(tell, "release", None),
            ready=partial(tell, "ready"),
            failed=partial(tell, "failed"),
        )
        try:
            self._hotkey = self.make_hotkey(parse_combination(self._text), events)
        except HotkeyError as error:
            self._show_failure(error)
            return
        self._hotkey.start()

    def _pause(self, pause: bool) -> None:
        self._paused = pause
        self._restart()

    def _take(self, number: int, what: str, detail: object) -> None:
        if number != self._number:
            return
        if what == "press":
            self._held = True
            self.pressed.emit()
        elif what == "release":
            self._let_go()
        elif what == "ready":
            self._tell(tr("Works in every window: {keys}", keys=key_words(str(detail))), "good")
        elif isinstance(detail, HotkeyError):
            self._show_failure(detail)

    def _let_go(self) -> None:
        if self._held:
            self._held = False
            self.released.emit()

    def _show_failure(self, error: HotkeyError) -> None:
        self._tell(f"{error.message[:1].upper()}{error.message[1:]}: {error.hint}.", "warn")

    def _tell(self, words: str, tone: str) -> None:
        self._status = words, tone
        if self._field is not None:
            self._field.show_status(words, tone)
