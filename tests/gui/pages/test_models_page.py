"""The Models page: list, measure, switch, install, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from gui_fakes import MEASURED, FakeServices
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from voiceassist.bench.suite import PackMeasurement
from voiceassist.gui.pages.models.page import ModelsPage
from voiceassist.gui.pages.models.table import COLUMNS, PackTableModel
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.packs.store import Pack

Open = Callable[[], MainWindow]


def cells(page: ModelsPage, row: int) -> list[str]:
    return [page.packs.index(row, column).data() for column in range(len(COLUMNS))]


def row_of(page: ModelsPage, name: str) -> int:
    return [row.name for row in page.packs.rows].index(name)


def choose(page: ModelsPage, name: str) -> None:
    page.table.selectRow(row_of(page, name))


def test_the_table_keeps_the_rules_of_qt(fakes: FakeServices, qtmodeltester: object) -> None:
    table = PackTableModel()
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.show_rows([], "")
    assert tester.model() is table


def test_packs_are_listed_with_what_is_known_of_them(open_window: Open) -> None:
    page = open_window().models
    assert cells(page, 0)[:4] == ["● shared-int8", "1 block for 16 layers", "1.65 M", "1.9"]
    assert cells(page, 2)[:4] == ["unshared-int8", "16 blocks, unshared", "26.40 M", "25.5"]
    assert set(cells(page, 0)[4:]) == {"-"}


def test_a_broken_pack_is_listed_with_its_problem_and_cannot_be_used(open_window: Open) -> None:
    page = open_window().models
    choose(page, "half-copied")
    assert cells(page, 3)[:2] == ["half-copied", "broken"]
    assert "model.onnx was changed" in [label.text() for label in page.splitter.findChildren(QLabel)]
    assert not page.use_button.isEnabled()
    assert page.remove_button.isEnabled()


def test_measuring_fills_the_table_and_the_sentence(qtbot: QtBot, open_window: Open) -> None:
    page = open_window().models
    qtbot.waitUntil(page.measure_button.isEnabled)
    page.measure_button.click()
    qtbot.waitUntil(lambda: "10.4 times less" in page.comparison.text())
    assert cells(page, 0)[4:] == ["61", "3.2", "18.1", "8.7", "16.5", "43.4", "-"]
    assert "Arithmetic is not saved" in page.comparison.text()
    qtbot.waitUntil(page.measure_button.isEnabled)


def test_measuring_can_be_cancelled_and_shows_its_progress(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    def slowly(
        packs: Sequence[Pack],
        *,
        repeats: int,
        progress: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Sequence[PackMeasurement]:
        progress("shared-int8", 0.5)
        while not cancelled():
            pass
        return [MEASURED["shared-int8"]]

    fakes.measure = slowly
    window = open_window()
    page = window.models
    window.tabs.setCurrentWidget(page)
    qtbot.waitUntil(page.measure_button.isEnabled)
    page.measure_button.click()
    qtbot.waitUntil(lambda: "shared-int8" in page.progress_line.text())
    assert page.progress.isVisible()
    assert page.progress.value() == 500
    assert not page.install_button.isEnabled()
    page.cancel_button.click()
    qtbot.waitUntil(lambda: not page.progress.isVisible())
    assert cells(page, 0)[4] == "61"


def test_the_window_closes_while_it_measures(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    def until_cancelled(packs: object, *, cancelled: Callable[[], bool], **_: object) -> Sequence[PackMeasurement]:
        while not cancelled():
            pass
        return []

    fakes.measure = until_cancelled
    window = open_window()
    qtbot.waitUntil(window.models.measure_button.isEnabled)
    window.models.measure_button.click()
    window.close()


def test_a_model_is_switched_to_while_running(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    choose(window.models, "unshared-int8")
    window.models.use_button.click()
    qtbot.waitUntil(lambda: cells(window.models, 2)[0] == "● unshared-int8")
    old, new = fakes.pipelines
    assert len(new.heard) == 1
    qtbot.waitUntil(lambda: old.closed == 1)
    assert new.closed == 0
    assert fakes.saved[-1].model == "unshared-int8"
    assert not window.models.use_button.isEnabled()


def test_a_model_that_cannot_decode_leaves_the_old_one_listening(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    fakes.broken_models.add("unshared-int8")
    window = open_window()
    choose(window.models, "unshared-int8")
    window.models.use_button.click()
    qtbot.waitUntil(window.messages.isVisible)
    assert "The model does not run." in window.messages.text
    old, new = fakes.pipelines
    assert (old.closed, new.closed) == (0, 1)
    assert cells(window.models, 0)[0] == "● shared-int8"
    assert not fakes.saved
    assert window.models.use_button.isEnabled()


def test_a_pack_is_installed_and_can_be_removed_again(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    page = window.models
    page.install(Path("fresh.vapack"))
    qtbot.waitUntil(lambda: "fresh" in [row.name for row in page.packs.rows])
    assert "fresh is installed" in window.messages.text
    choose(page, "fresh")
    qtbot.waitUntil(page.remove_button.isEnabled)
    page.remove_button.click()
    qtbot.waitUntil(lambda: "fresh" not in [row.name for row in page.packs.rows])


def test_a_file_that_is_no_pack_is_told_in_the_banner(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.models.install(Path("HOLIDAY.vapack"))
    qtbot.waitUntil(window.messages.isVisible)
    assert window.messages.text == "HOLIDAY.vapack is no model pack\nChoose a .vapack file."


def test_a_newer_pack_of_the_active_name_is_loaded_at_once(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    window.models.install(Path("shared-int8.vapack"))
    qtbot.waitUntil(lambda: len(fakes.pipelines) == 2)
    qtbot.waitUntil(lambda: fakes.pipelines[0].closed == 1)


def test_shipped_and_active_packs_cannot_be_removed(open_window: Open) -> None:
    page = open_window().models
    for name in ("shared-int8", "unshared-int8"):
        choose(page, name)
        assert not page.remove_button.isEnabled()


@pytest.mark.parametrize(("name", "count"), [("dropped.vapack", 5), ("picture.png", 4)])
def test_a_pack_is_dropped_onto_the_page(
    qtbot: QtBot, open_window: Open, tmp_path: Path, name: str, count: int
) -> None:
    page = open_window().models
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)
    qtbot.wait(150)
    assert len(page.packs.rows) == count


def test_the_table_fills_its_width_and_shows_all_its_rows(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.tabs.setCurrentWidget(window.models)
    table = window.models.table
    qtbot.waitUntil(lambda: table.horizontalHeader().length() == table.viewport().width())
    assert table.verticalHeader().length() <= table.viewport().height()
    window.resize(480, 640)
    qtbot.waitUntil(lambda: table.horizontalHeader().length() > table.viewport().width())
    for section in range(table.horizontalHeader().count()):
        assert table.columnWidth(section) >= table.sizeHintForColumn(section)
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: table.horizontalHeader().length() == table.viewport().width())
