"""A small window on top of the others while the main window is not in front: state, words, result, question, undo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from voiceassist.domain import Recognition, Verdict
from voiceassist.engine.events import ListenState
from voiceassist.gui.messages import STATE_WORDS
from voiceassist.gui.pages.utterance_card import UtteranceCard
from voiceassist.gui.services.bridge import EngineBridge
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import Bar, level_fraction, push_button, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

_WIDTH_PX = 440
_MARGIN_PX = 56
_RESULT_MS = 5_000
_QUESTION_MS = 20_000
SHOWN_STATES = frozenset({ListenState.HEARING, ListenState.LISTENING, ListenState.THINKING})


def overlay_possible() -> bool:
    """Whether this desktop lets a window stay on top in a place of its own; under Wayland it does not."""
    return not QGuiApplication.platformName().startswith("wayland")


class Overlay(QWidget):
    """Never takes the focus. Its answers are clicked, or spoken; a tap of the hotkey leads to them in the window."""

    def __init__(self, main_window: QWidget, bridge: EngineBridge) -> None:
        flags = (
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
        )
        super().__init__(None, flags)
        self._main_window = main_window
        self._acting = True
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(tr("voiceassist: what is heard"))
        self.state_line = text_label(role="heading")
        self.partial = text_label(role="quiet")
        self.level = Bar(tr("Microphone level"))
        self.card = UtteranceCard(compact=True)
        self.close_button = push_button("✕", "flat")
        self.close_button.setAccessibleName(tr("Close"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._lay_out()
        self.close_button.clicked.connect(self.dismiss)
        self.card.confirmed.connect(bridge.confirm)
        bridge.partial.connect(self._show_partial)
        bridge.level_changed.connect(self._show_level)
        main_window.installEventFilter(self)

    def set_acting(self, acting: bool) -> None:
        """Whether commands are carried out or only shown."""
        self._acting = acting

    def show_recognition(self, recognition: Recognition) -> None:
        """Show what came of an utterance, unless the main window shows it."""
        self.card.show_recognition(recognition, acting=self._acting)
        self._show_card(True)
        asks = recognition.decision.verdict is Verdict.ASK and recognition.outcome is None
        self._appear()
        self._timer.start(_QUESTION_MS if asks else _RESULT_MS)

    def show_state(self, state: ListenState) -> None:
        """Show what the microphone is doing, and go away a while after it does nothing."""
        if state not in SHOWN_STATES:
            if self.isVisible() and not self.card.isVisible():
                self._timer.start(_RESULT_MS // 2)
            return
        if state is ListenState.LISTENING and not self.isVisible():
            return  # an open microphone in silence is nothing to tell
        self.state_line.setText(tr(STATE_WORDS[state.value]))
        self._show_card(False)
        self.partial.setText("")
        self._timer.stop()
        self._appear()

    def dismiss(self) -> None:
        """Go away; a question counts as answered with no."""
        self.card.decline()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Go away when the main window comes to the front: it shows the same."""
        if event.type() == QEvent.Type.WindowActivate and self._main_window.isActiveWindow():
            self.hide()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: object) -> None:  # noqa: N802, ARG002
        """Stay while the pointer is on it."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Go a while after the pointer has left."""
        self._timer.start(_RESULT_MS)
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take the height that the words need once they are styled, which happens after they are shown."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return handled

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Closing it from a task list only hides it."""
        event.ignore()
        self.hide()

    def _lay_out(self) -> None:
        frame = QFrame()
        frame.setObjectName("overlay")
        self.card.setObjectName("")  # the frame around it is enough
        column = QVBoxLayout()
        for widget in (self.state_line, self.level, self.partial, self.card):
            column.addWidget(widget)
        inside = QHBoxLayout(frame)
        inside.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, SPACE_PX, 2 * SPACE_PX)
        inside.addLayout(column, 1)
        inside.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        outer.addWidget(frame)

    def _show_card(self, shown: bool) -> None:
        self.card.setVisible(shown)
        for widget in (self.level, self.partial):
            widget.setVisible(not shown)
        self.state_line.setVisible(not shown)

    def _show_partial(self, text: str) -> None:
        self.partial.setText(f"{text} …" if text else "")

    def _show_level(self, level_db: float) -> None:
        if self.isVisible():
            self.level.set_fraction(level_fraction(level_db))

    def _appear(self) -> None:
        if self._main_window.isActiveWindow():
            self.hide()
            return
        self._fit()
        self.show()
        self.raise_()

    def _fit(self) -> None:
        """Take the height that the words need, which wrapped labels overrate, in the middle of the lower edge."""
        layout = self.layout()
        screen = self._main_window.screen() or QGuiApplication.primaryScreen()
        if layout is None or screen is None:
            return
        layout.activate()
        height, room = layout.totalHeightForWidth(_WIDTH_PX), screen.availableGeometry()
        left, top = room.center().x() - _WIDTH_PX // 2, room.bottom() - height - _MARGIN_PX
        self.setGeometry(left, top, _WIDTH_PX, height)
