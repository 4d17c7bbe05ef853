"""A display of our own, and an ear for what a hotkey tells."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parent.parent))

from hotkey_log import Display, HotkeyLog
from xserver import x_server_process


@pytest.fixture
def told() -> HotkeyLog:
    return HotkeyLog()


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    with x_server_process("800x600") as (name, _server):
        yield Display(name)


@pytest.fixture
def ending_display() -> Iterator[tuple[Display, subprocess.Popen[bytes]]]:
    """An X server that the test may end, and its process."""
    with x_server_process("800x600") as (name, server):
        yield Display(name), server
