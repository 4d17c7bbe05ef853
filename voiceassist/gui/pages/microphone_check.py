"""A test of the microphone: speak for a few seconds, and see whether you can be understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from voiceassist.errors import VoiceAssistError
from voiceassist.gui.messages import error_words
from voiceassist.gui.services.interfaces import TestMicrophone
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import Bar, level_fraction, push_button, row, set_tone, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

if TYPE_CHECKING:
    from voiceassist.audio.selftest import SelfTest


class MicrophoneCheck(QWidget):
    """Runs a test whenever it is asked to. Whoever makes it calls :meth:`close_check`."""

    running = Signal(bool)
    """The microphone is being tested: what is said meanwhile is not meant as a command."""
    passed = Signal()
    """This microphone hears well."""
    _level = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = TaskThread("voiceassist-microphone-test", self)
        self._cancelled = False
        self.words = text_label(_speak_words())
        self.level = Bar(tr("Level"))
        self.figures = text_label(role="quiet", selectable=True)
        self.start_button = push_button(tr("Test the microphone"), "primary")
        self.cancel_button = push_button(tr("Cancel"))
        self.cancel_button.hide()
        self.level.hide()
        self.figures.hide()
        self.make_test: TestMicrophone | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX)
        for widget in (self.words, self.level, self.figures):
            layout.addWidget(widget)
        layout.addLayout(row(self.start_button, self.cancel_button))
        self.start_button.clicked.connect(self.begin)
        self.cancel_button.clicked.connect(self.cancel)
        self._level.connect(lambda level_db: self.level.set_fraction(level_fraction(level_db)))

    def begin(self) -> None:
        """Listen for a few seconds, beside the main thread."""
        test = self.make_test
        if test is None or self._tasks.busy:
            return
        self._cancelled = False
        self._show_running(True)
        self.figures.hide()
        self.words.setText(tr("Say a command now, as you would say it later. I listen for a few seconds."))
        set_tone(self.words, "")
        self._tasks.submit(
            lambda: test(self._level.emit, lambda: self._cancelled), done=self._show, failed=self._show_failure
        )

    def cancel(self) -> None:
        """End a test that is running."""
        self._cancelled = True

    def close_check(self) -> None:
        """End a test that is running, and the thread. May be called twice."""
        self.cancel()
        self._tasks.close()

    def _show_running(self, running: bool) -> None:
        had_focus = self.start_button.hasFocus() or self.cancel_button.hasFocus()
        self.cancel_button.setVisible(running)
        if running and had_focus:  # before the other button loses it to whatever comes next
            self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.start_button.setEnabled(not running)
        if had_focus and not running:
            self.start_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.level.setVisible(running)
        self.running.emit(running)
        if not running:
            self.level.set_fraction(0.0)
            self.start_button.setText(tr("Test again"))

    def _show(self, result: SelfTest) -> None:
        self._show_running(False)
        if self._cancelled:
            self.words.setText(tr("The test was cancelled."))
            return
        self.words.setText("\n".join(result.findings) or tr("All is well: this microphone hears you clearly."))
        set_tone(self.words, "good" if result.good else "warn")
        self.figures.setText(figure_words(result))
        self.figures.show()
        if result.good:
            self.passed.emit()

    def _show_failure(self, error: VoiceAssistError) -> None:
        self._show_running(False)
        self.words.setText("\n".join(error_words(error)))
        set_tone(self.words, "bad")


def figure_words(result: SelfTest) -> str:
    """The measured levels in a line."""
    speech = tr("no speech") if result.speech_db is None else tr("your voice {db} dB", db=f"{result.speech_db:.0f}")
    noise = tr("background noise {db} dB", db=f"{result.noise_db:.0f}")
    return f"{result.device}  ·  {speech}  ·  {noise}  ·  {tr('loudest {db} dB', db=f'{result.peak_db:.0f}')}"


def _speak_words() -> str:
    return tr(
        "Press the button and say a command as you would say it later, for example “set the volume to forty "
        "percent”. I listen for a few seconds."
    )
