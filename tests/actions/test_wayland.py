"""Typing on a real Wayland desktop, without a screen: sway, with a terminal that writes what it is typed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_desktop import need, stop, until

from voiceassist.actions.keys import KeyActions
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.platforms.wayland import WtypeKeyboard
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError

NOBODY = 65534
"""Sway does not run as root, which tests in a container are."""


class Sway:
    """A compositor and a terminal in it."""

    def __init__(self, folder: Path) -> None:
        need("sway", "foot", "wtype")
        self.paper, self.ready, self.folder = folder / "paper", folder / "ready", folder
        self.config = folder / "config"
        program = f'sh -c "touch {self.ready}; exec cat > {self.paper}"'
        self.config.write_text(f"exec foot {program}\n", encoding="utf-8")
        self.variables = {
            "XDG_RUNTIME_DIR": str(folder),
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
        }

    def start(self) -> subprocess.Popen[str]:
        command = ["sway", "-c", str(self.config)]
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        environment = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}}
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, env=environment | self.variables, stdout=quiet, stderr=quiet, text=True)
        until(lambda: process.poll() is not None or self.ready.exists(), "the terminal is there", 30)
        assert process.poll() is None, "sway ended"
        return process

    def display(self) -> str:
        return next(path.name for path in self.folder.glob("wayland-*") if path.suffix != ".lock")


@pytest.fixture
def sway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sway]:
    folder = Path(tempfile.mkdtemp(prefix="way-"))
    desktop = Sway(folder)
    process = desktop.start()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("WAYLAND_DISPLAY", desktop.display())
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.delenv("DISPLAY", raising=False)
    try:
        yield desktop
    finally:
        stop(process)
        shutil.rmtree(folder)


def test_typing_and_keys_arrive(sway: Sway) -> None:
    registry = ActionRegistry()
    KeyActions(registry, LinuxDesktop().keyboard)
    for text in ("hello", "-- naïve 3€"):
        registry.run("keys.type", {}, {"text": text})
        registry.run("keys.press", {"keys": "enter"}, {})
    for keys in ("x", "ctrl+u", "-", "="):
        registry.run("keys.press", {"keys": keys}, {})
    registry.run("keys.press", {"keys": "enter"}, {})
    until(lambda: sway.paper.read_text(encoding="utf-8").count("\n") == 3, "three lines arrive")
    assert sway.paper.read_text(encoding="utf-8") == "hello\n-- naïve 3€\n-=\n"
    with pytest.raises(ActionError, match="Wayland lets no program control"):
        LinuxDesktop().windows()


def test_a_desktop_that_takes_no_keys_from_wtype(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    need("wtype")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert not WtypeKeyboard.is_usable()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not WtypeKeyboard.is_usable()
