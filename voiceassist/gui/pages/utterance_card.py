"""The card of one utterance: the command that was understood, what was done, and why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from voiceassist.action_spec import ActionOutcome, Risk
from voiceassist.domain import Interpretation, Recognition, RejectReason, Verdict
from voiceassist.gui.messages import (
    chip_words,
    is_typed,
    obstacle_words,
    outcome_words,
    quoted_words,
    sentence_words,
    status_words,
    title_words,
)
from voiceassist.gui.pages.utterance_details import UtteranceDetails
from voiceassist.gui.services.bridge import asked_about
from voiceassist.gui.translation import shown, tr
from voiceassist.gui.widgets.controls import (
    buttons_of,
    clear_layout,
    push_button,
    set_style_property,
    set_tone,
    text_label,
)
from voiceassist.gui.widgets.flow_layout import FlowLayout
from voiceassist.gui.widgets.theme import SPACE_PX

_MAX_CANDIDATES = 3
_TONES = {Verdict.ACT: "good", Verdict.ASK: "warn", Verdict.REJECT: "warn"}
_NOT_HEARD = frozenset({RejectReason.SILENCE, RejectReason.NOISE})


class UtteranceCard(QFrame):
    """Shows one recognition and, where it is a question, lets the user answer. While empty it offers commands.

    Attributes:
        nearest: finds the commands that read much like a typed sentence.
    """

    confirmed = Signal(object, object)
    """The recognition and the interpretation that the user chose."""
    declined = Signal(object)
    """The recognition whose question was answered with no."""
    undo_wanted = Signal(object)
    """The recognition whose action shall be undone."""
    suggested = Signal(str)
    """A command that the user clicked on the empty card."""
    focus_left = Signal()
    """The button that has the focus is about to go: whoever holds the card gives the focus to something else."""

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        """``compact`` leaves out what was heard, where room is scarce."""
        super().__init__(parent)
        self.setObjectName("card")
        self._compact = compact
        self._recognition: Recognition | None = None
        self.nearest: Callable[[str], Sequence[str]] = lambda _text: ()
        self._status = text_label(role="quiet")
        self._title = text_label(role="title", selectable=True)
        self._chips_box, self._chips = QWidget(), FlowLayout()
        self._outcome = text_label(selectable=True)
        self._undo_row = QHBoxLayout()
        self._answers = QVBoxLayout()
        self.details_button = push_button(tr("What I heard"), "link")
        self._details = UtteranceDetails()
        self._lay_out()
        self.set_suggestions(())

    @property
    def recognition(self) -> Recognition | None:
        """What the card shows."""
        return self._recognition

    @property
    def title_text(self) -> str:
        """The headline: the command as it was understood."""
        return self._title.text()

    @property
    def heard_text(self) -> str:
        """What was heard, word for word; shown on demand."""
        return self._details.heard.text()

    @property
    def outcome_text(self) -> str:
        """What the card says was done, or why nothing was."""
        return self._outcome.text()

    def set_suggestions(self, sentences: Sequence[str]) -> None:
        """Offer commands that can be said or clicked, while there is nothing else to show."""
        if self._recognition is not None:
            return
        self._clear(self._answers)
        self._status.setText("")
        self._status.hide()
        self._title.setText(tr("Try saying"))
        self._outcome.setText(tr("Or click one, or type a command below.") if sentences else "")
        self._outcome.setVisible(bool(sentences))
        self._suggest(sentences)
        self._order_tabs()

    def set_stale(self, stale: bool) -> None:
        """Grey what is shown: the user speaks again, and this is the answer to something earlier."""
        if self.property("stale") == stale or self._recognition is None:
            return
        set_style_property(self, "stale", stale)
        for label in self.findChildren(QLabel):
            label.style().unpolish(label)
            label.style().polish(label)
        if stale:
            self._clear(self._answers)

    def show_recognition(self, recognition: Recognition, *, acting: bool, live: bool = True) -> None:
        """Fill the card; ``live`` offers answers, which an old utterance from the history does not."""
        self.set_stale(False)
        self._recognition = recognition
        verdict, outcome = recognition.decision.verdict, recognition.outcome
        self._status.setText(status_words(recognition))
        self._status.show()
        tone = _TONES[verdict] if outcome is None else "good" if outcome.done else "bad"
        set_tone(self._status, "" if recognition.decision.reject_reason is RejectReason.DECLINED else tone)
        self._title.setText(title_words(recognition))
        clear_layout(self._chips)
        chips = () if recognition.best is None or verdict is Verdict.REJECT else chip_words(recognition.best)
        for words in chips:
            chip = text_label(words, "chip")
            chip.setWordWrap(False)
            self._chips.addWidget(chip)
        self._chips_box.setVisible(bool(chips))
        self._outcome.setText(outcome_words(recognition, acting=acting))
        self._outcome.show()
        self._details.show_recognition(recognition)
        self.details_button.setText(tr("Details") if is_typed(recognition) else tr("What I heard"))
        self.details_button.setVisible(not self._compact and recognition.decision.reject_reason not in _NOT_HEARD)
        if not self.details_button.isVisibleTo(self):
            self.details_button.setChecked(False)
        self._clear(self._answers)
        self._clear(self._undo_row)
        if live:
            self._offer_answers(recognition)
            self._order_tabs()
            self._announce()

    def show_undone(self, recognition: Recognition, outcome: ActionOutcome) -> None:
        """Say what came of undoing, if the card still shows that utterance."""
        if self._recognition is recognition:
            self._status.setText(tr("✓ Undone") if outcome.done else tr("✗ Not undone"))
            set_tone(self._status, "good" if outcome.done else "bad")
            self._outcome.setText(shown(outcome.message))
            self._clear(self._undo_row)
            self._announce()

    def question_buttons(self) -> list[QPushButton]:
        """The answers that can be given, the first one first."""
        return buttons_of(self._answers)

    def focus_answers(self) -> None:
        """Give the focus to the first answer, or to the one that leaves alone what cannot be put back."""
        buttons, recognition = self.question_buttons(), self._recognition
        if buttons and recognition is not None:
            risky = recognition.best is not None and recognition.best.command.risk is Risk.DESTROYS
            buttons[-1 if risky else 0].setFocus(Qt.FocusReason.OtherFocusReason)

    def decline(self) -> bool:
        """Answer a question with no; ``False`` where none is asked."""
        recognition = self._recognition
        if recognition is None or recognition.decision.verdict is not Verdict.ASK or not self.question_buttons():
            return False
        self._clear(self._answers)
        self._status.setText(tr("○ Nothing done"))
        set_tone(self._status, "")
        self._outcome.setText(tr("Left alone, as you wished."))
        self.declined.emit(recognition)
        return True

    def undo(self) -> bool:
        """Undo what the card shows; ``False`` where nothing can be undone."""
        if self._recognition is None or not buttons_of(self._undo_row):
            return False
        self._clear(self._undo_row)  # first, so that a second click cannot undo something else
        self.undo_wanted.emit(self._recognition)
        return True

    def _lay_out(self) -> None:
        self._chips_box.setLayout(self._chips)
        self._chips_box.hide()
        self.details_button.setCheckable(True)
        self.details_button.toggled.connect(self._details.setVisible)
        self.details_button.hide()
        self._details.hide()
        result = QHBoxLayout()
        result.addWidget(self._outcome, 1)
        result.addLayout(self._undo_row)
        layout = QVBoxLayout(self)
        margin = 0 if self._compact else 2 * SPACE_PX  # a frame around a compact card has margins of its own
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(SPACE_PX)
        for widget in (self._status, self._title, self._chips_box):
            layout.addWidget(widget)
        layout.addLayout(result)
        layout.addLayout(self._answers)
        layout.addWidget(self.details_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._details)

    def _offer_answers(self, recognition: Recognition) -> None:
        best, outcome = recognition.best, recognition.outcome
        if outcome is not None:
            if outcome.undo_token is not None:
                button = push_button(tr("Undo"))
                button.setAccessibleName(tr("Undo: {what}", what=shown(outcome.message)))
                button.clicked.connect(self.undo)
                self._undo_row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            return
        if best is None:
            near = self.nearest(recognition.heard) if is_typed(recognition) else ()
            if near:
                self._answers.addWidget(text_label(tr("Nearest commands"), "quiet"))
            self._suggest(near)
            return
        if recognition.decision.verdict is Verdict.ASK:
            self._add_answer(recognition, best, tr("Yes: {command}", command=best.text))
            self._add_candidates(recognition, tr("Or did you mean"), recognition.alternatives)
            button = push_button(tr("No, leave it"))
            button.clicked.connect(self.decline)
            self._answers.addWidget(button)
            button.show()
        elif recognition.decision.reject_reason is RejectReason.LOW_CONFIDENCE:
            self._add_candidates(recognition, tr("Did you mean"), (best, *recognition.alternatives))
        elif recognition.decision.reject_reason is RejectReason.NO_MATCH:
            self._answers.addWidget(text_label(obstacle_words(recognition), "quiet"))
            self._add_candidates(recognition, tr("Nearest commands"), (best, *recognition.alternatives))

    def _suggest(self, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            button = push_button(quoted_words(sentence).replace("&", "&&"), "suggestion")
            button.setAccessibleName(tr("Do: {command}", command=sentence))
            button.clicked.connect(partial(self.suggested.emit, sentence))
            self._answers.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_candidates(self, recognition: Recognition, caption: str, candidates: Sequence[Interpretation]) -> None:
        if candidates:
            self._answers.addWidget(text_label(caption, "quiet"))
        for candidate in candidates[:_MAX_CANDIDATES]:
            self._add_answer(recognition, candidate, sentence_words(candidate.text))

    def _add_answer(self, recognition: Recognition, choice: Interpretation, words: str) -> None:
        asked = recognition.decision.verdict is Verdict.ASK and choice is recognition.best
        risky = choice.command.risk is Risk.DESTROYS
        button = push_button(words.replace("&", "&&"), "" if not asked else "danger" if risky else "primary")
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self._choose(recognition, choice))
        self._answers.addWidget(button)
        button.show()  # at once, not on the next turn of the loop: it may be given the focus now

    def _choose(self, recognition: Recognition, choice: Interpretation) -> None:
        self._clear(self._answers)  # first, so that a second click cannot do it twice
        asked = recognition.decision.verdict is Verdict.ASK and choice is recognition.best
        if choice.command.risk is Risk.DESTROYS and not asked:
            self.show_recognition(asked_about(recognition, choice), acting=True)
            self.focus_answers()
        else:
            self.confirmed.emit(recognition, choice)

    def _clear(self, buttons: QLayout) -> None:
        """Take buttons away. Left alone, the focus of one would go to whatever comes next in the window."""
        focused = self.window().focusWidget()
        if focused is not None and buttons.indexOf(focused) >= 0:
            self.focus_left.emit()
        clear_layout(buttons)

    def _order_tabs(self) -> None:
        """Let the Tab key come to new buttons where they stand, not after all that is older."""
        before: QWidget = self._outcome
        for button in (*buttons_of(self._undo_row), *buttons_of(self._answers)):
            self.setTabOrder(before, button)
            before = button

    def _announce(self) -> None:
        words = ". ".join(part for part in (self._title.text(), self._outcome.text()) if part)
        self.setAccessibleName(words)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
