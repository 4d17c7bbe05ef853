"""macOS and Windows: what would be started there."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from voiceassist.actions.applications import Application
from voiceassist.actions.desktop import current_desktop
from voiceassist.actions.desktop.linux import LinuxDesktop
from voiceassist.actions.desktop.macos import MacDesktop
from voiceassist.actions.desktop.windows import WindowsDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.volume import VolumeActions
from voiceassist.errors import ActionError


class Mac:
    """Answers as ``osascript`` and ``open`` do."""

    def __init__(self) -> None:
        self.percent, self.muted = "60", "false"
        self.opened: list[str] = []

    def run(self, argv: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        if argv[0] == "open":
            self.opened += argv[1:]
        words = argv[-1].split()
        if words[:4] == ["set", "volume", "output", "volume"]:
            self.percent = words[4]
        elif words[:4] == ["set", "volume", "output", "muted"]:
            self.muted = words[4]
        return subprocess.CompletedProcess(argv, 0, f"{self.percent}, {self.muted}\n", "")


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> Mac:
    fake = Mac()
    monkeypatch.setattr(subprocess, "run", fake.run)
    return fake


def test_each_system_gets_its_own_desktop() -> None:
    assert isinstance(current_desktop("linux"), LinuxDesktop)
    assert isinstance(current_desktop("darwin"), MacDesktop)
    assert isinstance(current_desktop("win32"), WindowsDesktop)


def test_volume_on_a_mac(mac: Mac) -> None:
    registry = ActionRegistry()
    VolumeActions(registry, MacDesktop().mixer)
    assert registry.run("volume.set", {}, {"percent": 40}).message == "Volume is at 40 %."
    assert registry.run("volume.mute", {}, {}).message == "The sound is off, volume is at 40 %."
    registry.undo_last()
    registry.undo_last()
    assert (mac.percent, mac.muted) == ("60", "false")


def test_an_output_without_volume_on_a_mac(mac: Mac) -> None:
    mac.percent = "missing value"
    with pytest.raises(ActionError, match="no volume that can be set"):
        MacDesktop().mixer().level()


def test_applications_on_a_mac(mac: Mac, tmp_path: Path) -> None:
    (tmp_path / "Calculator.app").mkdir()
    (tmp_path / "Readme.txt").touch()
    desktop = MacDesktop([tmp_path])
    (calculator,) = [found for found in desktop.applications() if found.name == "Calculator"]
    desktop.launch(calculator)
    assert mac.opened == ["-a", str(tmp_path / "Calculator.app")]


def test_applications_on_windows(tmp_path: Path) -> None:
    menu = tmp_path / "Microsoft/Windows/Start Menu/Programs/Accessories"
    menu.mkdir(parents=True)
    (menu / "Calculator.lnk").touch()
    opened: list[str] = []
    desktop = WindowsDesktop(open_file=opened.append, environ={"PROGRAMDATA": str(tmp_path)})
    (calculator,) = desktop.applications()
    assert calculator == Application("Calculator", (str(menu / "Calculator.lnk"),))
    desktop.launch(calculator)
    assert opened == [str(menu / "Calculator.lnk")]


def test_what_windows_cannot_do_is_said(tmp_path: Path) -> None:
    desktop = WindowsDesktop(environ={})
    assert desktop.applications() == []
    with pytest.raises(ActionError, match="cannot be set on Windows yet"):
        desktop.mixer()
    with pytest.raises(ActionError, match="cannot be opened"):
        desktop.launch(Application("X", (str(tmp_path / "X.lnk"),)))
