"""Time, date, timers and undo as the commands run them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from voiceassist.actions.builtin import default_registry, installed_applications
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError


@pytest.fixture
def frozen() -> Iterator[ActionRegistry]:
    actions = default_registry(print, now=lambda: datetime(2026, 3, 9, 7, 5, tzinfo=UTC))
    yield actions
    actions.close()


def test_all_actions_of_the_default_commands_are_there(registry: ActionRegistry) -> None:
    assert registry.names() == (
        "app.open",
        "clock.date",
        "clock.time",
        "timer.cancel",
        "timer.start",
        "timer.status",
        "undo",
        "volume.change",
        "volume.mute",
        "volume.set",
    )


def test_time_and_date_are_told_in_english(frozen: ActionRegistry) -> None:
    assert frozen.run("clock.time", {}, {}).message == "It is 07:05."
    assert frozen.run("clock.date", {}, {}).message == "Today is Monday, 9 March 2026."


def test_the_time_is_the_machine_s_own(registry: ActionRegistry) -> None:
    begun = datetime.now(tz=UTC).astimezone()
    told = registry.run("clock.time", {}, {}).message
    assert told in {f"It is {moment:%H:%M}." for moment in (begun, begun + timedelta(minutes=1))}


def test_a_timer_is_started_shown_and_cancelled(registry: ActionRegistry) -> None:
    assert registry.run("timer.status", {}, {}).message == "No timer is running."
    started = registry.run("timer.start", {}, {"duration": 600})
    assert started.message == "The timer for 10 minutes runs."
    assert "for 10 minutes has " in registry.run("timer.status", {}, {}).message
    assert registry.run("timer.cancel", {}, {}).message == "The timer for 10 minutes is cancelled."
    with pytest.raises(ActionError, match="no timer is running"):
        registry.run("timer.cancel", {}, {})


def test_undo_cancels_a_timer_and_brings_a_cancelled_one_back(registry: ActionRegistry) -> None:
    registry.run("timer.start", {"duration": 60}, {})
    registry.run("timer.cancel", {}, {})
    assert registry.run("undo", {}, {}).message.startswith("The timer runs again.")
    assert "for 1 minute has " in registry.run("timer.status", {}, {}).message


def test_undo_of_a_started_timer_cancels_it(registry: ActionRegistry) -> None:
    started = registry.run("timer.start", {"duration": 60}, {})
    assert started.undo_token is not None
    assert registry.undo(started.undo_token).message == "The timer for 1 minute is cancelled."
    assert registry.run("timer.status", {}, {}).message == "No timer is running."


def test_undo_of_a_timer_that_is_gone_says_so(registry: ActionRegistry) -> None:
    started = registry.run("timer.start", {"duration": 60}, {})
    registry.run("timer.cancel", {}, {})
    assert started.undo_token is not None
    with pytest.raises(ActionError, match="not running any more"):
        registry.undo(started.undo_token)


def test_a_ringing_timer_is_announced(registry: ActionRegistry, said: list[str]) -> None:
    registry.run("timer.start", {"duration": 1}, {})
    give_up_s = time.monotonic() + 20
    while not said and time.monotonic() < give_up_s:
        time.sleep(0.02)
    assert said == ["The timer for 1 second is over."]


def test_undo_without_anything_done(registry: ActionRegistry) -> None:
    with pytest.raises(ActionError, match="nothing to undo"):
        registry.run("undo", {}, {})


def test_the_machine_s_applications_can_be_listed() -> None:
    names = [application.name.casefold() for application in installed_applications()]
    assert names == sorted(names)
