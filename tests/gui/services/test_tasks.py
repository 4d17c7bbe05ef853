"""The task thread: results come home, errors too, nothing outlives it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from voiceassist.errors import PackError
from voiceassist.gui.services.tasks import TaskThread


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskThread]:
    before = set(threading.enumerate())
    thread = TaskThread("tested")
    yield thread
    thread.close()
    assert set(threading.enumerate()) <= before


def test_the_result_comes_back_on_the_thread_that_asked(qtbot: QtBot, tasks: TaskThread) -> None:
    seen: list[tuple[str, str]] = []
    here = threading.current_thread().name
    tasks.submit(
        lambda: threading.current_thread().name,
        done=lambda there: seen.append((there, threading.current_thread().name)),
        failed=pytest.fail,
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0].startswith("tested")
    assert seen[0][1] == here


def test_our_errors_come_back_and_the_thread_goes_on(qtbot: QtBot, tasks: TaskThread) -> None:
    seen: list[object] = []

    def broken() -> None:
        raise PackError("damaged", hint="install it again")

    tasks.submit(broken, done=pytest.fail, failed=seen.append)
    tasks.submit(lambda: 2, done=seen.append, failed=pytest.fail)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert isinstance(seen[0], PackError)
    assert seen[1] == 2


def test_an_unexpected_error_is_raised_where_the_application_sees_it(qtbot: QtBot, tasks: TaskThread) -> None:
    def wrong() -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        tasks.submit(wrong, done=pytest.fail, failed=pytest.fail)
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError


def test_busy_is_told_from_first_to_last(qtbot: QtBot, tasks: TaskThread) -> None:
    changes: list[bool] = []
    tasks.busy_changed.connect(changes.append)
    for number in range(3):
        tasks.submit(lambda number=number: number, done=lambda _: None, failed=pytest.fail)
    assert tasks.busy
    qtbot.waitUntil(lambda: not tasks.busy)
    assert changes == [True, False]


def test_close_waits_for_the_running_one_and_discards_its_result(qtbot: QtBot, tasks: TaskThread) -> None:
    begun, go_on = threading.Event(), threading.Event()
    discarded: list[str] = []

    def slow() -> str:
        begun.set()
        go_on.wait(60)
        return "a pipeline"

    tasks.submit(slow, done=pytest.fail, failed=pytest.fail, discard=discarded.append)
    tasks.submit(lambda: "never run", done=pytest.fail, failed=pytest.fail, discard=discarded.append)
    assert begun.wait(60)
    threading.Timer(0.05, go_on.set).start()
    tasks.close()
    qtbot.wait(20)
    assert discarded == ["a pipeline"]


def test_nothing_is_taken_after_close(qtbot: QtBot, tasks: TaskThread) -> None:
    tasks.close()
    tasks.submit(lambda: 1, done=pytest.fail, failed=pytest.fail)
    assert not tasks.busy


class Mortal(QObject):
    """Notes the thread on which it ends."""

    def __init__(self, ends: list[int]) -> None:
        super().__init__()
        self._ends = ends

    def __del__(self) -> None:
        self._ends.append(threading.get_ident())


@pytest.fixture
def worker_waits_after_telling() -> Iterator[threading.Event]:
    """Whatever a new thread has told the main thread through a signal, it does nothing more until the event is set."""
    go_on = threading.Event()

    def hold(_frame: FrameType, event: str, called: Any) -> None:
        if event == "c_return" and getattr(called, "__name__", "") == "emit":
            sys.setprofile(None)
            go_on.wait(60)

    threading.setprofile(hold)
    yield go_on
    threading.setprofile(None)  # type: ignore[arg-type] # documented, and not in the type


def fail() -> None:
    raise PackError("damaged", hint="install it again")


@pytest.mark.parametrize("work", [lambda: None, fail], ids=["done", "failed"])
def test_what_a_function_holds_ends_on_the_main_thread(
    work: Callable[[], None], worker_waits_after_telling: threading.Event, qtbot: QtBot, tasks: TaskThread
) -> None:
    ends: list[int] = []
    answers: list[object] = []
    submitted = threading.Event()

    def submit() -> None:
        one, other = Mortal(ends), Mortal(ends)

        def function() -> None:
            one.objectName()
            submitted.wait(60)
            work()

        def deliver(answer: object) -> None:
            other.objectName()
            answers.append(type(answer).__name__)

        tasks.submit(function, done=deliver, failed=deliver)

    submit()
    submitted.set()
    qtbot.waitUntil(lambda: bool(answers))
    worker_waits_after_telling.set()
    tasks.close()
    assert ends == [threading.get_ident()] * 2


def test_what_a_result_holds_ends_on_the_main_thread(
    worker_waits_after_telling: threading.Event, qtbot: QtBot, tasks: TaskThread
) -> None:
    ends: list[int] = []
    arrived: list[bool] = []
    submitted = threading.Event()

    def function() -> Mortal:
        submitted.wait(60)
        return Mortal(ends)

    tasks.submit(function, done=lambda made: arrived.append(made is not None), failed=pytest.fail)
    submitted.set()
    qtbot.waitUntil(lambda: bool(arrived))
    worker_waits_after_telling.set()
    tasks.close()
    assert ends == [threading.get_ident()]
