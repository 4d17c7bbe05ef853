"""The Speak page: the talk button, what is heard, the card of the last utterance, and a line for typed commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition, RejectReason
from voiceassist.engine.events import ListenState
from voiceassist.errors import DeviceError, VoiceAssistError
from voiceassist.gui.messages import condition_words, is_typed, state_words
from voiceassist.gui.pages.utterance_card import UtteranceCard
from voiceassist.gui.services.bridge import EngineBridge
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import (
    Bar,
    TalkButton,
    level_fraction,
    page_layout,
    push_button,
    row,
    scrolled,
    set_tone,
    text_label,
)
from voiceassist.gui.widgets.theme import SPACE_PX

if TYPE_CHECKING:
    from voiceassist.audio.health import MicrophoneHealth

_METER_PX = 220
_HINT_MS = 4_000
_LOW_PX = 540
_DEAF = frozenset({ListenState.STARTING, ListenState.STOPPED})
_HEARS = frozenset({ListenState.IDLE, ListenState.LISTENING, ListenState.HEARING})
_LISTENING = frozenset({ListenState.LISTENING, ListenState.HEARING})


class SpeakPage(QScrollArea):
    """Hears and shows. What it shows comes from the bridge, what the user does goes to the bridge."""

    shown = Signal(object)
    """A recognition stands on the card."""

    def __init__(self, bridge: EngineBridge, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._settings = settings
        self._state: ListenState | None = None
        self._no_model = self._microphone_lost = False
        self.state_line = text_label(role="heading")
        self.talk_button = TalkButton()
        self.level = Bar(tr("Microphone level"))
        self.partial = text_label(role="quiet")
        self.warning = text_label()
        self.card = UtteranceCard()
        self.command_line = QLineEdit()
        self.run_button = push_button(tr("Run"))
        self._hint = QTimer(self)
        self._hint.setSingleShot(True)
        self._lay_out()
        self._connect()
        self._refresh()

    def apply_settings(self, settings: Settings) -> None:
        """Take over changed settings."""
        self._settings = settings
        self._refresh()

    def set_suggestions(self, sentences: Sequence[str]) -> None:
        """Commands to offer while nothing has been said yet."""
        self.card.set_suggestions(sentences)

    def show_recognition(self, recognition: Recognition, *, live: bool = True) -> None:
        """Put an utterance on the card; one from the history, which is not ``live``, offers no answers."""
        self._show_partial("")
        self.card.show_recognition(recognition, acting=self._settings.act, live=live)
        QTimer.singleShot(0, self, self._show_card)
        if live:
            mistyped = is_typed(recognition) and recognition.decision.reject_reason is RejectReason.NO_MATCH
            if mistyped and not self.command_line.text():
                self.command_line.setText(recognition.heard)  # to be mended
                self.command_line.selectAll()
            if self.isVisible() and not mistyped:
                self.card.focus_answers()
            self.shown.emit(recognition)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leave room for the card in a low window."""
        super().resizeEvent(event)
        self.talk_button.set_small(self.window().height() < _LOW_PX)  # a message does not change its size

    def begin_typing(self, text: str) -> None:
        """Take a first letter that was typed while nothing that takes text had the focus."""
        self.command_line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.command_line.insert(text)

    def show_no_model(self) -> None:
        """Say that there is no model to listen with."""
        self._no_model = True
        self._refresh()

    def _lay_out(self) -> None:
        centre = Qt.AlignmentFlag.AlignCenter
        self.level.setFixedWidth(_METER_PX)
        placeholder = tr("Type a command instead of speaking")
        self.command_line.setPlaceholderText(placeholder)
        self.command_line.setAccessibleName(tr("Typed command"))
        self.command_line.setMaxLength(500)
        typed = row(self.command_line, self.run_button, stretch_last=True)
        typed.setStretch(0, 1)
        layout = page_layout()
        layout.addWidget(self.talk_button, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in (self.state_line, self.partial, self.warning):
            line.setAlignment(centre)
            layout.addWidget(line)
        layout.insertWidget(2, self.level, 0, Qt.AlignmentFlag.AlignHCenter)
        self.partial.setAccessibleName(tr("What I hear so far"))
        self.partial.setMinimumHeight(self.partial.sizeHint().height())
        set_tone(self.warning, "warn")
        self.warning.hide()
        layout.addWidget(self.card)
        layout.addLayout(typed)
        layout.addStretch(1)
        scrolled(layout, self)

    def _connect(self) -> None:
        self.talk_button.pressed.connect(self._bridge.key_down)
        self.talk_button.released.connect(self._bridge.key_up)
        self.command_line.returnPressed.connect(self._type)
        self.run_button.clicked.connect(self._type)
        self.card.confirmed.connect(self._bridge.confirm)
        self.card.suggested.connect(self._bridge.type_text)
        self.card.focus_left.connect(self._focus_input)
        self._hint.timeout.connect(self._refresh)
        self._bridge.tapped.connect(self._show_hint)
        self._bridge.state_changed.connect(self._show_state)
        self._bridge.failed.connect(self._note_failure)
        self._bridge.level_changed.connect(self._show_level)
        self._bridge.recognized.connect(self.show_recognition)
        self._bridge.ready_changed.connect(self._refresh)
        self._bridge.partial.connect(self._show_partial)
        self._bridge.condition_changed.connect(self._show_condition)

    def _type(self) -> None:
        text = self.command_line.text().strip()
        if text:
            self._bridge.type_text(text)
            self.command_line.clear()

    def _focus_input(self) -> None:
        """Give the focus to what the user goes on with: the line after a typed command, else the button."""
        typed = self.card.recognition is not None and is_typed(self.card.recognition)
        going_on = self.command_line if typed or not self.talk_button.isEnabled() else self.talk_button
        going_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_hint(self) -> None:
        self._hint.start(_HINT_MS)
        self.state_line.setText(tr("Hold the button while you speak"))

    def _note_failure(self, error: VoiceAssistError) -> None:
        self._microphone_lost = self._microphone_lost or isinstance(error, DeviceError)
        self._refresh()

    def _show_state(self, state: ListenState) -> None:
        clicked = self._hint.isActive() and not self._bridge.held  # the click that is explained, and no speech
        if state is ListenState.HEARING and not clicked:
            self.card.set_stale(True)
            self._hint.stop()
            self.ensureVisible(0, 0)
        self._state = state
        self._microphone_lost = self._microphone_lost and state not in _HEARS
        self._refresh()

    def _show_partial(self, text: str) -> None:
        self.partial.setText(f"{text} …" if text else "")

    def _show_card(self) -> None:
        """Scroll to the card where the window is too low for all of the page."""
        below_px = self.card.geometry().bottom() + SPACE_PX - self.viewport().height()
        self.verticalScrollBar().setValue(min(below_px, self.card.y() - SPACE_PX))

    def _show_condition(self, condition: MicrophoneHealth) -> None:
        """Say the worst that is wrong with the microphone, for as long as it is."""
        warnings = condition_words(condition)
        self.warning.setText(warnings[0] if warnings else "")
        self.warning.setToolTip("\n".join(warnings))
        self.warning.setVisible(bool(warnings))

    def _show_level(self, level_db: float) -> None:
        fraction = level_fraction(level_db)
        self.level.set_fraction(fraction)
        self.talk_button.set_level(fraction)

    def _refresh(self) -> None:
        self.talk_button.setEnabled(self._bridge.ready)
        self.talk_button.set_active(self._state in _LISTENING)
        if self._state is None or self._state in _DEAF:
            self._show_level(float("-inf"))
        settings = self._settings
        self.talk_button.set_held(settings.listen_mode == "push")
        if self._hint.isActive():
            return
        state = ListenState.STARTING.value if self._state is None else self._state.value
        if not self._bridge.ready:
            state = "no_model" if self._no_model else "starting"
        elif self._microphone_lost and self._state is not ListenState.THINKING:
            state = "lost"
        self.state_line.setText(state_words(state, settings.push_key, settings.listen_mode, settings.wake_phrase))
