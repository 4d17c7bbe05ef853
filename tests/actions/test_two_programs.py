"""Two programs that run at the same time: what each was told is kept, is there afterwards."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from voiceassist.actions.call import ActionCall
from voiceassist.actions.notes import NoteActions
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.schedule_store import ScheduleStore

NOTES, TIMERS = 60, 9
PROGRAM = f"""
import sys
from pathlib import Path
from voiceassist.actions.builtin import default_registry

registry = default_registry(print, data=Path(sys.argv[1]), rings=False)
for number in range({NOTES}):
    assert registry.run("note.add", {{}}, {{"text": f"{{sys.argv[2]}} {{number}}"}}).message.startswith("Noted")
for number in range({TIMERS}):
    registry.run("timer.start", {{}}, {{"duration": 600 + number, "name": f"{{sys.argv[2]}} {{number}}"}})
registry.close()
"""


def test_notes_and_timers_of_two_programs_are_all_kept(tmp_path: Path) -> None:
    programs = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path), name]) for name in ("one", "two")]
    assert [program.wait(100) for program in programs] == [0, 0]
    notes = (tmp_path / "notes.md").read_text(encoding="utf-8")
    wanted = [f"{name} {number}" for name in ("one", "two") for number in range(NOTES)]
    assert [text for text in wanted if not any(line.endswith(text) for line in notes.splitlines())] == []
    timers = {entry.name for entry in ScheduleStore(tmp_path / "schedule.sqlite3").entries()}
    assert timers == {f"{name} {number}" for name in ("one", "two") for number in range(TIMERS)}


def test_a_note_taken_back_takes_no_note_of_another_program_with_it(tmp_path: Path) -> None:
    def program() -> tuple[ActionRegistry, NoteActions]:
        registry = ActionRegistry()
        return registry, NoteActions(registry, tmp_path / "notes.md", lambda: datetime(2026, 3, 9, tzinfo=UTC), print)

    (first, ones), (_second, twos) = program(), program()
    ones.add(ActionCall("note.add", {"text": "mine"}))
    twos.add(ActionCall("note.add", {"text": "yours"}))
    first.undo_last()
    assert "yours" in (tmp_path / "notes.md").read_text(encoding="utf-8")
    assert "mine" not in (tmp_path / "notes.md").read_text(encoding="utf-8")
