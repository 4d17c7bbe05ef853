"""Time, date, timers and undo as the commands run them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from private_desktop import until

from voiceassist.actions.builtin import default_registry, installed_applications
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import builtin_lists
from voiceassist.paths import default_paths


@pytest.fixture
def frozen() -> Iterator[ActionRegistry]:
    actions = default_registry(print, now=lambda: datetime(2026, 3, 9, 7, 5, tzinfo=UTC))
    yield actions
    actions.close()


@pytest.fixture(scope="module")
def typed() -> TextParser:
    return TextParser(load_commands(sorted(default_paths().default_commands.glob("*.yaml")), lists=builtin_lists()))


ACTIONS = """
action.repeat alarm.cancel alarm.change alarm.set alarm.status answer.repeat app.close app.open app.switch
battery.level bluetooth.set brightness.change brightness.level brightness.set clipboard.copy clipboard.read
clock.date clock.days_until clock.time clock.week clock.weekday dark_mode.set desktop.show disk.free
do_not_disturb.set folder.open help.show http.call keys.press keys.scroll keys.type list.add list.clear list.read
list.remove listening.sleep listening.wake media.next media.pause media.play media.previous media.seek media.shuffle
media.stop media.what network.address note.add note.open note.read note.remove page.go page.history page.zoom
power.off power.restart power.suspend program.run reminder.cancel reminder.set reminder.status ring.snooze ring.stop
screenshot.screen screenshot.window session.lock session.log_out steps stopwatch.reset stopwatch.start
stopwatch.status stopwatch.stop tab.go tab.switch text.type timer.cancel timer.extend timer.pause timer.resume
timer.start timer.status undo url.open volume.change volume.level volume.mute volume.set wait web.open web.search
wifi.set window.close window.full_screen window.half window.maximize window.minimize window.next window.restore
window.switch
"""


def test_all_actions_are_there(registry: ActionRegistry) -> None:
    assert list(registry.names()) == sorted(ACTIONS.split())


def test_the_actions_cost_nothing_that_they_do_not_need() -> None:
    heavy = {"jeepney", "xcffib", "mss", "psutil", "Xlib"}
    code = f"""
import sys
from voiceassist.actions.builtin import default_registry
default_registry(print).close()
print(*{heavy} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == []


def test_time_and_date_are_told_in_english(frozen: ActionRegistry) -> None:
    assert frozen.run("clock.time", {}, {}).message == "It is 07:05."
    assert frozen.run("clock.date", {}, {}).message == "Today is Monday, 9 March 2026."


@pytest.mark.parametrize(
    ("text", "answer"),
    [  # at 7:05 in the morning of a Monday
        ("remind me at five to call ann", "I remind you today at 17:00: call ann"),
        ("remind me to call ann at 05:00", "I remind you tomorrow at 05:00: call ann"),
        ("remind me to call Ann tomorrow at 5", "I remind you tomorrow at 17:00: call Ann"),
        ("set an alarm for seven", "The alarm rings today at 19:00."),
        ("set an alarm for half past seven", "The alarm rings today at 07:30."),
        ("alarm at 6 am", "The alarm rings tomorrow at 06:00."),
        ("wake me up tomorrow at seven", "The alarm rings tomorrow at 07:00."),
        ("wake me up at twelve", "The alarm rings today at 12:00."),
        ("alarm at 17", "The alarm rings today at 17:00."),
    ],
)
def test_a_bare_hour_is_the_next_one(frozen: ActionRegistry, typed: TextParser, text: str, answer: str) -> None:
    meant = typed.parse(text)
    assert meant is not None
    outcome = frozen.run(str(meant.command.action), meant.command.arguments, meant.slots)
    assert outcome.message == answer
    frozen.undo_last()


def test_weekday_week_and_days_until_a_date(frozen: ActionRegistry) -> None:
    assert frozen.run("clock.week", {}, {}).message == "This is week 11."
    assert frozen.run("clock.weekday", {}, {"date": "2026-05-03"}).message == "That is Sunday, 3 May 2026."
    days = {
        "2026-03-09": "is today",
        "2026-03-10": "1 day until",
        "2026-12-24": "290 days until",
        "2026-03-02": "7 days ago",
    }
    for day, told in days.items():
        assert told in frozen.run("clock.days_until", {}, {"date": day}).message
    with pytest.raises(ActionError, match="needs a day"):
        frozen.run("clock.weekday", {}, {"date": "soon"})


def test_help_says_what_can_be_said(registry: ActionRegistry) -> None:
    assert registry.run("help.show", {}, {}).message.startswith("Say for example: set a timer for ten minutes; ")


def test_notes_are_kept_in_the_data_folder(registry: ActionRegistry, tmp_path: Path) -> None:
    registry.run("note.add", {}, {"text": "buy milk"})
    assert (tmp_path / "data" / "notes.md").read_text(encoding="utf-8").endswith(" buy milk\n")


def test_a_named_timer_is_halted_and_runs_on(registry: ActionRegistry, said: list[str]) -> None:
    told = registry.run("timer.start", {}, {"duration": 600, "name": "tea"}).message
    assert told == "The tea timer for 10 minutes runs."
    assert registry.run("timer.pause", {}, {}).message == "The tea timer for 10 minutes is paused."
    assert registry.run("timer.status", {}, {}).message.endswith("left, paused.")
    with pytest.raises(ActionError, match="is paused already"):
        registry.run("timer.pause", {}, {})
    assert registry.undo_last().message == "The tea timer for 10 minutes runs on."
    registry.run("timer.pause", {}, {})
    assert registry.run("timer.resume", {}, {}).message == "The tea timer for 10 minutes runs on."
    assert registry.undo_last().message == "The tea timer for 10 minutes is paused again."
    assert registry.run("timer.cancel", {}, {}).message == "The tea timer for 10 minutes is cancelled."
    registry.undo_last()
    assert registry.run("timer.status", {}, {}).message.endswith("left, paused.")
    registry.run("timer.cancel", {}, {})
    with pytest.raises(ActionError, match="no timer is paused"):
        registry.run("timer.resume", {}, {})


def test_a_halted_timer_rings_only_after_it_runs_on(registry: ActionRegistry, said: list[str]) -> None:
    registry.run("timer.start", {}, {"duration": 4, "name": "egg"})
    registry.run("timer.pause", {}, {})
    time.sleep(4.2)
    assert said == []
    registry.run("timer.resume", {}, {})
    until(lambda: said == ["The egg timer for 4 seconds is over."], "it rings")


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
    with pytest.raises(ActionError, match="not set any more"):
        registry.undo(started.undo_token)


def test_a_ringing_timer_is_announced(registry: ActionRegistry, said: list[str]) -> None:
    registry.run("timer.start", {"duration": 1}, {})
    until(lambda: said == ["The timer for 1 second is over."], "it rings")


def test_undo_without_anything_done(registry: ActionRegistry) -> None:
    with pytest.raises(ActionError, match="nothing to undo"):
        registry.run("undo", {}, {})


def test_the_machine_s_applications_can_be_listed() -> None:
    names = [application.name.casefold() for application in installed_applications()]
    assert names == sorted(names)
