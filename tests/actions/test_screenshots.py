"""Screenshots as real PNG files of a real screen."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from private_desktop import Screen

from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.screenshots import ScreenshotActions
from voiceassist.errors import ActionError

Picture = list[bytes]
"""Rows of RGB."""


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[ActionRegistry]:
    registry, desktop = ActionRegistry(), LinuxDesktop()
    now = datetime(2026, 3, 9, 7, 5, tzinfo=UTC)
    ScreenshotActions(registry, desktop.camera, lambda: tmp_path / "Pictures" / "Screenshots", lambda: now)
    yield registry
    desktop.close()


def read_png(file: Path) -> tuple[int, int, Picture]:
    """Width, height and rows, read as the PNG specification says (colour type 2, no filter)."""
    content = file.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    at, packed = 8, b""
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            packed += content[at + 8 : at + 8 + length]
        at += 12 + length
    rows, line = zlib.decompress(packed), 1 + 3 * width
    return width, height, [rows[number * line + 1 : (number + 1) * line] for number in range(height)]


def test_the_whole_screen(screen: Screen, pictures: ActionRegistry, tmp_path: Path) -> None:
    screen.open("first", colour="ff8000")
    file = tmp_path / "Pictures" / "Screenshots" / "Screenshot 2026-03-09 07-05-00.png"
    assert pictures.run("screenshot.screen", {}, {}).message == f"Saved {file}."
    width, height, rows = read_png(file)
    assert (width, height) == (1000, 700)
    x, y, *_ = screen.area("first")
    assert rows[y + 50][3 * (x + 50) : 3 * (x + 51)] == b"\xff\x80\x00"
    assert rows[699][-3:] != b"\xff\x80\x00"


def test_the_window_alone(screen: Screen, pictures: ActionRegistry, tmp_path: Path) -> None:
    screen.open("first", colour="0000ff", size="320x160")
    pictures.run("screenshot.window", {}, {})
    (file,) = (tmp_path / "Pictures" / "Screenshots").iterdir()
    width, height, rows = read_png(file)
    assert (width, height) == (320, 160)
    assert set(rows) == {b"\x00\x00\xff" * 320}


def test_two_in_a_second_are_two_files_and_undo_removes_one(
    screen: Screen, pictures: ActionRegistry, tmp_path: Path
) -> None:
    for _ in range(2):
        pictures.run("screenshot.screen", {}, {})
    folder = tmp_path / "Pictures" / "Screenshots"
    names = ["Screenshot 2026-03-09 07-05-00 2.png", "Screenshot 2026-03-09 07-05-00.png"]
    assert sorted(file.name for file in folder.iterdir()) == names
    assert pictures.undo_last().message == f"Deleted {names[0]}."
    assert [file.name for file in folder.iterdir()] == names[1:]
    (folder / names[1]).unlink()
    with pytest.raises(ActionError, match="cannot be deleted"):
        pictures.undo_last()


def test_without_a_window_or_a_screen(
    screen: Screen, pictures: ActionRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ActionError, match="no window is open"):
        pictures.run("screenshot.window", {}, {})
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(ActionError, match="screen cannot be captured"):
        pictures.run("screenshot.screen", {}, {})
    assert not (tmp_path / "Pictures").exists()


def test_where_nothing_can_be_saved(screen: Screen, pictures: ActionRegistry, tmp_path: Path) -> None:
    (tmp_path / "Pictures").write_text("in the way", encoding="utf-8")
    with pytest.raises(ActionError, match="cannot be saved"):
        pictures.run("screenshot.screen", {}, {})
