"""New command: "When I say ... do ...", checked while one types."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from voiceassist.domain import ActionSpec, Parameter, ValueKind
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.services.interfaces import CheckCommand, CommandCheck
from voiceassist.gui.services.own_commands import OwnCommand
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import mark, tr
from voiceassist.gui.widgets.controls import page_layout, push_button, row, set_tone, text_label
from voiceassist.gui.widgets.yaml_view import YamlView

_CHECK_AFTER_MS = 250
_FIRST = (
    ("program.run", mark("Run a program")),
    ("url.open", mark("Open a web page")),
    ("app.open", mark("Open an application")),
    ("keys.press", mark("Press keys")),
    ("text.type", mark("Type a text")),
)
_PLAIN_NAMES = {
    "argv": mark("Program and what it is given"),
    "url": mark("Address"),
    "app": mark("Application"),
    "keys": mark("Keys"),
    "text": mark("Text"),
    "output": mark("What to do with what it prints"),
    "done": mark("What to say when it is done"),
    "folder": mark("In the folder"),
}
_MAIN_FIELDS = {"program.run": ("argv", "done", "output")}
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")


class CommandEditor(QDialog):
    """Writes nothing itself: ``finished_command`` carries the command, which the page saves."""

    finished_command = Signal(object)

    def __init__(
        self,
        actions: Sequence[ActionSpec],
        check: CheckCommand,
        command: OwnCommand | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._specs = {spec.name: spec for spec in actions}
        self._check = check
        self._intent = "" if command is None else command.intent
        self._tasks = TaskThread("voiceassist-check", self)
        self._fields: dict[str, _Field] = {}
        self._kept: Mapping[str, Any] = {}
        self.sentences = QPlainTextEdit()
        self.action = QComboBox()
        self.form = QFormLayout()
        self.status = text_label()
        self.try_line = QLineEdit()
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
        self._tasks.close()
        super().done(result)

    def _fill(self) -> None:
        first = dict(_FIRST)
        for name, words in _FIRST:
            if name in self._specs:
                self.action.addItem(tr(words), name)
        for name, spec in sorted(self._specs.items(), key=lambda item: item[1].description):
            if name not in first and all(_can_be_written(parameter) for parameter in spec.parameters):
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
        column.addWidget(self.try_line)
        column.addWidget(self.meaning)
        column.addLayout(row(self.file_button))
        column.addWidget(self.file)
        column.addStretch(1)
        self.file.hide()
        inner, area = QWidget(), QScrollArea()
        inner.setLayout(column)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.addWidget(area, 1)
        buttons = row(self.save_button, self.cancel_button)
        buttons.setContentsMargins(16, 0, 16, 4)
        layout.addLayout(buttons)
        screen = self.screen().availableGeometry()
        self.resize(min(640, screen.width() - 40), min(620, screen.height() - 60))

    def _connect(self) -> None:
        self.sentences.textChanged.connect(self._changed)
        self.action.currentIndexChanged.connect(self._show_fields)
        self.try_line.textChanged.connect(self._changed)
        self.file_button.toggled.connect(self.file.setVisible)
        self.save_button.clicked.connect(self._save)
        self.cancel_button.clicked.connect(self.reject)
        self._timer.timeout.connect(self._run_check)

    def _show_fields(self) -> None:
        while self.form.rowCount():
            self.form.removeRow(0)
        self._fields = {}
        spec = self._specs.get(self.action.currentData())
        for parameter in () if spec is None else _shown(spec):
            field = _Field(parameter, self._changed)
            self._fields[parameter.name] = field
            self.form.addRow(_parameter_words(parameter), field.widget)
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
            lambda: self._check(text, tried), done=lambda found: self._show_check(command, found), failed=self._fail
        )

    def _missing(self, command: OwnCommand) -> str:
        """What is still to be written."""
        if not command.sentences:
            return tr("Write what you will say.")
        said = {name for sentence in command.sentences for pair in _SLOT.findall(sentence) for name in pair if name}
        spec = self._specs.get(command.action)
        for parameter in () if spec is None else spec.parameters:
            if parameter.required and parameter.name not in command.arguments and parameter.name not in said:
                return tr("Still missing: {field}", field=_parameter_words(parameter))
        return ""

    def _show_check(self, command: OwnCommand, found: CommandCheck) -> None:
        if command != self.command():
            return  # more was typed meanwhile, and the next check is due
        self.file.mark_lines(line for line, _ in found.problems if line)
        if found.problems:
            self._show_status("\n".join(words for _, words in found.problems), "bad")
        else:
            words = [tr("✓ This works.")]
            if found.allowed:
                words.append(tr("Saving it allows this: {what}", what="; ".join(found.allowed)))
            self._show_status("\n".join(words), "good")
        self.save_button.setEnabled(not found.problems)
        tried = bool(self.try_line.text().strip())
        self.meaning.setText(
            ""
            if not tried
            else tr("✓ That is this command.")
            if found.understood
            else tr("✗ That is not this command.")
        )

    def _show_status(self, words: str, tone: str) -> None:
        self.status.setText(words)
        set_tone(self.status, tone)

    def _fail(self, error: VoiceAssistError) -> None:
        self._show_status(f"{error.message} ({error.hint})", "bad")

    def _save(self) -> None:
        self.finished_command.emit(self.command())
        self.accept()


class _Field:
    """The input of one parameter."""

    def __init__(self, parameter: Parameter, changed: Callable[[], None]) -> None:
        self._kind = parameter.kind
        words = _parameter_words(parameter)
        self._line: QLineEdit | None = None
        self._choice: QComboBox | QCheckBox | None = None
        if parameter.choices:
            box = QComboBox()
            box.addItems(["", *parameter.choices])
            box.currentIndexChanged.connect(changed)
            self._choice = box
        elif parameter.kind is ValueKind.FLAG:
            switch = QCheckBox(tr("yes"))
            switch.toggled.connect(changed)
            self._choice = switch
        else:
            self._line = QLineEdit()
            self._line.setPlaceholderText(parameter.description)
            self._line.textChanged.connect(changed)
        self.input: QWidget = self._line or self._choice or QWidget()
        self.input.setAccessibleName(words)
        self.widget: QWidget = self.input
        if parameter.name == "argv":
            self.widget = self._with_browse()

    def value(self) -> Any:
        """What the command file gets; ``None`` or empty for nothing."""
        if isinstance(self._choice, QComboBox):
            return self._choice.currentText()
        if isinstance(self._choice, QCheckBox):
            return self._choice.isChecked()
        text = "" if self._line is None else self._line.text().strip()
        try:
            if text and self._kind is ValueKind.NUMBER:
                return float(text) if "." in text else int(text)
            return shlex.split(text) if self._kind is ValueKind.TEXTS else text
        except ValueError:
            return text  # the check says what is wrong with it

    def show_value(self, value: Any) -> None:
        """Show a value of a command file."""
        if isinstance(self._choice, QComboBox):
            self._choice.setCurrentText(str(value))
        elif isinstance(self._choice, QCheckBox):
            self._choice.setChecked(bool(value))
        elif self._line is not None:
            self._line.setText(shlex.join(map(str, value)) if isinstance(value, list) else str(value))

    def _with_browse(self) -> QWidget:
        box = QWidget()
        button = push_button(tr("Browse…"))
        layout = row(self.input, button, stretch_last=True)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setStretch(0, 1)
        box.setLayout(layout)
        button.clicked.connect(self._browse)
        return box

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.widget, tr("Choose a program"), str(Path("/usr/bin")))
        if path and self._line is not None:
            self._line.setText(shlex.join([path]))


def _shown(spec: ActionSpec) -> list[Parameter]:
    """The parameters that have a field; of actions with many, the main ones."""
    main = _MAIN_FIELDS.get(spec.name)
    return [
        parameter
        for parameter in spec.parameters
        if _can_be_written(parameter) and (main is None or parameter.name in main)
    ]


def _can_be_written(parameter: Parameter) -> bool:
    return parameter.kind not in (ValueKind.MAPPING, ValueKind.ANY) or not parameter.required


def _parameter_words(parameter: Parameter) -> str:
    known = _PLAIN_NAMES.get(parameter.name)
    return tr(known) if known else parameter.name.replace("_", " ").capitalize()
