"""Rows of two lines: a title, and quieter words below it; the chosen row is round like the list around it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from voiceassist.gui.widgets.theme import current_theme

SECOND_ROLE = Qt.ItemDataRole.UserRole + 1
"""What stands below the title."""
_Index = QModelIndex | QPersistentModelIndex
_SIDE_PX, _EDGE_PX, _GAP_PX = 12, 7, 2
_WRAPPED = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


class TwoLineDelegate(QStyledItemDelegate):
    """Paints the rows of a list."""

    def __init__(self, view: QListView, *, wraps: bool = False) -> None:
        """With ``wraps``, what stands below the title takes as many lines as it needs, else one."""
        super().__init__(view)
        self._view, self._wraps = view, wraps

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Title above, explanation below."""
        theme, metrics, font = current_theme(), option.fontMetrics, option.font
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            paint_chosen(painter, option.rect)
        area = option.rect.adjusted(_SIDE_PX, _EDGE_PX, -_SIDE_PX, 0)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        elided = Qt.TextElideMode.ElideRight
        title = QFontMetrics(font).elidedText(str(index.data()), elided, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignTop, title)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(theme.quiet))
        second = str(index.data(SECOND_ROLE))
        area.setTop(area.top() + metrics.height() + _GAP_PX)
        painter.drawText(area, _WRAPPED, second if self._wraps else metrics.elidedText(second, elided, area.width()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802 (Qt's name)
        """Room for the title and what stands below it."""
        metrics = option.fontMetrics
        below_px = metrics.height()
        if self._wraps:
            room = QRect(0, 0, self._view.viewport().width() - 2 * _SIDE_PX, 1 << 15)
            below_px = metrics.boundingRect(room, _WRAPPED, str(index.data(SECOND_ROLE))).height()
        return QSize(200, metrics.height() + _GAP_PX + below_px + 2 * _EDGE_PX)


def paint_chosen(painter: QPainter, row: QRect) -> None:
    """The ground of a chosen row."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(current_theme().accent_soft))
    painter.drawRoundedRect(row.adjusted(3, 2, -3, -2), 6, 6)
