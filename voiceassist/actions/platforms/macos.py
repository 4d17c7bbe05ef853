"""macOS: applications through ``open``, the volume, the session and dark mode through ``osascript``."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from voiceassist.actions.applications import Application
from voiceassist.actions.clipboard import Clipboard
from voiceassist.actions.platforms.clipboard_tools import ClipboardTools
from voiceassist.actions.platforms.missing import UnsupportedDesktop
from voiceassist.actions.process import run_tool
from voiceassist.actions.screenshots import Camera
from voiceassist.actions.session import Session
from voiceassist.actions.switches import Switch, SwitchKind
from voiceassist.actions.volume import Level, Mixer
from voiceassist.errors import ActionError

_FOLDERS = (Path("/Applications"), Path("/System/Applications"), Path("/System/Applications/Utilities"))


class MacDesktop(UnsupportedDesktop):
    """Application bundles, and actions through the system's own tools."""

    SYSTEM = "macOS"

    def __init__(self, folders: Sequence[Path] = _FOLDERS) -> None:
        self._folders = (*folders, Path.home() / "Applications")

    def applications(self) -> list[Application]:
        """The bundles in the usual folders."""
        bundles = {path.stem: path for folder in reversed(self._folders) for path in folder.glob("*.app")}
        return [
            Application(name, ("open", "-a", str(path)))
            for name, path in sorted(bundles.items(), key=lambda bundle: bundle[0].casefold())
        ]

    def launch(self, application: Application) -> None:
        """Opens it with the system's ``open`` command.

        Raises:
            ActionError: the system refused.
        """
        run_tool(application.argv, time_limit_s=10.0)

    def open_uri(self, uri: str) -> None:
        """Opens it with the system's ``open`` command.

        Raises:
            ActionError: the system refused.
        """
        run_tool(["open", uri], time_limit_s=10.0)

    def mixer(self) -> Mixer:
        """The system's output."""
        return MacMixer()

    def clipboard(self) -> Clipboard:
        """The system's clipboard."""
        return ClipboardTools.of_macos()

    def session(self) -> Session:
        """The session of this user."""
        return MacSession()

    def camera(self) -> Camera:
        """The system's own tool."""
        return MacCamera()

    def switch(self, kind: SwitchKind) -> Switch:
        """Dark mode; the other switches are not supported."""
        return MacDarkMode() if kind == "dark_mode" else super().switch(kind)

    def close(self) -> None:
        """Does nothing: no resource is held."""


class MacMixer:
    """The output volume of the system."""

    def level(self) -> Level:
        """The current volume.

        Raises:
            ActionError: the current output has no volume control, as with some HDMI screens.
        """
        answer = run_tool(["osascript", "-e", "get {output volume, output muted} of (get volume settings)"])
        percent, _, muted = answer.strip().partition(", ")
        if not percent.isdigit():
            raise ActionError("the sound output has no volume control", hint="choose another output")
        return Level(int(percent), muted == "true", (percent,))

    def set_percent(self, percent: int) -> None:
        """Sets the volume."""
        run_tool(["osascript", "-e", f"set volume output volume {percent}"])

    def set_muted(self, muted: bool) -> None:
        """Mutes or unmutes the output."""
        run_tool(["osascript", "-e", f"set volume output muted {'true' if muted else 'false'}"])

    def restore(self, level: Level) -> None:
        """Restores an earlier level."""
        self.set_percent(level.percent)
        self.set_muted(level.muted)


class MacSession:
    """Asks System Events, which lets programs with unsaved work object."""

    def check(self) -> None:
        """Does nothing: the session is always available."""

    def lock(self) -> None:
        """Turns the screen off, which locks the session if the system is configured to."""
        run_tool(["pmset", "displaysleepnow"])

    def suspend(self) -> None:
        """Puts the machine to sleep."""
        _tell_system_events("sleep")

    def log_out(self) -> None:
        """Ends the session."""
        _tell_system_events("log out")

    def power_off(self) -> None:
        """Shuts down."""
        _tell_system_events("shut down")

    def restart(self) -> None:
        """Shuts down and starts again."""
        _tell_system_events("restart")


class MacCamera:
    """The tool ``screencapture``."""

    def screen(self) -> bytes:
        """The whole screen as PNG.

        Raises:
            ActionError: the program may not record the screen.
        """
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "screen.png"
            run_tool(["screencapture", "-x", "-t", "png", str(file)], time_limit_s=10.0)
            if not file.is_file():
                raise ActionError("no screenshot was taken", hint="allow screen recording in the privacy settings")
            return file.read_bytes()

    def window(self) -> bytes:
        """Not implemented yet.

        Raises:
            ActionError: always.
        """
        raise ActionError("screenshots of one window are not supported on macOS yet", hint="take one of the screen")


class MacDarkMode:
    """The system's dark mode."""

    def is_on(self) -> bool:
        """Whether dark mode is on."""
        return _tell_system_events("tell appearance preferences to get dark mode").strip() == "true"

    def turn(self, on: bool) -> None:
        """Turns it on or off."""
        _tell_system_events(f"tell appearance preferences to set dark mode to {'true' if on else 'false'}")


def _tell_system_events(what: str) -> str:
    return run_tool(["osascript", "-e", f'tell application "System Events" to {what}'], time_limit_s=10.0)
