"""Messages above the page: one at a time, the others wait, and nothing on the page moves."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from voiceassist.gui.messages import error_words
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import push_button, set_style_property, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

_NEWS_MS = 7_000
_MAX_WIDTH_PX = 760


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown: ``error`` stays until it is dismissed, news passes by itself."""

    text: str
    hint: str = ""
    error: Exception | None = None
    is_error: bool = False


class MessageArea(QFrame):
    """Floats at the lower edge of its parent. Errors queue; news gives way to whatever comes next."""

    closed = Signal()

    def __init__(self, parent: QWidget, news_ms: int = _NEWS_MS) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._news_ms = news_ms
        self._at_top = False
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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE_PX, SPACE_PX, SPACE_PX, SPACE_PX)
        layout.addLayout(words, 1)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.dismiss_button, 0, Qt.AlignmentFlag.AlignTop)
        parent.installEventFilter(self)
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

    def event(self, event: QEvent) -> bool:
        """Take the room that the words need, which is known only after they were laid out."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Take the room that the words need as soon as they are shown with the window."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._place)

    def set_at_top(self, at_top: bool) -> None:
        """Float at the upper edge, where the lower one has the buttons that lead on."""
        self._at_top = at_top
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Stay at the lower edge when the parent changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

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
            self.closed.emit()
            return
        self._message.setText(message.text)
        self._hint.setText(message.hint)
        self._hint.setVisible(bool(message.hint))
        set_style_property(self, "kind", "error" if message.is_error else "news")
        self.setAccessibleName(self.text)
        if not message.is_error:
            self._timer.start(self._news_ms)
        self._refresh()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))

    def _refresh(self) -> None:
        count = len(self._waiting)
        self._more.setText(tr("{count} more", count=count) if count else "")
        self._more.setVisible(bool(count))
        self._place()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        width = min(_MAX_WIDTH_PX, parent.width() - 4 * SPACE_PX)
        layout = self.layout()
        height = self.sizeHint().height() if layout is None else layout.totalHeightForWidth(width)
        top = SPACE_PX if self._at_top else parent.height() - height - 2 * SPACE_PX
        self.setGeometry((parent.width() - width) // 2, top, max(1, width), max(1, height))
