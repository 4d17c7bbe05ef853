"""The running program as key bindings and other windows meet it: real processes, display, sound server and keys."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from running import SAMPLES, Ended, environment, with_compiled_commands
from soundserver import SoundServer
from xserver import x_server_process

from voiceassist.cli import start

CTRL, ALT, LETTER_X = 37, 64, 53
"""Key codes of the X server."""
FOREIGN_WINDOW = """
import xcffib, xcffib.xproto as x
connection = xcffib.connect()
screen = connection.get_setup().roots[0]
window = connection.generate_id()
mask = x.CW.BackPixel | x.CW.EventMask
connection.core.CreateWindow(screen.root_depth, window, screen.root, 0, 0, 300, 200, 0, x.WindowClass.InputOutput,
                             screen.root_visual, mask, [screen.white_pixel, x.EventMask.KeyPress])
title = b"Somebody else"
connection.core.ChangeProperty(x.PropMode.Replace, window, x.Atom.WM_NAME, x.Atom.STRING, 8, len(title), title)
connection.core.MapWindow(window)
connection.flush()
while True:
    event = connection.wait_for_event()
    if isinstance(event, x.KeyPressEvent):
        print(event.detail, flush=True)
"""
LIGHT_ONLY = """
import sys
from voiceassist.cli import main
status = main(sys.argv[1:])
heavy = {"PySide6", "numpy", "onnxruntime", "sentencepiece", "hassil", "sounddevice", "jeepney", "xcffib", "yaml"}
print("heavy:", sorted(heavy & set(sys.modules)))
sys.exit(status)
"""


@dataclass
class Desktop:
    """A display with a window manager, a sound server, and programs started on them."""

    home: Path
    sound: SoundServer
    display: str
    programs: list[subprocess.Popen[str]] = field(default_factory=list)

    def env(self) -> dict[str, str]:
        own = {"DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        settings = environment(with_compiled_commands(self.home), **{**self.sound.variables(), **own})
        return {name: value for name, value in settings.items() if not name.startswith("WAYLAND")}

    def start(self, *command: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            command, env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.home
        )
        self.programs.append(program)
        return program

    def run(self, *command: str) -> Ended:
        done = subprocess.run(
            command, env=self.env(), capture_output=True, text=True, timeout=60, check=False, cwd=self.home
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def voiceassist(self, *arguments: str) -> Ended:
        return self.run(sys.executable, "-m", "voiceassist", *arguments)

    def open_voiceassist(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it and wait until its microphone delivers."""
        program = self.start(sys.executable, "-m", "voiceassist", *arguments)
        self.wait_for(lambda: self.voiceassist("--release").stdout == "that was all\n", program)
        return program

    def close(self) -> None:
        for program in reversed(self.programs):
            if program.poll() is None:
                program.terminate()
            if program.stdout is not None and not program.stdout.closed:
                program.communicate(timeout=30)

    def wait_for(self, fits: Callable[[], bool], program: subprocess.Popen[str] | None = None) -> None:
        give_up_at_s = time.monotonic() + 60
        while not fits():
            assert program is None or program.poll() is None, program.communicate()
            assert time.monotonic() < give_up_at_s
            time.sleep(0.2)

    def windows(self, name: str) -> list[str]:
        return self.run("xdotool", "search", "--onlyvisible", "--name", name).stdout.split()

    def width_of(self, window_class: str) -> int:
        found = self.run("xdotool", "search", "--onlyvisible", "--class", window_class, "getwindowgeometry", "--shell")
        widths = [int(line.partition("=")[2]) for line in found.stdout.splitlines() if line.startswith("WIDTH=")]
        return max(widths, default=0)

    def active_window(self) -> str:
        return self.run("xdotool", "getactivewindow", "getwindowname").stdout.strip()


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with x_server_process("1280x900") as (display, _server), SoundServer() as sound:
        made = Desktop(tmp_path, sound, display)
        try:
            made.start("openbox")
            yield made
        finally:
            made.close()


