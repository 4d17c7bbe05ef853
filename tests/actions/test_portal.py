"""Typing and screenshots through the desktop portal, against a stand-in that keeps to its documentation."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_desktop import PrivateBus, until

from voiceassist.actions.keys import KeyActions
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.screenshots import ScreenshotActions
from voiceassist.errors import ActionError

STAND_IN = Path(__file__).parent / "fake_remote_desktop_portal.py"
NAME = "org.freedesktop.portal.Desktop"


class FakePortal:
    """The stand-in, and what it was called with."""

    def __init__(self, bus: PrivateBus, folder: Path, behaviour: str) -> None:
        self.log, self.picture = folder / "calls", folder / "made by the portal.png"
        self.picture.write_bytes(b"a picture")
        bus.start([sys.executable, str(STAND_IN), behaviour, str(self.log), str(self.picture)], NAME)

    def calls(self) -> list[tuple[str, list[object]]]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(name, body) for name, body in map(json.loads, lines)]

    def keys(self) -> list[tuple[int, int]]:
        return [(body[2], body[3]) for name, body in self.calls() if name == "NotifyKeyboardKeysym"]  # type: ignore[misc]


@pytest.fixture
def wayland(bus: PrivateBus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> PrivateBus:
    """A Wayland session without wtype."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setattr("shutil.which", lambda _name: None)
    return bus


@pytest.fixture
def actions(tmp_path: Path) -> Iterator[ActionRegistry]:
    from datetime import UTC, datetime  # noqa: PLC0415

    registry, desktop = ActionRegistry(), LinuxDesktop()
    registry.own(desktop.close)
    KeyActions(registry, desktop.keyboard)
    ScreenshotActions(registry, desktop.camera, lambda: tmp_path / "kept", lambda: datetime.now(tz=UTC))
    yield registry
    registry.close()


def test_typing_asks_once_and_plays_every_key(wayland: PrivateBus, actions: ActionRegistry, tmp_path: Path) -> None:
    portal = FakePortal(wayland, tmp_path, "grant")
    outcome = actions.run("keys.type", {}, {"text": "aß€"})
    assert outcome.undo_token is None  # nobody knows which window it went to
    sent = [0x61, 0xDF, 0x10020AC]
    assert portal.keys() == [(keysym, down) for keysym in sent for down in (1, 0)]
    actions.run("keys.press", {"keys": "ctrl+page_down"}, {})
    assert portal.keys()[6:] == [(0xFFE3, 1), (0xFF56, 1), (0xFF56, 0), (0xFFE3, 0)]
    actions.run("keys.scroll", {"steps": 3}, {"direction": "up"})
    assert portal.calls()[-1][0] == "NotifyPointerAxisDiscrete"
    assert portal.calls()[-1][1][2:] == [0, -3]
    assert [name for name, _body in portal.calls() if not name.startswith("Notify")] == [
        "CreateSession",
        "SelectDevices",
        "Start",
    ]


def test_after_the_user_ended_the_session_it_is_asked_anew(
    wayland: PrivateBus, actions: ActionRegistry, tmp_path: Path
) -> None:
    portal = FakePortal(wayland, tmp_path, "forget")
    with pytest.raises(ActionError, match="no such session"):
        actions.run("keys.press", {"keys": "enter"}, {})
    with pytest.raises(ActionError, match="no such session"):
        actions.run("keys.press", {"keys": "enter"}, {})
    assert [name for name, _body in portal.calls()].count("Start") == 2


def test_a_user_who_says_no(wayland: PrivateBus, actions: ActionRegistry, tmp_path: Path) -> None:
    FakePortal(wayland, tmp_path, "refuse")
    for action, slots in (("keys.type", {"text": "x"}), ("screenshot.screen", {})):
        with pytest.raises(ActionError, match="did not allow it") as caught:
            actions.run(action, {}, slots)
        assert "allow it" in caught.value.hint
    assert not (tmp_path / "kept").exists()


def test_a_screenshot_is_kept_once(wayland: PrivateBus, actions: ActionRegistry, tmp_path: Path) -> None:
    portal = FakePortal(wayland, tmp_path, "grant")
    actions.run("screenshot.screen", {}, {})
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.read_bytes() == b"a picture"
    assert not portal.picture.exists()
    with pytest.raises(ActionError, match="no screenshot of a single window"):
        actions.run("screenshot.window", {}, {})


def test_without_a_portal_or_a_bus(
    wayland: PrivateBus, actions: ActionRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ActionError, match="desktop portal failed"):
        actions.run("keys.type", {}, {"text": "x"})
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    with pytest.raises(ActionError, match="portal cannot be reached") as caught:
        actions.run("screenshot.screen", {}, {})
    assert "xdg-desktop-portal" in caught.value.hint


def test_nobody_answers(
    wayland: PrivateBus, actions: ActionRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voiceassist.actions.platforms.wayland.ANSWER_TIMEOUT_S", 0.2)
    portal = FakePortal(wayland, tmp_path, "silent")
    with pytest.raises(ActionError, match="did not answer the prompt"):
        actions.run("screenshot.screen", {}, {})
    until(lambda: len(portal.calls()) == 1, "it was asked")
