"""A test of all models on the user's own voice: ten sentences, read once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from voiceassist.domain import Samples, Utterance, Verdict
from voiceassist.engine.runner import PipelineLike
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.messages import error_words, quoted_words, sentence_words
from voiceassist.gui.services.interfaces import RecordVoice
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import (
    Bar,
    clear_layout,
    fill_dialog,
    level_fraction,
    page_layout,
    push_button,
    row,
    set_tone,
    text_label,
)

SENTENCES = (
    "what time is it",
    "set a timer for ten minutes",
    "set the volume to forty percent",
    "turn the volume up",
    "mute the sound",
    "what is the date",
    "pause the music",
    "take a screenshot",
    "scroll down",
    "cancel the timer",
)


@dataclass(frozen=True, slots=True)
class ModelScore:
    """What one model made of each sentence: the text that it understood, empty where it rejected."""

    name: str
    understood: tuple[str, ...]

    def right(self, sentences: Sequence[str]) -> int:
        """How many sentences were understood as they were read."""
        return sum(text == sentence for text, sentence in zip(self.understood, sentences, strict=True))


class VoiceTest(QDialog):
    """Records sentence by sentence, lets every model listen, and forgets the recordings."""

    testing = Signal(bool)
    _level = Signal(float)
    _progress = Signal(str)

    def __init__(
        self,
        models: Sequence[tuple[str, str]],
        record: RecordVoice,
        make_pipeline: Callable[[str], PipelineLike],
        sentences: Sequence[str] = SENTENCES,
        parent: QWidget | None = None,
    ) -> None:
        """``models``: the name of each model that is tried, and what it is called on the page."""
        super().__init__(parent)
        self._models, self._record, self._make_pipeline = models, record, make_pipeline
        self._sentences = sentences
        self._recordings: list[tuple[str, Samples]] = []
        self._index = 0
        self._cancelled = threading.Event()
        self._tasks = TaskThread("voiceassist-voice-test", self)
        self.place = text_label(role="quiet")
        self.sentence = text_label(role="display")
        self.level = Bar(tr("Level"))
        self.status = text_label()
        self.record_button = push_button(tr("Record"), "primary")
        self.skip_button = push_button(tr("Skip"))
        self.enough_button = push_button(tr("That is enough"))
        self.close_button = push_button(tr("Close"))
        self.results = QGridLayout()
        self._lay_out()
        self.record_button.clicked.connect(self.record)
        self.skip_button.clicked.connect(self._go_on)
        self.enough_button.clicked.connect(self.judge)
        self.close_button.clicked.connect(self.reject)
        self._level.connect(lambda level_db: self.level.set_fraction(level_fraction(level_db)))
        self._progress.connect(self.status.setText)
        self.finished.connect(lambda _: self.close_test())
        self._show_sentence()

    def record(self) -> None:
        """Record the sentence that is shown."""
        self.record_button.setEnabled(False)
        self.status.setText(tr("Read it aloud now."))
        self.testing.emit(True)
        self._tasks.submit(
            lambda: self._record(self._level.emit, self._cancelled.is_set), done=self._take, failed=self._show_failure
        )

    def judge(self) -> None:
        """Let every model listen to what was recorded, beside the main thread."""
        for widget in (self.record_button, self.skip_button, self.enough_button, self.level, self.place):
            widget.hide()
        self.sentence.setText(tr("Listening again…"))
        self._tasks.submit(self._judge_all, done=self._show_scores, failed=self._show_failure)

    def close_test(self) -> None:
        """End what is running and forget the recordings."""
        self._cancelled.set()
        self._tasks.close()
        self._recordings.clear()
        self.testing.emit(False)

    def _lay_out(self) -> None:
        self.setWindowTitle(tr("Test on my voice"))
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = page_layout()
        for widget in (self.place, self.sentence, self.level, self.status):
            column.addWidget(widget)
        column.addLayout(self.results)
        column.addStretch(1)
        note = tr("The recordings stay in memory while this is open, and are then forgotten.")
        column.addWidget(text_label(note, "quiet"))
        buttons = row(self.record_button, self.skip_button, self.enough_button, self.close_button)
        fill_dialog(self, column, buttons, height_px=420)

    def _show_sentence(self) -> None:
        count = len(self._sentences)
        self.place.setText(tr("Sentence {number} of {count}", number=self._index + 1, count=count))
        self.sentence.setText(quoted_words(self._sentences[self._index]))
        self.record_button.setEnabled(True)
        self.enough_button.setEnabled(bool(self._recordings))
        self.level.set_fraction(0.0)

    def _take(self, samples: Samples) -> None:
        self.testing.emit(False)
        self._recordings.append((self._sentences[self._index], samples))
        self.status.setText("")
        self._go_on()

    def _go_on(self) -> None:
        self._index += 1
        if self._index < len(self._sentences):
            self._show_sentence()
        elif self._recordings:
            self.judge()
        else:
            self.reject()

    def _judge_all(self) -> list[ModelScore]:
        """Thread: the task's."""
        scores = []
        for name, title in self._models:
            if self._cancelled.is_set():
                break
            self._progress.emit(tr("{model} is listening…", model=title))
            pipeline = self._make_pipeline(name)
            try:
                heard = [pipeline.recognize(Utterance(samples)) for _, samples in self._recordings]
            finally:
                pipeline.close()
            texts = (
                "" if found.decision.verdict is Verdict.REJECT or found.best is None else found.best.text
                for found in heard
            )
            scores.append(ModelScore(title, tuple(texts)))
        return scores

    def _show_scores(self, scores: Sequence[ModelScore]) -> None:
        said = [sentence for sentence, _ in self._recordings]
        self.sentence.setText(tr("Your voice"))
        self.status.setText("")
        clear_layout(self.results)
        for column, score in enumerate(scores, start=1):
            total = tr("{right} of {count}", right=score.right(said), count=len(said))
            self.results.addWidget(text_label(f"{score.name}\n{total}", "strong"), 0, column)
            for line, (sentence, text) in enumerate(zip(said, score.understood, strict=True), start=1):
                right = text == sentence
                label = text_label("✓" if right else f"✗ {text or tr('nothing')}")
                set_tone(label, "good" if right else "bad")
                self.results.addWidget(label, line, column)
        for line, sentence in enumerate(said, start=1):
            self.results.addWidget(text_label(sentence_words(sentence)), line, 0)

    def _show_failure(self, error: VoiceAssistError) -> None:
        self.testing.emit(False)
        self.record_button.setEnabled(True)
        self.status.setText("\n".join(error_words(error)))
        set_tone(self.status, "bad")
