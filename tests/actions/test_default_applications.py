"""The terminal, the browser and the other roles: what the desktop has set, not what happens to be called so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from voiceassist.actions.applications import application_names, find_application
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.errors import ActionError


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
    assert names["mail"] == "mail"  # understood, and opening it says that there is none
    with pytest.raises(ActionError, match="no application called 'mail'"):
        find_application("mail", applications)
    (tmp_path / "config" / "mimeapps.list").write_text("[Default Applications]\nx-scheme-handler/https=one.desktop\n")
    assert desktop.default_applications(applications)["web browser"] == "One"


def test_without_a_choice_an_ambiguous_role_asks_which(desktop: LinuxDesktop, tmp_path: Path) -> None:
    (tmp_path / "config" / "mimeapps.list").unlink()
    (tmp_path / "bin" / "x-terminal-emulator").unlink()
    applications = desktop.applications()
    assert "browser" not in desktop.default_applications(applications)
    assert application_names(applications)["browser"] == "browser"
    with pytest.raises(ActionError, match="several applications match 'browser': One, Two"):
        find_application("browser", applications)


def test_the_terminal_is_the_one_that_was_chosen(desktop: LinuxDesktop, tmp_path: Path) -> None:
    def terminal() -> str:
        return desktop.default_applications(desktop.applications())["terminal"]

    assert terminal() == "Four"
    (tmp_path / "config" / "xfce4").mkdir()
    (tmp_path / "config" / "xfce4" / "helpers.rc").write_text("WebBrowser=one\nTerminalEmulator=three\n")
    assert terminal() == "Three"
    (tmp_path / "config" / "xdg-terminals.list").write_text("# mine\nmissing.desktop\nfour.desktop:new-window\n")
    assert terminal() == "Four"


def test_a_terminal_without_a_menu_entry_can_be_opened(desktop: LinuxDesktop, tmp_path: Path) -> None:
    for name in ("three", "four"):
        (tmp_path / "share" / "applications" / f"{name}.desktop").unlink()
    applications = desktop.applications()
    assert find_application("terminal", applications).argv == ("x-terminal-emulator",)
    assert application_names(applications)["terminal"] == "Terminal"


def test_calculator_and_settings(desktop: LinuxDesktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    menu = tmp_path / "share" / "applications"
    entry = "[Desktop Entry]\nType=Application\nName={}\nExec=one\nOnlyShowIn={};\n"
    (menu / "gnome-control-center.desktop").write_text(entry.format("Gnome's", "GNOME"))
    (menu / "xfce-settings-manager.desktop").write_text(entry.format("Xfce's", "XFCE"))
    with (tmp_path / "config" / "mimeapps.list").open("a") as choices:
        choices.write("[Default Applications]\nx-scheme-handler/calculator=two.desktop\n")
    for current, settings in (("GNOME", "Gnome's"), ("XFCE", "Xfce's"), ("sway", None)):
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", current)
        defaults = desktop.default_applications(desktop.applications())
        assert (defaults.get("settings"), defaults["calculator"]) == (settings, "Two")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_a_fifo_in_the_place_of_the_choices_holds_nothing_up(desktop: LinuxDesktop, tmp_path: Path) -> None:
    choices = tmp_path / "config" / "mimeapps.list"
    choices.unlink()
    os.mkfifo(choices)
    assert "browser" not in desktop.default_applications(desktop.applications())
