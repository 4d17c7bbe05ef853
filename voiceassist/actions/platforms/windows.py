"""Windows: applications of the start menu, media keys, locking and screenshots."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn, Protocol

from voiceassist.actions.applications import Application
from voiceassist.actions.media import Player, PlayerCommand, PlayerState, PlayingTrack
from voiceassist.actions.platforms.missing import UnsupportedDesktop
from voiceassist.actions.screenshots import Camera
from voiceassist.actions.session import Session
from voiceassist.errors import ActionError

_KEY_UP = 2
_PLAY_OR_PAUSE = 0xB3
_MEDIA_KEYS: Mapping[PlayerCommand, int] = {
    "play": _PLAY_OR_PAUSE,
    "pause": _PLAY_OR_PAUSE,
    "next": 0xB0,
    "previous": 0xB1,
    "stop": 0xB2,
}


class User32(Protocol):
    """The functions of user32.dll that are used here."""

    def keybd_event(self, key: int, scan: int, flags: int, extra: int, /) -> None: ...

    def LockWorkStation(self) -> int: ...  # noqa: N802 - the system's own name


class WindowsDesktop(UnsupportedDesktop):
    """The start menu's shortcuts, opened by the shell, and actions through a few system calls."""

    SYSTEM = "Windows"

    def __init__(
        self,
        *,
        open_file: Callable[[str], None] | None = None,
        environ: Mapping[str, str] = os.environ,
        user32: User32 | None = None,
    ) -> None:
        self._user32 = user32
        self._open_file = open_file or _open_file
        self._environ = environ

    def applications(self) -> list[Application]:
        """The shortcuts of all users and of this one."""
        homes = [self._environ[name] for name in ("PROGRAMDATA", "APPDATA") if self._environ.get(name)]
        menus = [Path(home) / "Microsoft/Windows/Start Menu/Programs" for home in homes]
        shortcuts = {path.stem: path for menu in menus for path in menu.rglob("*.lnk")}
        return [
            Application(name, (str(path),))
            for name, path in sorted(shortcuts.items(), key=lambda shortcut: shortcut[0].casefold())
        ]

    def launch(self, application: Application) -> None:
        """Opens the shortcut through the shell.

        Raises:
            ActionError: the shell refused.
        """
        try:
            self._open_file(application.argv[0])
        except OSError as error:
            raise ActionError(f"{application.name} cannot be opened: {error}", hint="install it again") from error

    def open_uri(self, uri: str) -> None:
        """Opens it through the shell.

        Raises:
            ActionError: the shell refused.
        """
        try:
            self._open_file(uri)
        except OSError as error:
            raise ActionError(
                f"{uri} cannot be opened: {error}", hint="choose a program for it in the settings"
            ) from error

    def player(self) -> Player:
        """The player that receives the media keys."""
        return MediaKeys(self._user32 or _user32())

    def session(self) -> Session:
        """The session of this user."""
        return WindowsSession(self._user32 or _user32())

    def camera(self) -> Camera:
        """Reads the screen."""
        from voiceassist.actions.platforms.cameras import ScreenCamera  # noqa: PLC0415 - only this command needs it

        return ScreenCamera(self.windows)

    def close(self) -> None:
        """Does nothing: no resource is held."""


class MediaKeys:
    """Presses the media keys; which program receives them is unknown."""

    name = "The player"

    def __init__(self, user32: User32) -> None:
        self._user32 = user32

    def state(self) -> PlayerState:
        """Unknown: media keys report no state."""
        return "unknown"

    def send(self, command: PlayerCommand) -> None:
        """Presses the key."""
        key = _MEDIA_KEYS[command]
        self._user32.keybd_event(key, 0, 0, 0)
        self._user32.keybd_event(key, 0, _KEY_UP, 0)

    def track(self) -> PlayingTrack:
        """Unknown: media keys report no track."""
        raise ActionError("Windows does not report the track", hint="look at the player")

    def seek(self, offset_s: float) -> None:  # noqa: ARG002 - the protocol's
        """There is no key for it."""
        raise ActionError("there is no media key for that", hint="use the player's window")

    def shuffle(self) -> bool:
        """There is no key for it."""
        raise ActionError("there is no media key for that", hint="use the player's window")

    def set_shuffle(self, on: bool) -> None:  # noqa: ARG002 - the protocol's
        """There is no key for it."""
        raise ActionError("there is no media key for that", hint="use the player's window")


class WindowsSession:
    """Locks the screen; logging out and powering off are not implemented."""

    def __init__(self, user32: User32) -> None:
        self._user32 = user32

    def check(self) -> None:
        """Does nothing: the session is always available."""

    def lock(self) -> None:
        """Locks the screen."""
        if not self._user32.LockWorkStation():
            raise ActionError("Windows did not lock the screen", hint="press Windows and L")

    def suspend(self) -> None:
        """Not implemented yet."""
        _not_yet()

    def log_out(self) -> None:
        """Not implemented yet."""
        _not_yet()

    def power_off(self) -> None:
        """Not implemented yet."""
        _not_yet()

    def restart(self) -> None:
        """Not implemented yet."""
        _not_yet()


def _not_yet() -> NoReturn:
    raise ActionError("Windows cannot be left or switched off by voice yet", hint="use the start menu")


def _user32() -> User32:
    import ctypes  # noqa: PLC0415 - only on Windows

    if sys.platform == "win32":
        found: User32 = ctypes.windll.user32
        return found
    raise ActionError("this is not Windows", hint="use the desktop of this system")


def _open_file(path: str) -> None:
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - the shortcut is one that we listed
    else:
        raise OSError(f"only Windows can open {path}")
