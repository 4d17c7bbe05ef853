"""A look over all commands: sentences that sound alike, sentences with two meanings, and the report of a test file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout, QWidget

from voiceassist.errors import GrammarError, VoiceAssistError
from voiceassist.grammar.compiler.ambiguity import Ambiguity
from voiceassist.grammar.compiler.doubtful_sentences import DoubtfulSentence
from voiceassist.grammar.compiler.sound_alikes import SoundAlike
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.gui.messages import error_words, intent_words
from voiceassist.gui.pages.commands.problems import place_words, problem_words
from voiceassist.gui.services.command_views import AlikePair, CommandReview, CommandTests, CommandToolsLike, WrongTest
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import mark, tr
from voiceassist.gui.widgets.controls import (
    choose_file,
    clear_layout,
    fill_dialog,
    page_layout,
    push_button,
    row,
    set_tone,
    text_label,
)
from voiceassist.gui.widgets.theme import SPACE_PX

if TYPE_CHECKING:
    from voiceassist.gui.services.command_views import CommandWarning

_PLACE = re.compile(r"(.+?):(\d+):\d+: ")
_CLOSE_MARGIN = 8.0
"""In nats: sentences that differ by less are worth a warning."""


class ReviewDialog(QDialog):
    """Looks while it is open; closing it ends that."""

    finished_look = Signal()
    """What was looked for is shown."""

    def __init__(self, tools: CommandToolsLike, own_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._cancelled = False
        self._shown: list[str] = []
        self._tasks = TaskThread("voiceassist-review", self)
        self.findings = QVBoxLayout()
        self.status = text_label()
        self.progress = QProgressBar()
        self.tests_button = push_button(tr("Run a test file…"))
        self.close_button = push_button(tr("Close"))
        self._lay_out()
        self.tests_button.clicked.connect(
            lambda: choose_file(
                self, tr("Run a test file"), tr("Tests ({pattern})", pattern="*.yaml *.yml"), self.run_tests
            )
        )
        self.close_button.clicked.connect(self.reject)
        self._begin(tr("Looking for sentences that sound alike…"))
        self._tasks.submit(
            lambda: tools.review(own_folder, lambda: self._cancelled), done=self._show_review, failed=self._show_failure
        )

    def run_tests(self, file: Path) -> None:
        """Run the tests of a file and show what was wrong."""
        self._begin(tr("Running the tests of {file}…", file=file.name))
        self._tasks.submit(
            lambda: self._tools.run_tests(file),
            done=lambda tests: self._show_tests(file, tests),
            failed=self._show_failure,
        )

    def done(self, result: int) -> None:
        """Join the thread when the dialog goes away."""
        self._cancelled = True
        self._tasks.close()
        super().done(result)

    @property
    def words(self) -> str:
        """All that is shown, line by line."""
        return "\n".join([self.status.text(), *self._shown])

    def _lay_out(self) -> None:
        self.setWindowTitle(tr("Check all commands"))
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Progress"))
        column = page_layout()
        column.addWidget(self.status)
        column.addWidget(self.progress)
        column.addLayout(self.findings)
        column.addStretch(1)
        fill_dialog(self, column, row(self.close_button, self.tests_button), height_px=320)

    def _begin(self, words: str) -> None:
        clear_layout(self.findings)
        self._shown.clear()
        self._end(words, "")
        self.progress.show()
        self.tests_button.setEnabled(False)

    def _end(self, words: str, tone: str) -> None:
        self.progress.hide()
        self.tests_button.setEnabled(True)
        self.status.setText(words)
        set_tone(self.status, tone)

    def _show_failure(self, error: VoiceAssistError) -> None:
        self._end("\n".join(error_words(error)), "bad")
        self.finished_look.emit()

    def _show_review(self, review: CommandReview) -> None:
        close = [pair for pair in review.alike if pair.margin < _CLOSE_MARGIN]
        found = len(close) + len(review.warnings)
        self._end(
            tr("Nothing stands out: no sentence that was tried sounds like another command, and none has two meanings.")
            if not found
            else tr("Look at these: what sounds alike, what means two things, and what cannot be done here."),
            "warn" if found else "good",
        )
        if close:
            self._add_heading(tr("Sound alike"))
        for pair in close:
            self._add(_pair_words(pair))
        if review.warnings:
            self._add_heading(tr("In the files"))
        for warning in review.warnings:
            self._add(_warning_words(warning))
        self.finished_look.emit()

    def _show_tests(self, file: Path, tests: CommandTests) -> None:
        right = tests.count - len(tests.wrong)
        self._end(
            tr("{file}: {right} of {count} tests are right.", file=file.name, right=right, count=tests.count),
            "warn" if tests.wrong else "good",
        )
        for wrong in tests.wrong:
            self._add(_wrong_words(wrong))
        self.finished_look.emit()

    def _add_heading(self, words: str) -> None:
        heading = text_label(words, "heading")
        heading.setContentsMargins(0, SPACE_PX, 0, 0)
        self.findings.addWidget(heading)

    def _add(self, words: str) -> None:
        self._shown.append(words)
        self.findings.addWidget(text_label(words, selectable=True))


def _pair_words(pair: AlikePair) -> str:
    return tr(
        "“{said}” ({intent}) could be taken for “{other}” ({other_intent})",
        said=pair.said,
        intent=intent_words(pair.intent),
        other=pair.taken_for,
        other_intent=intent_words(pair.other_intent),
    )


def _warning_words(warning: CommandWarning) -> str:
    """What is wrong, where, and what to do, without paths and names of intents."""
    if isinstance(warning, GrammarError):
        return problem_words(warning)
    if isinstance(warning, Ambiguity):
        return tr(
            "“{said}” means two things: {winner} ({winner_place}) and {loser} ({loser_place}). Only the first is ever "
            "done. Change one of the two sentences.",
            said=warning.text,
            winner=intent_words(warning.winner.intent),
            winner_place=_place(warning.winner.place),
            loser=intent_words(warning.loser.intent),
            loser_place=_place(warning.loser.place),
        )
    if isinstance(warning, SoundAlike):
        return _alike_words(warning)
    if isinstance(warning, DoubtfulSentence):
        words = (
            mark(
                "“{said}” can be said ({place}), which ends with “{word}”. Make fewer words of that sentence optional."
            )
            if warning.dangling
            else mark(
                "“{said}” can be said ({place}), which has “{word}” twice. Make fewer words of that sentence optional."
            )
        )
        return tr(words, said=warning.text, place=_place(warning.place), word=warning.word)
    found = _PLACE.match(warning)
    return warning if found is None else f"{place_words(found[1], int(found[2]))}: {warning[found.end() :]}"


def _alike_words(alike: SoundAlike) -> str:
    first, second = alike.first.template.text, alike.second.template.text
    words = (
        mark(
            "“{second}” is in the list “{list}” twice ({place}). Only the first is ever understood. Delete one of "
            "them, or give it another name."
        )
        if first == second
        else mark(
            "“{second}” in the list “{list}” ({place}) sounds like “{first}”, so only “{first}” is ever understood. "
            "Give it another name, or tell with “sounds_like:” how it is said."
        )
    )
    return tr(words, first=first, second=second, list=alike.list_name, place=_place(alike.second.template.place))


def _place(place: SourcePosition) -> str:
    return place_words(place.file, place.line)


def _wrong_words(wrong: WrongTest) -> str:
    expected = intent_words(wrong.expected) if wrong.expected else tr("no command")
    found = intent_words(wrong.found) if wrong.found else tr("no command")
    heard = "" if wrong.heard == wrong.text else " " + tr("(heard: “{words}”)", words=wrong.heard)
    return tr(
        "✗ “{said}”{heard}: expected {expected}, found {found}   {place}",
        said=wrong.text,
        heard=heard,
        expected=expected,
        found=found,
        place=Path(wrong.place).name,
    )
