"""The card of one utterance: what was heard, what was understood, what was done, and why not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from voiceassist.domain import ActionOutcome, Interpretation, Recognition, RejectReason, Risk, Verdict
from voiceassist.gui.messages import intent_words, measure_words, outcome_words, slot_words
from voiceassist.gui.services.bridge import asked_about
from voiceassist.gui.widgets.controls import Bar, clear_layout, push_button, set_tone, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

_CANDIDATES = 3


class UtteranceCard(QFrame):
    """Shows one recognition and, where it is a question, lets the user answer."""

    confirmed = Signal(object, object)
    """The recognition and the interpretation that the user chose."""
    undo_wanted = Signal(object)
    """The recognition whose action shall be undone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._recognition: Recognition | None = None
        self._heard_caption = text_label("Heard", "quiet")
        self._heard = text_label("Nothing yet", "title", selectable=True)
        self._intent = text_label(role="strong")
        self._slots = text_label(role="quiet", selectable=True)
        self._confidence = Bar("Confidence")
        self._percent = text_label(role="quiet")
        self._outcome = text_label("Say something, or type a command below.", selectable=True)
        self._measures = text_label(role="quiet")
        self._answers = QVBoxLayout()
        self._confidence_row = QWidget()
        self._lay_out()
        self._show_understood(None, "")

    @property
    def recognition(self) -> Recognition | None:
        """What the card shows."""
        return self._recognition

    @property
    def heard_text(self) -> str:
        """The words on the card."""
        return self._heard.text()

    @property
    def outcome_text(self) -> str:
        """What the card says was done, or why nothing was."""
        return self._outcome.text()

    def show_recognition(self, recognition: Recognition, *, acting: bool, live: bool = True) -> None:
        """Fill the card; ``live`` offers answers, which an old utterance from the history does not."""
        self._recognition = recognition
        self._heard.setText(recognition.heard or recognition.text or "…")
        self._show_understood(recognition.best, _heading(recognition))
        self._outcome.setText(outcome_words(recognition, acting=acting))
        set_tone(self._outcome, _tone(recognition))
        self._measures.setText(measure_words(recognition))
        self._measures.show()
        clear_layout(self._answers)
        if live:
            self._offer_answers(recognition)

    def _lay_out(self) -> None:
        self._percent.setWordWrap(False)
        confidence = QHBoxLayout(self._confidence_row)
        confidence.setContentsMargins(0, 0, 0, 0)
        confidence.addWidget(self._confidence, 1, Qt.AlignmentFlag.AlignVCenter)
        confidence.addWidget(self._percent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
        layout.setSpacing(SPACE_PX)
        for widget in (
            self._heard_caption,
            self._heard,
            self._intent,
            self._slots,
            self._confidence_row,
            self._outcome,
        ):
            layout.addWidget(widget)
        layout.addLayout(self._answers)
        layout.addWidget(self._measures)
        self._measures.hide()

    def _show_understood(self, best: Interpretation | None, heading: str) -> None:
        for widget in (self._intent, self._confidence_row):
            widget.setVisible(best is not None)
        slots = () if best is None else slot_words(best)
        self._slots.setVisible(bool(slots))
        self._slots.setText("   ·   ".join(slots))
        if best is None:
            return
        words = f" (“{best.text}”)" if best.text != self._heard.text() else ""
        self._intent.setText(f"{heading}: {intent_words(best.command.intent)}{words}")
        self._confidence.set_fraction(best.confidence)
        self._percent.setText(f"{best.confidence:.0%} sure")
        self._confidence.setAccessibleDescription(self._percent.text())

    def show_undone(self, recognition: Recognition, outcome: ActionOutcome) -> None:
        """Say what came of undoing, if the card still shows that utterance."""
        if self._recognition is recognition:
            self._outcome.setText(outcome.message)
            set_tone(self._outcome, "" if outcome.done else "bad")

    def _offer_undo(self, recognition: Recognition) -> None:
        outcome = recognition.outcome
        if outcome is None or outcome.undo_token is None:
            return
        button = push_button("Undo")
        button.setAccessibleName(f"Undo: {outcome.message}")
        button.clicked.connect(lambda: self._undo(recognition))
        self._answers.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _undo(self, recognition: Recognition) -> None:
        clear_layout(self._answers)  # first, so that a second click cannot undo something else
        self.undo_wanted.emit(recognition)

    def _offer_answers(self, recognition: Recognition) -> None:
        best = recognition.best
        self._offer_undo(recognition)
        if recognition.outcome is not None or best is None:
            return
        if recognition.decision.verdict is Verdict.ASK:
            self._add_answer(recognition, best, f"Yes: {best.text}")
            self._add_candidates(recognition, "Or did you mean", recognition.alternatives)
            self._add_no()
        elif recognition.decision.reject_reason is RejectReason.LOW_CONFIDENCE:
            self._add_candidates(recognition, "Did you mean", (best, *recognition.alternatives))

    def _add_candidates(self, recognition: Recognition, caption: str, candidates: Sequence[Interpretation]) -> None:
        if candidates:
            self._answers.addWidget(text_label(caption, "quiet"))
        for candidate in candidates[:_CANDIDATES]:
            self._add_answer(recognition, candidate, candidate.text)

    def _add_answer(self, recognition: Recognition, choice: Interpretation, words: str) -> None:
        asked = recognition.decision.verdict is Verdict.ASK and choice is recognition.best
        risky = choice.command.risk is Risk.DESTROYS
        button = push_button(words.replace("&", "&&"), "" if not asked else "danger" if risky else "primary")
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self._choose(recognition, choice))
        self._answers.addWidget(button)

    def _add_no(self) -> None:
        button = push_button("No, leave it")
        button.clicked.connect(self._decline)
        self._answers.addWidget(button)

    def _choose(self, recognition: Recognition, choice: Interpretation) -> None:
        clear_layout(self._answers)  # first, so that a second click cannot do it twice
        asked = recognition.decision.verdict is Verdict.ASK and choice is recognition.best
        if choice.command.risk is Risk.DESTROYS and not asked:
            self.show_recognition(asked_about(recognition, choice), acting=True)
        else:
            self.confirmed.emit(recognition, choice)

    def _decline(self) -> None:
        clear_layout(self._answers)
        self._outcome.setText("Left alone, as you wished.")
        set_tone(self._outcome, "")


def _heading(recognition: Recognition) -> str:
    return "Nearest command" if recognition.decision.verdict is Verdict.REJECT else "Understood"


def _tone(recognition: Recognition) -> str:
    if recognition.outcome is not None:
        return "good" if recognition.outcome.done else "bad"
    return {Verdict.ACT: "", Verdict.ASK: "warn", Verdict.REJECT: "bad"}[recognition.decision.verdict]
