"""Windows and macOS, each with a fake of the few functions that are used there."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import pytest
from hotkey_log import HotkeyLog

from voiceassist.config.combination import KEYS, parse_combination
from voiceassist.errors import HotkeyError
from voiceassist.hotkeys import desktop_kind, make_hotkey
from voiceassist.hotkeys.macos import KEY_CODES, MacHotkey
from voiceassist.hotkeys.windows import VIRTUAL_KEYS, Win32Message, WindowsHotkey

READY = "ready: Ctrl+Alt+Space"


class FakeWin32:
    """Windows as its documentation says: the hotkey is told when it goes down, the timer while it runs."""

    def __init__(self, problem: int = 0) -> None:
        self.problem = problem
        self.messages: queue.SimpleQueue[Win32Message] = queue.SimpleQueue()
        self.down = False
        self.calls: list[object] = []
        self.threads: set[int] = set()

    def register(self, modifiers: int, virtual_key: int) -> int:
        self.calls.append((modifiers, virtual_key))
        self.threads.add(threading.get_ident())
        return self.problem

    def unregister(self) -> None:
        self.calls.append("unregister")
        self.threads.add(threading.get_ident())

    def message(self) -> Win32Message:
        return self.messages.get()

    def start_timer(self, interval_ms: int) -> None:
        assert interval_ms <= 50
        self.calls.append("start timer")

    def stop_timer(self) -> None:
        self.calls.append("stop timer")

    def is_down(self, virtual_key: int) -> bool:
        return self.down and virtual_key == 0x20

    def quit(self) -> None:
        self.messages.put(Win32Message.QUIT)


def windows(told: HotkeyLog, win32: FakeWin32) -> WindowsHotkey:
    hotkey = WindowsHotkey(parse_combination("ctrl+alt+space"), told.events(), win32)
    hotkey.start()
    return hotkey


def test_windows_tells_the_press_and_the_release_is_seen(told):
    win32 = FakeWin32()
    hotkey = windows(told, win32)
    told.wait_for(READY)
    win32.down = True
    for message in (Win32Message.HOTKEY, Win32Message.TIMER, Win32Message.OTHER, Win32Message.HOTKEY):
        win32.messages.put(message)
    told.wait_for(READY, "press")
    win32.messages.put(Win32Message.TIMER)
    win32.messages.put(Win32Message.TIMER)
    win32.down = False
    win32.messages.put(Win32Message.TIMER)
    told.wait_for(READY, "press", "release")
    hotkey.close()
    assert win32.calls == [(0x4003, 0x20), "start timer", "stop timer", "unregister"]
    assert len(win32.threads) == 1


def test_windows_closing_while_it_is_held_releases_it(told):
    win32 = FakeWin32()
    hotkey = windows(told, win32)
    win32.down = True
    win32.messages.put(Win32Message.HOTKEY)
    told.wait_for(READY, "press")
    hotkey.close()
    hotkey.close()
    told.wait_for(READY, "press", "release")
    assert win32.calls[-2:] == ["unregister", "stop timer"]


@pytest.mark.parametrize(("problem", "words"), [(1409, "another program uses"), (5, "Windows refuses")])
def test_windows_refuses(told, problem, words):
    win32 = FakeWin32(problem)
    hotkey = windows(told, win32)
    told.wait_until(lambda told_words: bool(told_words) and words in told_words[0])
    hotkey.close()
    assert "unregister" not in win32.calls


class FakeCarbon:
    """macOS: calls back for both ways."""

    def __init__(self, problem: int = 0) -> None:
        self.problem = problem
        self.changed: Callable[[bool], None] = lambda _down: None
        self.registered: list[tuple[int, int]] = []
        self.unregistered = 0

    def register(self, key_code: int, modifiers: int, changed: Callable[[bool], None]) -> int:
        self.registered.append((key_code, modifiers))
        self.changed = changed
        return self.problem

    def unregister(self) -> None:
        self.unregistered += 1


def test_macos_tells_both(told):
    carbon = FakeCarbon()
    hotkey = MacHotkey(parse_combination("ctrl+alt+space"), told.events(), carbon)
    hotkey.start()
    for down in (True, True, False, True):
        carbon.changed(down)
    assert carbon.registered == [(49, 0x1800)]
    assert told.words == [READY, "press", "release", "press"]
    hotkey.close()
    hotkey.close()
    assert told.words[-1] == "release"
    assert carbon.unregistered == 1


@pytest.mark.parametrize(("problem", "words"), [(-9878, "another program uses"), (-50, "macOS refuses")])
def test_macos_refuses(told, problem, words):
    carbon = FakeCarbon(problem)
    hotkey = MacHotkey(parse_combination("ctrl+alt+space"), told.events(), carbon)
    hotkey.start()
    hotkey.close()
    assert len(told.words) == 1
    assert words in told.words[0]
    assert carbon.unregistered == 0


def test_a_key_that_macs_do_not_have_is_refused(told):
    carbon = FakeCarbon()
    MacHotkey(parse_combination("f24"), told.events(), carbon).start()
    assert told.words == ["failed: a Mac has no key for F24"]
    assert not carbon.registered


def test_every_key_has_its_code():
    assert set(VIRTUAL_KEYS) == KEYS
    assert KEYS - set(KEY_CODES) == {"pause", "print", "scrolllock", "f21", "f22", "f23", "f24"}
    for codes in (VIRTUAL_KEYS, KEY_CODES):
        assert len(set(codes.values())) == len(codes)


@pytest.mark.parametrize(
    ("platform", "environment", "kind"),
    [
        ("win32", {}, "windows"),
        ("darwin", {"DISPLAY": ":0"}, "macos"),
        ("linux", {"DISPLAY": ":0"}, "x11"),
        ("linux", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ("linux", {"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "wayland"),
        ("linux", {}, ""),
    ],
)
def test_the_desktop_is_told_from_its_signs(platform, environment, kind):
    assert desktop_kind(platform, environment) == kind


def test_without_a_desktop_the_way_by_hand_is_named(told, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(HotkeyError) as caught:
        make_hotkey(parse_combination("f9"), told.events())
    assert "voiceassist --toggle" in caught.value.hint
