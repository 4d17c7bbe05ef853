"""The terminal, the browser and the other roles: what the desktop has set, not what happens to be called so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from voiceassist.actions.applications import application_names
from voiceassist.actions.platforms.linux import LinuxDesktop


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LinuxDesktop:
    """Two browsers, two terminals, and what the user has chosen."""
    menu, programs = tmp_path / "share" / "applications", tmp_path / "bin"
    menu.mkdir(parents=True)
    programs.mkdir()
    entries = {"one": ("One", "WebBrowser"), "two": ("Two", "WebBrowser"), "three": ("Three", "TerminalEmulator"),
               "four": ("Four", "TerminalEmulator")}  # fmt: skip
    for program, (name, category) in entries.items():
        (programs / program).write_text("#!/bin/sh\n")
        (programs / program).chmod(0o700)
        text = f"[Desktop Entry]\nType=Application\nName={name}\nExec={program} %u\nCategories={category};\n"
        (menu / f"{program}.desktop").write_text(text)
    (programs / "x-terminal-emulator").symlink_to(programs / "four")
    config = tmp_path / "config"
    config.mkdir()
    chosen = "[Default Applications]\nx-scheme-handler/https=missing.desktop;two.desktop;\n[Added Associations]\n"
    (config / "mimeapps.list").write_text(f"{chosen}x-scheme-handler/mailto=one.desktop\n")
    for name, value in {
        "XDG_DATA_HOME": tmp_path / "share", "XDG_DATA_DIRS": tmp_path / "none", "XDG_CONFIG_HOME": config,
        "XDG_CONFIG_DIRS": tmp_path / "none", "HOME": tmp_path, "PATH": f"{programs}:{os.environ['PATH']}",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    return LinuxDesktop()


def test_a_role_is_what_the_desktop_has_set(desktop: LinuxDesktop, tmp_path: Path) -> None:
    applications = desktop.applications()
    names = application_names(applications, desktop.default_applications(applications))
    assert (names["browser"], names["terminal"], names["two"]) == ("Two", "Four", "Two")
    assert "mail" not in names
    (tmp_path / "config" / "mimeapps.list").write_text("[Default Applications]\nx-scheme-handler/https=one.desktop\n")
    assert desktop.default_applications(applications)["web browser"] == "One"


def test_without_a_choice_an_ambiguous_role_means_nothing(desktop: LinuxDesktop, tmp_path: Path) -> None:
    (tmp_path / "config" / "mimeapps.list").unlink()
    (tmp_path / "bin" / "x-terminal-emulator").unlink()
    applications = desktop.applications()
    assert desktop.default_applications(applications) == {} or "browser" not in desktop.default_applications(
        applications
    )
    assert "browser" not in application_names(applications)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_a_fifo_in_the_place_of_the_choices_holds_nothing_up(desktop: LinuxDesktop, tmp_path: Path) -> None:
    choices = tmp_path / "config" / "mimeapps.list"
    choices.unlink()
    os.mkfifo(choices)
    assert "browser" not in desktop.default_applications(desktop.applications())
