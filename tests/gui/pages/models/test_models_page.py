"""The Models page: list, measure, switch, install, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from gui_fakes import MEASURED, TIMER, FakeServices, recognition
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from voiceassist.bench.measurement import PackMeasurement
from voiceassist.domain import Recognition, RejectReason, Samples, Verdict
from voiceassist.gui.pages.models.page import ModelsPage
from voiceassist.gui.pages.models.table import BAR_ROLE, COLUMNS, PackTableModel
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.packs.store import Pack

Open = Callable[[], MainWindow]


def cells(page: ModelsPage, row: int) -> list[str]:
    return [page.packs.index(row, column).data() for column in range(len(COLUMNS) + 1)]


def row_of(page: ModelsPage, name: str) -> int:
    return [row.name for row in page.packs.rows].index(name)


def answer_removal(qtbot: QtBot, page: ModelsPage, words: str) -> None:
    page.remove_button.click()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    question = QApplication.activeModalWidget()
    assert isinstance(question, QMessageBox)
    next(button for button in question.buttons() if button.text() == words).click()


def choose(page: ModelsPage, name: str) -> None:
    page.table.selectRow(row_of(page, name))


def test_the_table_keeps_the_rules_of_qt(fakes: FakeServices, qtmodeltester: object) -> None:
    table = PackTableModel()
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.show_rows([], "")
    assert tester.model() is table


def test_packs_are_listed_with_what_is_known_of_them(open_window: Open) -> None:
    page = open_window().pages.models
    assert cells(page, 0) == ["Small: one shared block\nin use", "1.9 MB", "-", "-", "-", "-"]
    assert cells(page, 2)[:2] == ["Large: 16 blocks of its own", "25.5 MB"]
    assert page.picture.accessibleName().endswith("16 blocks, each used once.")


def test_a_broken_pack_is_listed_with_its_problem_and_cannot_be_used(open_window: Open) -> None:
    page = open_window().pages.models
    choose(page, "half-copied")
    assert cells(page, 3)[:2] == ["half-copied\nbroken", "-"]
    assert "model.onnx was changed" in [label.text() for label in page.findChildren(QLabel)]
    assert not page.use_button.isEnabled()
    assert page.remove_button.isEnabled()


def test_measuring_fills_the_table_and_the_sentence(qtbot: QtBot, open_window: Open) -> None:
    page = open_window().pages.models
    qtbot.waitUntil(page.measure_button.isEnabled)
    page.measure_button.click()
    qtbot.waitUntil(lambda: "10.4 times less" in page.comparison.text())
    assert "3.2\N{NO-BREAK SPACE}MB of memory" in page.comparison.text()  # no line ends between the two
    assert cells(page, 0)[1:] == ["1.9 MB", "3.2 MB", "61 ms", "8.7 ms", "-"]
    assert page.packs.index(0, 2).data(BAR_ROLE) == pytest.approx((3.2 / 34.2, 2.2 / 34.2, 4.2 / 34.2))
    assert page.packs.index(0, 5).data(BAR_ROLE) is None
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
    page = window.pages.models
    window.pages.tabs.setCurrentWidget(page)
    qtbot.waitUntil(page.measure_button.isEnabled)
    page.measure_button.click()
    qtbot.waitUntil(lambda: "shared-int8" in page.measuring.line.text())
    assert page.measuring.bar.isVisible()
    assert page.measuring.bar.value() == 500
    assert not page.install_button.isEnabled()
    page.cancel_button.click()
    qtbot.waitUntil(lambda: not page.measuring.bar.isVisible())
    assert cells(page, 0)[3] == "61 ms"


def test_the_window_closes_while_it_measures(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    def until_cancelled(packs: object, *, cancelled: Callable[[], bool], **_: object) -> Sequence[PackMeasurement]:
        while not cancelled():
            pass
        return []

    fakes.measure = until_cancelled
    window = open_window()
    qtbot.waitUntil(window.pages.models.measure_button.isEnabled)
    window.pages.models.measure_button.click()
    window.close()


def test_a_model_is_switched_to_while_running(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    choose(window.pages.models, "unshared-int8")
    window.pages.models.use_button.click()
    qtbot.waitUntil(lambda: cells(window.pages.models, 2)[0].endswith("in use"))
    old, new = fakes.pipelines
    assert len(new.heard) == 1
    qtbot.waitUntil(lambda: old.closed == 1)
    assert new.closed == 0
    assert fakes.saved[-1].model == "unshared-int8"
    assert not window.pages.models.use_button.isEnabled()


def test_a_model_that_cannot_decode_leaves_the_old_one_listening(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    fakes.broken_models.add("unshared-int8")
    window = open_window()
    choose(window.pages.models, "unshared-int8")
    window.pages.models.use_button.click()
    qtbot.waitUntil(window.messages.isVisible)
    assert "The model does not run." in window.messages.text
    old, new = fakes.pipelines
    assert (old.closed, new.closed) == (0, 1)
    assert cells(window.pages.models, 0)[0].endswith("in use")
    assert not fakes.saved
    assert window.pages.models.use_button.isEnabled()


def test_a_pack_is_installed_and_can_be_removed_again(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    page = window.pages.models
    page.install(Path("fresh.vapack"))
    qtbot.waitUntil(lambda: "fresh" in [row.name for row in page.packs.rows])
    assert "fresh is installed" in window.messages.text
    choose(page, "fresh")
    qtbot.waitUntil(page.remove_button.isEnabled)
    answer_removal(qtbot, page, "Keep it")
    assert "fresh" in [row.name for row in page.packs.rows]
    answer_removal(qtbot, page, "Remove")
    qtbot.waitUntil(lambda: "fresh" not in [row.name for row in page.packs.rows])


def test_a_file_that_is_no_pack_is_told_in_the_banner(
    qtbot: QtBot, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    chosen = iter(["", "HOLIDAY.vapack"])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (next(chosen), ""))
    window.pages.models.install_button.click()
    window.pages.models.install_button.click()
    qtbot.waitUntil(window.messages.isVisible)
    assert window.messages.text == "HOLIDAY.vapack is no model pack\nChoose a .vapack file."


def test_a_newer_pack_of_the_active_name_is_loaded_at_once(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    window.pages.models.install(Path("shared-int8.vapack"))
    qtbot.waitUntil(lambda: len(fakes.pipelines) == 2)
    qtbot.waitUntil(lambda: fakes.pipelines[0].closed == 1)


def test_shipped_and_active_packs_cannot_be_removed(open_window: Open) -> None:
    page = open_window().pages.models
    for name in ("shared-int8", "unshared-int8"):
        choose(page, name)
        assert not page.remove_button.isEnabled()


@pytest.mark.parametrize(("name", "count"), [("dropped.vapack", 5), ("picture.png", 4)])
def test_a_pack_is_dropped_onto_the_page(
    qtbot: QtBot, open_window: Open, tmp_path: Path, name: str, count: int
) -> None:
    page = open_window().pages.models
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


def test_the_table_shows_all_its_rows_at_any_width(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.pages.show_page(window.pages.models)
    table = window.pages.models.table
    for width in (1_100, 480, 1_000):
        window.resize(width, 640)
        qtbot.waitUntil(lambda: table.verticalHeader().length() <= table.viewport().height() + 1)
        qtbot.waitUntil(lambda: table.horizontalHeader().length() >= table.viewport().width())


def test_it_is_built_in_parts_none_of_which_is_a_window_of_its_own(
    qtbot: QtBot, themed: None, fakes: FakeServices
) -> None:
    windows = set(QApplication.topLevelWidgets())
    tasks = TaskThread("voiceassist-test")
    page = ModelsPage(fakes.engine(), fakes.paths(), "shared-int8", tasks)
    qtbot.addWidget(page, before_close_func=lambda _: (tasks.close(), page.close_page()))
    page.set_active("unshared-int8")
    page.reload()
    page.show()
    assert not page.isAncestorOf(page.table)  # the window draws what is there before the table comes
    strays: set[QWidget] = set()

    def is_whole() -> bool:
        strays.update(one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not page)
        return page.details_button.isVisible() and bool(page.packs.rows)

    qtbot.waitUntil(is_whole, timeout=20_000)
    assert page.isAncestorOf(page.table)
    assert page.back_button.isVisible()
    assert strays <= windows


def test_the_previous_model_can_be_gone_back_to(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    page = window.pages.models
    window.pages.show_page(page)
    assert not page.back_button.isVisible()
    choose(page, "unshared-int8")
    page.use_button.click()
    qtbot.waitUntil(lambda: [saved.model for saved in fakes.saved] == ["unshared-int8"])
    qtbot.waitUntil(page.back_button.isEnabled)
    page.back_button.click()
    qtbot.waitUntil(lambda: fakes.saved[-1].model == "shared-int8")


def test_measurements_are_there_at_the_next_start(qtbot: QtBot, open_window: Open) -> None:
    page = open_window().pages.models
    qtbot.waitUntil(page.measure_button.isEnabled)
    page.measure_button.click()
    qtbot.waitUntil(lambda: "10.4 times less" in page.comparison.text())
    assert "10.4 times less" in open_window().pages.models.comparison.text()


class FakeTrial:
    """Hears worse the fewer layers are run."""

    opened: ClassVar[list[FakeTrial]] = []

    def __init__(self, model: str) -> None:
        self.model, self.closed = model, 0
        FakeTrial.opened.append(self)

    def hear(self, depth: int) -> Recognition:
        verdict, reason = (Verdict.ACT, None) if depth > 8 else (Verdict.REJECT, RejectReason.LOW_CONFIDENCE)
        return replace(recognition(TIMER, verdict, reason=reason), latency_ms=float(depth))

    def close(self) -> None:
        self.closed += 1


def test_the_depth_dial_shows_its_effect_and_frees_its_model(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    FakeTrial.opened.clear()
    fakes.open_depth_trial = FakeTrial
    window = open_window()
    window.pages.show_page(window.pages.models)
    dial = window.pages.models.dial
    assert dial is not None
    qtbot.waitUntil(lambda: dial.slider.maximum() == 16)
    for depth in (12, 9, 5, 3):
        dial.slider.setValue(depth)
    qtbot.waitUntil(lambda: dial.result.text().startswith("3 of 16 layers, 3 ms: not understood"))
    dial.slider.setValue(16)
    qtbot.waitUntil(lambda: dial.result.text().startswith("16 of 16 layers, 16 ms: understood"))
    assert [trial.model for trial in FakeTrial.opened] == ["shared-int8"]
    window.pages.show_page(window.pages.speak)
    qtbot.waitUntil(lambda: FakeTrial.opened[0].closed == 1)


def test_all_models_are_tried_on_the_users_voice_and_the_recordings_forgotten(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    def record(on_level: Callable[[float], None], _cancelled: Callable[[], bool]) -> Samples:
        on_level(-20.0)
        return np.zeros(16_000, np.float32)

    fakes.record_voice = record
    window = open_window()
    test = window.pages.models.open_voice_test()
    assert test is not None
    test._sentences = ("what time is it", TIMER.text)
    for _ in test._sentences:
        qtbot.waitUntil(test.record_button.isEnabled)
        test.record_button.click()
    qtbot.waitUntil(lambda: test.sentence.text() == "Your voice")
    words = [label.text() for label in test.findChildren(QLabel)]
    assert words.count("✗ set a timer for ten minutes") == 3
    assert words.count("✓") == 3
    assert any(text.startswith("Small: one shared block") and text.endswith("1 of 2") for text in words)
    test.reject()
    assert test._recordings == []
