"""Files that anybody may have put there are read without waiting; two writers never lose each other's words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voiceassist.config.files import locked, read_untrusted, write_atomically

POSIX = pytest.mark.skipif(os.name == "nt", reason="FIFOs and devices are POSIX files")
ADD_LINES = """
import sys
from pathlib import Path
from voiceassist.config.files import locked, read_untrusted, write_atomically
path = Path(sys.argv[1])
for number in range(100):
    with locked(path):
        before = read_untrusted(path, 1 << 20) if path.exists() else b""
        write_atomically(path, before + f"{sys.argv[2]} {number}\\n".encode())
"""


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_loop(path: Path) -> None:
    path.symlink_to(path.with_name("other"))
    path.with_name("other").symlink_to(path)


def make_link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@POSIX
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_fifo, "not a regular file"),
        (make_link_to_device, "not a regular file"),
        (make_loop, "symbolic links"),
        (Path.mkdir, "directory"),
        (str, "No such file"),
    ],
)
def test_what_is_not_a_regular_file_is_refused_at_once(tmp_path: Path, make, words: str):
    make(tmp_path / "odd")
    with pytest.raises(OSError, match=words):
        read_untrusted(tmp_path / "odd", 100)


@POSIX
@pytest.mark.parametrize("linked", [False, True])
def test_a_special_file_is_never_replaced_by_what_is_written(tmp_path: Path, linked: bool):
    special = path = tmp_path / "special"
    make_fifo(special)
    if linked:
        path = tmp_path / "link"
        path.symlink_to(special)
    with pytest.raises(OSError, match="not a regular file"):
        write_atomically(path, b"content")
    assert special.is_fifo()
    assert list(tmp_path.glob(".*")) == []


def test_a_file_is_read_up_to_its_limit(tmp_path: Path):
    file = tmp_path / "file"
    file.write_bytes(b"x" * 100)
    assert read_untrusted(file, 100) == b"x" * 100
    with pytest.raises(OSError, match="more than 99 bytes"):
        read_untrusted(file, 99)


@POSIX
def test_a_link_is_followed_only_where_that_is_allowed(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"here")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert read_untrusted(tmp_path / "link", 10) == b"here"
    with pytest.raises(OSError, match="not a regular file"):
        read_untrusted(tmp_path / "link", 10, follow_links=False)


@POSIX
def test_two_processes_that_write_the_same_file_lose_nothing(tmp_path: Path):
    file = tmp_path / "folder" / "notes"
    writers = [subprocess.Popen([sys.executable, "-c", ADD_LINES, str(file), name]) for name in ("one", "two")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    lines = file.read_text(encoding="utf-8").splitlines()
    assert sorted(lines) == sorted(f"{name} {number}" for name in ("one", "two") for number in range(100))
    assert [path.name for path in file.parent.iterdir()] == ["notes"]


@POSIX
def test_a_lock_that_stays_held_is_an_error_and_not_a_hang(tmp_path: Path):
    with (
        locked(tmp_path / "file"),
        pytest.raises(OSError, match="keeps it locked"),
        locked(tmp_path / "file", timeout_s=0.1),
    ):
        raise AssertionError("two held one lock")
