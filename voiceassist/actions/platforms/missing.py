"""Errors for actions that an operating system does not support yet, each with an alternative for the user."""

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
    """Raises an error for every service; a subclass overrides what its system supports.

    Attributes:
        SYSTEM: its name in the errors.
    """

    SYSTEM = "this system"

    def default_applications(self, applications: Sequence[Application]) -> Mapping[str, str]:  # noqa: ARG002
        """No roles: applications are found by their names only."""
        return {}

    def mixer(self) -> Mixer:
        """The volume."""
        self._refuse("the volume cannot be set", "use the volume keys")

    def player(self) -> Player:
        """Media players."""
        self._refuse("media players cannot be reached", "use the media keys")

    def backlight(self) -> Backlight:
        """Screen brightness."""
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
        """Radios and appearance settings."""
        self._refuse(f"{NAMES[kind]} cannot be switched", "use the system's settings")

    def _refuse(self, what: str, instead: str) -> NoReturn:
        raise ActionError(f"{what} on {self.SYSTEM} yet", hint=instead)
