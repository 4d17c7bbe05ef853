"""What a system cannot do yet, said so that the user knows another way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from voiceassist.actions.applications import Application
from voiceassist.actions.brightness import Backlight
from voiceassist.actions.clipboard import Clipboard
from voiceassist.actions.keys import Keyboard
from voiceassist.actions.media import Player
from voiceassist.actions.screenshots import Camera
from voiceassist.actions.session import Session
from voiceassist.actions.switches import NAMES, Switch, SwitchKind
from voiceassist.actions.volume import Mixer
from voiceassist.actions.windows import WindowManager
from voiceassist.errors import ActionError


class UnsupportedDesktop:
    """Refuses everything; a system overrides what it can do.

    Attributes:
        SYSTEM: its name in the errors.
    """

    SYSTEM = "this system"

    def default_applications(self, applications: Sequence[Application]) -> Mapping[str, str]:  # noqa: ARG002
        """Not asked for here: an application is found by its name."""
        return {}

    def mixer(self) -> Mixer:
        """The volume."""
        self._refuse("the volume cannot be set", "use the volume keys")

    def player(self) -> Player:
        """Media players."""
        self._refuse("media players cannot be reached", "use the media keys")

    def backlight(self) -> Backlight:
        """The light of the screen."""
        self._refuse("the brightness cannot be set", "use the brightness keys")

    def windows(self) -> WindowManager:
        """Windows of other programs."""
        self._refuse("windows cannot be moved", "use the mouse")

    def keyboard(self) -> Keyboard:
        """Keys for other programs."""
        self._refuse("nothing can be typed", "use the keyboard")

    def clipboard(self) -> Clipboard:
        """The clipboard."""
        self._refuse("the clipboard cannot be reached", "use the keyboard")

    def camera(self) -> Camera:
        """Screenshots."""
        self._refuse("screenshots cannot be taken", "use the Print key")

    def session(self) -> Session:
        """The session."""
        self._refuse("the session cannot be left", "use the start menu")

    def switch(self, kind: SwitchKind) -> Switch:
        """Radios and looks."""
        self._refuse(f"{NAMES[kind]} cannot be switched", "use the system's settings")

    def _refuse(self, what: str, instead: str) -> NoReturn:
        raise ActionError(f"{what} on {self.SYSTEM} yet", hint=instead)
