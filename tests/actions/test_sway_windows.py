"""Windows on a real sway without a screen."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from private_desktop import need, stop, until

from voiceassist.actions.context import active_application_names, context_lists
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.platforms.sway_windows import SwayWindowManager
from voiceassist.actions.windows import Placement, Window
from voiceassist.errors import ActionError

NOBODY = 65_534


class Sway:
    """A running sway and the windows that were opened in it."""

    def __init__(self, stack: ExitStack, environment: dict[str, str]) -> None:
        self._stack = stack
        self._environment = environment

    def open(self, title: str, name: str) -> Window:
        """Opens a window and waits until it has the focus."""
        command = ["foot", "--title", title, "--app-id", name, "sleep", "600"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, env=self._environment, stdout=quiet, stderr=quiet, text=True)
        self._stack.callback(stop, process)
        until(lambda: [window.title for window in SwayWindowManager().windows()][-1:] == [title], f"{title} is open")
        return SwayWindowManager().windows()[-1]


@pytest.fixture
def sway(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sway]:
    need("sway", "swaymsg", "foot", "setpriv")
    # The path of a socket must be short, and the folder must be sway's own.
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/sway-XXXXXX"], text=True).strip())  # noqa: S108
    config = folder / "config"
    config.write_text("xwayland disable\noutput * resolution 800x600\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    headless = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
    environment = {**kept, **headless, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    as_nobody: list[str] = []
    if os.geteuid() == 0:  # sway refuses to be root
        os.chown(folder, NOBODY, NOBODY)
        as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        command, quiet = [*as_nobody, "sway", "-c", str(config)], subprocess.DEVNULL
        stack.callback(stop, subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet, text=True))
        until(lambda: [*folder.glob("sway-ipc*.sock")] and [*folder.glob("wayland-?")], "sway is there")
        found = {
            "XDG_RUNTIME_DIR": str(folder),
            "SWAYSOCK": str(next(folder.glob("sway-ipc*.sock"))),
            "WAYLAND_DISPLAY": next(folder.glob("wayland-?")).name,
            "XDG_SESSION_TYPE": "wayland",
        }
        for name, value in found.items():
            monkeypatch.setenv(name, value)
        yield Sway(stack, environment | found)


def titles() -> list[str]:
    return [window.title for window in SwayWindowManager().windows()]


def test_windows_on_sway(sway: Sway) -> None:
    manager = SwayWindowManager()
    assert manager.windows() == []
    shopping = sway.open("shopping list - Notepad", "notepad")
    photos = sway.open("Holiday photos", "org.example.Viewer")
    assert titles() == [shopping.title, photos.title]
    assert photos.names == ("org.example.Viewer",)

    spoken = context_lists(LinuxDesktop)["window"]
    assert spoken["notepad"] == spoken["shopping list"] == shopping.title
    assert active_application_names(LinuxDesktop) == {"viewer"}

    manager.activate(shopping)
    until(lambda: titles() == [photos.title, shopping.title], "the other one is in front")
    assert active_application_names(LinuxDesktop) == {"notepad"}

    before = manager.placement(shopping)
    assert before.area[2] == 400  # half of the screen: there are two
    assert 500 < before.area[3] <= 600
    x, y, width, height = manager.area(shopping)
    assert 0 <= x - before.area[0] < 10
    assert 0 <= y - before.area[1] < 10
    assert 390 < width < 400
    assert 500 < height < before.area[3]
    manager.place(shopping, Placement(before.area, full_screen=True))
    until(lambda: manager.placement(shopping).full_screen, "it fills the screen")
    manager.place(shopping, before)
    until(lambda: manager.placement(shopping) == before, "it is where it was")

    manager.minimize(shopping)
    until(lambda: titles() == [shopping.title, photos.title], "it is out of sight")
    manager.activate(shopping)
    until(lambda: titles()[-1] == shopping.title, "it is back")

    manager.close(photos)
    until(lambda: titles() == [shopping.title], "it is closed")
    for on_a_closed_window in (manager.activate, manager.close, manager.placement):
        with pytest.raises(ActionError, match="that window has been closed"):
            on_a_closed_window(photos)
    with pytest.raises(ActionError, match="sway decides itself"):
        manager.place(shopping, Placement((0, 0, 10, 10)))
    with pytest.raises(ActionError, match="left half"):
        manager.half_screen(shopping, "left")
    with pytest.raises(ActionError, match="show the desktop"):
        manager.show_desktop(True)
