"""The file of what was said: two programs, a torn line and whatever else may lie in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from voiceassist.gui.services.history import MAX_BYTES, HistoryEntry, HistoryFile

ADD = """
import sys
from pathlib import Path
from voiceassist.gui.services.history import HistoryEntry, HistoryFile
file = HistoryFile(Path(sys.argv[1]))
for number in range(50):
    entry = HistoryEntry("2026-03-09T21:30:00+00:00", f"{sys.argv[2]} {number}", "heard", "done", True)
    file.add(entry)
    if number % 10 == 0:
        file.correct(entry, "meant")
"""


def entry(text: str) -> HistoryEntry:
    return HistoryEntry("2026-03-09T21:30:00+00:00", text, text, "Done.", understood=True)


def test_a_line_that_was_torn_by_the_end_of_the_program_costs_no_later_entry(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path / "history.jsonl")
    file.add(entry("first"))
    with (tmp_path / "history.jsonl").open("a", encoding="utf-8") as half:
        half.write('{"at": "2026-03-09T2')
    file.add(entry("second"))
    assert [found.text for found in file.read()] == ["first", "second"]


def test_two_programs_lose_no_entry(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    programs = [subprocess.Popen([sys.executable, "-c", ADD, str(path), name]) for name in "ab"]
    assert [program.wait(100) for program in programs] == [0, 0]
    assert {found.text for found in HistoryFile(path).read()} == {f"{name} {n}" for name in "ab" for n in range(50)}


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero"), huge])
def test_what_is_no_file_of_a_sensible_size_is_an_error_and_not_a_hang(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    make(tmp_path / "history.jsonl")
    with pytest.raises(OSError, match=r"regular|[Dd]irectory|more than"):
        HistoryFile(tmp_path / "history.jsonl").read()
    if make is not huge:
        with pytest.raises(OSError, match=r"regular|[Dd]irectory|more than|device"):
            HistoryFile(tmp_path / "history.jsonl").add(entry("new"))


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        "7",
        '{"at": 7}',
        '{"at": "", "text": [], "heard": "", "outcome": "", "understood": true}',
        "\0",
        "\xff",
    ],
)
def test_lines_of_anything_are_left_out(tmp_path: Path, line: str) -> None:
    (tmp_path / "history.jsonl").write_text(f"{line}\n", encoding="latin-1")
    file = HistoryFile(tmp_path / "history.jsonl")
    file.add(entry("good"))
    assert [found.text for found in file.read()] == ["good"]
