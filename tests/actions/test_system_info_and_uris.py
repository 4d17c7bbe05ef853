"""What the machine tells about itself, and what it opens."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from private_desktop import need, until

from voiceassist.actions.open_uri import OpenUriActions
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.system_info import local_addresses, register_system_info
from voiceassist.errors import ActionError


@dataclass(frozen=True)
class Cells:
    percent: float
    secsleft: int
    power_plugged: bool | None


@pytest.mark.parametrize(
    ("battery", "told"),
    [
        (None, "This computer has no battery."),
        (Cells(57.4, 5_430, False), "The battery is at 57 %, enough for 1 hour 30 minutes."),
        (Cells(2.0, 5, False), "The battery is at 2 %, enough for 1 minute."),
        (Cells(57.4, psutil.POWER_TIME_UNLIMITED, True), "The battery is at 57 % and charging."),
        (Cells(100.0, psutil.POWER_TIME_UNLIMITED, True), "The battery is at 100 %."),
        (Cells(30.0, psutil.POWER_TIME_UNKNOWN, None), "The battery is at 30 %."),
    ],
)
def test_the_battery(battery: Cells | None, told: str) -> None:
    registry = ActionRegistry()
    register_system_info(registry, battery=lambda: battery)
    assert registry.run("battery.level", {}, {}).message == told


def test_a_battery_is_read_as_the_kernel_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil._pslinux.POWER_SUPPLY_PATH", str(tmp_path))
    registry = ActionRegistry()
    register_system_info(registry)
    assert registry.run("battery.level", {}, {}).message == "This computer has no battery."
    battery, plug = tmp_path / "BAT0", tmp_path / "AC0"
    content = {"energy_now": "30000000", "energy_full": "50000000", "power_now": "15000000", "status": "Discharging"}
    for folder, files in ((battery, content), (plug, {"online": "0"})):
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(f"{text}\n")
    told = registry.run("battery.level", {}, {}).message
    assert told == "The battery is at 60 %, enough for 2 hours."
    (plug / "online").write_text("1\n")
    assert registry.run("battery.level", {}, {}).message == "The battery is at 60 % and charging."


def test_the_disk_is_as_large_as_the_system_says() -> None:
    registry = ActionRegistry()
    register_system_info(registry)
    found = re.fullmatch(r"([\d.]+) GB of ([\d.]+) GB are free\.", registry.run("disk.free", {}, {}).message)
    assert found is not None
    said = subprocess.run(["df", "-B1", "--output=size", Path.home()], check=True, capture_output=True, text=True)
    assert float(found[2]) == pytest.approx(int(said.stdout.split()[-1]) / 1e9, abs=0.6)


def test_the_addresses_are_those_that_the_system_lists() -> None:
    need("ip")
    said = subprocess.run(["ip", "-4", "-o", "addr", "show", "up"], check=True, capture_output=True, text=True).stdout
    listed = re.findall(r"^\d+: (\S+)\s+inet ([\d.]+)", said, re.MULTILINE)
    assert ("lo", "127.0.0.1") in listed
    assert sorted(local_addresses()) == sorted(pair for pair in listed if not pair[1].startswith("127."))


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the user's own programs were asked to open: real xdg-open, with one program for everything."""
    need("xdg-open")
    file, program = tmp_path / "opened", tmp_path / "opener"
    program.write_text(f'#!/bin/sh\necho "$1" >>"{file}"\n', encoding="utf-8")
    program.chmod(stat.S_IRWXU)
    menu = tmp_path / "share" / "applications"
    menu.mkdir(parents=True)
    entry = f"[Desktop Entry]\nType=Application\nName=Opener\nExec={program} %u\n"
    (menu / "opener.desktop").write_text(entry, encoding="utf-8")
    kinds = ("inode/directory", "text/markdown", "text/plain", "x-scheme-handler/https", "x-scheme-handler/http")
    lines = "".join(f"{kind}=opener.desktop\n" for kind in kinds)
    (menu / "mimeapps.list").write_text(f"[Default Applications]\n{lines}", encoding="utf-8")
    for name in ("XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DISPLAY", os.environ.get("DISPLAY", ":0"))
    return file


@pytest.fixture
def places() -> Iterator[ActionRegistry]:
    registry, desktop = ActionRegistry(), LinuxDesktop()
    OpenUriActions(registry, desktop.open_uri)
    yield registry
    desktop.close()


def is_opened(file: Path, what: str) -> None:
    until(lambda: file.exists() and what in file.read_text().splitlines(), f"{what} is opened")


def test_folders_are_opened(opened: Path, places: ActionRegistry, tmp_path: Path) -> None:
    (tmp_path / "My Music").mkdir()
    assert places.run("folder.open", {}, {"folder": str(tmp_path / "My Music")}).message == "Opened My Music."
    is_opened(opened, str(tmp_path / "My Music"))
    with pytest.raises(ActionError, match="there is no folder"):
        places.run("folder.open", {}, {"folder": "~/nowhere"})


def test_sites_and_searches_are_opened(opened: Path, places: ActionRegistry) -> None:
    told = places.run("web.open", {}, {"url": "https://en.wikipedia.org/wiki/Owl"}).message
    assert told == "Opened en.wikipedia.org."
    is_opened(opened, "https://en.wikipedia.org/wiki/Owl")
    assert places.run("web.search", {}, {"text": "cats & dogs"}).message == "Searching for cats & dogs."
    is_opened(opened, "https://duckduckgo.com/?q=cats+%26+dogs")
    places.run("web.search", {"url": "https://example.org/{words}/all"}, {"text": "owl"})
    is_opened(opened, "https://example.org/owl/all")


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("web.open", {"url": "file:///etc/passwd"}),
        ("web.open", {"url": "javascript:alert(1)"}),
        ("web.open", {"url": "--help"}),
        ("web.open", {"url": "https://["}),
        ("web.search", {"text": "owl", "url": "https://example.org"}),
        ("web.search", {"text": "owl", "url": "file:///{words}"}),
        ("web.search", {}),
    ],
)
def test_only_the_web_is_opened(opened: Path, places: ActionRegistry, action: str, values: dict[str, str]) -> None:
    with pytest.raises(ActionError):
        places.run(action, values, {})
    assert not opened.exists()


def test_without_anything_that_opens(places: ActionRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ActionError, match="no program that opens") as caught:
        places.run("web.open", {"url": "https://example.org"}, {})
    assert "xdg-utils" in caught.value.hint
