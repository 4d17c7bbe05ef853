"""Keys while the window has the focus: push to talk, and the shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


def add_shortcuts(window: QWidget, shortcuts: Mapping[str, Callable[[], None]]) -> None:
    """Let key combinations call functions while the window has the focus."""
    for keys, function in shortcuts.items():
        action = QAction(window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False, call=function: call())
        window.addAction(action)


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
