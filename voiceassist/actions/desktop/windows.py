"""Windows: applications of the start menu. The volume cannot be set yet."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from voiceassist.actions.applications import Application
from voiceassist.actions.volume import Mixer
from voiceassist.errors import ActionError


class WindowsDesktop:
    """The start menu's shortcuts, opened by the shell."""

    def __init__(
        self, *, open_file: Callable[[str], None] | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._open_file = open_file or _open_file
        self._environ = environ

    def applications(self) -> list[Application]:
        """The shortcuts of all users and of this one."""
        shortcuts = {path.stem: path for folder in self._menus() for path in folder.rglob("*.lnk")}
        return [
            Application(name, (str(path),))
            for name, path in sorted(shortcuts.items(), key=lambda shortcut: shortcut[0].casefold())
        ]

    def launch(self, application: Application) -> None:
        """Has the shell open the shortcut.

        Raises:
            ActionError: the shell refused.
        """
        try:
            self._open_file(application.argv[0])
        except OSError as error:
            raise ActionError(f"{application.name} cannot be opened: {error}", hint="install it again") from error

    def mixer(self) -> Mixer:
        """Not there yet.

        Raises:
            ActionError: always.
        """
        raise ActionError("the volume cannot be set on Windows yet", hint="use the volume keys")

    def close(self) -> None:
        """Nothing is held."""

    def _menus(self) -> list[Path]:
        homes = [self._environ[name] for name in ("PROGRAMDATA", "APPDATA") if self._environ.get(name)]
        return [Path(home) / "Microsoft/Windows/Start Menu/Programs" for home in homes]


def _open_file(path: str) -> None:
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - the shortcut is one that we listed
    else:
        raise OSError(f"only Windows can open {path}")
