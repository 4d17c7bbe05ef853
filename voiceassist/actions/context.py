"""The lists that depend on this machine (applications, folders, windows), and the active application."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import platformdirs

from voiceassist.actions.applications import application_names
from voiceassist.actions.platforms import Desktop, current_desktop
from voiceassist.actions.window_names import active_application, open_windows, window_names

OpenDesktop = Callable[[], Desktop]

MAX_HOME_FOLDERS = 200
_USER_FOLDERS: Mapping[str, Callable[[], Path]] = {
    "desktop": platformdirs.user_desktop_path,
    "documents": platformdirs.user_documents_path,
    "downloads": platformdirs.user_downloads_path,
    "music": platformdirs.user_music_path,
    "pictures": platformdirs.user_pictures_path,
    "videos": platformdirs.user_videos_path,
}
_SYNONYMS = {"pictures": "photos", "videos": "movies", "downloads": "download", "home": "home folder"}


def context_lists(open_desktop: OpenDesktop = current_desktop) -> dict[str, dict[str, str]]:
    """For the lists ``app``, ``folder`` and ``window``: spoken names, mapped to the name, path or title they mean."""
    desktop = open_desktop()
    try:
        applications = desktop.applications()
        return {
            "app": application_names(applications, desktop.default_applications(applications)),
            "folder": folder_names(),
            "window": window_names(open_windows(desktop.windows)),
        }
    finally:
        desktop.close()


def active_application_names(open_desktop: OpenDesktop = current_desktop) -> frozenset[str] | None:
    """The names of the active application; ``None`` if the desktop does not report it."""
    desktop = open_desktop()
    try:
        return active_application(desktop.windows, desktop.applications)
    finally:
        desktop.close()


def folder_names() -> dict[str, str]:
    """Maps spoken folder names to paths: home, the XDG user folders, and the folders directly in home.

    The XDG user folders are read from ``user-dirs.dirs`` and can be called by their English names and by their
    localized names. One that points to home itself is disabled. Missing folders are left out; English names win.
    """
    home = Path.home()
    user_folders = {name: path for name, find in _USER_FOLDERS.items() if (path := find()) != home and path.is_dir()}
    spoken = {name: str(path) for name, path in {"home": home, **user_folders}.items() if path.is_dir()}
    for name, synonym in _SYNONYMS.items():
        if name in spoken:
            spoken.setdefault(synonym, spoken[name])
    try:
        with os.scandir(home) as entries:
            in_home = sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())
    except OSError:
        in_home = []
    for path in (*user_folders.values(), *(home / name for name in in_home[:MAX_HOME_FOLDERS])):
        if path.name.casefold() not in spoken:
            spoken[path.name] = str(path)
    return spoken
