"""The History page and its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from gui_fakes import RINGS, SHUT_DOWN, TIMER, FakeServices, recognition
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from voiceassist.domain import RejectReason, Verdict
from voiceassist.gui.pages.history import HistoryPage
from voiceassist.gui.services.history import HistoryEntry, HistoryFile
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.gui.widgets.two_lines import SECOND_ROLE

Open = Callable[[], MainWindow]
DONE = recognition(TIMER, Verdict.ACT, outcome=RINGS, heard="set a timer four ten minutes")
UNKNOWN = recognition(None, Verdict.REJECT, reason=RejectReason.NO_MATCH, heard="mumble")


def entry(number: int) -> HistoryEntry:
    return HistoryEntry("2027-01-02T03:04:05+01:00", f"number {number}", f"numb {number}", "done", True)


def shown(page: HistoryPage) -> list[str]:
    items = (page.list.item(index) for index in range(page.list.count()))
    return [item.text().partition("”")[0] for item in items if not item.isHidden()]


def written(window: MainWindow, fakes: FakeServices, qtbot: QtBot) -> list[HistoryEntry]:
    qtbot.waitUntil(lambda: not window.pages._history_tasks.busy)
    return HistoryFile(fakes.paths().history_file).read()


def test_the_file_keeps_what_was_added_and_drops_the_oldest(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path / "new" / "history.jsonl", max_entries=3)
    assert file.read() == []
    for number in range(5):
        file.add(entry(number))
    assert file.read() == [entry(2), entry(3), entry(4)]
    assert len((tmp_path / "new" / "history.jsonl").read_text().splitlines()) == 3
    assert (tmp_path / "new" / "history.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_damaged_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    file = HistoryFile(path)
    file.add(entry(1))
    with path.open("ab") as damaged:
        damaged.write(b'{"at": 3}\n[]\n\xff\xfe\n{"half')
    file.add(entry(2))
    file.add(entry(3))
    assert file.read() == [entry(1), entry(2), entry(3)]


def test_a_question_is_not_shown_as_done(open_window: Open) -> None:
    window = open_window()
    window.bridge.recognized.emit(recognition(SHUT_DOWN, Verdict.ASK))
    assert shown(window.pages.history) == ["? “Shut down the computer"]
    assert window.pages.history.list.item(0).data(SECOND_ROLE).startswith("today")


def test_what_was_said_is_there_at_the_next_start_newest_first(
    qtbot: QtBot, open_window: Open, fakes: FakeServices
) -> None:
    window = open_window()
    window.bridge.recognized.emit(UNKNOWN)
    window.bridge.recognized.emit(DONE)
    assert shown(window.pages.history) == ["✓ “Set a timer for ten minutes", "○ “Mumble"]
    assert [kept.outcome for kept in written(window, fakes, qtbot)][1] == RINGS.message
    again = open_window()
    qtbot.waitUntil(lambda: len(shown(again.pages.history)) == 2)
    again.pages.history.filter.setText("rings")
    assert shown(again.pages.history) == ["✓ “Set a timer for ten minutes"]


def test_nothing_is_written_where_no_history_is_wanted(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    fakes.settings = replace(fakes.settings, history=False)
    window = open_window()
    window.bridge.recognized.emit(DONE)
    assert len(shown(window.pages.history)) == 1
    assert written(window, fakes, qtbot) == []


def test_it_is_done_again_and_copied(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.bridge.recognized.emit(DONE)
    window.pages.show_page(window.pages.history)
    window.pages.history.list.setCurrentRow(0)
    window.pages.history.copy_button.click()
    assert QApplication.clipboard().text() == TIMER.text
    window.pages.history.repeat_button.click()
    qtbot.waitUntil(lambda: fakes.done == [TIMER.command.action])
    assert window.pages.speak.isVisible()


def test_what_was_meant_is_kept_as_an_example(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    window.bridge.recognized.emit(UNKNOWN)
    window.pages.history.list.setCurrentRow(0)
    written(window, fakes, qtbot)
    window.pages.history.meant_button.click()
    dialog = window.pages.history.findChild(QInputDialog)
    dialog.setTextValue(" set a  timer ")
    dialog.accept()
    qtbot.waitUntil(lambda: "You meant “set a timer”" in window.pages.history.list.item(0).data(SECOND_ROLE))
    assert [(kept.heard, kept.meant) for kept in written(window, fakes, qtbot)] == [("mumble", "set a timer")]


@pytest.mark.parametrize(("answer", "left"), [("Keep it", 1), ("Forget it", 0)])
def test_it_is_cleared_by_one_button_after_a_question(
    qtbot: QtBot, open_window: Open, fakes: FakeServices, answer: str, left: int
) -> None:
    window = open_window()
    window.bridge.recognized.emit(DONE)
    written(window, fakes, qtbot)
    window.pages.history.clear_button.click()
    question = window.pages.history.findChild(QMessageBox)
    next(button for button in question.buttons() if button.text() == answer).click()
    assert len(written(window, fakes, qtbot)) == left
    assert window.pages.history.list.count() == left


def test_a_disk_that_is_full_is_told(qtbot: QtBot, open_window: Open, fakes: FakeServices) -> None:
    window = open_window()
    fakes.paths().history_file.mkdir()
    window.bridge.recognized.emit(DONE)
    qtbot.waitUntil(window.messages.isVisible)
    assert "history cannot be read or written" in window.messages.text
