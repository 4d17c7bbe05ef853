"""What is wrong with command files, each with a button that opens the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from voiceassist.errors import GrammarError
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import clear_layout, push_button, set_tone, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

_MAX_SHOWN = 5


class CommandProblems(QFrame):
    """A card that is there only while something is wrong."""

    def __init__(self, open_path: Callable[[Path, int], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._open_path = open_path
        self._shown: list[str] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * SPACE_PX, SPACE_PX, 2 * SPACE_PX, SPACE_PX)
        self._grid.setSpacing(SPACE_PX)
        self._grid.setColumnStretch(0, 1)
        self.hide()

    @property
    def text(self) -> str:
        """All that the card says."""
        return "\n".join(self._shown)

    def show_problems(self, problems: Sequence[GrammarError]) -> None:
        """Say what is wrong; nothing hides the card."""
        clear_layout(self._grid)
        self._shown = []
        for problem in problems[:_MAX_SHOWN]:
            button = None if problem.file is None else push_button(tr("Open"))
            self._add_line(problem_words(problem), button)
            if button is not None:
                path, line = Path(problem.file or ""), problem.line or 0
                button.setAccessibleName(tr("Open {file}", file=path.name))
                button.clicked.connect(lambda _checked=False, path=path, line=line: self._open_path(path, line))
        if len(problems) > _MAX_SHOWN:
            self._add_line(tr("and {count} more", count=len(problems) - _MAX_SHOWN))
        self.setAccessibleName(self.text)
        self.setVisible(bool(problems))

    def _add_line(self, words: str, button: QWidget | None = None) -> None:
        label = text_label(words, selectable=True)
        set_tone(label, "bad")
        at = self._grid.rowCount()
        self._grid.addWidget(label, at, 0)
        if button is not None:
            self._grid.addWidget(button, at, 1, Qt.AlignmentFlag.AlignTop)
        self._shown.append(words)


def problem_words(problem: GrammarError) -> str:
    """File, line, what is wrong and what to do: ``lights.yaml, line 3: there is no list 'room' (did you mean ...)``."""
    if problem.file is None:
        return str(problem)
    what = problem.message.removeprefix(problem.file).lstrip(":0123456789").strip()
    return f"{place_words(problem.file, problem.line)}: {what} ({problem.hint})"


def place_words(file: str, line: int | None) -> str:
    """Where something stands: ``lights.yaml, line 3``."""
    name = Path(file).name
    return tr("{file}, line {line}", file=name, line=line) if line else name
