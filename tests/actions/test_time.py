"""What clocks may do to alarms: they are set, go back an hour in autumn, and jump while the machine is suspended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fake_clocks import FakeClocks
from private_desktop import until

from voiceassist.actions.notifications import Notifier
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.ringer import Ringer
from voiceassist.actions.schedule_store import Entry, ScheduleStore
from voiceassist.actions.scheduler import Scheduler
from voiceassist.actions.sounds import SoundPlayer
from voiceassist.actions.timer_actions import TimerActions
from voiceassist.errors import ActionError


class BerlinClocks(FakeClocks):
    """Clocks of a place that has summer time."""

    zone = ZoneInfo("Europe/Berlin")

    def stand_at(self, text: str) -> None:
        """Let time pass until that moment in UTC."""
        self.pass_time(seconds=(datetime.fromisoformat(text).replace(tzinfo=UTC) - self._now).total_seconds())

    def local(self) -> datetime:
        return self._now.astimezone(self.zone).replace(tzinfo=None)


class Silence(SoundPlayer):
    """Plays nothing, and counts."""

    def __init__(self) -> None:
        self.played = 0

    def play(self, *_sound: object) -> Callable[[], None]:
        self.played += 1
        return lambda: None

    def close(self) -> None: ...


class NoNotifications(Notifier):
    """Shows nothing."""

    def __init__(self) -> None: ...

    def show(self, *_notification: object) -> int:
        raise ActionError("nothing is shown here", hint="")


class Alarms:
    """A scheduler with a real ringer, whose announcements are kept; each may be made to fail."""

    def __init__(self, folder: Path, clocks: FakeClocks) -> None:
        self.said: list[str] = []
        self.fault: Exception | None = None
        self.player = Silence()
        self.ringer = Ringer(self.announce, clocks, self.player, NoNotifications(), lambda _entry, _s: None)
        store = ScheduleStore(folder / "schedule.sqlite3")
        self.scheduler = Scheduler(store, clocks, self.ringer.ring, clock_check_s=0.01)
        self.scheduler.start()

    def announce(self, text: str) -> None:
        self.said.append(text)
        if self.fault is not None:
            raise self.fault

    def close(self) -> None:
        self.scheduler.close()


def at(text: str) -> datetime:
    """What a clock on the wall shows."""
    return datetime.fromisoformat(text)


def test_hours_after_a_ring_cancelling_means_what_runs(tmp_path: Path) -> None:
    clocks = FakeClocks()
    with closing(Alarms(tmp_path, clocks)) as alarms, closing(ActionRegistry()) as registry:
        TimerActions(registry, alarms.scheduler, alarms.ringer.stop)
        for minutes_after, answer in ((0, "Stopped."), (5, "The timer for 10 minutes is cancelled.")):
            registry.run("timer.start", {}, {"duration": 60})
            clocks.pass_time(minutes=1)
            until(lambda: alarms.ringer._ringing, "it rings, and nobody stops it")
            clocks.pass_time(minutes=minutes_after)
            registry.run("timer.start", {}, {"duration": 600})
            assert registry.run("timer.cancel", {}, {}).message == answer
            if not minutes_after:
                assert (
                    registry.run("timer.cancel", {}, {"all": True}).message == "The timer for 10 minutes is cancelled."
                )


def test_cancelling_all_stops_what_rings_too(tmp_path: Path) -> None:
    clocks = FakeClocks()
    with closing(Alarms(tmp_path, clocks)) as alarms, closing(ActionRegistry()) as registry:
        TimerActions(registry, alarms.scheduler, alarms.ringer.stop)
        for others, answer in ((2, "2 timers are cancelled."), (0, "Stopped.")):
            registry.run("timer.start", {}, {"duration": 60})
            clocks.pass_time(minutes=1)
            until(lambda: alarms.ringer._ringing, "it rings")
            for _ in range(others):
                registry.run("timer.start", {}, {"duration": 600})
            assert registry.run("timer.cancel", {}, {"all": True}).message == answer
            assert alarms.ringer.stop() == []
            assert alarms.scheduler.entries("timer") == ()


def wait_for_a_look(alarms: Alarms) -> None:
    """Until the scheduler has looked at the clocks again: what is due before this timer rings before it."""
    alarms.scheduler.add_timer(1.0, "look")
    clocks = alarms.scheduler.clocks
    assert isinstance(clocks, FakeClocks)
    clocks.pass_time(seconds=1)
    until(lambda: any("look timer" in text for text in alarms.said), "the scheduler has looked")
    alarms.said[:] = [text for text in alarms.said if "look timer" not in text]


def test_in_the_hour_that_comes_twice_an_alarm_rings_once(tmp_path: Path) -> None:
    clocks = BerlinClocks()
    clocks.stand_at("2026-10-24T23:50")  # summer time: ten to two on the wall
    with closing(Alarms(tmp_path, clocks)) as alarms:
        alarms.scheduler.add_at("alarm", at("2026-10-25T02:30"), "once")
        alarms.scheduler.add_at("alarm", at("2026-10-25T02:45"), "daily", tuple(range(7)))
        clocks.stand_at("2026-10-25T00:30")
        until(lambda: alarms.said == ["It is 02:30: your once alarm."], "the first half past two")
        clocks.stand_at("2026-10-25T00:45")
        until(lambda: len(alarms.said) == 2, "the daily one")
        clocks.stand_at("2026-10-25T01:44")  # a quarter to three again, in winter time
        assert clocks.local() == at("2026-10-25T02:44")
        clocks.stand_at("2026-10-25T01:46")
        wait_for_a_look(alarms)
        assert len(alarms.said) == 2
        clocks.stand_at("2026-10-26T01:45")
        until(lambda: alarms.said[2:] == ["It is 02:45: your daily alarm."], "the next day by the clock on the wall")


def test_an_alarm_after_the_night_of_the_change_rings_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    clocks = BerlinClocks()
    clocks.stand_at("2026-10-24T20:00")
    with closing(Alarms(tmp_path, clocks)) as alarms:
        alarms.scheduler.add_at("alarm", at("2026-10-25T07:00"))
        clocks.stand_at("2026-10-25T05:30")  # nine and a half hours later: the wall shows half past six
        wait_for_a_look(alarms)
        assert alarms.said == []
        clocks.stand_at("2026-10-25T06:00")
        until(lambda: alarms.said == ["It is 07:00: your alarm."], "seven in the morning")


def test_an_alarm_in_the_hour_that_spring_leaves_out_rings_at_its_end(tmp_path: Path) -> None:
    clocks = BerlinClocks()
    clocks.stand_at("2026-03-29T00:55")  # 1:55; at 2:00 it is 3:00
    with closing(Alarms(tmp_path, clocks)) as alarms:
        alarms.scheduler.add_at("alarm", at("2026-03-29T02:30"))
        clocks.stand_at("2026-03-29T01:00")
        until(lambda: bool(alarms.said), "it rings although there is no half past two")
        assert alarms.player.played == 1


@pytest.mark.parametrize(("asleep", "words"), [(150, "2 hours 30 minutes"), (60 * 26, "26 hours")])
def test_an_alarm_missed_by_hours_says_what_it_is_and_makes_no_noise(tmp_path: Path, asleep: int, words: str) -> None:
    clocks = BerlinClocks()
    with closing(Alarms(tmp_path, clocks)) as alarms:
        due = clocks.local() + timedelta(minutes=10)
        alarms.scheduler.add_at("alarm", due, "train")
        clocks.pass_time(minutes=10 + asleep)  # the machine was suspended
        until(lambda: bool(alarms.said), "it rings late rather than never")
        assert alarms.said == [f"Missed at {due:%H:%M}, {words} ago: It is {due:%H:%M}: your train alarm."]
        assert alarms.player.played == 0


def test_a_timer_runs_while_the_machine_is_suspended_and_not_while_its_clock_is_set(tmp_path: Path) -> None:
    clocks = BerlinClocks()
    with closing(Alarms(tmp_path, clocks)) as alarms:
        alarms.scheduler.add_timer(600, "tea")
        clocks.set_clock(hours=5)
        wait_for_a_look(alarms)
        clocks.set_clock(hours=-48)
        wait_for_a_look(alarms)
        assert alarms.said == []
        clocks.pass_time(minutes=10)  # suspended
        until(lambda: alarms.said == ["The tea timer for 10 minutes is over."], "it rings on waking")


@pytest.mark.parametrize(
    "fault", [RuntimeError("no voice"), RecursionError(), UnicodeEncodeError("utf-8", "x", 0, 1, "")]
)
def test_an_announcement_that_fails_silences_neither_this_alarm_nor_later_ones(
    tmp_path: Path, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    clocks = BerlinClocks()
    with closing(Alarms(tmp_path, clocks)) as alarms, caplog.at_level(logging.ERROR):
        alarms.fault = fault
        for minutes in (1, 2, 3):
            alarms.scheduler.add_at("alarm", clocks.local() + timedelta(minutes=minutes), f"no. {minutes}")
        clocks.pass_time(minutes=1)
        until(lambda: len(alarms.said) == 1, "the first one is said")
        until(lambda: alarms.ringer.stop("alarm") != [], "it rings, and can be stopped, although it could not be said")
        clocks.pass_time(minutes=2)
        until(lambda: len(alarms.said) == 3, "the others ring too")
    assert alarms.player.played == 3
    assert "could not be announced" in caplog.text


def test_an_entry_that_nobody_could_ring_does_not_come_again(tmp_path: Path) -> None:
    clocks, rung = FakeClocks(), []

    def ring(entry: Entry, _late_s: float) -> None:
        rung.append(entry.name)
        raise RuntimeError("broken")

    with closing(Scheduler(ScheduleStore(tmp_path / "s.sqlite3"), clocks, ring, clock_check_s=0.01)) as scheduler:
        for number in range(5):
            scheduler.add_timer(60 + number, f"{number}")
        clocks.pass_time(seconds=70)
        until(lambda: not scheduler.store.entries(), "all were tried")
    assert rung == ["0", "1", "2", "3", "4"]
