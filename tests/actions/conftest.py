"""A machine of our own: a sound server, a screen, buses; and a registry on it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.registry import ActionRegistry

sys.path.append(str(Path(__file__).parent.parent))

sys.path.append(str(Path(__file__).parent))

from private_desktop import PrivateBus, Screen, private_bus, x_server
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


@pytest.fixture(scope="session")
def x_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with x_server(tmp_path_factory.mktemp("x")) as screen:
        yield screen


@pytest.fixture
def screen(x_session: Screen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """An empty screen with a window manager, and the one that programs find."""
    monkeypatch.setenv("DISPLAY", x_session.display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    yield x_session
    x_session.close_all()


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """An empty bus, which programs take for the session's and for the system's."""
    # Short: the names of sockets are limited to 107 characters.
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, private_bus(Path(folder)) as private:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", private.address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", private.address)
        yield private


@pytest.fixture
def registry(said: list[str], tmp_path: Path) -> Iterator[ActionRegistry]:
    actions = default_registry(said.append, data=tmp_path / "data")
    yield actions
    actions.close()