def test_other_calls_talk_to_the_one_that_runs_show_it_and_end_it(desktop: Desktop):
    first = desktop.open_voiceassist()
    (window,) = desktop.windows("voiceassist")
    desktop.run("xdotool", "windowminimize", "--sync", window)
    assert desktop.windows("voiceassist") == []
    second = desktop.voiceassist()
    assert (second.status, second.stdout) == (0, "")
    assert "running already" in second.stderr
    desktop.wait_for(lambda: desktop.windows("voiceassist") == [window])
    assert desktop.voiceassist("--hidden").status == 0
    assert desktop.voiceassist("--hold").stdout == "listening until --release\n"
    desktop.sound.play(SAMPLES / "02-volume.wav")
    assert desktop.voiceassist("--release").stdout == "that was all\n"
    desktop.wait_for(lambda: desktop.sound.volume_percent() == 40)
    assert desktop.voiceassist("--quit").stdout == "voiceassist ends\n"
    assert first.wait(timeout=30) == 0
    gone = desktop.voiceassist("--show")
    assert gone.status == 3
    assert "voiceassist is not running" in gone.stderr


def test_a_command_is_spoken_while_the_hotkey_is_held_in_somebody_elses_window(desktop: Desktop):
    desktop.open_voiceassist()
    foreign = desktop.start(sys.executable, "-c", FOREIGN_WINDOW)
    desktop.wait_for(lambda: desktop.active_window() == "Somebody else", foreign)
    desktop.run("xdotool", "keydown", "ctrl", "keydown", "alt", "keydown", "space")
    desktop.sound.play(SAMPLES / "02-volume.wav")
    desktop.run("xdotool", "keyup", "space", "keyup", "alt", "keyup", "ctrl")
    desktop.wait_for(lambda: desktop.sound.volume_percent() == 40)
    assert desktop.active_window() == "Somebody else"
    desktop.run("xdotool", "key", "x")
    assert foreign.stdout is not None
    typed = [int(foreign.stdout.readline()) for _ in range(3)]
    assert typed == [CTRL, ALT, LETTER_X]  # the space between them was ours alone


def start_tray(desktop: Desktop) -> int:
    """Starts a tray and gives its width in pixels; one that comes before its window manager never shows itself."""
    for _ in range(5):
        tray = desktop.start("trayer", "--edge", "top", "--align", "left", "--widthtype", "request", "--height", "32")
        give_up_at_s = time.monotonic() + 8
        while time.monotonic() < give_up_at_s:
            if desktop.width_of("trayer") > 0:
                return desktop.width_of("trayer")
            time.sleep(0.2)
        tray.terminate()
        tray.wait(timeout=60)
    raise AssertionError("trayer does not show itself")


def test_the_icon_in_the_tray_brings_the_window_and_keeps_the_program(desktop: Desktop):
    empty_px = start_tray(desktop)
    program = desktop.open_voiceassist("--hidden")
    assert desktop.windows("voiceassist") == []
    desktop.wait_for(lambda: desktop.width_of("trayer") > empty_px, program)
    click = ("xdotool", "mousemove", "12", "16", "click", "1")
    desktop.run(*click)
    desktop.wait_for(lambda: desktop.active_window() == "voiceassist", program)
    (window,) = desktop.windows("voiceassist")
    desktop.run("xdotool", "key", "alt+F4")
    desktop.wait_for(lambda: desktop.windows("voiceassist") == [], program)
    assert desktop.voiceassist("--release").status == 0
    assert desktop.voiceassist("--show").status == 0
    desktop.wait_for(lambda: desktop.windows("voiceassist") == [window], program)


@pytest.mark.parametrize("verb", ["toggle", "hold", "release", "cancel", "show", "quit"])
def test_asking_imports_nothing_heavy(tmp_path: Path, verb: str):
    done = subprocess.run(
        [sys.executable, "-c", LIGHT_ONLY, f"--{verb}"],
        env=environment(tmp_path, XDG_RUNTIME_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert done.stdout == "heavy: []\n"
    assert done.stderr.startswith("voiceassist: voiceassist is not running\n  hint: ")


def test_a_start_without_a_place_for_the_socket_says_so_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "voiceassist").mkdir()
    (tmp_path / "voiceassist").chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    opened: list[object] = []
    monkeypatch.setattr(start, "_open_window", lambda options: opened.append(options) or 0)
    assert start.start(argparse.Namespace(smoke_test=False, hidden=False)) == 0
    assert len(opened) == 1
    assert "not a folder of yours alone" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--toggle", "--hold"], ["--toggle", "devices"], ["--toggle", "now"]])
def test_a_request_stands_alone(tmp_path: Path, arguments: list[str]):
    done = subprocess.run(
        [sys.executable, "-m", "voiceassist", *arguments],
        env=environment(tmp_path),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
