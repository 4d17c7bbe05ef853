"""The Speak page: the push-to-talk button, the level, the last utterance, the history and the typed command."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from voiceassist.audio.health import MicrophoneHealth
from voiceassist.config.settings import Settings
from voiceassist.domain import Interpretation, Recognition
from voiceassist.engine.runner import ListenState
from voiceassist.errors import DeviceError, VoiceAssistError
from voiceassist.gui.messages import history_words, state_words
from voiceassist.gui.pages.utterance_card import UtteranceCard
from voiceassist.gui.services.bridge import EngineBridge
from voiceassist.gui.widgets.controls import (
    Bar,
    TalkButton,
    centred,
    level_fraction,
    push_button,
    row,
    set_tone,
    text_label,
)
from voiceassist.gui.widgets.theme import SPACE_PX

_HISTORY_LENGTH = 100
_METER_PX = 220
_DEAF = frozenset({ListenState.STARTING, ListenState.STOPPED})
_HEARS = frozenset({ListenState.IDLE, ListenState.LISTENING, ListenState.HEARING})
_LISTENING = frozenset({ListenState.LISTENING, ListenState.HEARING})


class _History(QListWidget):
    """A list that is content with little room and takes what is left."""

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(200, 90)


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
        self.level = Bar("Microphone level")
        self.partial = text_label(role="quiet")
        self.warning = text_label()
        self.card = UtteranceCard()
        self.history = _History()
        self.command_line = QLineEdit()
        self.run_button = push_button("Run")
        self._lay_out()
        self._connect()
        self._refresh()

    def apply_settings(self, settings: Settings) -> None:
        """Take over changed settings."""
        self._settings = settings
        self._refresh()

    def show_recognition(self, recognition: Recognition) -> None:
        """Put an utterance on the card and into the history."""
        self._show_partial("")
        self.card.show_recognition(recognition, acting=self._settings.act)
        when = QLocale().toString(QDateTime.currentDateTime().time(), QLocale.FormatType.ShortFormat)
        item = QListWidgetItem(f"{when}   {history_words(recognition, acting=self._settings.act)}")
        item.setData(Qt.ItemDataRole.UserRole, recognition)
        self.history.insertItem(0, item)
        while self.history.count() > _HISTORY_LENGTH:
            self.history.takeItem(self.history.count() - 1)
        self.ensureVisible(0, 0)
        self.shown.emit(recognition)

    def show_no_model(self) -> None:
        """Say that there is no model to listen with."""
        self._no_model = True
        self._refresh()

    def _lay_out(self) -> None:
        self.state_line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.level.setFixedWidth(_METER_PX)
        self.history.setAccessibleName("What was said in this session")
        self.history.setWordWrap(True)
        self.history.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.history.setMinimumHeight(90)
        self.command_line.setPlaceholderText("Type a command instead of speaking")
        self.command_line.setAccessibleName("Typed command")
        self.command_line.setMaxLength(500)
        typed = row(self.command_line, self.run_button, stretch_last=True)
        typed.setStretch(0, 1)
        layout = QVBoxLayout()
        layout.setContentsMargins(2 * SPACE_PX, SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
        layout.setSpacing(SPACE_PX)
        for widget in (self.talk_button, self.level):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.insertWidget(1, self.state_line)
        for line in (self.partial, self.warning):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(line)
        self.partial.setAccessibleName("What I hear so far")
        self.partial.setMinimumHeight(self.partial.sizeHint().height())
        set_tone(self.warning, "warn")
        self.warning.hide()
        layout.addWidget(self.card)
        layout.addLayout(typed)
        layout.addWidget(text_label("This session", "quiet"))
        layout.addWidget(self.history, 1)
        self.setWidget(centred(layout))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _connect(self) -> None:
        self.talk_button.pressed.connect(self._bridge.key_down)
        self.talk_button.released.connect(self._bridge.key_up)
        self.command_line.returnPressed.connect(self._type)
        self.run_button.clicked.connect(self._type)
        self.card.confirmed.connect(self._confirm)
        self.history.itemClicked.connect(self._show_again)
        self.history.itemActivated.connect(self._show_again)
        self._bridge.state_changed.connect(self._show_state)
        self._bridge.failed.connect(self._note_failure)
        self._bridge.level_changed.connect(self._show_level)
        self._bridge.recognized.connect(self.show_recognition)
        self._bridge.ready_changed.connect(self._refresh)
        self._bridge.partial.connect(self._show_partial)
        self._bridge.condition_changed.connect(self._show_condition)

    def _type(self) -> None:
        text = self.command_line.text().strip()
        if text and self._bridge.ready:
            self._bridge.type_text(text)
            self.command_line.clear()

    def _confirm(self, recognition: Recognition, choice: Interpretation) -> None:
        self._bridge.confirm(recognition, choice)

    def _show_again(self, item: QListWidgetItem) -> None:
        recognition = item.data(Qt.ItemDataRole.UserRole)
        self.card.show_recognition(recognition, acting=self._settings.act, live=False)

    def _note_failure(self, error: VoiceAssistError) -> None:
        self._microphone_lost = self._microphone_lost or isinstance(error, DeviceError)
        self._refresh()

    def _show_state(self, state: ListenState) -> None:
        self._state = state
        self._microphone_lost = self._microphone_lost and state not in _HEARS
        self._refresh()

    def _show_partial(self, text: str) -> None:
        self.partial.setText(f"{text} …" if text else "")

    def _show_condition(self, condition: MicrophoneHealth) -> None:
        """Say the worst that is wrong with the microphone, for as long as it is."""
        warnings = condition.warnings
        self.warning.setText(warnings[0] if warnings else "")
        self.warning.setToolTip("\n".join(warnings))
        self.warning.setVisible(bool(warnings))

    def _show_level(self, level_db: float) -> None:
        fraction = level_fraction(level_db)
        self.level.set_fraction(fraction)
        self.talk_button.set_level(fraction)

    def _refresh(self) -> None:
        ready = self._bridge.ready
        self.talk_button.setEnabled(ready)
        self.run_button.setEnabled(ready)
        self.talk_button.set_active(self._state in _LISTENING)
        if self._state is None or self._state in _DEAF:
            self._show_level(float("-inf"))
        settings = self._settings
        name = self._state_name()
        self.talk_button.set_held(settings.listen_mode == "push")
        self.state_line.setText(state_words(name, settings.push_key, settings.listen_mode, settings.wake_phrase))

    def _state_name(self) -> str:
        if not self._bridge.ready:
            return "no_model" if self._no_model else "starting"
        if self._state is not ListenState.THINKING and self._microphone_lost:
            return "lost"
        return "starting" if self._state is None else self._state.value
