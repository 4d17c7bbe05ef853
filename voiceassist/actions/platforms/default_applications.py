"""Default applications by role: the browser, mail, the file manager, the editor, the terminal.

Source: Association between MIME types and applications 1.0.1 (freedesktop.org).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from voiceassist.actions.applications import Application
from voiceassist.config.files import read_untrusted

ROLES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("browser", "web browser", "internet"): ("x-scheme-handler/https", "x-scheme-handler/http", "text/html"),
    ("mail", "email", "e-mail", "mail program"): ("x-scheme-handler/mailto",),
    ("file manager", "files", "file browser"): ("inode/directory",),
    ("editor", "text editor"): ("text/plain",),
}
"""Spoken names of each role, and the MIME types that determine its default application."""
_MAX_BYTES = 1 << 20
TERMINAL_WORDS = ("terminal", "console", "command line")


def default_applications(applications: Sequence[Application], environ: Mapping[str, str]) -> dict[str, str]:
    """Maps spoken role names to the name of the default application; roles without one are left out."""
    by_id = {application.identity: application.name for application in applications if application.identity}
    chosen = _chosen(environ)
    found: dict[str, str] = {}
    for words, kinds in ROLES.items():
        names = (by_id[entry] for kind in kinds for entry in chosen.get(kind, ()) if entry in by_id)
        name = next(names, None)
        if name is not None:
            found.update(dict.fromkeys(words, name))
    terminal = _terminal(applications, environ)
    return found | (dict.fromkeys(TERMINAL_WORDS, terminal) if terminal else {})


def _terminal(applications: Sequence[Application], environ: Mapping[str, str]) -> str | None:
    """The application that the alternative ``x-terminal-emulator`` points to."""
    command = shutil.which("x-terminal-emulator", path=environ.get("PATH"))
    if command is None:
        return None
    target = os.path.realpath(command)
    for application in applications:
        program = shutil.which(application.argv[0], path=environ.get("PATH"))
        if program is not None and os.path.realpath(program) == target:
            return application.name
    return None


def _chosen(environ: Mapping[str, str]) -> dict[str, list[str]]:
    """The desktop entries set for each kind of thing, the most important first."""
    found: dict[str, list[str]] = {}
    for file in _files(environ):
        inside = False
        try:
            lines = read_untrusted(file, _MAX_BYTES).decode("utf-8", "replace").splitlines()
        except OSError:
            continue
        for line in map(str.strip, lines):
            if line.startswith("["):
                inside = line == "[Default Applications]"
            elif inside and "=" in line:
                kind, _, entries = line.partition("=")
                found.setdefault(kind.strip(), []).extend(filter(None, entries.strip().split(";")))
    return found


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environ.get("HOME", "/"))
    desktops = [name.lower() for name in environ.get("XDG_CURRENT_DESKTOP", "").split(":") if name]
    config = [environ.get("XDG_CONFIG_HOME") or str(home / ".config")]
    config += (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    data = [environ.get("XDG_DATA_HOME") or str(home / ".local/share")]
    data += (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    folders = [*map(Path, filter(None, config)), *(Path(folder) / "applications" for folder in filter(None, data))]
    for folder in folders:
        yield from (folder / f"{desktop}-mimeapps.list" for desktop in desktops)
        yield folder / "mimeapps.list"
