"""Linux: applications from desktop entries, volume through PulseAudio or PipeWire."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from voiceassist.actions.applications import Application
from voiceassist.actions.desktop.entries import application_folders, read_applications
from voiceassist.actions.process import last_line, run_tool, user_environment
from voiceassist.actions.volume import Level, Mixer
from voiceassist.errors import ActionError

PATIENCE_S = 0.4
"""A program that fails within this time is reported as not started."""

_TERMINALS = (
    ("xdg-terminal-exec",),
    ("x-terminal-emulator", "-e"),
    ("gnome-terminal", "--"),
    ("konsole", "-e"),
    ("xfce4-terminal", "-x"),
    ("kitty",),
    ("alacritty", "-e"),
    ("foot",),
    ("xterm", "-e"),
)


class LinuxDesktop:
    """A freedesktop.org desktop. The environment is read anew with each call.

    Args:
        patience_s: how long a started program is watched for an early end.
    """

    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._children: list[subprocess.Popen[bytes]] = []

    def applications(self) -> list[Application]:
        """What the application menu shows."""
        return read_applications(application_folders(os.environ), os.environ)

    def launch(self, application: Application) -> None:
        """Starts it in a session of its own.

        Raises:
            ActionError: it cannot be started, or ended at once with an error.
        """
        self._reap()
        argv = (*terminal_prefix(), *application.argv) if application.terminal else application.argv
        # A pipe would break under the program when voiceassist ends; a file without a name lasts as long as needed.
        with tempfile.TemporaryFile() as complaints:
            child = _start(application.name, argv, application.folder, complaints)
            try:
                status = child.wait(self._patience_s)
            except subprocess.TimeoutExpired:
                self._children.append(child)
                return
            if status != 0:
                complaints.seek(0)
                said = last_line(complaints.read().decode("utf-8", "replace"))
                raise ActionError(
                    f"{application.name} ended at once (status {status}): {said}",
                    hint=f"run `{' '.join(argv)}` in a terminal to see more",
                )

    def mixer(self) -> Mixer:
        """The default output of whichever sound server answers.

        Raises:
            ActionError: none does.
        """
        finders: tuple[Callable[[], Mixer], ...] = (PactlMixer.of_default_sink, WpctlMixer.of_default_sink)
        problems = []
        for find in finders:
            try:
                return find()
            except ActionError as error:
                problems.append(error.message)
        raise ActionError(
            f"there is no sound server to talk to ({'; '.join(problems)})",
            hint="start PipeWire or PulseAudio; pactl comes with the package pulseaudio-utils",
        )

    def close(self) -> None:
        """Lets go of the started programs; they run on."""
        self._reap()
        for child in self._children:
            child.returncode = 0  # it is the session's now: Popen must not warn that it still runs
        self._children.clear()

    def _reap(self) -> None:
        self._children = [child for child in self._children if child.poll() is None]


@dataclass(frozen=True, slots=True)
class PactlMixer:
    """A sink of PulseAudio, or of PipeWire through its PulseAudio door."""

    sink: str

    @classmethod
    def of_default_sink(cls) -> PactlMixer:
        """The default sink by its name, so that undo reaches the same one after the default has changed.

        Raises:
            ActionError: no server answers, or it has no output.
        """
        named = re.search(r"^Default Sink: (\S+)$", run_tool(["pactl", "info"]), re.MULTILINE)
        if named is None:
            raise ActionError("the sound server has no output", hint="connect loudspeakers or headphones")
        mixer = cls(named[1])
        mixer.level()
        return mixer

    def level(self) -> Level:
        volume = run_tool(["pactl", "get-sink-volume", self.sink])
        channels = re.findall(r":\s*(\d+)\s*/\s*(\d+)%", volume)
        if not channels:
            raise ActionError(f"pactl said something else than a volume: {last_line(volume)}", hint="try again")
        muted = run_tool(["pactl", "get-sink-mute", self.sink]).strip().endswith("yes")
        percent = max(int(percent) for _raw, percent in channels)
        return Level(percent, muted, tuple(raw for raw, _percent in channels))

    def set_percent(self, percent: int) -> None:
        run_tool(["pactl", "set-sink-volume", self.sink, f"{percent}%"])

    def set_muted(self, muted: bool) -> None:
        run_tool(["pactl", "set-sink-mute", self.sink, "1" if muted else "0"])

    def restore(self, level: Level) -> None:
        run_tool(["pactl", "set-sink-volume", self.sink, *level.raw])
        self.set_muted(level.muted)


@dataclass(frozen=True, slots=True)
class WpctlMixer:
    """The default sink of PipeWire through WirePlumber."""

    sink: str = "@DEFAULT_AUDIO_SINK@"

    @classmethod
    def of_default_sink(cls) -> WpctlMixer:
        """The default sink by its number, so that undo reaches the same one.

        Raises:
            ActionError: WirePlumber does not answer, or has no output.
        """
        numbered = re.search(r"^id (\d+),", run_tool(["wpctl", "inspect", cls().sink]), re.MULTILINE)
        mixer = cls(numbered[1]) if numbered else cls()
        mixer.level()
        return mixer

    def level(self) -> Level:
        said = run_tool(["wpctl", "get-volume", self.sink])
        volume = re.search(r"Volume:\s*([\d.]+)", said)
        if volume is None:
            raise ActionError(f"wpctl said something else than a volume: {last_line(said)}", hint="try again")
        return Level(round(100 * float(volume[1])), "[MUTED]" in said, (volume[1],))

    def set_percent(self, percent: int) -> None:
        run_tool(["wpctl", "set-volume", self.sink, f"{percent}%"])

    def set_muted(self, muted: bool) -> None:
        run_tool(["wpctl", "set-mute", self.sink, "1" if muted else "0"])

    def restore(self, level: Level) -> None:
        run_tool(["wpctl", "set-volume", self.sink, *level.raw])
        self.set_muted(level.muted)


def terminal_prefix() -> tuple[str, ...]:
    """How to start a program in a terminal window.

    Raises:
        ActionError: there is no terminal.
    """
    for prefix in _TERMINALS:
        if shutil.which(prefix[0]):
            return prefix
    raise ActionError("there is no terminal to open it in", hint="install one, for example xterm")


def _start(name: str, argv: tuple[str, ...], folder: Path | None, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            argv,
            cwd=folder or _home(),
            env=user_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,
        )
    except OSError as error:
        raise ActionError(
            f"{name} cannot be started: {error.strerror}: {error.filename}", hint="install it again"
        ) from error


def _home() -> Path:
    home = Path(os.environ.get("HOME") or "/")
    return home if home.is_dir() else Path("/")
