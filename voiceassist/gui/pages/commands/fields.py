"""The inputs of an action's parameters in the command editor."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QWidget

from voiceassist.action_spec import ActionSpec, Parameter, ValueKind
from voiceassist.gui.translation import mark, tr
from voiceassist.gui.widgets.controls import push_button, row

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
_EXAMPLES = {"argv": mark("for example: firefox --private-window"), "done": mark("for example: good night")}
_MAIN_FIELDS = {"program.run": ("argv", "done", "output")}


class ParameterField:
    """The input of one parameter."""

    def __init__(self, parameter: Parameter, changed: Callable[[], None]) -> None:
        self._kind = parameter.kind
        words = parameter_words(parameter)
        self._line: QLineEdit | None = None
        self._choice: QComboBox | QCheckBox | None = None
        if parameter.choices:
            box = QComboBox()
            box.addItems([tr("Default"), *parameter.choices])
            box.currentIndexChanged.connect(changed)
            self._choice = box
        elif parameter.kind is ValueKind.FLAG:
            switch = QCheckBox(tr("yes"))
            switch.toggled.connect(changed)
            self._choice = switch
        else:
            self._line = QLineEdit()
            example = _EXAMPLES.get(parameter.name)
            self._line.setPlaceholderText(tr(example) if example else parameter.description)
            self._line.textChanged.connect(changed)
        self.input: QWidget = self._line or self._choice or QWidget()
        self.input.setAccessibleName(words)
        self.widget: QWidget = self.input
        self.tab_last: QWidget = self.input
        if parameter.name == "argv":
            self.widget = self._with_browse()

    def value(self) -> Any:
        """What the command file gets; ``None`` or empty for nothing."""
        if isinstance(self._choice, QComboBox):
            return self._choice.currentText() if self._choice.currentIndex() > 0 else ""
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
            self._choice.setCurrentIndex(max(0, self._choice.findText(str(value))))
        elif isinstance(self._choice, QCheckBox):
            self._choice.setChecked(bool(value))
        elif self._line is not None:
            self._line.setText(shlex.join(map(str, value)) if isinstance(value, list) else str(value))

    def _with_browse(self) -> QWidget:
        box = QWidget()
        self.tab_last = button = push_button(tr("Browse…"))
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


def shown_parameters(spec: ActionSpec) -> list[Parameter]:
    """The parameters that have a field; of actions with many, the main ones."""
    main = _MAIN_FIELDS.get(spec.name)
    return [
        parameter
        for parameter in spec.parameters
        if can_be_written(parameter) and (main is None or parameter.name in main)
    ]


def can_be_written(parameter: Parameter) -> bool:
    """It can be given in a line of text, or left out."""
    return parameter.kind not in (ValueKind.MAPPING, ValueKind.ANY) or not parameter.required


def parameter_words(parameter: Parameter) -> str:
    """The parameter's name in plain words."""
    known = _PLAIN_NAMES.get(parameter.name)
    return tr(known) if known else parameter.name.replace("_", " ").capitalize()
