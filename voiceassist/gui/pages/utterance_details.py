"""What was heard, how sure that is, and how long it took."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from voiceassist.domain import Recognition
from voiceassist.gui.messages import measure_words
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import Bar, text_label
from voiceassist.gui.widgets.theme import SPACE_PX


class UtteranceDetails(QWidget):
    """The small print of the card, shown on demand."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = text_label(role="quiet", selectable=True)
        self.confidence = Bar(tr("Confidence"))
        self.percent = text_label(role="quiet")
        self.percent.setWordWrap(False)
        self.measures = text_label(role="quiet")
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.confidence, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.percent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_PX)
        for widget in (self.heard, self._row, self.measures):
            layout.addWidget(widget)

    def show_recognition(self, recognition: Recognition) -> None:
        """Fill in the details of an utterance."""
        best = recognition.best
        self.heard.setText(recognition.heard or recognition.text or "…")
        self._row.setVisible(best is not None)
        if best is not None:
            self.confidence.set_fraction(best.confidence)
            self.percent.setText(tr("{percent} % sure", percent=round(100 * best.confidence)))
            self.confidence.setAccessibleDescription(self.percent.text())
        self.measures.setText(measure_words(recognition))
