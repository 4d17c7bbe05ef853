"""Timers that really run, with short times."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.actions.timers import MAX_TIMERS, RunningTimer, TimerService, spoken_duration
from voiceassist.errors import ActionError


class Bell:
    """Keeps what was announced and lets a test wait for it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.rang = threading.Event()

    def __call__(self, message: str) -> None:
        self.said.append(message)
        self.rang.set()


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def timers(bell: Bell) -> Iterator[TimerService]:
    service = TimerService(bell)
    yield service
    service.close()


def test_it_rings_when_its_time_is_over_and_is_gone(timers: TimerService, bell: Bell) -> None:
    begun_s = time.monotonic()
    timers.start(1)
    assert bell.rang.wait(20)
    assert time.monotonic() - begun_s >= 0.99
    assert bell.said == ["The timer for 1 second is over."]
    assert timers.running() == ()


def test_the_next_to_ring_comes_first(timers: TimerService) -> None:
    long, short = timers.start(600), timers.start(60)
    assert [timer.number for timer in timers.running()] == [short, long]
    assert 59 < timers.running()[0].left_s <= 60


def test_a_cancelled_timer_does_not_ring_and_can_go_on(timers: TimerService, bell: Bell) -> None:
    stopped = timers.cancel(timers.start(1))
    assert stopped is not None
    assert timers.cancel(stopped.number) is None
    assert not bell.rang.wait(1.2)
    timers.resume(RunningTimer(stopped.number, stopped.duration_s, 0.05))
    assert bell.rang.wait(20)


def test_closing_stops_every_thread_without_ringing(bell: Bell) -> None:
    before = threading.active_count()
    service = TimerService(bell)
    for _ in range(3):
        service.start(1)
    service.close()
    assert threading.active_count() == before
    assert not bell.rang.wait(1.2)
    with pytest.raises(ActionError, match="closed"):
        service.start(1)


def test_the_service_can_be_closed_from_the_bell() -> None:
    closed = threading.Event()

    def close(_message: str) -> None:
        service.close()
        closed.set()

    service = TimerService(close)
    service.resume(RunningTimer(1, 1.0, 0.01))
    assert closed.wait(20)


@pytest.mark.parametrize("duration_s", [0, -5, 0.5, 86_401])
def test_senseless_durations_are_refused(timers: TimerService, duration_s: float) -> None:
    with pytest.raises(ActionError, match="a timer cannot run for"):
        timers.start(duration_s)


def test_there_is_an_end_to_timers(timers: TimerService) -> None:
    for _ in range(MAX_TIMERS):
        timers.start(600)
    with pytest.raises(ActionError, match="running already"):
        timers.start(600)


@pytest.mark.parametrize(
    ("duration_s", "words"),
    [(600, "10 minutes"), (61, "1 minute 1 second"), (7205, "2 hours 5 seconds"), (0.2, "0 seconds")],
)
def test_durations_are_said_in_words(duration_s: float, words: str) -> None:
    assert spoken_duration(duration_s) == words


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(1, 10**6))
def test_no_second_is_lost_in_words(duration_s: int) -> None:
    units = {"hour": 3600, "minute": 60, "second": 1}
    parts = spoken_duration(duration_s).split()
    total = sum(int(count) * units[unit.removesuffix("s")] for count, unit in zip(parts[::2], parts[1::2], strict=True))
    assert total == duration_s
