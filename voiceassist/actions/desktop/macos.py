"""macOS: applications through ``open``, volume through ``osascript``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voiceassist.actions.applications import Application
from voiceassist.actions.process import run_tool
from voiceassist.actions.volume import Level, Mixer
from voiceassist.errors import ActionError

_FOLDERS = (Path("/Applications"), Path("/System/Applications"), Path("/System/Applications/Utilities"))


class MacDesktop:
    """Application bundles, and the system's output volume."""

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
        """Has the system open it.

        Raises:
            ActionError: the system refused.
        """
        run_tool(application.argv, time_limit_s=10.0)

    def mixer(self) -> Mixer:
        """The system's output."""
        return MacMixer()

    def close(self) -> None:
        """Nothing is held."""


class MacMixer:
    """The output volume of the system."""

    def level(self) -> Level:
        """How it is set now.

        Raises:
            ActionError: the output in use has no volume, as some HDMI screens.
        """
        said = run_tool(["osascript", "-e", "get {output volume, output muted} of (get volume settings)"])
        percent, _, muted = said.strip().partition(", ")
        if not percent.isdigit():
            raise ActionError("the sound output has no volume that can be set", hint="choose another output")
        return Level(int(percent), muted == "true", (percent,))

    def set_percent(self, percent: int) -> None:
        """Sets the volume."""
        run_tool(["osascript", "-e", f"set volume output volume {percent}"])

    def set_muted(self, muted: bool) -> None:
        """Silences it, or lets it sound."""
        run_tool(["osascript", "-e", f"set volume output muted {'true' if muted else 'false'}"])

    def restore(self, level: Level) -> None:
        """Puts back an earlier level."""
        self.set_percent(level.percent)
        self.set_muted(level.muted)
