"""New command: "When I say ... do ...", checked while one types."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from voiceassist.action_spec import ActionSpec
from voiceassist.domain import Recognition, Verdict
from voiceassist.gui.messages import consent_words, error_words, intent_words, outcome_words
from voiceassist.gui.pages.commands.fields import ParameterField, can_be_written, parameter_words, shown_parameters
from voiceassist.gui.pages.commands.problems import mistake_words
from voiceassist.gui.services.command_views import CommandCheck, CommandToolsLike
from voiceassist.gui.services.own_commands import OwnCommand
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import mark, tr
from voiceassist.gui.widgets.controls import (
    Bar,
    fill_dialog,
    level_fraction,
    page_layout,
    push_button,
    row,
    set_tone,
    text_label,
)
from voiceassist.gui.widgets.yaml_view import YamlView

_CHECK_AFTER_MS = 250
_FIRST = (
    ("program.run", mark("Run a program")),
    ("url.open", mark("Open a web page")),
    ("app.open", mark("Open an application")),
    ("keys.press", mark("Press keys")),
    ("text.type", mark("Type a text")),
)
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")


class CommandEditor(QDialog):
    """Writes nothing itself: ``finished_command`` carries the command, which the page saves."""

    finished_command = Signal(object)
    testing = Signal(bool)
    """The microphone listens to a trial: what is said meanwhile is not meant as a command."""
    _level = Signal(float)

    def __init__(
        self,
        actions: Sequence[ActionSpec],
        tools: CommandToolsLike,
        command: OwnCommand | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._specs = {spec.name: spec for spec in actions}
        self._tools = tools
        self._cancelled = False
        self._intent = "" if command is None else command.intent
        self._tasks = TaskThread("voiceassist-check", self)
        self._fields: dict[str, ParameterField] = {}
        self._kept: Mapping[str, Any] = {}
        self.sentences = QPlainTextEdit()
        self.action = QComboBox()
        self.form = QFormLayout()
        self.status = text_label()
        self.try_line = QLineEdit()
        self.say_button = push_button(tr("Say it"))
        self.level = Bar(tr("Microphone level"))
        self.meaning = text_label(role="quiet")
        self.file_button = push_button(tr("Show the file"), "link")
        self.file = YamlView()
        self.save_button = push_button(tr("Save"), "primary")
        self.cancel_button = push_button(tr("Cancel"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_AFTER_MS)
        self._fill()
        self._lay_out()
        self._connect()
        self._show_fields()
        if command is not None:
            self._show_command(command)
        self._changed()

    def command(self) -> OwnCommand:
        """The command as it is written so far."""
        lines = tuple(filter(None, (line.strip() for line in self.sentences.toPlainText().splitlines())))
        values = {name: field.value() for name, field in self._fields.items()}
        arguments = {name: value for name, value in values.items() if value not in (None, "", [])}
        kept = {name: value for name, value in self._kept.items() if name not in self._fields}
        return OwnCommand(lines, self.action.currentData(), {**kept, **arguments}, self._intent)

    def done(self, result: int) -> None:
        """Join the thread when the dialog goes away."""
        self._timer.stop()
        self._cancelled = True
        self._tasks.close()
        if not self.level.isHidden():
            self.testing.emit(False)
        super().done(result)

    def _fill(self) -> None:
        first = dict(_FIRST)
        for name, words in _FIRST:
            if name in self._specs:
                self.action.addItem(tr(words), name)
        for name, spec in sorted(self._specs.items(), key=lambda item: item[1].description):
            if name not in first and all(can_be_written(parameter) for parameter in spec.parameters):
                self.action.addItem(spec.description.rstrip("."), name)
        self.action.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.action.setMinimumContentsLength(30)
        self.action.setMaxVisibleItems(14)
        self.action.setAccessibleName(tr("What to do"))
        self.sentences.setAccessibleName(tr("What I say"))
        self.sentences.setPlaceholderText(tr("open my mail\nshow [me] (my|the) mail"))
        self.sentences.setTabChangesFocus(True)
        self.sentences.setFixedHeight(3 * self.fontMetrics().lineSpacing() + 24)
        self.try_line.setPlaceholderText(tr("Try a sentence: nothing is done"))
        self.try_line.setAccessibleName(tr("Try a sentence"))
        self.file.setReadOnly(True)
        self.file.setAccessibleName(tr("The command file"))
        self.file.setFixedHeight(10 * self.fontMetrics().lineSpacing())
        self.file_button.setCheckable(True)

    def _lay_out(self) -> None:
        self.setWindowTitle(tr("My command"))
        column = page_layout()
        hint = tr("One sentence a line. Words in [brackets] may be left out, (one|another) is either.")
        for widget in (
            text_label(tr("When I say"), "heading"),
            self.sentences,
            text_label(hint, "quiet"),
            text_label(tr("do this"), "heading"),
            self.action,
        ):
            column.addWidget(widget)
        column.addLayout(self.form)
        column.addWidget(self.status)
        trial = row(self.try_line, self.say_button, stretch_last=True)
        trial.setStretch(0, 1)
        column.addLayout(trial)
        column.addWidget(self.level)
        column.addWidget(self.meaning)
        column.addLayout(row(self.file_button))
        column.addWidget(self.file)
        column.addStretch(1)
        self.file.hide()
        self.level.hide()
        fill_dialog(self, column, row(self.save_button, self.cancel_button), height_px=620)

    def _connect(self) -> None:
        self.sentences.textChanged.connect(self._changed)
        self.action.currentIndexChanged.connect(self._show_fields)
        self.try_line.textChanged.connect(self._changed)
        self.file_button.toggled.connect(self.file.setVisible)
        self.say_button.clicked.connect(self._say)
        self._level.connect(lambda level_db: self.level.set_fraction(level_fraction(level_db)))
        self.save_button.clicked.connect(lambda: self.finished_command.emit(self.command()))
        self.save_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self._timer.timeout.connect(self._run_check)

    def _show_fields(self) -> None:
        while self.form.rowCount():
            self.form.removeRow(0)
        self._fields = {}
        spec = self._specs.get(self.action.currentData())
        before: QWidget = self.action
        for parameter in () if spec is None else shown_parameters(spec):
            field = ParameterField(parameter, self._changed)
            self._fields[parameter.name] = field
            label = QLabel(parameter_words(parameter))
            label.setMinimumHeight(field.widget.sizeHint().height())  # in the middle of the field
            label.setBuddy(field.input)
            self.form.addRow(label, field.widget)
            self.setTabOrder(before, field.input)
            before = field.tab_last
            if before is not field.input:
                self.setTabOrder(field.input, before)
        self.setTabOrder(before, self.try_line)
        self._changed()

    def _show_command(self, command: OwnCommand) -> None:
        self.sentences.setPlainText("\n".join(command.sentences))
        self._kept = command.arguments
        if command.action and self.action.findData(command.action) < 0:
            self.action.addItem(command.action, command.action)
        self.action.setCurrentIndex(max(0, self.action.findData(command.action)))
        for name, value in command.arguments.items():
            if name in self._fields:
                self._fields[name].show_value(value)

    def _changed(self) -> None:
        self.save_button.setEnabled(False)
        self.say_button.setEnabled(False)
        self._timer.start()

    def _run_check(self) -> None:
        command = self.command()
        text = command.to_yaml()
        self.file.setPlainText(text)
        problem = self._missing(command)
        if problem:
            self._show_status(problem, "")
            return
        tried = self.try_line.text().strip()
        self._tasks.submit(
            lambda: self._tools.check(text, tried),
            done=lambda found: self._show_check(command, found),
            failed=lambda error: self._show_status(f"{error.message} ({error.hint})", "bad"),
        )

    def _missing(self, command: OwnCommand) -> str:
        """What is still to be written."""
        if not command.sentences:
            return tr("Write what you will say.")
        said = {name for sentence in command.sentences for pair in _SLOT.findall(sentence) for name in pair if name}
        spec = self._specs.get(command.action)
        for parameter in () if spec is None else spec.parameters:
            if parameter.required and parameter.name not in command.arguments and parameter.name not in said:
                return tr("Still missing: {field}", field=parameter_words(parameter))
        return ""

    def _show_check(self, command: OwnCommand, found: CommandCheck) -> None:
        if command != self.command():
            return  # more was typed meanwhile, and the next check is due
        self.file.mark_lines(problem.line for problem in found.problems if problem.line)
        if found.problems:
            self._show_status("\n".join(map(mistake_words, found.problems)), "bad")
        else:
            words = [tr("✓ This works.")]
            if found.allowed:
                words.append(tr("Saving it allows this: {what}", what="; ".join(map(consent_words, found.allowed))))
            self._show_status("\n".join(words), "good")
        self.save_button.setEnabled(not found.problems)
        self.say_button.setEnabled(not found.problems)
        tried = bool(self.try_line.text().strip())
        self.meaning.setText(
            ""
            if not tried
            else tr("✓ That is this command.")
            if found.understood
            else tr("✗ That is not this command.")
        )

    def _say(self) -> None:
        """Listen to a sentence, and tell whether it is this command; nothing is done."""
        command = self.command()
        text = command.to_yaml()
        self._show_listening(True)
        self.meaning.setText(tr("Say it now: I listen for a few seconds."))
        # thread: the task's
        self._tasks.submit(
            lambda: self._tools.hear_draft(text, self._level.emit, lambda: self._cancelled),
            done=lambda heard: self._show_heard(command, heard),
            failed=lambda error: self._show_heard(command, None, error_words(error)),
        )

    def _show_heard(self, command: OwnCommand, heard: Recognition | None, problem: Sequence[str] = ()) -> None:
        self._show_listening(False)
        if heard is None:
            self.meaning.setText("\n".join(problem))
            return
        words, best = heard.heard or heard.text, heard.best
        if best is None or heard.decision.verdict is Verdict.REJECT:
            self.meaning.setText(tr("✗ I heard “{words}”. {why}", words=words, why=outcome_words(heard, acting=False)))
        elif best.command.intent == command.name:
            self.meaning.setText(tr("✓ I heard “{words}”: that is this command.", words=best.text))
        else:
            name = intent_words(best.command.intent)
            self.meaning.setText(tr("✗ I heard “{words}”: that is the command “{name}”.", words=best.text, name=name))

    def _show_listening(self, listening: bool) -> None:
        self.testing.emit(listening)
        self.level.setVisible(listening)
        self.level.set_fraction(0.0)
        self.say_button.setEnabled(not listening)

    def _show_status(self, words: str, tone: str) -> None:
        self.status.setText(words)
        set_tone(self.status, tone)
