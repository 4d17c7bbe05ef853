"""What is wrong with command files, each mistake with a button that opens the file at its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from voiceassist.errors import GrammarError
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import buttons_of, clear_layout, push_button, set_tone, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

_FEW = 5
"""So many mistakes leave room for the rest of the page."""
_MAX_SHOWN = 100


class CommandProblems(QFrame):
    """A card that is there only while something is wrong."""

    def __init__(self, open_path: Callable[[Path, int], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._open_path = open_path
        self._shown: list[str] = []
        self._all = False
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
        """Say all that is wrong, the first few mistakes until the user wants more; nothing hides the card."""
        clear_layout(self._grid)
        self._shown = []
        mistakes = [mistake for problem in problems for mistake in problem.mistakes]
        self._all = self._all and len(mistakes) > _FEW
        if len(mistakes) > 1:
            self._add_line(tr("{count} mistakes in command files", count=len(mistakes)))
        shown = _MAX_SHOWN if self._all else _FEW
        for problem in mistakes[:shown]:
            button = None if problem.file is None else push_button(tr("Open"))
            self._add_line(problem_words(problem), button)
            if button is not None:
                path, line = Path(problem.file or ""), problem.line or 0
                button.setAccessibleName(tr("Open {file}", file=path.name))
                button.clicked.connect(lambda _checked=False, path=path, line=line: self._open_path(path, line))
        if len(mistakes) > shown:
            button = None if self._all else push_button(tr("Show all"))
            self._add_line(tr("and {count} more", count=len(mistakes) - shown), button)
            if button is not None:
                button.clicked.connect(lambda: self._show_all(problems))
        self.setAccessibleName(self.text)
        self.setVisible(bool(problems))

    def _show_all(self, problems: Sequence[GrammarError]) -> None:
        self._all = True
        self.show_problems(problems)
        following = buttons_of(self._grid)[_FEW]
        following.show()  # at once, so that it can have the focus
        following.setFocus(Qt.FocusReason.OtherFocusReason)

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
    words = mistake_words(problem)
    return words if problem.file is None else f"{place_words(problem.file, problem.line)}: {words}"


def mistake_words(problem: GrammarError) -> str:
    """What is wrong and what to do, without the place."""
    return f"{tr(problem.what)} ({tr(problem.hint)})"


def place_words(file: str, line: int | None) -> str:
    """Where something stands: ``lights.yaml, line 3``."""
    name = Path(file).name
    return tr("{file}, line {line}", file=name, line=line) if line else name
