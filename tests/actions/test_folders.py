"""The user's folders by name, found where the desktop has put them."""

import sys
from pathlib import Path

import pytest

from voiceassist.actions.context import folder_names
from voiceassist.grammar.values.lists import TextList

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="user-dirs.dirs is of freedesktop.org")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DESKTOP", "DOCUMENTS", "DOWNLOAD", "MUSIC", "PICTURES", "VIDEOS"):
        monkeypatch.delenv(f"XDG_{name}_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    (tmp_path / ".config").mkdir()
    return tmp_path


def test_the_usual_folders_where_the_desktop_has_them(home: Path) -> None:
    lines = ['XDG_DOCUMENTS_DIR="$HOME/Dokumente"', f'XDG_MUSIC_DIR="{home}/shared/Music"', 'XDG_VIDEOS_DIR="$HOME"']
    (home / ".config" / "user-dirs.dirs").write_text("\n".join(lines), encoding="utf-8")
    for name in ("Dokumente", "shared/Music", "Pictures", "Videos"):
        (home / name).mkdir(parents=True)
    folders = folder_names()
    assert folders["home"] == str(home)
    assert folders["documents"] == folders["Dokumente"] == str(home / "Dokumente")
    assert folders["music"] == str(home / "shared" / "Music")
    assert folders["pictures"] == folders["photos"] == str(home / "Pictures")
    assert "desktop" not in folders
    assert "downloads" not in folders


def test_folders_in_home_are_said_by_their_names(home: Path) -> None:
    for name in ("Projects", "tax 2026", ".hidden", "Проекты"):
        (home / name).mkdir()
    (home / "a file").write_text("", encoding="utf-8")
    folders = folder_names()
    assert folders["Projects"] == str(home / "Projects")
    assert {".hidden", "a file"}.isdisjoint(folders)
    values = [entry.value for entry in TextList.of(folders).values]
    assert str(home / "tax 2026") in values
    assert str(home / "Проекты") not in values


def test_a_folder_of_the_same_name_does_not_hide_a_usual_one(home: Path) -> None:
    (home / ".config" / "user-dirs.dirs").write_text('XDG_MUSIC_DIR="$HOME/lib/songs"', encoding="utf-8")
    (home / "lib" / "songs").mkdir(parents=True)
    (home / "Music").mkdir()
    assert folder_names()["music"] == str(home / "lib" / "songs")
    assert "Music" not in folder_names()


def test_a_home_that_is_not_there_has_no_folders(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home / "gone"))
    assert folder_names() == {}
