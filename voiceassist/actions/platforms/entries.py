"""Desktop entries: the ``.desktop`` files behind the application menu.

Source: Desktop Entry Specification 1.5 (freedesktop.org), sections 3, 4, 6, 7.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from voiceassist.actions.applications import Application
from voiceassist.config.files import read_untrusted

log = logging.getLogger(__name__)

_MAX_FILE_BYTES = 1 << 20
_MAX_ENTRIES = 5_000
_TIMEOUT_S = 5.0
_ROLES = {
    "Calculator": "calculator",
    "Calendar": "calendar",
    "Email": "mail",
    "FileManager": "file manager",
    "TerminalEmulator": "terminal",
    "TextEditor": "text editor",
    "WebBrowser": "browser",
}
_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_ARGUMENT = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"(?=\s|$)|([^\s"]+))', re.DOTALL)


def application_folders(environ: Mapping[str, str]) -> list[Path]:
    """Folders of desktop entries, the user's own first."""
    home = environ.get("XDG_DATA_HOME") or os.path.join(environ.get("HOME", "/"), ".local/share")  # noqa: PTH118
    shared = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(folder) / "applications" for folder in (home, *shared.split(":")) if folder]


def read_applications(folders: Sequence[Path], environ: Mapping[str, str]) -> list[Application]:
    """The applications that the menu would show, sorted by name. Malformed entries are logged and left out.

    Entries beyond the count limit or the time limit are left out, too.
    """
    applications: dict[str, Application | None] = {}
    deadline_s = time.monotonic() + _TIMEOUT_S
    for folder in folders:
        for path in _entry_files(folder):
            if len(applications) >= _MAX_ENTRIES or time.monotonic() > deadline_s:
                log.warning(
                    "left out applications from %s on: there are too many, or reading them takes too long", path
                )
                break
            # A user's entry replaces the system's entry with the same id, even if it only hides it.
            identity = "-".join(path.relative_to(folder).parts)
            if identity in applications:
                continue
            applications[identity] = None
            try:
                entry = parse_entry(read_untrusted(path, _MAX_FILE_BYTES).decode("utf-8"))
                if _is_shown(entry, environ):
                    applications[identity] = _application(entry, path, identity)
            except (OSError, ValueError) as error:
                log.info("left out %s: %s", path, error)
    shown = [application for application in applications.values() if application is not None]
    return sorted(shown, key=lambda application: application.name.casefold())


def _entry_files(folder: Path) -> list[Path]:
    """The desktop entries in a folder, of which a package manager may just remove some."""
    try:
        return sorted(islice(folder.rglob("*.desktop"), _MAX_ENTRIES))
    except OSError as error:
        log.warning("the applications of %s are left out: %s", folder, error)
        return []


def parse_entry(text: str) -> dict[str, str]:
    """The keys of the group ``[Desktop Entry]`` with their escapes resolved. Translations stay under ``Key[xx]``."""
    entry: dict[str, str] = {}
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line == "[Desktop Entry]"
        elif inside and "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            entry[key.strip()] = re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[0]), value.strip())
    return entry


def split_exec(line: str) -> list[str]:
    """The arguments of an ``Exec`` line, quotes resolved, field codes still in place.

    Raises:
        ValueError: a quote is not closed.
    """
    line = line.strip()
    arguments: list[str] = []
    position = 0
    while position < len(line):
        match = _ARGUMENT.match(line, position)
        if match is None:
            raise ValueError(f"a quote in Exec is out of place: {line}")
        position = match.end()
        quoted, plain = match.groups()
        arguments.append(plain if quoted is None else re.sub(r'\\(["`$\\])', r"\1", quoted))
    return arguments


def expand_codes(arguments: Sequence[str], *, name: str, icon: str, path: Path) -> list[str]:
    """The arguments with field codes expanded; those for files and URLs are dropped, since there is no file to open."""
    expanded: list[str] = []
    for argument in arguments:
        if argument == "%i":
            expanded += ["--icon", icon] if icon else []
            continue
        filled = re.sub(r"%(.)", lambda code: {"%": "%", "c": name, "k": str(path)}.get(code[1], ""), argument)
        if filled or not argument.startswith("%"):
            expanded.append(filled)
    return expanded


def _application(entry: Mapping[str, str], path: Path, identity: str) -> Application:
    name = entry["Name"]
    arguments = split_exec(entry["Exec"])
    argv = expand_codes(arguments, name=name, icon=entry.get("Icon", ""), path=path)
    if not argv:
        raise ValueError("Exec is empty")
    roles = [_ROLES[category] for category in entry.get("Categories", "").split(";") if category in _ROLES]
    also = [called for called in (entry.get("GenericName", ""), *roles) if called]
    folder = Path(entry["Path"]) if entry.get("Path") else None
    return Application(name, tuple(argv), tuple(also), entry.get("Terminal") == "true", folder, identity)


def _is_shown(entry: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    if entry.get("Type") != "Application" or not entry.get("Name") or not entry.get("Exec"):
        return False
    if entry.get("NoDisplay") == "true" or entry.get("Hidden") == "true":
        return False
    desktops = set(environ.get("XDG_CURRENT_DESKTOP", "").split(":")) - {""}
    only = set(entry.get("OnlyShowIn", "").split(";")) - {""}
    never = set(entry.get("NotShowIn", "").split(";")) - {""}
    if never & desktops or (only and not only & desktops):
        return False
    needed = entry.get("TryExec")
    return not needed or shutil.which(needed, path=environ.get("PATH")) is not None
