"""A global hotkey through the portal, on a bus of our own: granted, refused, not there, taken back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hotkey_log import HotkeyLog
from private_desktop import private_bus

from voiceassist.config.combination import KEYS, parse_combination
from voiceassist.hotkeys.portal import PortalHotkey, trigger_text
from voiceassist.keys import KEYSYMS

READY = "ready: Press Ctrl+Alt+Space"


class Portal:
    """The stand-in as its test sees it."""

    def __init__(self, behaviour: str, address: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).parent / "fake_shortcuts_portal.py", behaviour],
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.next_call() == ("ready", "")

    def next_call(self) -> tuple[str, Any]:
        assert self._process.stdout is not None
        method, body = json.loads(self._process.stdout.readline())
        return method, body

    def wait_for_call(self, method: str) -> Any:
        while True:
            called, body = self.next_call()
            if called == method:
                return body

    def order(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(scope="module")
def bus() -> Iterator[str]:
    # Short: the names of sockets are limited to 107 characters.
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, private_bus(Path(folder)) as session:
        yield session.address


@pytest.fixture
def portal(bus: str) -> Iterator[Callable[[str], Portal]]:
    running: list[Portal] = []

    def begin(behaviour: str) -> Portal:
        running.append(Portal(behaviour, bus))
        return running[-1]

    yield begin
    for one in running:
        one.close()


@pytest.fixture
def hotkey(bus: str, told: HotkeyLog) -> Iterator[PortalHotkey]:
    before = set(threading.enumerate())
    made = PortalHotkey(parse_combination("ctrl+alt+space"), told.events(), bus)
    yield made
    made.close()
    assert set(threading.enumerate()) <= before


def test_what_the_portal_grants_is_pressed_and_released(portal, hotkey, told):
    desktop = portal("grant")
    hotkey.start()
    told.wait_for(READY)
    desktop.order("activate")
    told.wait_for(READY, "press")
    desktop.order("deactivate")
    told.wait_for(READY, "press", "release")


def test_the_portal_is_told_what_it_is_for_and_which_key_we_would_like(portal, hotkey, told):
    desktop = portal("grant")
    hotkey.start()
    session, shortcuts, parent, _ = desktop.wait_for_call("BindShortcuts")
    assert session.endswith("/voiceassist")
    assert parent == ""
    wish = {"description": ["s", "Talk to voiceassist"], "preferred_trigger": ["s", "CTRL+ALT+space"]}
    assert shortcuts == [["talk", wish]]


def test_the_session_is_closed_in_the_end(portal, hotkey, told):
    desktop = portal("grant")
    hotkey.start()
    told.wait_for(READY)
    desktop.order("activate")
    told.wait_for(READY, "press")
    hotkey.close()
    told.wait_for(READY, "press", "release")
    desktop.wait_for_call("Close")


@pytest.mark.parametrize("behaviour", ["refuse", "none"])
def test_a_refusal_is_said(portal, hotkey, told, behaviour):
    portal(behaviour)
    hotkey.start()
    told.wait_for("failed: the hotkey was not allowed")


def test_a_desktop_without_the_portal_is_told_apart(portal, hotkey, told):
    portal("unknown")
    hotkey.start()
    told.wait_until(lambda words: bool(words) and words[0].startswith("failed: this desktop has no global hotkeys"))


def test_a_bus_without_a_portal_is_no_riddle(hotkey, told):
    hotkey.start()
    told.wait_until(lambda words: bool(words) and words[0].startswith("failed: this desktop has no global hotkeys"))


def test_without_a_bus_it_says_so(told, tmp_path):
    hotkey = PortalHotkey(parse_combination("f9"), told.events(), f"unix:path={tmp_path}/none")
    hotkey.start()
    told.wait_until(lambda words: bool(words) and "the session bus cannot be reached" in words[0])
    hotkey.close()


def test_closing_does_not_wait_for_a_user_who_does_not_answer(portal, hotkey, told):
    desktop = portal("silent")
    hotkey.start()
    desktop.wait_for_call("BindShortcuts")
    hotkey.close()
    assert told.words == []


def test_a_hotkey_that_is_taken_back_is_released_and_said(portal, hotkey, told):
    desktop = portal("grant")
    hotkey.start()
    told.wait_for(READY)
    desktop.order("activate")
    desktop.order("close")
    told.wait_for(READY, "press", "release", "failed: the desktop has revoked the hotkey")


def test_a_portal_that_ends_is_noticed(portal, hotkey, told):
    desktop = portal("grant")
    hotkey.start()
    told.wait_for(READY)
    desktop.close()
    told.wait_for(READY, "failed: the desktop portal has ended, and the hotkey with it")


def test_a_portal_that_ends_while_the_user_is_asked_is_noticed(portal, hotkey, told):
    desktop = portal("silent")
    hotkey.start()
    desktop.wait_for_call("BindShortcuts")
    desktop.close()
    told.wait_for("failed: the hotkey could not be registered: the desktop portal has ended")


def test_a_bus_that_ends_releases_the_key_and_is_reported(told):
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, private_bus(Path(folder)) as session:
        desktop = Portal("grant", session.address)
        hotkey = PortalHotkey(parse_combination("ctrl+alt+space"), told.events(), session.address)
        hotkey.start()
        told.wait_for(READY)
        desktop.order("activate")
        told.wait_for(READY, "press")
    told.wait_until(lambda words: len(words) == 4)
    assert told.words[2] == "release"
    # Whether the portal's end or that of the bus arrives first is up to the bus.
    ended = ("failed: the hotkey no longer works", "failed: the desktop portal has ended")
    assert told.words[3].startswith(ended)
    hotkey.close()
    desktop.close()


def test_every_key_has_a_name_that_xkb_knows():
    keys = {trigger_text(parse_combination(f"ctrl+{key}")).split("+")[1] for key in KEYS}
    assert len(keys) == len(KEYS) == len(KEYSYMS)
    assert {"Page_Up", "F12", "BackSpace", "space", "a"} <= keys
