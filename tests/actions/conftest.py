"""A sound server of our own, and a registry on it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.registry import ActionRegistry

sys.path.append(str(Path(__file__).parent.parent))

from soundserver import SoundServer


@pytest.fixture(scope="session")
def sound() -> Iterator[SoundServer]:
    with SoundServer() as server:
        yield server


@pytest.fixture
def speakers(sound: SoundServer, monkeypatch: pytest.MonkeyPatch) -> SoundServer:
    """The server, put to 70 % and audible, and the one that programs find."""
    for name, value in sound.variables().items():
        monkeypatch.setenv(name, value)
    sound.pactl("set-sink-volume", "speakers", "70%")
    sound.pactl("set-sink-mute", "speakers", "0")
    return sound


@pytest.fixture
def said() -> list[str]:
    """What was announced."""
    return []


@pytest.fixture
def registry(said: list[str]) -> Iterator[ActionRegistry]:
    actions = default_registry(said.append)
    yield actions
    actions.close()
