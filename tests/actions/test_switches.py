"""Wi-Fi, Bluetooth, dark mode and do not disturb."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from private_desktop import PrivateBus, need

from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.switches import register_switches
from voiceassist.errors import ActionError

NETWORK, NETWORK_PATH = "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager"


@pytest.fixture
def switches() -> ActionRegistry:
    registry = ActionRegistry()
    register_switches(registry, LinuxDesktop().switch)
    return registry


def test_wifi_off_and_back(bus: PrivateBus, switches: ActionRegistry, tmp_path: Path) -> None:
    bus.mock("--system", "--template", "networkmanager", name=NETWORK, log=tmp_path / "log")
    assert switches.run("wifi.set", {}, {"on": True}).message == "Wi-Fi is on already."
    assert switches.run("wifi.set", {}, {"on": False}).message == "Wi-Fi is off."
    assert bus.get(NETWORK, NETWORK_PATH, NETWORK, "WirelessEnabled") == "(<false>,)"
    assert switches.undo_last().message == "Wi-Fi is on again."
    assert bus.get(NETWORK, NETWORK_PATH, NETWORK, "WirelessEnabled") == "(<true>,)"


def test_bluetooth_off_and_back(bus: PrivateBus, switches: ActionRegistry, tmp_path: Path) -> None:
    bus.mock("--system", "--template", "bluez5", name="org.bluez", log=tmp_path / "log")
    with pytest.raises(ActionError, match="has no Bluetooth"):
        switches.run("bluetooth.set", {}, {"on": True})
    bus.gdbus("org.bluez", "/", "org.bluez.Mock.AddAdapter", "hci0", "laptop")
    adapter = ("org.bluez", "/org/bluez/hci0", "org.bluez.Adapter1", "Powered")
    assert switches.run("bluetooth.set", {}, {"on": False}).message == "Bluetooth is off."
    assert bus.get(*adapter) == "(<false>,)"
    assert switches.undo_last().message == "Bluetooth is on again."
    assert bus.get(*adapter) == "(<true>,)"


def test_without_the_services(bus: PrivateBus, switches: ActionRegistry) -> None:
    for action, service in (("wifi.set", "NetworkManager"), ("bluetooth.set", "BlueZ")):
        with pytest.raises(ActionError, match=f"needs {service}, which is not running") as caught:
            switches.run(action, {}, {"on": True})
        assert service in caught.value.hint


def test_on_or_off_must_be_said(switches: ActionRegistry) -> None:
    with pytest.raises(ActionError, match="without on"):
        switches.run("wifi.set", {}, {})
    with pytest.raises(ActionError, match="needs true or false"):
        switches.run("wifi.set", {}, {"on": "maybe"})


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The real settings of GNOME, in a file of our own."""
    need("gsettings")
    monkeypatch.setenv("GSETTINGS_BACKEND", "keyfile")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")


def gsetting(schema: str, key: str) -> str:
    done = subprocess.run(["gsettings", "get", schema, key], check=True, capture_output=True, text=True, env=os.environ)
    return done.stdout.strip()


def test_dark_mode_of_gnome(settings: None, switches: ActionRegistry) -> None:
    look = ("org.gnome.desktop.interface", "color-scheme")
    assert switches.run("dark_mode.set", {}, {"on": True}).message == "Dark mode is on."
    assert gsetting(*look) == "'prefer-dark'"
    assert switches.undo_last().message == "Dark mode is off again."
    assert gsetting(*look) == "'default'"


def test_do_not_disturb_of_gnome(settings: None, switches: ActionRegistry) -> None:
    banners = ("org.gnome.desktop.notifications", "show-banners")
    assert switches.run("do_not_disturb.set", {}, {"on": True}).message == "Do not disturb is on."
    assert gsetting(*banners) == "false"
    switches.undo_last()
    assert gsetting(*banners) == "true"


# Xfce's and dunst's own tools need their daemons; these programs keep a value and are called as those are.
XFCONF = """#!/bin/sh
[ "$1 $2 $3 $4" = "-c xfce4-notifyd -p /do-not-disturb" ] || exit 2
case "$5" in "") cat "{folder}/value" ;; -n) [ "$6 $7 $8" = "-t bool -s" ] && echo "$9" >"{folder}/value" ;; esac
"""
DUNST = """#!/bin/sh
case "$1" in is-paused) cat "{folder}/value" ;; set-paused) echo "$2" >"{folder}/value" ;; *) exit 2 ;; esac
"""


@pytest.mark.parametrize(
    ("program", "script", "desktop"), [("xfconf-query", XFCONF, "XFCE"), ("dunstctl", DUNST, "sway")]
)
def test_do_not_disturb_elsewhere(
    switches: ActionRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, script: str, desktop: str
) -> None:
    tool = tmp_path / program
    tool.write_text(script.format(folder=tmp_path), encoding="utf-8")
    tool.chmod(stat.S_IRWXU)
    (tmp_path / "value").write_text("false\n")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    assert switches.run("do_not_disturb.set", {}, {"on": True}).message == "Do not disturb is on."
    assert (tmp_path / "value").read_text() == "true\n"
    switches.undo_last()
    assert (tmp_path / "value").read_text() == "false\n"


def test_a_desktop_that_is_not_known(switches: ActionRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "Homemade")
    for action, said in (("dark_mode.set", "dark mode"), ("do_not_disturb.set", "do not disturb")):
        with pytest.raises(ActionError, match=f"{said} is not supported on this desktop"):
            switches.run(action, {}, {"on": True})
