"""A display of our own, and an ear for what a hotkey tells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from hotkey_log import Display, HotkeyLog


@pytest.fixture
def told() -> HotkeyLog:
    return HotkeyLog()


@contextmanager
def x_server() -> Iterator[tuple[Display, subprocess.Popen[bytes]]]:
    for program in ("Xvfb", "xdotool"):
        assert shutil.which(program), f"{program} is needed"
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        yield Display(f":{number}"), server
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    with x_server() as (display, _server):
        yield display


@pytest.fixture
def ending_display() -> Iterator[tuple[Display, subprocess.Popen[bytes]]]:
    """An X server that the test may end, and its process."""
    with x_server() as display_and_server:
        yield display_and_server
