"""What open windows are called, and which application is in front: pure, and on a real X server."""

from __future__ import annotations

import pytest
from private_desktop import Screen

from voiceassist.actions.applications import Application
from voiceassist.actions.context import active_application_names, context_lists
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.window_names import active_application, open_windows, window_names
from voiceassist.actions.windows import Window, WindowManager
from voiceassist.errors import ActionError
from voiceassist.grammar.values.lists import TextList

EDITOR = Window(1, "notes.md - Project - Visual Studio Code", ("code", "Code"))
BROWSER = Window(2, "Weather \u2014 Mozilla Firefox", ("Navigator", "firefox"))
FILES = Window(3, "Downloads", ("org.gnome.Nautilus", "org.gnome.Nautilus"))
OTHER_FILES = Window(4, "Music", ("org.gnome.Nautilus", "org.gnome.Nautilus"))


def nobody() -> WindowManager:
    raise ActionError("there is no window manager to ask", hint="start one")


def test_a_window_is_called_by_its_title_its_parts_or_its_program() -> None:
    names = window_names([EDITOR, BROWSER])
    assert {"notes md", "visual studio code", "code"} == {
        said for said, title in names.items() if title == EDITOR.title
    }
    assert {"weather mozilla firefox", "weather", "mozilla firefox", "navigator", "firefox"} == {
        said for said, title in names.items() if title == BROWSER.title
    }


def test_of_several_windows_of_a_program_the_topmost_is_meant() -> None:
    assert window_names([FILES, OTHER_FILES]) == {"downloads": "Downloads", "music": "Music", "nautilus": "Music"}


def test_a_whole_title_wins() -> None:
    title, part = Window(1, "Weather"), Window(2, "Weather - Firefox")
    assert window_names([title, part])["weather"] == window_names([part, title])["weather"] == "Weather"


def test_titles_that_nobody_says_are_left_out() -> None:
    names = window_names([Window(1, "one two three four five six seven"), Window(2, "..."), Window(3, "Погода")])
    assert not TextList.of(names).values


def test_a_desktop_that_does_not_tell() -> None:
    assert list(open_windows(nobody)) == []
    assert active_application(nobody, list) is None


def test_real_windows(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    screen.open("shopping list - Notepad", name="notepad")
    screen.open("Holiday photos", name="viewer")
    found = context_lists(LinuxDesktop)["window"]
    assert found["shopping list"] == found["notepad"] == "shopping list - Notepad"
    assert found["holiday photos"] == found["viewer"] == "Holiday photos"
    assert active_application_names(LinuxDesktop) == {"viewer"}


def test_the_active_application_has_its_menu_name_too(screen: Screen) -> None:
    screen.open("Holiday photos", name="viewer")
    menu = [Application("Image Viewer", ("/usr/bin/viewer", "--new")), Application("Paint", ("paint",))]
    assert active_application(LinuxDesktop().windows, lambda: menu) == {"viewer", "image viewer"}


def test_no_window_is_no_application(screen: Screen) -> None:
    assert active_application(LinuxDesktop().windows, list) == frozenset()
