"""The list of commands for Qt's views: the user's own on top, quick with ten thousand of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from voiceassist.gui.messages import intent_words, quoted_words
from voiceassist.gui.services.command_views import CommandExamples
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.two_lines import SECOND_ROLE

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One row: a command that can be said, or a file of the user's that is switched off."""

    command: CommandExamples
    own: bool = False
    off: bool = False

    @property
    def searched(self) -> str:
        """All that it can be found by."""
        command = self.command
        name = "" if command.file is None else command.file.name
        explained = (command.description, self.description)
        words = (command.intent, intent_words(command.intent), *explained, command.example, name)
        return "\n".join((*words, *command.sentences)).casefold()

    @property
    def description(self) -> str:
        """What it does, in the language of the window where it came with the program."""
        written = self.command.description
        return tr(written) if written and not self.own else written

    @property
    def title(self) -> str:
        """An example of what to say, or the command's name."""
        example = self.command.example
        return quoted_words(example) if example else intent_words(self.command.intent)

    @property
    def second(self) -> str:
        """What it does, and what is special about it."""
        marks = [words for words, is_so in ((tr("my own"), self.own), (tr("switched off"), self.off)) if is_so]
        name = intent_words(self.command.intent)
        explained = self.description or (name if name not in self.title else "")
        return " · ".join(filter(None, [*marks, self.command.missing and tr(self.command.missing), explained]))


def rows_of(commands: Sequence[CommandExamples], own_folder: Path, off: Sequence[Path]) -> list[CommandRow]:
    """The rows, own ones first."""
    own_files = {file for file in {command.file for command in commands} if file and file.parent == own_folder}
    rows = [CommandRow(command, command.file in own_files) for command in commands]
    rows += [
        CommandRow(CommandExamples(path.name.partition(".")[0], (), file=path), own=True, off=True) for path in off
    ]
    return sorted(rows, key=lambda row: not row.own)


class CommandListModel(QAbstractListModel):
    """Rows that hold what is searched for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[CommandRow] = []
        self._rows: list[CommandRow] = []
        self._wanted = ""
        self._searched: list[str] | None = None

    @property
    def rows(self) -> tuple[CommandRow, ...]:
        """What is shown."""
        return tuple(self._rows)

    def show_rows(self, rows: list[CommandRow]) -> None:
        """Replace all rows; what is searched for stays."""
        self._all, self._searched = rows, None
        self.search(self._wanted)

    def search(self, text: str) -> None:
        """Show the rows that hold a text."""
        self.beginResetModel()
        self._wanted = text.casefold().strip()
        self._rows = self._all
        if self._wanted:
            if self._searched is None:  # not before somebody searches: of ten thousand commands it takes its time
                self._searched = [row.searched for row in self._all]
            self._rows = [row for row, words in zip(self._all, self._searched, strict=True) if self._wanted in words]
        self.endResetModel()

    def row_at(self, index: _Index) -> CommandRow | None:
        """The row of an index."""
        return self._rows[index.row()] if index.isValid() else None

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802 (Qt's name)
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = 0) -> Any:
        """Both lines, and the file as tooltip."""
        row = self.row_at(index)
        if row is None:
            return None
        values = {
            Qt.ItemDataRole.DisplayRole: row.title,
            Qt.ItemDataRole.AccessibleTextRole: f"{row.title}, {row.second}",
            Qt.ItemDataRole.ToolTipRole: str(row.command.file or ""),
            SECOND_ROLE: row.second,
        }
        return values.get(role)
