"""Rows of two lines: they wrap where they may, and a chosen row is round, in lists and in the table of models."""

from __future__ import annotations

import pytest
from gui_fakes import manifest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem
from pytestqt.qtbot import QtBot

from voiceassist.gui.pages.models.rows import PackRow
from voiceassist.gui.pages.models.table import PackTableModel, StretchingTable
from voiceassist.gui.widgets.theme import LIGHT
from voiceassist.gui.widgets.two_lines import SECOND_ROLE, TwoLineDelegate


def list_of(qtbot: QtBot, second: str, *, wraps: bool) -> QListWidget:
    made = QListWidget()
    qtbot.addWidget(made)
    made.setItemDelegate(TwoLineDelegate(made, wraps=wraps))
    made.setResizeMode(QListWidget.ResizeMode.Adjust)
    item = QListWidgetItem("A title")
    item.setData(SECOND_ROLE, second)
    made.addItem(item)
    made.resize(600, 200)
    made.show()
    return made


def colours(view: QAbstractItemView, row: QRect) -> tuple[str, list[str]]:
    """The colour within the left end of a row, and those of its four corners."""
    picture = view.viewport().grab().toImage()
    corners = (row.adjusted(3, 2, -3, -2).topLeft(), row.adjusted(3, 2, -4, -3).bottomRight())
    points = [QPoint(x.x(), y.y()) for x in corners for y in corners]
    middle = QPoint(row.left() + 6, row.center().y())
    return picture.pixelColor(middle).name(), [picture.pixelColor(point).name() for point in points]


@pytest.mark.parametrize("wraps", [True, False])
def test_only_what_may_wrap_needs_more_room_in_a_narrow_window(qtbot: QtBot, themed: None, wraps: bool) -> None:
    made = list_of(qtbot, "Many words, which do not fit. " * 4, wraps=wraps)
    wide = made.visualItemRect(made.item(0)).height()
    made.resize(250, 200)
    if wraps:
        qtbot.waitUntil(lambda: made.visualItemRect(made.item(0)).height() >= wide + 2 * made.fontMetrics().height())
    else:
        assert made.visualItemRect(made.item(0)).height() == wide


def test_a_chosen_row_of_a_list_is_round(qtbot: QtBot, themed: None) -> None:
    made = list_of(qtbot, "Words", wraps=False)
    assert colours(made, made.visualItemRect(made.item(0)))[0] == QColor(LIGHT.card).name()
    made.setCurrentRow(0)
    middle, corners = colours(made, made.visualItemRect(made.item(0)))
    assert middle == QColor(LIGHT.accent_soft).name()
    assert all(QColor(corner).red() > 0xF8 for corner in corners), corners  # white, or the edge of a curve on it


def test_a_chosen_row_of_the_table_is_round(qtbot: QtBot, themed: None) -> None:
    table, model = StretchingTable(), PackTableModel()
    qtbot.addWidget(table)
    model.setParent(table)
    model.show_rows([PackRow("one", False, manifest("one"))], "one")
    table.setModel(model)
    table.resize(700, 200)
    table.show()
    table.fill()
    table.selectRow(0)
    row = QRect(0, table.rowViewportPosition(0), table.horizontalHeader().length(), table.rowHeight(0))
    middle, corners = colours(table, row)
    assert middle == QColor(LIGHT.accent_soft).name()
    assert all(QColor(corner).red() > 0xF8 for corner in corners), corners  # white, or the edge of a curve on it
