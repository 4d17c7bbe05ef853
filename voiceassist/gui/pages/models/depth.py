"""The depth dial: how often the block is run, and what becomes of a recording then."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QVBoxLayout, QWidget

from voiceassist.domain import Recognition, Verdict
from voiceassist.gui.services.interfaces import DepthTrial
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import set_tone, text_label


class DepthDial(QWidget):
    """Loads a model of its own when it is first moved, and frees it when the page is left."""

    failed = Signal(object)

    def __init__(
        self,
        open_trial: Callable[[str], DepthTrial],
        tasks: TaskThread,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_trial, self._tasks = open_trial, tasks
        self._model = ""
        self._trial: DepthTrial | None = None
        self._asked = self._answered = 0
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, 1)
        self.slider.setAccessibleName(tr("How many layers are run"))
        self.result = text_label(selectable=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.slider)
        layout.addWidget(self.result)
        self.slider.valueChanged.connect(self._ask)

    def show_model(self, model: str, layers: int) -> None:
        """Try another model."""
        if (model, layers) == (self._model, self.slider.maximum()):
            return
        self.release()
        self._model = model
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(1, max(1, layers))
        self.slider.setValue(layers)
        self.slider.blockSignals(blocked)
        self.result.setText(
            tr("All {layers} layers are run. Move the dial to run fewer: quicker, and less sure.", layers=layers)
        )
        set_tone(self.result, "")

    def release(self) -> None:
        """Free the model."""
        trial, self._trial = self._trial, None
        if trial is not None:
            self._tasks.submit(trial.close, done=lambda _: None, failed=self.failed.emit)

    def close_now(self) -> None:
        """Free the model at the end, when no task is run any more."""
        trial, self._trial = self._trial, None
        if trial is not None:
            trial.close()

    def _ask(self) -> None:
        """Recognise again; while one answer is awaited, only the last place of the dial counts."""
        self._asked += 1
        if self._asked - self._answered == 1:
            self._submit()

    def _submit(self) -> None:
        number, depth, model, trial = self._asked, self.slider.value(), self._model, self._trial

        def hear() -> tuple[DepthTrial, Recognition]:
            opened = self._open_trial(model) if trial is None else trial
            return opened, opened.hear(depth)

        self._tasks.submit(
            hear,
            done=lambda heard: self._show(number, depth, *heard),
            failed=self._fail,
            discard=lambda heard: heard[0].close(),
        )

    def _show(self, number: int, depth: int, trial: DepthTrial, recognition: Recognition) -> None:
        self._trial = trial
        self._answered = number
        if number != self._asked:
            self._answered = self._asked - 1
            self._submit()
        understood = recognition.decision.verdict is not Verdict.REJECT
        best = recognition.best
        self.result.setText(
            tr(
                "{depth} of {layers} layers, {ms} ms: {what} “{words}”, {percent} % sure",
                depth=depth,
                layers=self.slider.maximum(),
                ms=f"{recognition.latency_ms:.0f}",
                what=tr("understood") if understood else tr("not understood, nearest is"),
                words=recognition.heard if best is None else best.text,
                percent=0 if best is None else round(100 * best.confidence),
            )
        )
        set_tone(self.result, "good" if understood else "warn")

    def _fail(self, error: Exception) -> None:
        self._answered = self._asked
        self.failed.emit(error)
