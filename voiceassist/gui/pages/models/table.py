"""The table of models for Qt's views: numbers with bars beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from voiceassist.bench.measurement import Spread
from voiceassist.gui.pages.models.rows import PackRow
from voiceassist.gui.translation import decimal, mark, tr
from voiceassist.gui.widgets.theme import current_theme
from voiceassist.gui.widgets.two_lines import paint_chosen

_NONE = "-"
_BAR_PX = 6
_ALIGN_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
BAR_ROLE = Qt.ItemDataRole.UserRole + 1
"""Value, low and high as parts of the largest in the column, or ``None``."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its title, what it means, and the value of a row with its spread."""

    title: str
    explanation: str
    value: Callable[[PackRow], Spread | None]
    unit: str
    digits: int = 1
    largest: float | None = None

    def text(self, row: PackRow) -> str:
        spread = self.value(row)
        return _NONE if spread is None else f"{decimal(spread.median, self.digits)} {self.unit}"


def _exactly(value: float | None) -> Spread | None:
    return None if value is None else Spread(value, value, value)


COLUMNS = (
    _Column(
        mark("File"),
        mark("Size of the model on disk. The pronunciations of words, the same for all, come on top"),
        lambda row: _exactly(row.file_mb if row.manifest else None),
        "MB",
    ),
    _Column(
        mark("Memory"),
        mark("Memory that this model adds to the program, measured here"),
        lambda row: row.measured.private_mb if row.measured else None,
        "MB",
    ),
    _Column(
        mark("Load"),
        mark("Time to check and load it, measured here"),
        lambda row: row.measured.load_ms if row.measured else None,
        "ms",
        0,
    ),
    _Column(
        mark("A command"),
        mark("Time to recognise two seconds of speech on one processor core, measured here"),
        lambda row: row.command_ms,
        "ms",
    ),
    _Column(
        mark("Understood"),
        mark("Of phrases spoken by people whom the model never heard, so many were understood. Measured in training"),
        lambda row: _exactly(row.right_percent),
        "%",
        largest=100.0,
    ),
)
"""All columns but the first, which names the model."""


class StretchingTable(QTableView):
    """A table whose columns share the room, the first with most of it, and which is as high as its rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_BarDelegate(self))
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Share the room anew."""
        super().resizeEvent(event)
        self.fill()

    def fill(self) -> None:
        """Share the room; to be called when the content has changed."""
        header = self.horizontalHeader()
        header.resizeSections(QHeaderView.ResizeMode.ResizeToContents)
        self.resizeRowsToContents()
        left = self.viewport().width() - header.length()
        count = header.count()
        if left > 0 and count:
            for section in range(count):
                header.resizeSection(section, header.sectionSize(section) + left // count + (section < left % count))
        self.setFixedHeight(self.needed_height())

    def needed_height(self) -> int:
        """How high it is when all rows are seen."""
        bar = self.horizontalScrollBar()
        scroll_bar = bar.sizeHint().height() if self.horizontalHeader().length() > self.viewport().width() else 0
        return self.horizontalHeader().height() + self.verticalHeader().length() + 2 * self.frameWidth() + scroll_bar


class PackTableModel(QAbstractTableModel):
    """Rows of packs; the active one and the recommended one are marked in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PackRow] = []
        self._active = self._recommended = ""

    def show_rows(self, rows: Sequence[PackRow], active: str, recommended: str = "") -> None:
        """Replace what the table shows."""
        self.beginResetModel()
        self._rows, self._active, self._recommended = list(rows), active, recommended
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
        return 0 if parent.isValid() else len(COLUMNS) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        """Titles with their explanation as tooltip."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section - 1]
        title, explanation = (mark("Model"), "") if section == 0 else (column.title, tr(column.explanation))
        values = {
            Qt.ItemDataRole.DisplayRole: tr(title),
            Qt.ItemDataRole.ToolTipRole: explanation,
            Qt.ItemDataRole.TextAlignmentRole: _ALIGN_TEXT,
        }
        return values.get(Qt.ItemDataRole(role))

    def data(self, index: _Index, role: int = 0) -> Any:
        """Text, bar, and the marks of the active and the recommended pack."""
        if not index.isValid():
            return None
        pack = self._rows[index.row()]
        if role == Qt.ItemDataRole.FontRole and pack.name == self._active:
            font = QFont()
            font.setBold(True)
            return font
        if index.column() == 0:
            return self._name_data(pack, role)
        column = COLUMNS[index.column() - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(pack)
        if role == Qt.ItemDataRole.ToolTipRole:
            return pack.problem or _spread_words(column.value(pack), column.unit)
        return self._bar(pack, column) if role == BAR_ROLE else None

    def _name_data(self, pack: PackRow, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            marks = [
                words
                for words, name in ((tr("in use"), self._active), (tr("recommended"), self._recommended))
                if name == pack.name
            ]
            second = " · ".join([tr("broken")] if pack.manifest is None else marks)
            return f"{pack.plain_name}\n{second}" if second else pack.plain_name
        return (pack.problem or pack.name) if role == Qt.ItemDataRole.ToolTipRole else None

    def _bar(self, pack: PackRow, column: _Column) -> tuple[float, float, float] | None:
        spread = column.value(pack)
        found = [other for row in self._rows if (other := column.value(row)) is not None]
        largest = column.largest or max((other.high for other in found), default=0.0)
        if spread is None or largest <= 0:
            return None
        return spread.median / largest, spread.low / largest, spread.high / largest


class _BarDelegate(QStyledItemDelegate):
    """Paints a bar below the number, with a line from the lowest to the highest that was measured."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Number above, bar below."""
        if option.state & QStyle.StateFlag.State_Selected:
            header = self._table.horizontalHeader()
            painter.save()
            painter.setClipRect(option.rect)
            row = QRect(-header.offset(), option.rect.top(), header.length(), option.rect.height())
            paint_chosen(painter, row)
            painter.restore()
        bar = index.data(BAR_ROLE)
        if bar is None:
            super().paint(painter, option, index)
            return
        upper = QStyleOptionViewItem(option)
        super().paint(painter, upper, index)
        theme = current_theme()
        value, low, high = bar
        area = option.rect.adjusted(10, 0, -14, -6)
        groove = QRectF(area.left(), area.bottom() - _BAR_PX, area.width(), _BAR_PX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.groove))
        painter.drawRoundedRect(groove, 3, 3)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(QRectF(groove.left(), groove.top(), max(4.0, groove.width() * value), _BAR_PX), 3, 3)
        if high > low:
            painter.setPen(QPen(QColor(theme.text), 1.5))
            middle = groove.center().y()
            painter.drawLine(
                QPointF(groove.left() + groove.width() * low, middle),
                QPointF(groove.left() + groove.width() * high, middle),
            )
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:  # noqa: N802 (Qt's name)
        """Put the number above the bar."""
        super().initStyleOption(option, index)
        if index.data(BAR_ROLE) is not None:
            option.displayAlignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """Room for two lines, or for a number and its bar."""
        hint = super().sizeHint(option, index)
        line = option.fontMetrics.height()
        return QSize(max(hint.width() + 12, 84), max(hint.height() + 6, 2 * line + 14))


def _spread_words(spread: Spread | None, unit: str) -> str | None:
    if spread is None or spread.low == spread.high:
        return None
    return tr("between {low} and {high} {unit}", low=decimal(spread.low), high=decimal(spread.high), unit=unit)
