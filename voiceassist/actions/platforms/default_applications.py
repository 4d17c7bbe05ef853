"""Default applications by role: the browser, mail, the file manager, the editor, the terminal.

Source: Association between MIME types and applications 1.0.1 (freedesktop.org).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from voiceassist.actions.applications import Application
from voiceassist.actions.platforms.entries import application_folders
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
    defaults = _defaults(environ)
    found: dict[str, str] = {}
    for words, kinds in ROLES.items():
        names = (by_id[entry] for kind in kinds for entry in defaults.get(kind, ()) if entry in by_id)
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


def _defaults(environ: Mapping[str, str]) -> dict[str, list[str]]:
    """The desktop entries set as default for each MIME type, by decreasing precedence."""
    desktops = [f"{name.lower()}-" for name in environ.get("XDG_CURRENT_DESKTOP", "").split(":") if name]
    config = [environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", "/"), ".config")]  # noqa: PTH118
    config += (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")
    folders = [*map(Path, filter(None, config)), *application_folders(environ)]
    found: dict[str, list[str]] = {}
    for file in (folder / f"{desktop}mimeapps.list" for folder in folders for desktop in (*desktops, "")):
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
