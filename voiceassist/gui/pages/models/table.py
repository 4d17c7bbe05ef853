"""The table of packs for Qt's views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from voiceassist.bench.suite import PackMeasurement, Spread
from voiceassist.gui.pages.models.accuracy import phrases_percent
from voiceassist.gui.pages.models.rows import PackRow, sharing_words

_NONE = "-"
_ALIGN_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ALIGN_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


_Measured = Callable[[PackMeasurement], Spread | None]


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    explanation: str
    text: Callable[[PackRow], str]
    is_number: bool = True
    spread: _Measured | None = None


def _sharing(row: PackRow) -> str:
    return sharing_words(row.manifest) if row.manifest else "broken"


def _parameters(row: PackRow) -> str:
    return f"{row.manifest.parameters / 1e6:.2f} M" if row.manifest else _NONE


def _right(row: PackRow) -> str:
    percent = phrases_percent(row.manifest) if row.manifest else None
    return _NONE if percent is None else f"{percent:.1f}"


def _measured(title: str, explanation: str, spread: _Measured, digits: int = 1) -> _Column:
    def text(row: PackRow) -> str:
        found = spread(row.measured) if row.measured else None
        return _NONE if found is None else f"{found.median:.{digits}f}"

    return _Column(title, explanation, text, spread=spread)


def _latency(seconds: str) -> _Column:
    explanation = f"Milliseconds to recognise {seconds} seconds of sound on one thread"
    return _measured(f"{seconds} s ms", explanation, lambda measured: measured.latency_ms.get(seconds))


COLUMNS = (
    _Column("Model", "The name of the pack", lambda row: row.name, is_number=False),
    _Column("Sharing", "How many blocks of weights serve how many layers", _sharing, is_number=False),
    _Column("Parameters", "Numbers that were learned", _parameters),
    _Column(
        "File MB",
        "Size of the model on disk; the pronunciations of words, the same for all, are 2 MB more",
        lambda row: f"{row.file_mb:.1f}" if row.manifest else _NONE,
    ),
    _measured("Load ms", "Time to verify and load it", lambda measured: measured.load_ms, digits=0),
    _measured("Memory MB", "Private memory that it adds to a process", lambda measured: measured.private_mb),
    _measured("after 10 s", "The same after 10 seconds of sound, in MB", lambda measured: measured.private_10s_mb),
    _latency("2"),
    _latency("4"),
    _latency("10"),
    _Column(
        "Right %",
        "Of phrases in voices that training never heard, so many were understood. Measured in training",
        _right,
    ),
)


class StretchingTable(QTableView):
    """A table whose columns are as wide as what they hold, and share what room is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Share the room anew."""
        super().resizeEvent(event)
        self.fill()

    def fill(self) -> None:
        """Share the room; to be called when the content has changed."""
        header = self.horizontalHeader()
        header.resizeSections(QHeaderView.ResizeMode.ResizeToContents)
        left = self.viewport().width() - header.length()
        count = header.count()
        if left <= 0 or not count:
            return
        for section in range(count):
            header.resizeSection(section, header.sectionSize(section) + left // count + (section < left % count))

    def needed_height(self) -> int:
        """How high it is when all rows are seen."""
        scroll_bar = self.horizontalScrollBar().sizeHint().height()
        return self.horizontalHeader().height() + self.verticalHeader().length() + 2 * self.frameWidth() + scroll_bar


class PackTableModel(QAbstractTableModel):
    """Rows of packs; the active one is marked and bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PackRow] = []
        self._active = ""

    def show_rows(self, rows: Sequence[PackRow], active: str) -> None:
        """Replace what the table shows."""
        self.beginResetModel()
        self._rows, self._active = list(rows), active
        self.endResetModel()

    @property
    def rows(self) -> tuple[PackRow, ...]:
        """What the table shows."""
        return tuple(self._rows)

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802 (Qt's name)
        """How many packs."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """How many columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        """Titles with their explanation as tooltip."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        values = {
            Qt.ItemDataRole.DisplayRole: column.title,
            Qt.ItemDataRole.ToolTipRole: column.explanation,
            Qt.ItemDataRole.TextAlignmentRole: _ALIGN_NUMBER if column.is_number else _ALIGN_TEXT,
        }
        return values.get(Qt.ItemDataRole(role))

    def data(self, index: _Index, role: int = 0) -> Any:
        """Text, alignment and the mark of the active pack."""
        if not index.isValid():
            return None
        pack, column = self._rows[index.row()], COLUMNS[index.column()]
        active = pack.name == self._active
        if role == Qt.ItemDataRole.DisplayRole:
            mark = "● " if active and index.column() == 0 else ""
            return mark + column.text(pack)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN_NUMBER if column.is_number else _ALIGN_TEXT
        if role == Qt.ItemDataRole.ToolTipRole:
            return pack.problem or _spread_words(pack, column) or ("In use" if active else None)
        if role == Qt.ItemDataRole.FontRole and active:
            font = QFont()
            font.setBold(True)
            return font
        return None


def _spread_words(row: PackRow, column: _Column) -> str:
    spread = column.spread(row.measured) if column.spread and row.measured else None
    return f"Median of processes between {spread.low:.1f} and {spread.high:.1f}" if spread else ""
