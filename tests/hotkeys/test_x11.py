"""A global hotkey on a real X server: held, repeated, with lock keys, taken by others, after a change of layout."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from hotkey_log import Display, HotkeyLog

from voiceassist.config.combination import parse_combination
from voiceassist.hotkeys.x11 import X11Hotkey

Start = Callable[..., X11Hotkey]


@pytest.fixture
def start(display: Display, told: HotkeyLog) -> Iterator[Start]:
    running: list[X11Hotkey] = []
    before = set(threading.enumerate())

    def begin(text: str, into: HotkeyLog = told) -> X11Hotkey:
        hotkey = X11Hotkey(parse_combination(text), into.events(), display.name)
        hotkey.start()
        running.append(hotkey)
        return hotkey

    yield begin
    for hotkey in running:
        hotkey.close()
    assert set(threading.enumerate()) <= before


def test_a_held_key_is_one_press_and_one_release(display: Display, told: HotkeyLog, start: Start):
    start("ctrl+alt+space")
    told.wait_for("ready: Ctrl+Alt+Space")
    display.run("xdotool", "keydown", "ctrl", "keydown", "alt", "keydown", "space")
    told.wait_for("ready: Ctrl+Alt+Space", "press")
    display.run("xdotool", "sleep", "1.2", "keyup", "space", "keyup", "alt", "keyup", "ctrl")
    told.wait_for("ready: Ctrl+Alt+Space", "press", "release")
    display.run("xdotool", "key", "ctrl+alt+space")
    told.wait_for("ready: Ctrl+Alt+Space", "press", "release", "press", "release")


def test_letting_go_of_a_modifier_first_still_ends_it(display: Display, told: HotkeyLog, start: Start):
    start("ctrl+alt+space")
    told.wait_for("ready: Ctrl+Alt+Space")
    display.run("xdotool", "keydown", "ctrl", "keydown", "alt", "keydown", "space", "keyup", "ctrl", "keyup", "alt")
    told.wait_for("ready: Ctrl+Alt+Space", "press")
    display.run("xdotool", "keyup", "space")
    told.wait_for("ready: Ctrl+Alt+Space", "press", "release")


@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
def test_lock_keys_do_not_matter(display: Display, told: HotkeyLog, start: Start, lock: str):
    start("super+f7")
    told.wait_for("ready: Super+F7")
    display.run("xdotool", "key", lock)
    try:
        display.run("xdotool", "key", "super+F7")
        told.wait_for("ready: Super+F7", "press", "release")
    finally:
        display.run("xdotool", "key", lock)


def test_other_keys_are_left_to_others(display: Display, told: HotkeyLog, start: Start):
    start("ctrl+alt+space")
    told.wait_for("ready: Ctrl+Alt+Space")
    display.run("xdotool", "key", "ctrl+space", "key", "space", "key", "ctrl+alt+shift+space", "key", "ctrl+alt+a")
    display.run("xdotool", "key", "ctrl+alt+space")
    told.wait_for("ready: Ctrl+Alt+Space", "press", "release")


def test_a_key_that_another_program_holds_is_said_so(display: Display, told: HotkeyLog, start: Start):
    start("ctrl+alt+k")
    told.wait_for("ready: Ctrl+Alt+K")
    second = HotkeyLog()
    start("ctrl+alt+k", into=second)
    second.wait_for("failed: another program uses Ctrl+Alt+K")


def test_a_key_that_is_given_back_can_be_taken_again(display: Display, told: HotkeyLog, start: Start):
    first = start("ctrl+alt+k")
    told.wait_for("ready: Ctrl+Alt+K")
    first.close()
    second = HotkeyLog()
    start("ctrl+alt+k", into=second)
    second.wait_for("ready: Ctrl+Alt+K")


def test_closing_while_it_is_held_releases_it(display: Display, told: HotkeyLog, start: Start):
    hotkey = start("ctrl+alt+space")
    told.wait_for("ready: Ctrl+Alt+Space")
    display.run("xdotool", "keydown", "ctrl", "keydown", "alt", "keydown", "space")
    told.wait_for("ready: Ctrl+Alt+Space", "press")
    hotkey.close()
    told.wait_for("ready: Ctrl+Alt+Space", "press", "release")
    display.run("xdotool", "keyup", "space", "keyup", "alt", "keyup", "ctrl")


def test_it_follows_the_layout(display: Display, told: HotkeyLog, start: Start):
    start("ctrl+alt+y")
    told.wait_for("ready: Ctrl+Alt+Y")
    display.run("setxkbmap", "de")
    try:
        display.run("xdotool", "key", "ctrl+alt+y")
        told.wait_for("ready: Ctrl+Alt+Y", "press", "release")
        display.run("xdotool", "key", "ctrl+alt+z")
        display.run("xdotool", "key", "ctrl+alt+y")
        told.wait_for("ready: Ctrl+Alt+Y", "press", "release", "press", "release")
    finally:
        display.run("setxkbmap", "us")


def test_without_an_x_server_it_says_so(told: HotkeyLog):
    hotkey = X11Hotkey(parse_combination("f9"), told.events(), ":4711")
    hotkey.start()
    told.wait_for("failed: the X server does not answer")
    hotkey.close()
    hotkey.close()


def test_an_x_server_that_ends_releases_the_key_and_is_reported(ending_display, told: HotkeyLog):
    display, server = ending_display
    hotkey = X11Hotkey(parse_combination("ctrl+alt+space"), told.events(), display.name)
    hotkey.start()
    told.wait_for("ready: Ctrl+Alt+Space")
    display.run("xdotool", "keydown", "ctrl", "keydown", "alt", "keydown", "space")
    told.wait_for("ready: Ctrl+Alt+Space", "press")
    server.terminate()
    told.wait_for("ready: Ctrl+Alt+Space", "press", "release", "failed: the X server does not answer")
    hotkey.close()
