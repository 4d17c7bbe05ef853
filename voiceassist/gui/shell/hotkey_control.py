"""The global hotkey: registers what the settings hold and reports to the user whether it works."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from voiceassist.config.combination import Combination, parse_combination
from voiceassist.errors import HotkeyError
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.hotkey_field import HotkeyField
from voiceassist.hotkeys.hotkey import Hotkey, HotkeyEvents

MakeHotkey = Callable[[Combination, HotkeyEvents], Hotkey]


class HotkeyControl(QObject):
    """Owns the registered hotkey. Its events arrive on other threads and are handled on the main thread."""

    pressed = Signal()
    released = Signal()
    _event = Signal(int, str, object)

    def __init__(self, make_hotkey: MakeHotkey | None, field: HotkeyField, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_hotkey, self._field = make_hotkey, field
        self._text = ""
        self._hotkey: Hotkey | None = None
        self._number = 0
        self._held = self._paused = False
        self._event.connect(self._take)
        field.capturing.connect(self._pause)

    def use(self, text: str) -> None:
        """Put another combination in force, as the settings hold it; empty for none."""
        if text == self._text and (self._hotkey is not None or not text):
            return
        self._text = text
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
        if not self._text or self._paused or self._make_hotkey is None:
            return
        try:
            self._hotkey = self._make_hotkey(parse_combination(self._text), self._events(self._number))
        except HotkeyError as error:
            self._show_failure(error)
            return
        self._hotkey.start()

    def _pause(self, pause: bool) -> None:
        self._paused = pause
        self._restart()

    def _events(self, number: int) -> HotkeyEvents:
        return HotkeyEvents(
            press=lambda: self._event.emit(number, "press", None),
            release=lambda: self._event.emit(number, "release", None),
            ready=lambda words: self._event.emit(number, "ready", words),
            failed=lambda error: self._event.emit(number, "failed", error),
        )

    def _take(self, number: int, what: str, detail: object) -> None:
        if number != self._number:
            return
        if what == "press":
            self._held = True
            self.pressed.emit()
        elif what == "release":
            self._let_go()
        elif what == "ready":
            self._field.show_status(tr("Works in every window: {keys}", keys=detail), "good")
        elif isinstance(detail, HotkeyError):
            self._show_failure(detail)

    def _let_go(self) -> None:
        if self._held:
            self._held = False
            self.released.emit()

    def _show_failure(self, error: HotkeyError) -> None:
        self._field.show_status(f"{error.message[:1].upper()}{error.message[1:]}: {error.hint}.", "warn")
