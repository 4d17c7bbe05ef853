"""Linux: a freedesktop.org desktop, composed of its services."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from voiceassist.actions.applications import Application
from voiceassist.actions.brightness import Backlight
from voiceassist.actions.clipboard import Clipboard
from voiceassist.actions.keys import Keyboard
from voiceassist.actions.media import Player
from voiceassist.actions.platforms.default_applications import default_applications, with_terminal
from voiceassist.actions.platforms.entries import application_folders, read_applications
from voiceassist.actions.platforms.mixers import find_mixer
from voiceassist.actions.process import last_line, user_environment
from voiceassist.actions.screenshots import Camera
from voiceassist.actions.session import Session
from voiceassist.actions.switches import Switch, SwitchKind
from voiceassist.actions.volume import Mixer
from voiceassist.actions.windows import WindowManager
from voiceassist.errors import ActionError

if TYPE_CHECKING:
    from voiceassist.actions.platforms.wayland import PortalKeyboard

LAUNCH_WATCH_S = 0.4
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
    """A freedesktop.org desktop. The environment is read again on each call.

    Args:
        watch_s: how long a started program is watched for an early exit.
    """

    def __init__(self, *, watch_s: float = LAUNCH_WATCH_S) -> None:
        self._watch_s = watch_s
        self._children: list[subprocess.Popen[bytes]] = []
        self._portal_keyboard: PortalKeyboard | None = None

    def applications(self) -> list[Application]:
        """The applications of the application menu, and a terminal if there is one."""
        return with_terminal(read_applications(application_folders(os.environ), os.environ), os.environ)

    def default_applications(self, applications: Sequence[Application]) -> Mapping[str, str]:
        """The defaults from ``mimeapps.list``, ``xdg-terminals.list`` and ``x-terminal-emulator``."""
        return default_applications(applications, os.environ)

    def launch(self, application: Application) -> None:
        """Starts it in a session of its own.

        Raises:
            ActionError: it cannot be started, or ended at once with an error.
        """
        self._reap()
        argv = (*terminal_prefix(), *application.argv) if application.terminal else application.argv
        # A pipe would break when voiceassist exits; an unnamed file lasts as long as the program needs it.
        with tempfile.TemporaryFile() as errors:
            child = _start(application.name, argv, application.folder, errors)
            try:
                status = child.wait(self._watch_s)
            except subprocess.TimeoutExpired:
                self._children.append(child)
                return
            if status != 0:
                errors.seek(0)
                reason = last_line(errors.read().decode("utf-8", "replace"))
                raise ActionError(
                    f"{application.name} ended at once (status {status}): {reason}",
                    hint=f"run in a terminal: {shlex.join(argv)}",
                )

    def open_uri(self, uri: str) -> None:
        """Opens it in the user's default application.

        Raises:
            ActionError: there is no program for it.
        """
        for opener in (("xdg-open",), ("gio", "open")):
            if shutil.which(opener[0]):
                self.launch(Application(opener[0], (*opener, uri)))
                return
        raise ActionError("there is no program that opens files and addresses", hint="install xdg-utils")

    def mixer(self) -> Mixer:
        """The default output of the running sound server."""
        return find_mixer()

    # The modules below are imported late, so that a command loads only what it needs.

    def player(self) -> Player:
        """The MPRIS player that is playing, if any."""
        from voiceassist.actions.platforms.mpris import MprisPlayer  # noqa: PLC0415

        return MprisPlayer.of_session()

    def backlight(self) -> Backlight:
        """The brightness of the built-in screen."""
        from voiceassist.actions.platforms.logind import LogindBacklight  # noqa: PLC0415

        return LogindBacklight.of_screen()

    def windows(self) -> WindowManager:
        """The windows of an X11 desktop or of sway.

        Raises:
            ActionError: this is another Wayland desktop, on which no program may control other windows.
        """
        if os.environ.get("SWAYSOCK"):
            from voiceassist.actions.platforms.sway_windows import SwayWindowManager  # noqa: PLC0415

            return SwayWindowManager()
        if is_wayland():
            raise ActionError("Wayland lets no program control other windows", hint="log in to an X11 session")
        from voiceassist.actions.platforms.x11_windows import X11WindowManager  # noqa: PLC0415

        return X11WindowManager()

    def keyboard(self) -> Keyboard:
        """XTest on X11; on Wayland wtype if the compositor supports it, else the portal."""
        if not is_wayland():
            from voiceassist.actions.platforms.x11_keys import X11Keyboard  # noqa: PLC0415

            return X11Keyboard()
        from voiceassist.actions.platforms.wayland import PortalKeyboard, WtypeKeyboard  # noqa: PLC0415

        if WtypeKeyboard.is_usable():
            return WtypeKeyboard()
        if self._portal_keyboard is None:
            self._portal_keyboard = PortalKeyboard()
        return self._portal_keyboard

    def clipboard(self) -> Clipboard:
        """The clipboard through an installed command-line tool."""
        from voiceassist.actions.platforms.clipboard_tools import ClipboardTools  # noqa: PLC0415

        return ClipboardTools.of_linux(wayland=is_wayland())

    def camera(self) -> Camera:
        """The X server, or the portal on Wayland."""
        if is_wayland():
            from voiceassist.actions.platforms.wayland import PortalCamera  # noqa: PLC0415

            return PortalCamera()
        if not os.environ.get("DISPLAY"):
            raise ActionError("there is no screen to capture", hint="log in to a desktop session")
        from voiceassist.actions.platforms.cameras import ScreenCamera  # noqa: PLC0415

        return ScreenCamera(self.windows)

    def session(self) -> Session:
        """The session, controlled through the desktop and logind."""
        from voiceassist.actions.platforms.logind import LogindSession  # noqa: PLC0415

        return LogindSession()

    def switch(self, kind: SwitchKind) -> Switch:
        """Radios through their D-Bus services, appearance through the desktop's settings."""
        from voiceassist.actions.platforms import appearance, radios  # noqa: PLC0415

        finders: dict[SwitchKind, Callable[[], Switch]] = {
            "wifi": radios.WifiSwitch,
            "bluetooth": radios.BluetoothSwitch,
            "dark_mode": appearance.dark_mode,
            "do_not_disturb": appearance.do_not_disturb,
        }
        return finders[kind]()

    def close(self) -> None:
        """Releases the started programs, which keep running, and the permission to type."""
        if self._portal_keyboard is not None:
            self._portal_keyboard.close()
        self._reap()
        for child in self._children:
            child.returncode = 0  # it goes on without us: Popen must not warn that it still runs
        self._children.clear()

    def _reap(self) -> None:
        self._children = [child for child in self._children if child.poll() is None]


def is_wayland() -> bool:
    """Whether this is a Wayland session, in which X11 clients see only other X11 clients."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) and os.environ.get("XDG_SESSION_TYPE") != "x11"


def terminal_prefix() -> tuple[str, ...]:
    """The command prefix that runs a program in a terminal window.

    Raises:
        ActionError: there is no terminal.
    """
    for prefix in _TERMINALS:
        if shutil.which(prefix[0]):
            return prefix
    raise ActionError("there is no terminal to run it in", hint="install one, for example xterm")


def _start(name: str, argv: tuple[str, ...], folder: Path | None, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    home = Path(os.environ.get("HOME") or "/")
    try:
        return subprocess.Popen(
            argv,
            cwd=folder or (home if home.is_dir() else Path("/")),
            env=user_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:  # the latter: an argument that no program can be given
        reason = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else error
        raise ActionError(f"{name} cannot be started: {reason}", hint="install it again") from error
