"""Garbage of a program with a window: collected on the main thread alone."""

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from gui_fakes import FakeServices
from pytestqt.qtbot import QtBot

from voiceassist.gui.services.garbage import MainThreadCollector
from voiceassist.gui.shell.main_window import MainWindow


class Knot:
    """Refers to itself, so that only a collection ends it."""

    def __init__(self) -> None:
        self.itself = self


@contextmanager
def collecting_threads() -> Iterator[set[str]]:
    found: set[str] = set()

    def note(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            found.add(threading.current_thread().name)

    gc.callbacks.append(note)
    try:
        yield found
    finally:
        gc.callbacks.remove(note)


def tie_knots() -> list["weakref.ref[Knot]"]:
    return [weakref.ref(Knot()) for _ in range(20_000)]


def tied_beside() -> list["weakref.ref[Knot]"]:
    knots: list[weakref.ref[Knot]] = []
    worker = threading.Thread(target=lambda: knots.extend(tie_knots()), name="worker")
    worker.start()
    worker.join()
    return knots


@pytest.fixture
def automatic() -> Iterator[None]:
    """Python collects by itself, as in a program that has just begun."""
    before = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


def test_garbage_of_other_threads_is_collected_on_the_main_thread_alone(qtbot: QtBot, automatic: None) -> None:
    collector = MainThreadCollector()
    try:
        with collecting_threads() as threads:
            knots = tied_beside()
            qtbot.waitUntil(lambda: not any(knot() for knot in knots))
        assert threads == {threading.current_thread().name}
    finally:
        collector.close()
    assert gc.isenabled()


def test_without_it_python_collects_where_it_is_just_running(automatic: None) -> None:
    with collecting_threads() as threads:
        tied_beside()
    assert "worker" in threads


def test_a_window_collects_on_the_main_thread_until_it_is_shut(
    open_window: Callable[[], MainWindow], fakes: FakeServices, qtbot: QtBot, automatic: None
) -> None:
    window = open_window()
    with collecting_threads() as threads:
        knots = tied_beside()
        qtbot.waitUntil(lambda: not any(knot() for knot in knots))
    assert threads == {threading.current_thread().name}
    window.shut_down()
    assert gc.isenabled()
