"""Messages below the page, which gets lower for them: one at a time, the others wait, and nothing is covered."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from voiceassist.gui.messages import error_words
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import push_button, set_style_property, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

_NEWS_MS = 7_000


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown: ``error`` stays until it is dismissed, news passes by itself."""

    text: str
    hint: str = ""
    error: Exception | None = None
    is_error: bool = False


class MessageArea(QWidget):
    """Takes room only while there is a message. Errors queue; news gives way to whatever comes next."""

    opening = Signal()
    """A message comes, and the page is about to get lower."""

    def __init__(self, news_ms: int = _NEWS_MS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QFrame()
        self._frame.setObjectName("message")
        self._news_ms = news_ms
        self._shown: Message | None = None
        self._waiting: list[Message] = []
        self._message = text_label(role="strong", selectable=True)
        self._hint = text_label(selectable=True)
        self._more = text_label(role="quiet")
        self._more.setWordWrap(False)
        self.dismiss_button = push_button(tr("Dismiss"), "flat")
        self.dismiss_button.clicked.connect(self.dismiss)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._message)
        words.addWidget(self._hint)
        layout = QHBoxLayout(self._frame)
        layout.setContentsMargins(2 * SPACE_PX, SPACE_PX, SPACE_PX, SPACE_PX)
        layout.addLayout(words, 1)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.dismiss_button, 0, Qt.AlignmentFlag.AlignTop)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2 * SPACE_PX, 0, 2 * SPACE_PX, SPACE_PX)
        outer.addWidget(self._frame)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; empty where nothing is."""
        return "" if self._shown is None else f"{self._shown.text}\n{self._shown.hint}".strip()

    def show_error(self, error: Exception) -> None:
        """Show message and hint of an error until it is dismissed."""
        self._add(Message(*error_words(error), error=error, is_error=True))

    def show_news(self, text: str, detail: str = "") -> None:
        """Show something that is no error for a few seconds."""
        self._add(Message(text, detail))

    def dismiss(self) -> None:
        """Take the message away; the next one follows."""
        self._show(self._waiting.pop(0) if self._waiting else None)

    def resolve(self, kind: type[Exception]) -> None:
        """Take away all errors of a kind: what was wrong is right again."""
        self._waiting = [message for message in self._waiting if not isinstance(message.error, kind)]
        if self._shown is not None and isinstance(self._shown.error, kind):
            self.dismiss()
        else:
            self._refresh()

    def _add(self, message: Message) -> None:
        known = [(other.text, other.hint) for other in (self._shown, *self._waiting) if other is not None]
        if (message.text, message.hint) in known:
            if self._timer.isActive():
                self._timer.start(self._news_ms)
            return
        if self._shown is None or not self._shown.is_error:
            self._show(message)
        else:
            self._waiting = [other for other in self._waiting if other.is_error] + [message]
            self._refresh()

    def _show(self, message: Message | None) -> None:
        self._shown = message
        self._timer.stop()
        if message is None:
            self._message.clear()
            self._hint.clear()
            self.hide()
            return
        if not self.isVisible():
            self.opening.emit()
        self._message.setText(message.text)
        self._hint.setText(message.hint)
        self._hint.setVisible(bool(message.hint))
        set_style_property(self._frame, "kind", "error" if message.is_error else "news")
        self.setAccessibleName(self.text)
        if not message.is_error:
            self._timer.start(self._news_ms)
        self._refresh()
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))

    def _refresh(self) -> None:
        count = len(self._waiting)
        self._more.setText(tr("{count} more", count=count) if count else "")
        self._more.setVisible(bool(count))
