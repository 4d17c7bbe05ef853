"""The microphone's self-test: speak for a few seconds, and see whether you can be understood."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from voiceassist.audio.selftest import DURATION_S, SelfTest
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.messages import error_words
from voiceassist.gui.services.interfaces import TestMicrophone
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.widgets.controls import Bar, level_fraction, push_button, row, set_tone, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

_SPEAK = (
    f"Speak now, as you would say a command: “set the volume to forty percent”. I listen for {DURATION_S:g} seconds."
)
_WELL = "All is well: this microphone hears you clearly."


class MicrophoneTest(QDialog):
    """Runs a test when it opens, and again when asked to."""

    _level = Signal(float)

    def __init__(self, test: TestMicrophone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._test = test
        self._tasks = TaskThread("voiceassist-microphone-test", self)
        self._cancelled = False
        self.words = text_label(_SPEAK)
        self.level = Bar("Level")
        self.figures = text_label(role="quiet", selectable=True)
        self.again = push_button("Test again")
        self.done_button = push_button("Close", "primary")
        self._lay_out()
        self.again.clicked.connect(self.begin)
        self.done_button.clicked.connect(self.accept)
        self._level.connect(lambda level_db: self.level.set_fraction(level_fraction(level_db)))
        self.finished.connect(lambda _: self.close_test())

    def begin(self) -> None:
        """Listen."""
        self.again.setEnabled(False)
        self.figures.clear()
        self.words.setText(_SPEAK)
        set_tone(self.words, "")
        self._tasks.submit(
            lambda: self._test(self._level.emit, lambda: self._cancelled), done=self._show, failed=self._show_failure
        )

    def close_test(self) -> None:
        """End the test that is running, and the thread."""
        self._cancelled = True
        self._tasks.close()

    def _lay_out(self) -> None:
        self.setWindowTitle("Microphone test")
        self.setMinimumWidth(420)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
        layout.setSpacing(SPACE_PX)
        for widget in (self.words, self.level, self.figures):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(row(self.again, self.done_button))

    def _show(self, result: SelfTest) -> None:
        self.level.set_fraction(0.0)
        self.again.setEnabled(True)
        self.words.setText("\n".join(result.findings) or _WELL)
        set_tone(self.words, "good" if result.good else "warn")
        self.figures.setText(figure_words(result))

    def _show_failure(self, error: VoiceAssistError) -> None:
        self.again.setEnabled(True)
        self.words.setText("\n".join(error_words(error)))
        set_tone(self.words, "bad")


def figure_words(result: SelfTest) -> str:
    """The measured levels in a line."""
    speech = "no speech" if result.speech_db is None else f"speech {result.speech_db:.0f} dB"
    return f"{result.device}  ·  {speech}  ·  noise {result.noise_db:.0f} dB  ·  peak {result.peak_db:.0f} dB"
