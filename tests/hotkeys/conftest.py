"""A display of our own, and an ear for what a hotkey tells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from hotkey_log import Display, HotkeyLog


@pytest.fixture
def told() -> HotkeyLog:
    return HotkeyLog()


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
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
        yield Display(f":{number}")
    finally:
        server.terminate()
        server.wait(timeout=10)
