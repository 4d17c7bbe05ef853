"""Qt's keys by the names that the settings use."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from voiceassist.config.combination import KEYS
from voiceassist.keys import MODIFIERS

_QT_NAMES = {
    "pageup": "PageUp", "pagedown": "PageDown", "scrolllock": "ScrollLock", "apostrophe": "Apostrophe",
    "bracketleft": "BracketLeft", "bracketright": "BracketRight", "grave": "QuoteLeft",
}  # fmt: skip


def _names() -> dict[int, str]:
    names = {
        Qt.Key["Key_" + _QT_NAMES.get(name, name.upper() if len(name) == 1 else name.capitalize())].value: name
        for name in KEYS
    }
    return names | {Qt.Key.Key_Enter.value: "return", Qt.Key.Key_Backtab.value: "tab"}


_NAMES = _names()


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
