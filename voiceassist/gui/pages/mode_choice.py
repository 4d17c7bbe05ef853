"""The choice of how to listen, with what belongs to each way."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from voiceassist.config.settings import Settings
from voiceassist.errors import GrammarError
from voiceassist.gui.translation import mark, tr
from voiceassist.gui.widgets.controls import row, set_tone, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

MODE_WORDS = {
    "push": mark("Only while I hold the button or the key"),
    "toggle": mark("For one command after I press the button or the key"),
    "wake": mark("All the time, but only to what begins with the wake phrase"),
    "open": mark("All the time: whatever I say can be a command"),
}
_STAY_OPEN_S = (0.0, 3.0, 6.0, 10.0, 20.0, 30.0)
_PHRASE_HINT = mark("Two or three words that nobody says by chance.")


class ModeChoice(QWidget):
    """Four ways to listen. A wake phrase that cannot be said is explained and not taken over."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {mode: QRadioButton(tr(words)) for mode, words in MODE_WORDS.items()}
        self.phrase = QLineEdit(settings.wake_phrase)
        self.phrase_note = text_label(tr(_PHRASE_HINT), "quiet")
        self.stay_open = QComboBox()
        self._good_phrase = settings.wake_phrase
        self.buttons[settings.listen_mode].setChecked(True)
        self.phrase.setMaxLength(60)
        self.phrase.setAccessibleName(tr("Wake phrase"))
        for seconds in sorted({*_STAY_OPEN_S, settings.stay_open_s}):
            self.stay_open.addItem(
                tr("for {seconds} seconds", seconds=f"{seconds:g}") if seconds else tr("not at all"), seconds
            )
        self.stay_open.setCurrentIndex(self.stay_open.findData(settings.stay_open_s))
        self.stay_open.setAccessibleName(tr("How long to go on listening after a command"))
        self._lay_out()
        for button in self.buttons.values():
            button.toggled.connect(self._choose)
        self.phrase.editingFinished.connect(self._take_phrase)
        self.stay_open.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._refresh()

    @property
    def mode(self) -> str:
        """The chosen way."""
        return next(mode for mode, button in self.buttons.items() if button.isChecked())

    def taken_over(self, settings: Settings) -> Settings:
        """The settings with what is chosen here."""
        return replace(
            settings,
            listen_mode=self.mode,  # type: ignore[arg-type]
            wake_phrase=self._good_phrase,
            stay_open_s=self.stay_open.currentData(),
        )

    def show_settings(self, settings: Settings) -> None:
        """Show what was chosen elsewhere; nothing is announced."""
        for widget in (*self.buttons.values(), self.stay_open):
            widget.blockSignals(True)
        self.buttons[settings.listen_mode].setChecked(True)
        self.stay_open.setCurrentIndex(max(0, self.stay_open.findData(settings.stay_open_s)))
        for widget in (*self.buttons.values(), self.stay_open):
            widget.blockSignals(False)
        self._good_phrase = settings.wake_phrase
        if not self.phrase.hasFocus():
            self.phrase.setText(settings.wake_phrase)
        self._refresh()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX)
        for button in self.buttons.values():
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._phrase_row = QWidget()
        inner = QVBoxLayout(self._phrase_row)
        inner.setContentsMargins(3 * SPACE_PX, 0, 0, 0)
        inner.addLayout(row(text_label(tr("Wake phrase")), self.phrase, stretch_last=True))
        inner.addWidget(self.phrase_note)
        layout.insertWidget(list(self.buttons).index("wake") + 1, self._phrase_row)
        self._stay_row = QWidget()
        label = text_label(tr("After a command go on listening"))
        label.setWordWrap(False)
        stay = row(label, self.stay_open)
        stay.setContentsMargins(0, 0, 0, 0)
        self._stay_row.setLayout(stay)
        layout.addWidget(self._stay_row)

    def _choose(self, checked: bool) -> None:
        if checked:
            self._refresh()
            self.changed.emit()

    def _take_phrase(self) -> None:
        from voiceassist.grammar.compiler.wake_phrase import WakePrefix  # noqa: PLC0415 - only who types one needs it

        text = " ".join(self.phrase.text().split()).lower()
        try:
            WakePrefix(text).words()
        except GrammarError as error:
            self._note(
                tr(
                    "{problem}: {hint}. “{phrase}” stays in use.",
                    problem=error.message,
                    hint=error.hint,
                    phrase=self._good_phrase,
                ),
                "bad",
            )
            return
        self.phrase.setText(text)
        self._note(tr(_PHRASE_HINT), "")
        if text != self._good_phrase:
            self._good_phrase = text
            self.changed.emit()

    def _note(self, text: str, tone: str) -> None:
        self.phrase_note.setText(text[:1].upper() + text[1:])
        set_tone(self.phrase_note, tone)

    def _refresh(self) -> None:
        self._phrase_row.setVisible(self.mode == "wake")
        self._stay_row.setVisible(self.mode in ("toggle", "wake"))
