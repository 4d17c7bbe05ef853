"""What differs between operating systems."""

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
    """One machine's parts. Each is looked for when it is needed; ActionError says that it is not there."""

    def applications(self) -> list[Application]:
        """All that can be opened, by name."""
        ...

    def default_applications(self, applications: Sequence[Application]) -> Mapping[str, str]:
        """What one calls each role (browser, terminal), to the name of the application that is set for it."""
        ...

    def launch(self, application: Application) -> None:
        """Starts it so that it outlives voiceassist.

        Raises:
            ActionError: it cannot be started, or ended at once with an error.
        """
        ...

    def open_uri(self, uri: str) -> None:
        """Opens a file, a folder or a web address in the user's own program for it.

        Raises:
            ActionError: there is none.
        """
        ...

    def mixer(self) -> Mixer:
        """The sound output in use."""
        ...

    def player(self) -> Player:
        """The media player that is meant: the one that plays."""
        ...

    def backlight(self) -> Backlight:
        """The light of the built-in screen."""
        ...

    def windows(self) -> WindowManager:
        """The open windows."""
        ...

    def keyboard(self) -> Keyboard:
        """A keyboard that can be played."""
        ...

    def clipboard(self) -> Clipboard:
        """The text clipboard."""
        ...

    def camera(self) -> Camera:
        """What takes pictures of the screen."""
        ...

    def session(self) -> Session:
        """The user's session and the machine's power."""
        ...

    def switch(self, kind: SwitchKind) -> Switch:
        """Something that is on or off."""
        ...

    def close(self) -> None:
        """Lets go of what was started, without ending it."""
        ...


def current_desktop(platform: str = sys.platform) -> Desktop:
    """The desktop of this operating system."""
    # Imported late: each of them is of use on one system only.
    if platform == "win32":
        from voiceassist.actions.platforms.windows import WindowsDesktop  # noqa: PLC0415

        return WindowsDesktop()
    if platform == "darwin":
        from voiceassist.actions.platforms.macos import MacDesktop  # noqa: PLC0415

        return MacDesktop()
    from voiceassist.actions.platforms.linux import LinuxDesktop  # noqa: PLC0415

    return LinuxDesktop()
