"""Starting with the desktop: an entry in the XDG autostart folder."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from voiceassist.config.files import write_atomically

_ENTRY = """[Desktop Entry]
Type=Application
Name=voiceassist
Comment=Spoken commands, offline
Exec={command} --hidden
Terminal=false
"""


class Autostart:
    """Writes or removes the entry.

    Args:
        file: the entry.
        command: what starts this program.
    """

    def __init__(self, file: Path, command: list[str]) -> None:
        self._file, self._command = file, command

    @property
    def enabled(self) -> bool:
        """The entry exists."""
        return self._file.is_file()

    def set_enabled(self, on: bool) -> None:
        """Write the entry, or remove it.

        Raises:
            OSError: the folder cannot be written to.
        """
        if on:
            command = " ".join(map(_quoted, self._command))
            write_atomically(self._file, _ENTRY.format(command=command).encode())
        else:
            self._file.unlink(missing_ok=True)


def default_autostart() -> Autostart | None:
    """The entry of this user; ``None`` on systems that do it in another way."""
    if sys.platform in ("win32", "darwin"):
        return None
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable] if frozen else [sys.executable, "-m", "voiceassist"]
    return Autostart(config / "autostart" / "voiceassist.desktop", command)


def _quoted(argument: str) -> str:
    """An argument as the desktop entry format wants it: quoted where needed, ``%`` doubled."""
    plain = argument.replace("%", "%%")
    return plain if shlex.quote(argument) == argument else '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
