"""Interfaces to the parts of a desktop that differ between operating systems."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

from voiceassist.actions.applications import Application
from voiceassist.actions.brightness import Backlight
from voiceassist.actions.clipboard import Clipboard
from voiceassist.actions.keys import Keyboard
from voiceassist.actions.media import Player
from voiceassist.actions.screenshots import Camera
from voiceassist.actions.session import Session
from voiceassist.actions.switches import Switch, SwitchKind
from voiceassist.actions.volume import Mixer
from voiceassist.actions.windows import WindowManager


class Desktop(Protocol):
    """The desktop services of one machine, each looked up when needed; ActionError if it is unavailable."""

    def applications(self) -> list[Application]:
        """The installed applications, by name."""
        ...

    def default_applications(self, applications: Sequence[Application]) -> Mapping[str, str]:
        """Maps the spoken name of each role (browser, terminal) to the name of its default application."""
        ...

    def launch(self, application: Application) -> None:
        """Starts an application so that it outlives voiceassist.

        Raises:
            ActionError: it cannot be started, or ended at once with an error.
        """
        ...

    def open_uri(self, uri: str) -> None:
        """Opens a file, a folder or a web address in the user's default application.

        Raises:
            ActionError: there is none.
        """
        ...

    def mixer(self) -> Mixer:
        """The sound output in use."""
        ...

    def player(self) -> Player:
        """The media player to control: the one that is playing, if any."""
        ...

    def backlight(self) -> Backlight:
        """The brightness of the built-in screen."""
        ...

    def windows(self) -> WindowManager:
        """The open windows."""
        ...

    def keyboard(self) -> Keyboard:
        """A keyboard that sends synthetic key presses."""
        ...

    def clipboard(self) -> Clipboard:
        """The text clipboard."""
        ...

    def camera(self) -> Camera:
        """The screenshot service."""
        ...

    def session(self) -> Session:
        """The user's session and the machine's power."""
        ...

    def switch(self, kind: SwitchKind) -> Switch:
        """A setting that is on or off, such as Wi-Fi."""
        ...

    def close(self) -> None:
        """Releases the handles of started programs, without ending the programs."""
        ...


def current_desktop(platform: str = sys.platform) -> Desktop:
    """The desktop of this operating system."""
    # Imported late: each module works on one operating system only.
    if platform == "win32":
        from voiceassist.actions.platforms.windows import WindowsDesktop  # noqa: PLC0415

        return WindowsDesktop()
    if platform == "darwin":
        from voiceassist.actions.platforms.macos import MacDesktop  # noqa: PLC0415

        return MacDesktop()
    from voiceassist.actions.platforms.linux import LinuxDesktop  # noqa: PLC0415

    return LinuxDesktop()
