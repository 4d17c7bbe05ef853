"""Timers, alarms, reminders and the stopwatch: kept on disk, rung once, whatever the clocks do."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fake_clocks import FakeClocks
from hypothesis import given, settings
from hypothesis import strategies as st
from private_desktop import until

from voiceassist.actions.alarm_actions import AlarmActions
from voiceassist.actions.call import ActionCall
from voiceassist.actions.durations import spoken_duration
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.ring_times import REPEATS, next_time
from voiceassist.actions.ringer import ring_message
from voiceassist.actions.schedule_store import Entry, ScheduleStore
from voiceassist.actions.scheduler import MAX_ENTRIES, Scheduler, following_time
from voiceassist.actions.timer_actions import StopwatchActions, TimerActions
from voiceassist.errors import ActionError
from voiceassist.grammar.language.numbers import spell
from voiceassist.grammar.values.clock_times import read_clock
from voiceassist.open_time import OpenTime

Make = Callable[..., Scheduler]


@pytest.fixture
def clocks() -> FakeClocks:
    return FakeClocks()


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture
def store(tmp_path: Path) -> ScheduleStore:
    return ScheduleStore(tmp_path / "data" / "schedule.sqlite3")


@pytest.fixture
def make(store: ScheduleStore, clocks: FakeClocks, rung: list[str]) -> Iterator[Make]:
    """Starts the program, as it were."""
    running: list[Scheduler] = []
    before = threading.enumerate()

    def begin(*, rings: bool = True) -> Scheduler:
        def ring(entry: Entry, late_s: float) -> None:
            rung.append(f"{ring_message(entry)} {round(late_s)}")

        running.append(Scheduler(store, clocks, ring, rings=rings, clock_check_s=0.01))
        running[-1].start()
        return running[-1]

    yield begin
    for scheduler in running:
        scheduler.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "timers" and thread not in before]


@pytest.fixture
def actions(make: Make) -> Iterator[ActionRegistry]:
    registry, scheduler = ActionRegistry(), make()
    TimerActions(registry, scheduler)
    AlarmActions(registry, scheduler)
    StopwatchActions(registry, scheduler)
    yield registry
    registry.close()


def run(actions: ActionRegistry, action: str, /, **slots: object) -> str:
    return actions.run(action, {}, slots).message


def test_a_timer_rings_when_its_time_is_over_and_is_gone(make: Make, clocks: FakeClocks, rung: list[str]) -> None:
    scheduler = make()
    scheduler.add_timer(60)
    clocks.pass_time(seconds=59)
    threading.Event().wait(0.1)
    assert rung == []
    clocks.pass_time(seconds=1)
    until(lambda: rung == ["The timer for 1 minute is over. 0"], "it rings")
    until(lambda: not scheduler.store.entries(), "it is gone")


def test_setting_the_clock_neither_rings_nor_delays_a_timer(make: Make, clocks: FakeClocks, rung: list[str]) -> None:
    make().add_timer(600)
    clocks.set_clock(hours=3)
    threading.Event().wait(0.1)
    assert rung == []
    clocks.set_clock(hours=-30)
    clocks.pass_time(minutes=10)
    until(lambda: rung == ["The timer for 10 minutes is over. 0"], "it rings")


def test_a_timer_runs_on_while_the_program_and_the_machine_are_off(
    make: Make, clocks: FakeClocks, rung: list[str]
) -> None:
    first = make()
    first.add_timer(600, "tea")
    first.add_timer(3600, "roast")
    first.close()
    clocks.restart(minutes=7)
    second = make()
    assert [round(second.left_s(entry)) for entry in second.entries("timer")] == [180, 3180]
    second.close()
    clocks.restart(minutes=10)
    make()
    until(lambda: rung == ["The tea timer for 10 minutes is over. 420"], "what was missed rings late")


def test_an_alarm_follows_the_wall_clock(make: Make, clocks: FakeClocks, rung: list[str]) -> None:
    scheduler = make()
    scheduler.add_at("alarm", clocks.local() + timedelta(hours=1))
    clocks.set_clock(minutes=59)
    threading.Event().wait(0.1)
    assert rung == []
    clocks.set_clock(minutes=1)
    until(lambda: rung == ["It is 22:30: your alarm. 0"], "it rings")


def test_an_alarm_that_was_slept_through_rings_late(make: Make, clocks: FakeClocks, rung: list[str]) -> None:
    make().add_at("alarm", datetime(2026, 3, 10, 7, 0))  # noqa: DTZ001 - what a clock on the wall shows
    clocks.pass_time(hours=12)
    until(lambda: rung == ["It is 07:00: your alarm. 9000"], "it rings late rather than never")


def test_a_repeated_alarm_rings_once_a_day(make: Make, clocks: FakeClocks, rung: list[str]) -> None:
    scheduler = make()
    scheduler.add_at("alarm", datetime(2026, 3, 10, 7, 0), "", REPEATS["weekdays"])  # noqa: DTZ001 - a Tuesday
    for day in (10, 11, 12, 13, 16, 17):
        due = datetime(2026, 3, day, 7, 0)  # noqa: DTZ001
        until(lambda due=due: [entry.due_local for entry in scheduler.entries("alarm")] == [due], f"waits for {due}")
        clocks.pass_time(seconds=(due - clocks.local()).total_seconds())
    until(lambda: len(rung) == 6, "six working days")


def test_two_programs_ring_once(make: Make, clocks: FakeClocks, rung: list[str]) -> None:
    schedulers = [make() for _ in range(3)]
    for number in range(10):
        schedulers[number % 3].add_timer(60 + number)
    clocks.pass_time(seconds=80)
    for scheduler in schedulers:
        scheduler.add_timer(3600)  # wakes it
    until(lambda: len(schedulers[0].store.entries()) == 3, "all have rung")
    assert sorted(rung) == sorted(f"The timer for {spoken_duration(60 + n)} is over. {20 - n}" for n in range(10))


def test_an_entry_is_exchanged_once(store: ScheduleStore, make: Make) -> None:
    entry = make(rings=False).add_timer(60)
    paused = replace(entry, state="paused", left_s=7.0)
    assert store.exchange(entry, paused)
    assert not store.exchange(entry, paused)
    assert store.entries() == (paused,)
    assert store.exchange(paused, None)
    assert not store.exchange(paused, None)
    assert store.entries() == ()


def test_a_paused_timer_is_never_out_of_the_store(make: Make, clocks: FakeClocks, store: ScheduleStore) -> None:
    """A crash or a full disk between removing and adding would lose it."""
    scheduler = make(rings=False)
    timer = scheduler.add_timer(60)
    clocks.pass_time(seconds=20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScheduleStore, "add", lambda _store, _entry: pytest.fail("nothing is added"))
        patch.setattr(ScheduleStore, "remove", lambda _store, _number: pytest.fail("nothing is removed"))
        assert scheduler.pause(timer)
        clocks.pass_time(hours=1)
        assert scheduler.left_s(store.entries()[0]) == 40
        assert not scheduler.pause(timer)
        assert scheduler.resume(timer.number)
        assert not scheduler.resume(timer.number)
    assert scheduler.left_s(store.entries()[0]) == 40


def test_a_timer_that_has_rung_cannot_be_paused(make: Make, store: ScheduleStore) -> None:
    scheduler = make(rings=False)
    timer = scheduler.add_timer(60)
    assert store.exchange(timer, None)
    assert not scheduler.pause(timer)
    assert store.entries() == ()


def test_a_store_of_a_newer_version_is_left_alone(make: Make, store: ScheduleStore, tmp_path: Path, caplog) -> None:
    store.add(Entry("timer", "old"))
    file = tmp_path / "data" / "schedule.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("ALTER TABLE entries ADD COLUMN sound TEXT")
        database.execute("PRAGMA user_version = 2")
        database.commit()
    scheduler = make()
    for task in (store.entries, lambda: scheduler.add_timer(60), lambda: store.remove(1)):
        with pytest.raises(ActionError, match="a newer voiceassist has written") as caught:
            task()
        assert "update voiceassist" in caught.value.hint
    until(lambda: "timers do not ring" in caplog.text, "it is logged")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        assert database.execute("SELECT name FROM entries").fetchall() == [("old",)]


def test_a_row_that_makes_no_sense_is_an_error_and_ends_no_thread(
    make: Make, store: ScheduleStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store.add(Entry("alarm", due_local=datetime(2026, 3, 10, 7, 0)))  # noqa: DTZ001
    with closing(sqlite3.connect(tmp_path / "data" / "schedule.sqlite3")) as database:
        database.execute("UPDATE entries SET due_local = 'soon'")
        database.commit()
    with pytest.raises(ActionError, match="timers cannot be read"):
        store.entries()
    make()
    until(lambda: "timers do not ring" in caplog.text, "it is logged")
    assert [thread for thread in threading.enumerate() if thread.name == "timers"]


def test_a_process_that_ends_at_once_leaves_ringing_to_others(make: Make, clocks: FakeClocks, rung: list[str]) -> None:
    visitor = make(rings=False)
    visitor.add_timer(1)
    clocks.pass_time(seconds=5)
    threading.Event().wait(0.1)
    assert rung == []
    make()
    until(lambda: len(rung) == 1, "the program that runs rings it")


def test_a_damaged_store_is_kept_aside(store: ScheduleStore, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store.add(Entry("timer"))
    (tmp_path / "data" / "schedule.sqlite3").write_bytes(b"no database at all, " * 100)
    store.add(Entry("timer", "new"))
    assert [entry.name for entry in store.entries()] == ["new"]
    assert (tmp_path / "data" / "schedule.sqlite3.broken").exists()
    assert "was damaged" in caplog.text


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ActionError, match="timers cannot be read or saved"):
        ScheduleStore(tmp_path / "file" / "schedule.sqlite3").add(Entry("timer"))


def test_timers_are_named_told_and_cancelled_one_by_one(actions: ActionRegistry) -> None:
    for duration, name in ((600, "tea"), (300, "egg"), (900, None)):
        run(actions, "timer.start", duration=duration, **({"name": name} if name else {}))
    assert run(actions, "timer.status", name="tea") == "The tea timer for 10 minutes has 10 minutes left."
    assert run(actions, "timer.status").split(". ")[0] == "The egg timer for 5 minutes has 5 minutes left"
    assert run(actions, "timer.cancel", name="egg") == "The egg timer for 5 minutes is cancelled."
    with pytest.raises(ActionError, match="there is no timer called egg"):
        run(actions, "timer.cancel", name="egg")
    assert run(actions, "timer.cancel", duration=900) == "The timer for 15 minutes is cancelled."
    assert run(actions, "timer.cancel", number=1) == "The tea timer for 10 minutes is cancelled."
    actions.undo_last()
    actions.undo_last()
    assert run(actions, "timer.cancel", all=True) == "2 timers are cancelled."


def test_what_is_left_of_a_timer_survives_cancel_pause_and_undo(actions: ActionRegistry, clocks: FakeClocks) -> None:
    run(actions, "timer.start", duration=600)
    clocks.pass_time(minutes=4)
    run(actions, "timer.cancel")
    clocks.pass_time(minutes=30)
    actions.undo_last()
    assert run(actions, "timer.status") == "The timer for 10 minutes has 6 minutes left."
    run(actions, "timer.pause")
    clocks.pass_time(minutes=30)
    assert run(actions, "timer.resume") == "The timer for 10 minutes runs on."
    assert run(actions, "timer.status") == "The timer for 10 minutes has 6 minutes left."


def test_a_timer_that_is_paused_already_is_no_missing_timer(actions: ActionRegistry) -> None:
    with pytest.raises(ActionError, match="no timer is running"):
        run(actions, "timer.pause")
    run(actions, "timer.start", duration=600, name="tea")
    run(actions, "timer.pause")
    with pytest.raises(ActionError, match="the tea timer for 10 minutes is paused already") as caught:
        run(actions, "timer.pause")
    assert caught.value.hint == "say: resume the timer"


def test_a_timer_gets_more_time(
    actions: ActionRegistry, clocks: FakeClocks, store: ScheduleStore, rung: list[str]
) -> None:
    run(actions, "timer.start", duration=300, name="tea")
    run(actions, "timer.start", duration=600)
    clocks.pass_time(seconds=60)
    longer = "The tea timer for 10 minutes has 9 minutes left."
    assert run(actions, "timer.extend", duration=300, name="tea") == longer
    assert run(actions, "timer.extend", duration=60) == "The timer for 11 minutes has 10 minutes left."
    assert actions.undo_last().message == "The timer for 10 minutes has 9 minutes left."
    run(actions, "timer.pause", name="tea")
    assert run(actions, "timer.extend", duration=60, name="tea").endswith("has 10 minutes left, paused.")
    run(actions, "timer.resume", name="tea")
    with pytest.raises(ActionError, match="more than 24 hours"):
        run(actions, "timer.extend", duration=86_400)
    clocks.pass_time(minutes=10)
    until(lambda: len(rung) == 2, "both ring, once, at their new times")
    assert store.entries() == ()
    with pytest.raises(ActionError, match="no timer is running"):
        run(actions, "timer.extend", duration=60)
    with pytest.raises(ActionError, match="is over"):
        actions.undo_last()


def test_a_process_that_does_not_ring_says_who_does(make: Make) -> None:
    registry, scheduler = ActionRegistry(), make(rings=False)
    TimerActions(registry, scheduler)
    AlarmActions(registry, scheduler)
    note = "It rings while voiceassist is running."
    assert run(registry, "timer.start", duration=60) == f"The timer for 1 minute runs. {note}"
    assert run(registry, "reminder.set", text="call ann", duration=60) == f"I remind you in 1 minute: call ann. {note}"
    with pytest.raises(ActionError, match="a timer cannot run for 50 hours"):
        run(registry, "timer.start", duration=180_000)
    registry.close()


@pytest.mark.parametrize("duration_s", [0, -5, 0.5, 86_401])
def test_senseless_durations_are_refused(actions: ActionRegistry, duration_s: float) -> None:
    with pytest.raises(ActionError, match="a timer cannot run for"):
        run(actions, "timer.start", duration=duration_s)


def test_there_is_an_end_to_timers(actions: ActionRegistry) -> None:
    for _ in range(MAX_ENTRIES):
        run(actions, "timer.start", duration=600)
    with pytest.raises(ActionError, match="20 timers are set already"):
        run(actions, "timer.start", duration=600)


def test_alarms_are_set_for_days(actions: ActionRegistry) -> None:
    assert run(actions, "alarm.status") == "No alarm is set."
    assert run(actions, "alarm.set", time="07:00") == "The alarm rings tomorrow at 07:00."
    assert run(actions, "alarm.set", time="22:15") == "The alarm rings today at 22:15."
    assert run(actions, "alarm.set", time="06:00", repeat="weekdays") == "The alarm rings every weekday at 06:00."
    assert run(actions, "alarm.set", time="09:00", date="2026-03-14") == "The alarm rings on Saturday at 09:00."
    assert run(actions, "alarm.set", time="09:00", date="2026-04-14") == "The alarm rings on 2026-04-14 at 09:00."
    assert run(actions, "alarm.status").startswith("5 alarms are set: today at 22:15, every weekday at 06:00, ")
    assert run(actions, "alarm.cancel", time="07:00") == "The alarm tomorrow at 07:00 is off."
    with pytest.raises(ActionError, match="there is no alarm at 07:00"):
        run(actions, "alarm.cancel", time="07:00")
    assert run(actions, "alarm.cancel") == "4 alarms are off."
    with pytest.raises(ActionError, match="no alarm is set"):
        run(actions, "alarm.cancel")
    assert actions.undo_last().message == "The alarms are set again."
    assert run(actions, "alarm.cancel", time=OpenTime("10:15")) == "The alarm today at 22:15 is off."


@pytest.mark.parametrize(
    ("slots", "when"),
    [  # it is half past nine in the evening of Monday, 9 March
        ({"day": "tomorrow", "time": "07:00"}, "tomorrow at 07:00"),
        ({"day": "tomorrow evening", "time": "07:00"}, "tomorrow at 19:00"),
        ({"day": "tomorrow evening", "time": "19:00"}, "tomorrow at 19:00"),
        ({"day": "tomorrow afternoon", "time": "12:30"}, "tomorrow at 12:30"),
        ({"day": "tonight", "time": "11:00"}, "today at 23:00"),
        ({"day": "tonight", "time": "12:00"}, "tomorrow at 00:00"),
        ({"day": "tonight", "time": "00:00"}, "tomorrow at 00:00"),
        ({"day": "tonight", "time": "02:00"}, "tomorrow at 02:00"),
        ({"day": "this evening", "time": "00:00"}, "tomorrow at 00:00"),
        ({"day": "this evening", "time": "09:45"}, "today at 21:45"),
        ({"day": "monday", "time": "22:00"}, "today at 22:00"),
        ({"day": "monday", "time": "20:00"}, "on 2026-03-16 at 20:00"),
        ({"day": "friday", "time": "08:00"}, "on Friday at 08:00"),
        ({"day": "tomorrow"}, "tomorrow at 09:00"),
        ({"day": "day after tomorrow", "time": "08:00"}, "on Wednesday at 08:00"),
        ({"day": "next monday"}, "on 2026-03-16 at 09:00"),
        ({"day": "next friday", "time": "08:00"}, "on 2026-03-20 at 08:00"),
        ({"day": "tomorrow afternoon"}, "tomorrow at 14:00"),
        ({"day": "sunday"}, "on Sunday at 09:00"),
        ({"repeat": "monday"}, "every Monday at 09:00"),
        ({"date": "2026-03-12"}, "on Thursday at 09:00"),
    ],
)
def test_a_reminder_takes_a_day_in_words(actions: ActionRegistry, slots: dict[str, str], when: str) -> None:
    assert run(actions, "reminder.set", text="call ann", **slots) == f"I remind you {when}: call ann"


def test_what_cannot_be_set(actions: ActionRegistry) -> None:
    run(actions, "alarm.set", time="07:00")
    with pytest.raises(ActionError, match="the same alarm is set already"):
        run(actions, "alarm.set", time="07:00")
    with pytest.raises(ActionError, match="has passed already"):
        run(actions, "alarm.set", time="07:00", date="2026-03-09")
    nonsense: list[tuple[str, dict[str, str]]] = [
        ("needs a time", {"time": "25:00"}),
        ("needs a day", {"time": "07:00", "date": "soon"}),
        ("needs one of daily", {"time": "07:00", "repeat": "sometimes"}),
        ("needs a day", {"time": "07:00", "day": "yesterday"}),
        ("called without time", {"day": "tomorrow"}),
        ("called without time", {"date": "2026-03-14"}),
        ("names two days", {"time": "07:00", "day": "tomorrow", "date": "2026-03-14"}),
        ("names two days", {"time": "07:00", "day": "tomorrow", "repeat": "daily"}),
        ("has passed already", {"time": "07:00", "day": "this evening"}),
        (r"has passed already \(say a later one, or next monday\)", {"time": "07:00", "date": "2026-03-09"}),
    ]
    for match, slots in nonsense:
        with pytest.raises(ActionError, match=match):
            run(actions, "alarm.set", **slots)


@pytest.mark.parametrize(
    ("action", "slots", "when"),
    [  # it is half past nine in the evening of Monday, 9 March
        ("alarm.set", {"time": "05:00"}, "tomorrow at 05:00"),
        ("alarm.set", {"time": "10:00"}, "today at 22:00"),
        ("alarm.set", {"time": "12:00"}, "tomorrow at 00:00"),
        ("alarm.set", {"time": "09:30"}, "tomorrow at 09:30"),
        ("alarm.set", {"time": "10:00", "half": "morning"}, "tomorrow at 10:00"),
        ("alarm.set", {"time": "05:00", "day": "tomorrow"}, "tomorrow at 05:00"),
        ("alarm.set", {"time": "12:00", "day": "tomorrow"}, "tomorrow at 12:00"),
        ("alarm.set", {"time": "02:30", "day": "friday"}, "on Friday at 14:30"),
        ("alarm.set", {"time": "07:00", "day": "tomorrow evening"}, "tomorrow at 19:00"),
        ("alarm.set", {"time": "10:00", "day": "monday"}, "on 2026-03-16 at 10:00"),
        ("alarm.set", {"time": "09:00", "day": "monday"}, "on 2026-03-16 at 09:00"),
        ("alarm.set", {"time": "10:00", "date": "2026-03-09"}, "today at 22:00"),
        ("alarm.set", {"time": "10:00", "date": "2026-03-14"}, "on Saturday at 10:00"),
        ("alarm.set", {"time": "06:30", "repeat": "weekdays"}, "every weekday at 06:30"),
        ("alarm.set", {"time": "10:00", "repeat": "daily"}, "every day at 10:00"),
        ("reminder.set", {"time": "05:00"}, "tomorrow at 05:00"),
        ("reminder.set", {"time": "05:00", "day": "tomorrow"}, "tomorrow at 17:00"),
        ("reminder.set", {"time": "07:00", "day": "tomorrow"}, "tomorrow at 07:00"),
        ("reminder.set", {"time": "06:59", "date": "2026-03-12"}, "on Thursday at 18:59"),
        ("reminder.set", {"time": "05:00", "repeat": "monday"}, "every Monday at 17:00"),
    ],
)
def test_an_hour_without_its_half_of_the_day(
    actions: ActionRegistry, action: str, slots: dict[str, str], when: str
) -> None:
    said = {**slots, "time": OpenTime(slots["time"])}
    expected = f"The alarm rings {when}." if action == "alarm.set" else f"I remind you {when}: call ann"
    assert run(actions, action, **said, **({"text": "call ann"} if action == "reminder.set" else {})) == expected


def test_of_two_alarms_at_five_the_next_is_cancelled(actions: ActionRegistry) -> None:
    for time in ("17:00", "05:00", "06:00"):
        run(actions, "alarm.set", time=time)
    assert run(actions, "alarm.cancel", time=OpenTime("05:00")) == "The alarm tomorrow at 05:00 is off."
    assert run(actions, "alarm.cancel", time=OpenTime("05:00")) == "The alarm tomorrow at 17:00 is off."
    with pytest.raises(ActionError, match="there is no alarm at 05:00 or 17:00"):
        run(actions, "alarm.cancel", time=OpenTime("05:00"))
    for time in ("23:00", "05:30"):
        run(actions, "alarm.set", time=time)
    run(actions, "alarm.set", time="05:30", date="2026-03-12")
    told = run(actions, "alarm.cancel", time=OpenTime("05:30"))
    assert told == "The alarms tomorrow at 05:30 and on Thursday at 05:30 are off."
    assert actions.undo_last().message == "The alarms are set again."
    with pytest.raises(ActionError, match="there is no alarm at 18:00"):
        run(actions, "alarm.cancel", time="18:00")
    assert actions.undo_last().message == "The alarm on Thursday at 05:30 is off."


def test_an_alarm_is_changed_and_changed_back(actions: ActionRegistry) -> None:
    with pytest.raises(ActionError, match="no alarm is set"):
        run(actions, "alarm.change", time="08:00")
    run(actions, "alarm.set", time="07:00", repeat="weekdays")
    assert run(actions, "alarm.change", time=OpenTime("08:00")) == "The alarm rings every weekday at 08:00."
    assert run(actions, "alarm.change", time=OpenTime("09:00"), day="tomorrow") == "The alarm rings tomorrow at 09:00."
    assert actions.undo_last().message == "The alarm rings every weekday at 08:00."
    assert actions.undo_last().message == "The alarm rings every weekday at 07:00."
    assert run(actions, "alarm.status") == "An alarm rings every weekday at 07:00."
    with pytest.raises(ActionError, match="the same alarm is set already"):
        run(actions, "alarm.change", time="07:00")
    told = actions.run("alarm.change", {}, {"time": "10:00"})
    run(actions, "alarm.cancel")
    with pytest.raises(ActionError, match="not set any more"):
        actions.undo(str(told.undo_token))
    run(actions, "alarm.set", time="07:00")
    run(actions, "alarm.set", time="08:00")
    with pytest.raises(ActionError, match="2 alarms are set"):
        run(actions, "alarm.change", time="10:00")


def test_alarms_and_reminders_of_a_day_are_cancelled(actions: ActionRegistry) -> None:
    seven = OpenTime("07:00")
    for slots in ({"day": "tomorrow"}, {"day": "tomorrow evening"}, {"day": "friday"}, {"repeat": "weekdays"}):
        run(actions, "alarm.set", time=seven, **slots)
    assert run(actions, "alarm.cancel", time=seven, day="friday") == "The alarm on Friday at 07:00 is off."
    assert run(actions, "alarm.cancel", time=seven, repeat="weekdays") == "The alarm every weekday at 07:00 is off."
    told = run(actions, "alarm.cancel", time=seven, day="tomorrow evening")
    assert told == "The alarm tomorrow at 19:00 is off."
    with pytest.raises(ActionError, match="there is no alarm at 07:00 or 19:00"):
        run(actions, "alarm.cancel", time=seven, date="2026-03-15")
    assert run(actions, "alarm.cancel", time=seven, date="2026-03-10") == "The alarm tomorrow at 07:00 is off."
    run(actions, "reminder.set", text="call ann", time=OpenTime("05:00"), day="tomorrow")
    run(actions, "reminder.set", text="call bob", time=OpenTime("06:00"), day="tomorrow")
    told = run(actions, "reminder.cancel", time=OpenTime("05:00"))
    assert told == "The reminder tomorrow at 17:00 is off: call ann"
    assert run(actions, "reminder.cancel", name="bob") == "The reminder tomorrow at 18:00 is off: call bob"


def test_a_day_whose_usual_time_has_passed_needs_a_time(actions: ActionRegistry) -> None:
    with pytest.raises(ActionError, match=r"has passed already \(say at what time\)"):
        run(actions, "reminder.set", text="call ann", day="today")
    told = run(actions, "reminder.set", text="call ann", day="today", time=OpenTime("10:00"))
    assert told == "I remind you today at 22:00: call ann"


def test_tonight_at_two_after_midnight(actions: ActionRegistry, clocks: FakeClocks) -> None:
    clocks.pass_time(hours=3)
    assert run(actions, "alarm.set", time=OpenTime("02:00"), day="tonight") == "The alarm rings today at 02:00."


def test_undo_of_an_alarm_that_is_gone(actions: ActionRegistry) -> None:
    told = actions.run("alarm.set", {}, {"time": "07:00"})
    run(actions, "alarm.cancel")
    assert told.undo_token is not None
    with pytest.raises(ActionError, match="not set any more"):
        actions.undo(told.undo_token)


def test_reminders_say_what_they_are_about(actions: ActionRegistry, clocks: FakeClocks, rung: list[str]) -> None:
    assert run(actions, "reminder.set", text="call ann", time="22:00") == "I remind you today at 22:00: call ann"
    assert run(actions, "reminder.set", text="turn the oven off", duration=600).startswith("I remind you in 10 minutes")
    assert run(actions, "reminder.status") == "In 10 minutes: turn the oven off. Today at 22:00: call ann."
    assert run(actions, "reminder.cancel", name="oven") == "The reminder in 10 minutes is off: turn the oven off"
    clocks.pass_time(minutes=30)
    until(lambda: rung == ["Reminder: call ann 0"], "it is reminded")


def test_a_date_before_the_time_is_no_part_of_the_text(actions: ActionRegistry) -> None:
    noon = {"time": "12:00"}
    for text, answer in (
        ("pay the rent on the first of april", "on 2026-04-01 at 12:00: pay the rent"),
        ("pay on account on Friday", "on Friday at 12:00: pay on account"),
        ("turn the heating on", "tomorrow at 12:00: turn the heating on"),
        ("put the oven on five", "tomorrow at 12:00: put the oven on five"),
        ("work on the report", "tomorrow at 12:00: work on the report"),
        ("talk on the 30th of february", "tomorrow at 12:00: talk on the 30th of february"),
    ):
        assert run(actions, "reminder.set", text=text, **noon) == f"I remind you {answer}"


def test_reminders_in_days_and_weeks_keep_the_time_of_day(actions: ActionRegistry) -> None:
    day_s = 24 * 3600
    assert run(actions, "reminder.set", text="call ann", duration=2 * day_s) == (
        "I remind you on Wednesday at 21:30: call ann"
    )
    assert run(actions, "reminder.set", text="call bob", duration=7 * day_s) == (
        "I remind you on 2026-03-16 at 21:30: call bob"
    )
    assert run(actions, "reminder.status").startswith("On Wednesday at 21:30: call ann. On 2026-03-16 at")
    with pytest.raises(ActionError, match="cannot run for"):
        run(actions, "reminder.set", text="call carl", duration=1e8)


def test_the_stopwatch_counts_on_after_a_restart(actions: ActionRegistry, make: Make, clocks: FakeClocks) -> None:
    with pytest.raises(ActionError, match="is not running"):
        run(actions, "stopwatch.stop")
    run(actions, "stopwatch.start")
    clocks.pass_time(seconds=65)
    assert run(actions, "stopwatch.status") == "The stopwatch shows 1 minute 5 seconds."
    again = ActionRegistry()
    StopwatchActions(again, make())
    clocks.pass_time(seconds=5)
    assert run(again, "stopwatch.stop") == "Stopped at 1 minute 10 seconds."
    again.close()
    clocks.pass_time(seconds=60)
    run(actions, "stopwatch.start")
    clocks.pass_time(seconds=1)
    assert run(actions, "stopwatch.status") == "The stopwatch shows 1 minute 11 seconds."
    run(actions, "stopwatch.reset")
    assert run(actions, "stopwatch.status") == "The stopwatch shows 0 seconds, stopped."
    actions.undo_last()
    assert run(actions, "stopwatch.status") == "The stopwatch shows 1 minute 11 seconds."


def test_closed_timers_stay_for_the_next_time(make: Make) -> None:
    first = make()
    first.add_timer(600)
    first.close()
    with pytest.raises(ActionError, match="is closing"):
        first.add_timer(600)
    assert len(make().entries("timer")) == 1


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), st.times(), st.sampled_from([(), *REPEATS.values()]))  # noqa: DTZ001
def test_the_next_time_is_ahead_and_on_a_wanted_day(now: datetime, wanted: object, days: tuple[int, ...]) -> None:
    at = next_time(ActionCall("alarm.set", slots={"time": f"{wanted:%H:%M}"}), now, days)
    assert now < at <= now + timedelta(days=7 if days else 1)
    assert f"{at:%H:%M:%S}" == f"{wanted:%H:%M}:00"
    if days:
        assert at.weekday() in days
        following = following_time(Entry("alarm", due_local=at, repeat_days=days), at)
        assert following is not None
        assert at < following <= at + timedelta(days=7)
        assert following.weekday() in days


_HOURS = st.integers(1, 12).map(spell)
_BARE_TIMES = st.one_of(
    _HOURS,
    _HOURS.map("{} o'clock".format),
    _HOURS.map("{} thirty".format),
    _HOURS.map("half past {}".format),
    _HOURS.map("quarter to {}".format),
    _HOURS.map("{} oh five".format),
)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), _BARE_TIMES)  # noqa: DTZ001
def test_a_bare_hour_is_the_next_of_the_two(now: datetime, words: str) -> None:
    time = read_clock(words.split())
    at = next_time(ActionCall("alarm.set", slots={"time": time}), now)
    assert now < at <= now + timedelta(hours=12)
    morning, evening = (read_clock([*words.split(), half]) for half in ("am", "pm"))
    assert f"{at:%H:%M:%S}" in {f"{morning}:00", f"{evening}:00"}
    assert ActionCall("program.run", slots={"time": time}, now=now).definite_slots == {"time": f"{at:%H:%M}"}


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), _BARE_TIMES, st.sampled_from(["am", "pm"]))  # noqa: DTZ001
def test_a_half_of_the_day_is_kept(now: datetime, words: str, half: str) -> None:
    time = read_clock([*words.split(), half])
    assert not isinstance(time, OpenTime)
    at = next_time(ActionCall("alarm.set", slots={"time": time}), now)
    assert now < at <= now + timedelta(days=1)
    assert f"{at:%H:%M}" == time
    assert ActionCall("program.run", slots={"time": time}, now=now).definite_slots == {"time": time}


@given(st.datetimes(datetime(2000, 1, 1), datetime(2080, 1, 1)), _BARE_TIMES, st.integers(1, 30))  # noqa: DTZ001
def test_a_bare_hour_of_another_day_does_not_depend_on_when_it_is_said(now: datetime, words: str, days: int) -> None:
    date = (now + timedelta(days=days)).date()
    slots = {"time": read_clock(words.split()), "date": date.isoformat()}
    alarm, reminder = (
        next_time(ActionCall(kind, slots=slots), now, first_hour=hour)
        for kind, hour in (("alarm.set", 4), ("reminder.set", 7))
    )
    assert alarm.date() == reminder.date() == date
    assert 4 <= alarm.hour < 16
    assert 7 <= reminder.hour < 19
    assert ActionCall("program.run", slots=slots, now=now).definite_slots["time"] == f"{reminder:%H:%M}"


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
