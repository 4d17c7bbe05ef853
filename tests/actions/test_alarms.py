"""Alarms that really ring, and what is said about them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from private_desktop import until

from voiceassist.actions.alarms import MAX_ALARMS, AlarmActions, AlarmService, next_time
from voiceassist.actions.registry import ActionCall, ActionRegistry
from voiceassist.errors import ActionError


class WallClock:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 9, 21, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture
def service(clock: WallClock, rung: list[str]) -> Iterator[AlarmService]:
    service = AlarmService(rung.append, clock)
    yield service
    service.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "alarms"]


@pytest.fixture
def alarms(service: AlarmService) -> ActionRegistry:
    registry = ActionRegistry()
    AlarmActions(registry, service)
    return registry


def test_an_alarm_is_for_the_next_time_the_clock_shows_it(alarms: ActionRegistry) -> None:
    assert alarms.run("alarm.status", {}, {}).message == "No alarm is set."
    assert alarms.run("alarm.set", {}, {"time": "07:00"}).message == "The alarm rings tomorrow at 07:00."
    assert alarms.run("alarm.set", {}, {"time": "22:15"}).message == "The alarm rings at 22:15."
    told = "An alarm rings at 22:15. An alarm rings tomorrow at 07:00."
    assert alarms.run("alarm.status", {}, {}).message == told


def test_cancel_removes_all_and_undo_brings_them_back(alarms: ActionRegistry) -> None:
    for time in ("07:00", "22:15"):
        alarms.run("alarm.set", {}, {"time": time})
    assert alarms.run("alarm.cancel", {}, {}).message == "2 alarms are off."
    assert alarms.run("alarm.status", {}, {}).message == "No alarm is set."
    with pytest.raises(ActionError, match="no alarm is set"):
        alarms.run("alarm.cancel", {}, {})
    assert alarms.undo_last().message == "The alarms are set again."
    assert alarms.undo_last().message == "The alarm at 22:15 is off."
    assert alarms.run("alarm.status", {}, {}).message == "An alarm rings tomorrow at 07:00."


def test_alarms_ring_in_their_order_and_once(rung: list[str]) -> None:
    started = datetime.now(tz=UTC)
    service = AlarmService(rung.append, lambda: datetime.now(tz=UTC))
    late, soon = (started.replace(tzinfo=None) + timedelta(seconds=left) for left in (0.6, 0.3))
    service.set(late)
    service.set(soon)
    until(lambda: len(rung) == 2, "both rang")
    assert datetime.now(tz=UTC) >= started + timedelta(seconds=0.6)
    assert rung == [f"It is {at:%H:%M}: your alarm." for at in (soon, late)]
    assert service.waiting() == ()
    service.close()


def test_an_alarm_rings_when_the_clock_jumps_over_it(
    service: AlarmService, clock: WallClock, rung: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voiceassist.actions.alarms.MAX_CLOCK_CHECK_S", 0.02)
    service.set(datetime(2026, 3, 10, 7, 0))  # noqa: DTZ001 - what a clock on the wall shows
    assert not rung
    clock.now += timedelta(hours=12)  # the machine slept
    until(lambda: rung == ["It is 07:00: your alarm."], "it rings late rather than never")


def test_what_cannot_be_set(alarms: ActionRegistry, service: AlarmService) -> None:
    alarms.run("alarm.set", {}, {"time": "07:00"})
    with pytest.raises(ActionError, match="there is an alarm tomorrow at 07:00 already"):
        alarms.run("alarm.set", {}, {"time": "07:00"})
    for nonsense in ("25:00", "soon"):
        with pytest.raises(ActionError, match="needs a time"):
            alarms.run("alarm.set", {}, {"time": nonsense})
    for minute in range(1, MAX_ALARMS):
        alarms.run("alarm.set", {}, {"time": f"08:{minute:02d}"})
    with pytest.raises(ActionError, match="alarms are set already"):
        alarms.run("alarm.set", {}, {"time": "09:00"})
    service.close()
    with pytest.raises(ActionError, match="alarms are closed"):
        alarms.run("alarm.set", {}, {"time": "09:30"})


def test_undo_of_an_alarm_that_is_gone(alarms: ActionRegistry, service: AlarmService) -> None:
    alarms.run("alarm.set", {}, {"time": "07:00"})
    service.cancel(service.waiting()[0])
    with pytest.raises(ActionError, match="not set any more"):
        alarms.undo_last()


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), st.times())  # noqa: DTZ001
def test_the_next_time_is_ahead_and_less_than_a_day_away(now: datetime, wanted: object) -> None:
    at = next_time(ActionCall("alarm.set", slots={"time": f"{wanted:%H:%M}"}), now)
    assert now < at <= now + timedelta(days=1)
    assert f"{at:%H:%M:%S}" == f"{wanted:%H:%M}:00"
