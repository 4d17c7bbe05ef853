"""Default applications by role: the browser, mail, files, the editor, the calculator, the terminal, the settings.

Source: Association between MIME types and applications 1.0.1 (freedesktop.org); xdg-terminal-exec for the terminal.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from voiceassist.actions.applications import Application, words_of
from voiceassist.actions.platforms.entries import application_folders
from voiceassist.config.files import read_untrusted

ROLES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("browser", "web browser", "internet"): ("x-scheme-handler/https", "x-scheme-handler/http", "text/html"),
    ("mail", "email", "e-mail", "mail program"): ("x-scheme-handler/mailto",),
    ("file manager", "files", "file browser"): ("inode/directory",),
    ("editor", "text editor"): ("text/plain",),
    ("calculator",): ("x-scheme-handler/calculator",),
}
"""Spoken names of each role, and the MIME types that determine its default application."""
_MAX_BYTES = 1 << 20
TERMINAL = "x-terminal-emulator"
TERMINAL_WORDS = ("terminal", "console", "command line")
SETTINGS_WORDS = ("settings", "system settings", "control center")
_SETTINGS = (
    "org.gnome.Settings.desktop", "gnome-control-center.desktop", "systemsettings.desktop", "kdesystemsettings.desktop",
    "xfce-settings-manager.desktop", "cinnamon-settings.desktop", "matecc.desktop", "lxqt-config.desktop",
)  # fmt: skip
"""Each desktop's own; the menu of another desktop does not show it, so one at most is among the applications."""


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
    settings = next((by_id[entry] for entry in _SETTINGS if entry in by_id), None)
    for words, name in ((TERMINAL_WORDS, terminal), (SETTINGS_WORDS, settings)):
        if name is not None:
            found.update(dict.fromkeys(words, name))
    return found


def with_terminal(applications: list[Application], environ: Mapping[str, str]) -> list[Application]:
    """The applications, and the terminal of the alternative ``x-terminal-emulator`` if the menu does not have it."""
    has_one = "terminal" in (words_of(application.name) for application in applications)
    if has_one or _terminal(applications, environ) or shutil.which(TERMINAL, path=environ.get("PATH")) is None:
        return applications
    with_it = [*applications, Application("Terminal", (TERMINAL,))]
    return sorted(with_it, key=lambda application: application.name.casefold())


def _chosen_terminals(environ: Mapping[str, str]) -> list[str]:
    """The desktop entries of ``xdg-terminals.list``, and of Xfce's choice, by decreasing precedence."""
    found = []
    for folder in _config_folders(environ):
        for file in (folder / f"{desktop}xdg-terminals.list" for desktop in _desktop_prefixes(environ)):
            found += [line.partition(":")[0] for line in _lines(file)]
        for line in _lines(folder / "xfce4" / "helpers.rc"):
            if line.startswith("TerminalEmulator="):
                found.append(f"{line.partition('=')[2]}.desktop")
    return found


def _terminal(applications: Sequence[Application], environ: Mapping[str, str]) -> str | None:
    """The terminal that was chosen, else that of the alternative ``x-terminal-emulator``."""
    by_id = {application.identity: application.name for application in applications if application.identity}
    chosen = next((by_id[entry] for entry in _chosen_terminals(environ) if entry in by_id), None)
    if chosen is not None:
        return chosen
    command = shutil.which(TERMINAL, path=environ.get("PATH"))
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
    folders = [*_config_folders(environ), *application_folders(environ)]
    found: dict[str, list[str]] = {}
    for file in (folder / f"{desktop}mimeapps.list" for folder in folders for desktop in _desktop_prefixes(environ)):
        inside = False
        for line in _lines(file):
            if line.startswith("["):
                inside = line == "[Default Applications]"
            elif inside and "=" in line:
                kind, _, entries = line.partition("=")
                found.setdefault(kind.strip(), []).extend(filter(None, entries.strip().split(";")))
    return found


def _config_folders(environ: Mapping[str, str]) -> list[Path]:
    own = environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", "/"), ".config")  # noqa: PTH118
    return [Path(name) for name in (own, *(environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")) if name]


def _desktop_prefixes(environ: Mapping[str, str]) -> list[str]:
    return [*(f"{name.lower()}-" for name in environ.get("XDG_CURRENT_DESKTOP", "").split(":") if name), ""]


def _lines(file: Path) -> list[str]:
    """The lines of a file without white space around them and without comments; none if it cannot be read."""
    try:
        text = read_untrusted(file, _MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in map(str.strip, text.splitlines()) if not line.startswith("#")]
