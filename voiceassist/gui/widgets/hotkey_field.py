"""A field for a key combination: click it, press the keys.

On the settings page it stands as the attribute ``hotkey``: ``HotkeyField(settings.hotkey)``. Its ``changed`` carries
the new value of ``settings.hotkey`` (empty for none). The window connects the rest (``capturing`` and
``show_status``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from voiceassist.config.combination import KEYS, parse_combination
from voiceassist.errors import ConfigError
from voiceassist.gui.messages import key_words
from voiceassist.gui.translation import mark, tr
from voiceassist.gui.widgets.controls import push_button, row, set_style_property, set_tone, text_label
from voiceassist.keys import MODIFIERS

_QT_NAMES = {
    "pageup": "PageUp", "pagedown": "PageDown", "scrolllock": "ScrollLock", "apostrophe": "Apostrophe",
    "bracketleft": "BracketLeft", "bracketright": "BracketRight", "grave": "QuoteLeft",
}  # fmt: skip
_NAMES = {
    Qt.Key["Key_" + _QT_NAMES.get(name, name.upper() if len(name) == 1 else name.capitalize())].value: name
    for name in KEYS
} | {Qt.Key.Key_Enter.value: "return", Qt.Key.Key_Backtab.value: "tab"}
"""Qt's keys by the names that the settings use."""
_NONE = mark("None: click, then press keys")
_PRESS = mark("Press keys… (Escape: none)")


class HotkeyField(QWidget):
    """Shows a combination and takes another one from the keyboard."""

    changed = Signal(str)
    """The new combination as the settings hold it; empty for none."""
    capturing = Signal(bool)
    """Keys are being taken: a hotkey that is in force would swallow them and has to be let go for the while."""

    def __init__(self, value: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = value
        self.button = _CaptureButton(self._take, self._stop)
        self.clear_button = push_button(tr("Clear"), "flat")
        self.status = text_label(role="quiet")
        self.button.setAccessibleName(tr("Key combination that works in every window"))
        self.clear_button.setAccessibleName(tr("Use no key combination"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row(self.button, self.clear_button))
        layout.addWidget(self.status)
        self.status.hide()
        self.button.clicked.connect(self._click)
        self.clear_button.clicked.connect(lambda: self._set(""))
        self._show()

    @property
    def value(self) -> str:
        """The combination as the settings hold it; empty for none."""
        return self._value

    def show_status(self, words: str, tone: str = "") -> None:
        """Say below the field whether the combination works: ``good``, ``warn``, ``bad`` or nothing."""
        self.status.setText(words)
        self.status.setVisible(bool(words))
        set_tone(self.status, tone)

    def _click(self) -> None:
        if self.button.takes_keys:
            self._stop()
            return
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)  # not on every desktop does a click do that
        self.button.takes_keys = True
        self.button.setText(tr(_PRESS))
        set_style_property(self.button, "role", "primary")
        self.capturing.emit(True)

    def _take(self, event: QKeyEvent) -> None:
        modifiers = held_modifiers(event)
        if event.key() == Qt.Key.Key_Escape and not modifiers:
            self._set("")
            return
        name = combination_of(event)
        if name is None:
            self.button.setText("+".join((*map(key_words, modifiers), "…")))
            return
        try:
            self._set(str(parse_combination(name)))
        except ConfigError as error:
            self._stop()
            self.show_status(f"{error.message}: {error.hint}.", "warn")

    def _set(self, value: str) -> None:
        changed = value != self._value
        self._value = value
        self._stop()
        if changed:
            self.show_status("")
            self.changed.emit(value)

    def _stop(self) -> None:
        took_keys, self.button.takes_keys = self.button.takes_keys, False
        set_style_property(self.button, "role", "")
        self._show()
        if took_keys:
            self.capturing.emit(False)

    def _show(self) -> None:
        if not self.button.takes_keys:
            self.button.setText(key_words(self._value) if self._value else tr(_NONE))
        self.button.setAccessibleDescription(self.button.text())
        self.clear_button.setVisible(bool(self._value))


class _CaptureButton(QPushButton):
    """A button that hands every key on while it takes keys, also those that Qt would use itself."""

    def __init__(self, take: Callable[[QKeyEvent], None], stop: Callable[[], None]) -> None:
        super().__init__()
        self.takes_keys = False
        self._take, self._stop = take, stop

    def event(self, event: QEvent) -> bool:
        """Keys come before shortcuts and before Tab leads on."""
        if self.takes_keys and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
                self._take(event)
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Without the focus there are no keys to take."""
        if self.takes_keys:
            self._stop()
        super().focusOutEvent(event)


def held_modifiers(event: QKeyEvent) -> tuple[str, ...]:
    """The modifiers of a key event, in the order of the settings."""
    flags = Qt.KeyboardModifier
    # On a Mac Qt calls the command key control, and the control key meta.
    control, meta = ("super", "ctrl") if sys.platform == "darwin" else ("ctrl", "super")
    names = {
        control: flags.ControlModifier,
        meta: flags.MetaModifier,
        "alt": flags.AltModifier,
        "shift": flags.ShiftModifier,
    }
    return tuple(name for name in MODIFIERS if event.modifiers() & names[name])


def combination_of(event: QKeyEvent) -> str | None:
    """The combination that was pressed, or ``None`` while it is modifiers only, or a key without a name."""
    key = _NAMES.get(event.key())
    return None if key is None else "+".join((*held_modifiers(event), key))
