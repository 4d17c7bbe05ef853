"""macOS and Windows: what would be started there."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from voiceassist.actions.applications import Application
from voiceassist.actions.media import MediaActions
from voiceassist.actions.platforms import current_desktop
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.platforms.macos import MacDesktop
from voiceassist.actions.platforms.windows import WindowsDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.session import register_session
from voiceassist.actions.switches import register_switches
from voiceassist.actions.volume import VolumeActions
from voiceassist.errors import ActionError


class Mac:
    """Answers as ``osascript``, ``open`` and ``screencapture`` do."""

    def __init__(self) -> None:
        self.percent, self.muted = "60", "false"
        self.opened: list[str] = []
        self.said: list[str] = []
        self.allowed = True

    def run(self, argv: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        if argv[0] == "open":
            self.opened += argv[1:]
        if argv[0] == "screencapture" and self.allowed:
            Path(argv[-1]).write_bytes(b"a picture")
        self.said.append(argv[-1])
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
    with pytest.raises(ActionError, match="no volume control"):
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


class User32:
    """Remembers what the system was asked for."""

    def __init__(self, locks: int = 1) -> None:
        self.locks, self.keys, self.locked = locks, [], 0  # type: ignore[var-annotated]

    def keybd_event(self, key: int, _scan: int, flags: int, _extra: int) -> None:
        self.keys.append((key, flags))

    def LockWorkStation(self) -> int:  # noqa: N802 - the system's own name
        self.locked += 1
        return self.locks


def test_media_keys_on_windows() -> None:
    system, registry = User32(), ActionRegistry()
    MediaActions(registry, WindowsDesktop(user32=system).player)
    for action in ("play", "pause", "next", "previous", "stop"):
        assert registry.run(f"media.{action}", {}, {}).done
    pressed = [0xB3, 0xB3, 0xB0, 0xB1, 0xB2]
    assert system.keys == [(key, flags) for key in pressed for flags in (0, 2)]
    for action, arguments in (("what", {}), ("seek", {"offset_s": 10}), ("shuffle", {})):
        with pytest.raises(ActionError, match=r"Windows does not report|no media key"):
            registry.run(f"media.{action}", arguments, {})


def test_locking_windows() -> None:
    system, registry = User32(), ActionRegistry()
    register_session(registry, WindowsDesktop(user32=system).session)
    registry.run("session.lock", {}, {})
    assert system.locked == 1
    system.locks = 0
    with pytest.raises(ActionError, match="did not lock"):
        registry.run("session.lock", {}, {})
    for action in ("power.off", "power.suspend", "power.restart", "session.log_out"):
        with pytest.raises(ActionError, match="by voice yet"):
            registry.run(action, {}, {})


def test_opening_on_windows() -> None:
    opened: list[str] = []
    WindowsDesktop(open_file=opened.append).open_uri("https://example.org")
    assert opened == ["https://example.org"]
    with pytest.raises(ActionError, match="cannot be opened"):
        WindowsDesktop().open_uri("https://example.org")


def test_the_session_and_the_look_of_a_mac(mac: Mac) -> None:
    registry = ActionRegistry()
    register_session(registry, MacDesktop().session)
    register_switches(registry, MacDesktop().switch)
    for action in ("session.lock", "power.suspend", "session.log_out", "power.off", "power.restart"):
        registry.run(action, {}, {})
    registry.run("dark_mode.set", {}, {"on": True})
    events = 'tell application "System Events" to '
    asked = [f"{events}{what}" for what in ("sleep", "log out", "shut down", "restart")]
    dark = f"{events}tell appearance preferences to set dark mode to true"
    assert [said for said in mac.said if "set dark" in said or "preferences" not in said] == [
        "displaysleepnow", *asked, dark,
    ]  # fmt: skip
    with pytest.raises(ActionError, match="Wi-Fi cannot be switched on macOS yet"):
        registry.run("wifi.set", {}, {"on": True})


def test_screenshots_on_a_mac(mac: Mac) -> None:
    assert MacDesktop().camera().screen() == b"a picture"
    mac.allowed = False
    with pytest.raises(ActionError, match="no screenshot was taken"):
        MacDesktop().camera().screen()
    with pytest.raises(ActionError, match="one window"):
        MacDesktop().camera().window()


def test_sites_on_a_mac(mac: Mac) -> None:
    MacDesktop().open_uri("https://example.org")
    assert mac.opened == ["https://example.org"]


@pytest.mark.parametrize("desktop", [MacDesktop(), WindowsDesktop(environ={})])
def test_what_is_not_built_names_the_system_and_another_way(desktop: MacDesktop | WindowsDesktop) -> None:
    for part in (desktop.backlight, desktop.windows, desktop.keyboard):
        with pytest.raises(ActionError, match=f"on {desktop.SYSTEM} yet") as caught:
            part()
        assert caught.value.hint.startswith("use the")


def test_what_windows_cannot_do_is_said(tmp_path: Path) -> None:
    desktop = WindowsDesktop(environ={})
    assert desktop.applications() == []
    with pytest.raises(ActionError, match="cannot be set on Windows yet"):
        desktop.mixer()
    with pytest.raises(ActionError, match="cannot be opened"):
        desktop.launch(Application("X", (str(tmp_path / "X.lnk"),)))
