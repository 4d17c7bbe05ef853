"""The user's folders by spoken name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

MAX_OWN_FOLDERS = 200
_ALSO = {"pictures": ("photos",), "videos": ("movies",), "downloads": ("download",), "home": ("home folder",)}


def folder_names() -> dict[str, str]:
    """Maps spoken folder names to paths: home, the XDG user folders, and the folders directly in home.

    The XDG user folders are read from ``user-dirs.dirs`` and can be called by their English names
    and by their localized names. Missing folders are left out; English names take precedence.
    """
    home = Path.home()
    usual = {name: path for name, path in {"home": home, **_usual()}.items() if path.is_dir()}
    spoken = {name: str(path) for name, path in usual.items()}
    for name, path in usual.items():
        for also in _ALSO.get(name, ()):
            spoken.setdefault(also, str(path))
    for path in [*(path for name, path in usual.items() if name != "home"), *_own(home)]:
        if path.name.casefold() not in spoken:
            spoken[path.name] = str(path)
    return spoken


def _usual() -> dict[str, Path]:
    """The XDG user folders. An entry that points to home itself is disabled, and left out."""
    found = {
        "desktop": platformdirs.user_desktop_path(),
        "documents": platformdirs.user_documents_path(),
        "downloads": platformdirs.user_downloads_path(),
        "music": platformdirs.user_music_path(),
        "pictures": platformdirs.user_pictures_path(),
        "videos": platformdirs.user_videos_path(),
    }
    return {name: path for name, path in found.items() if path != Path.home()}


def _own(home: Path) -> Iterator[Path]:
    try:
        with os.scandir(home) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())
    except OSError:
        return
    yield from (home / name for name in names[:MAX_OWN_FOLDERS])
