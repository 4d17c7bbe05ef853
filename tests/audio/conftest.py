"""A sound server and a synthetic voice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voiceassist.audio.files import read_sound
from voiceassist.domain import Samples

sys.path.append(str(Path(__file__).parent.parent))

from soundserver import SoundServer
from speech import speak


@pytest.fixture(scope="session")
def command_wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic voice that says a command."""
    return speak("set the volume to forty percent", tmp_path_factory.mktemp("speech") / "command.wav")


@pytest.fixture(scope="session")
def command(command_wav: Path) -> Samples:
    """The samples of ``command_wav`` at 16 kHz."""
    return read_sound(command_wav)


@pytest.fixture
def sound_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A private sound server that this process uses, too."""
    with SoundServer() as server:
        for name, value in server.variables().items():
            monkeypatch.setenv(name, value)
        yield server
