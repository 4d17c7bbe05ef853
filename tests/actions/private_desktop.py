"""A desktop of our own for tests: an X server with a window manager, and buses with services on them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from xserver import x_server_process

WINDOW = Path(__file__).parent / "logging_window.py"
SYSTEM_PYTHON = "/usr/bin/python3"
"""python3-dbusmock belongs to the system's own Python."""


def until(fits: Callable[[], object], what: str, timeout_s: float = 40.0) -> None:
    """Waits for something that another process does."""
    give_up_s = time.monotonic() + timeout_s
    while not fits():
        assert time.monotonic() < give_up_s, f"did not happen: {what}"
        time.sleep(0.01)


def need(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    assert not missing, f"these programs are needed: {missing}"


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(timeout=60)
    if process.stdout is not None:
        process.stdout.close()


@dataclass
class OpenWindow:
    """A window that `Screen.open` has opened."""

    title: str
    process: subprocess.Popen[str]
    log: Path

    def told(self) -> list[str]:
        """What it was told so far."""
        return self.log.read_text(encoding="utf-8").split("\n")[:-1]


@dataclass
class Screen:
    """An X server with openbox on it."""

    display: str
    folder: Path
    windows: list[OpenWindow] = field(default_factory=list)

    def ask(self, *command: str) -> str:
        """What a tool of X says, looked at from outside."""
        done = subprocess.run(
            command,
            env={**os.environ, "DISPLAY": self.display},
            check=False,
            capture_output=True,
            text=True,
            timeout=20,
        )
        return done.stdout

    def has_one_desktop(self) -> bool:
        """Asks for it until it is so: while the window manager starts, it sets the number itself."""
        self.ask("xdotool", "set_num_desktops", "1")
        return "= 1\n" in self.ask("xprop", "-root", "_NET_NUMBER_OF_DESKTOPS")

    def active_title(self) -> str:
        """The title of the window that has the focus."""
        number = re.search(r"0x[0-9a-f]+", self.ask("xprop", "-root", "_NET_ACTIVE_WINDOW"))
        return self.title(number[0]) if number and int(number[0], 16) else ""

    def title(self, number: str) -> str:
        found = re.search(r'"(.*)"', self.ask("xprop", "-id", number, "_NET_WM_NAME", "WM_NAME"))
        return found[1] if found else ""

    def states(self, title: str) -> set[str]:
        """The states of a window: ``MAXIMIZED_VERT`` and so on."""
        return set(
            re.findall(r"_NET_WM_STATE_(\w+)", self.ask("xprop", "-name", title, "_NET_WM_STATE").partition("=")[2])
        )

    def area(self, title: str) -> tuple[int, ...]:
        """x, y, width and height of a window without its frame."""
        said = self.ask("xwininfo", "-name", title)
        names = ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        return tuple(int(re.search(rf"{name}:\s+(-?\d+)", said)[1]) for name in names)  # type: ignore[index]

    def open(self, title: str, name: str = "tester", colour: str = "ff0000", size: str = "300x200") -> OpenWindow:
        """Opens a window and waits until it has the focus."""
        log = self.folder / f"{title}.log"
        with log.open("w") as out:
            command = [sys.executable, str(WINDOW), title, name, colour, size]
            process = subprocess.Popen(command, env={**os.environ, "DISPLAY": self.display}, stdout=out, text=True)
        window = OpenWindow(title, process, log)
        self.windows.append(window)
        until(lambda: "shown" in window.told() and self.active_title() == title, f"{title} in front")
        return window

    def close_all(self) -> None:
        for window in self.windows:
            stop(window.process)
        self.windows.clear()
        until(lambda: not self.active_title(), "no window is left")


@contextmanager
def x_server(folder: Path) -> Iterator[Screen]:
    """An X server of 1000 by 700 pixels with openbox."""
    need("openbox", "xprop", "xwininfo", "xdotool")
    with x_server_process("1000x700") as (display, _server):
        screen = Screen(display, folder)
        environment = {**os.environ, "DISPLAY": display, "HOME": str(folder)}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        manager = subprocess.Popen(["openbox", "--sm-disable"], env=environment, text=True, **quiet)  # type: ignore[call-overload]
        try:
            until(
                lambda: (
                    manager.poll() is not None
                    or "window id" in screen.ask("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
                ),
                "openbox is there",
            )
            assert manager.poll() is None, f"openbox ended with status {manager.returncode}"
            # With several desktops, scrolling on an empty screen would switch them and show a popup in its middle.
            until(screen.has_one_desktop, "there is one desktop")
            yield screen
        finally:
            stop(manager)


_BUS_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={folder}/socket</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass
class PrivateBus:
    """A bus on which anybody may be anything."""

    address: str
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, command: Sequence[str], name: str, **variables: str) -> subprocess.Popen[str]:
        """Starts a service and waits until it has its name."""
        environment = {
            **os.environ,
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "DBUS_SYSTEM_BUS_ADDRESS": self.address,
            **variables,
        }
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        until(lambda: process.poll() is not None or name in self.names(), f"{name} is on the bus")
        assert process.poll() is None, f"{command} ended"
        return process

    def mock(self, *arguments: str, name: str, log: Path) -> None:
        """Starts dbusmock; what it is called with goes to ``log``."""
        self.start([SYSTEM_PYTHON, "-m", "dbusmock", "--logfile", str(log), *arguments], name)

    def names(self) -> str:
        return self.gdbus("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.ListNames")

    def gdbus(self, service: str, path: str, method: str, *arguments: str) -> str:
        """Calls a method from outside."""
        command = ["gdbus", "call", "--address", self.address, "-d", service, "-o", path, "-m", method, *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, service: str, path: str, interface: str, name: str) -> str:
        return self.gdbus(service, path, "org.freedesktop.DBus.Properties.Get", interface, name).strip()

    def stop_services(self) -> None:
        for process in self.processes:
            stop(process)
        self.processes.clear()


@contextmanager
def private_bus(folder: Path) -> Iterator[PrivateBus]:
    """A D-Bus daemon with nobody on it."""
    need("dbus-daemon", "gdbus")
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "bus.conf"
    config.write_text(_BUS_CONFIG.format(folder=folder), encoding="utf-8")
    daemon = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    bus = PrivateBus(daemon.stdout.readline().strip())
    try:
        yield bus
    finally:
        bus.stop_services()
        stop(daemon)
