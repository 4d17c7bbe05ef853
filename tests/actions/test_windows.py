"""Window commands on a real X server with a real window manager, watched from outside."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from private_desktop import Screen, until
from xserver import x_server_process

from voiceassist.actions.applications import Application
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.windows import Placement, Window, WindowActions, windows_of, without_own
from voiceassist.desktop.x11 import X11
from voiceassist.errors import ActionError, DesktopError

MENU = [Application("Paint Box", ("/usr/bin/painter", "--new")), Application("Tester", ("somewhere",))]


@pytest.fixture
def windows() -> Iterator[ActionRegistry]:
    registry, desktop = ActionRegistry(), LinuxDesktop()
    WindowActions(registry, desktop.windows, lambda: MENU)
    yield registry
    registry.close()
    desktop.close()


def test_the_windows_are_listed_with_the_one_in_front_last(screen: Screen) -> None:
    first, second = screen.open("first"), screen.open("second", name="painter")
    found = LinuxDesktop().windows().windows()
    assert [window.title for window in found] == ["first", "second"]
    assert found[1].names == ("painter", "Painter")
    assert [window.process for window in found] == [first.process.pid, second.process.pid]


def test_minimize_and_back(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("first")
    screen.open("second")
    outcome = windows.run("window.minimize", {}, {})
    assert outcome.message == "Minimized second."
    until(lambda: "HIDDEN" in screen.states("second") and screen.active_title() == "first", "second is gone")
    assert windows.undo_last().message == "second is in front again."
    until(lambda: "HIDDEN" not in screen.states("second") and screen.active_title() == "second", "second is back")


def test_maximize_and_back(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("first")
    before = screen.area("first")
    windows.run("window.maximize", {}, {})
    until(lambda: {"MAXIMIZED_VERT", "MAXIMIZED_HORZ"} <= screen.states("first"), "it is maximized")
    assert screen.area("first")[2] == 1000
    windows.undo_last()
    until(lambda: not screen.states("first") & {"MAXIMIZED_VERT", "MAXIMIZED_HORZ"}, "it is not maximized")
    until(lambda: screen.area("first") == before, "it is where it was")


def test_restore(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("first")
    before = screen.area("first")
    windows.run("window.maximize", {}, {})
    until(lambda: screen.area("first")[2] == 1000, "it is maximized")
    windows.run("window.restore", {}, {})
    until(lambda: screen.area("first") == before, "it has its usual size")
    windows.undo_last()
    until(lambda: "MAXIMIZED_VERT" in screen.states("first"), "it is maximized again")


def test_full_screen_and_off_again(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("first")
    assert windows.run("window.full_screen", {}, {}).message == "Full screen: first."
    until(lambda: screen.area("first") == (0, 0, 1000, 700), "it fills the screen")
    assert windows.run("window.full_screen", {}, {}).message == "No longer full screen: first."
    until(lambda: screen.area("first")[2:] == (300, 200), "it has its size again")
    windows.run("window.full_screen", {}, {"on": False})
    assert "FULLSCREEN" not in screen.states("first")


@pytest.mark.parametrize("side", ["left", "right"])
def test_half_of_the_screen_and_back(screen: Screen, windows: ActionRegistry, side: str) -> None:
    screen.open("first")
    before = screen.area("first")
    windows.run("window.half", {}, {"side": side})

    def fills_the_half() -> bool:
        x, y, width, height = screen.area("first")
        left = 0 if side == "left" else 500
        return left <= x < left + 10 and x + width <= left + 500 and width > 480 and y < 40 and y + height > 680

    until(fills_the_half, f"it fills the {side} half, frame included")
    windows.undo_last()
    until(lambda: screen.area("first") == before, "it is where it was")


def test_next_window_goes_round(screen: Screen, windows: ActionRegistry) -> None:
    for title in ("first", "second", "third"):
        screen.open(title)
    for title in ("first", "second", "third", "first"):
        assert windows.run("window.next", {}, {}).message == f"{title} is in front."
        until(lambda title=title: screen.active_title() == title, title)
    windows.undo_last()
    until(lambda: screen.active_title() == "third", "back to the third")


def test_the_previous_window_is_the_one_before(screen: Screen, windows: ActionRegistry) -> None:
    for title in ("first", "second", "third"):
        screen.open(title)
    for title in ("second", "third", "second"):
        assert windows.run("window.next", {}, {"to": "previous"}).message == f"{title} is in front."
        until(lambda title=title: screen.active_title() == title, title)


def test_close_asks_the_window_itself(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("first")
    second = screen.open("second")
    assert windows.run("window.close", {}, {}).message == "Closed second."
    assert second.process.wait(timeout=15) == 0
    assert second.told()[-1] == "closed"
    until(lambda: screen.active_title() == "first", "the first is left")


def test_show_desktop_and_back(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("first")
    windows.run("desktop.show", {}, {})
    until(lambda: "= 1" in screen.ask("xprop", "-root", "_NET_SHOWING_DESKTOP"), "the desktop is shown")
    assert windows.undo_last().message == "The windows are back."
    until(lambda: "= 0" in screen.ask("xprop", "-root", "_NET_SHOWING_DESKTOP"), "the windows are back")


def test_switch_to_an_application_and_back(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("a picture", name="painter")
    screen.open("first")
    assert windows.run("app.switch", {}, {"app": "paint box"}).message == "a picture is in front."
    until(lambda: screen.active_title() == "a picture", "the picture")
    windows.undo_last()
    until(lambda: screen.active_title() == "first", "the first")


def test_switch_to_a_window_by_its_title(screen: Screen, windows: ActionRegistry) -> None:
    for title in ("Letter", "Letter to Ann", "Bill"):
        screen.open(title)
    windows.run("window.switch", {}, {"window": "Letter"})
    until(lambda: screen.active_title() == "Letter", "the letter itself")
    windows.run("window.switch", {}, {"window": "to ann"})
    until(lambda: screen.active_title() == "Letter to Ann", "the letter to Ann")


def test_close_an_application_closes_all_its_windows(screen: Screen, windows: ActionRegistry) -> None:
    pictures = [screen.open("a picture", name="painter"), screen.open("another picture", name="painter")]
    other = screen.open("first")
    assert windows.run("app.close", {}, {"app": "paint box"}).message == "Closed Paint Box."
    assert [picture.process.wait(timeout=15) for picture in pictures] == [0, 0]
    assert other.process.poll() is None


def test_what_is_not_open_is_said(screen: Screen, windows: ActionRegistry) -> None:
    for action, slots in (("app.switch", {"app": "paint box"}), ("app.close", {"app": "paint box"})):
        with pytest.raises(ActionError, match="no window of Paint Box is open") as caught:
            windows.run(action, {}, slots)
        assert caught.value.hint == "say: open Paint Box"
    for action in ("window.minimize", "window.close"):
        with pytest.raises(ActionError, match="no window is open"):
            windows.run(action, {}, {})
    with pytest.raises(ActionError, match="there is no other window"):
        windows.run("window.next", {}, {})


def test_every_operation_on_a_closed_window_says_so(screen: Screen) -> None:
    manager, closed = LinuxDesktop().windows(), Window(0x1234567, "closed")
    for operation in (manager.activate, manager.close, manager.minimize, manager.area, manager.placement):
        with pytest.raises(ActionError, match="that window has been closed"):
            operation(closed)
    with pytest.raises(ActionError, match="that window has been closed"):
        manager.place(closed, Placement(maximized=True))
    with pytest.raises(ActionError, match="that window has been closed"):
        manager.half_screen(closed, "left")


def test_undo_does_not_claim_to_bring_a_closed_window_back(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("first")
    second = screen.open("second")
    windows.run("window.next", {}, {})
    until(lambda: screen.active_title() == "first", "the first is in front")
    second.process.terminate()
    until(lambda: [window.title for window in LinuxDesktop().windows().windows()] == ["first"], "the second is closed")
    with pytest.raises(ActionError, match="that window has been closed"):
        windows.undo_last()


def test_a_title_without_a_word_means_no_window(screen: Screen, windows: ActionRegistry) -> None:
    screen.open("first")
    with pytest.raises(ActionError, match=r"no window of \?! is open"):
        windows.run("window.switch", {}, {"window": "?!"})


class OneByOne:
    """A window manager whose windows all close with the first of them."""

    def __init__(self, *closed: int) -> None:
        self.closed = set(closed)

    def windows(self) -> list[Window]:
        return [Window(number, f"picture {number}", ("painter",)) for number in (1, 2)]

    def close(self, window: Window) -> None:
        if window.number in self.closed:
            raise ActionError("that window has been closed", hint="choose another one")
        self.closed = {1, 2}


def test_an_application_that_closes_all_its_windows_at_once_is_closed() -> None:
    registry, manager = ActionRegistry(), OneByOne()
    WindowActions(registry, lambda: manager, lambda: MENU)  # type: ignore[arg-type, return-value]
    assert registry.run("app.close", {}, {"app": "paint box"}).message == "Closed Paint Box."
    with pytest.raises(ActionError, match="that window has been closed"):
        registry.run("app.close", {}, {"app": "paint box"})
    registry.close()


def test_without_a_window_manager_or_a_display(monkeypatch: pytest.MonkeyPatch, windows: ActionRegistry) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(ActionError, match="no X display"):
        windows.run("window.next", {}, {})
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(ActionError, match="does not answer"):
        windows.run("window.next", {}, {})
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    with pytest.raises(ActionError, match="Wayland lets no program"):
        windows.run("window.next", {}, {})


def test_an_x_server_that_ends_between_two_requests_is_an_ordinary_error() -> None:
    def ask_twice(display: str, server: subprocess.Popen[bytes]) -> None:
        with X11(display) as x11:
            assert x11.atom("FIRST")
            server.terminate()
            server.wait(timeout=60)
            x11.atom("SECOND")

    with (
        x_server_process("100x100") as (display, server),
        pytest.raises(DesktopError, match="the X server does not answer"),
    ):
        ask_twice(display, server)


def test_voiceassist_s_own_window_is_never_meant() -> None:
    mine, other = Window(1, "voiceassist", (), os.getpid()), Window(2, "other", (), 1)
    assert without_own([other, mine]) == [other]


def test_windows_belong_to_an_application_by_name_or_program() -> None:
    painter, tester = MENU
    by_program, by_class = Window(1, "x", ("painter", "X")), Window(2, "x", ("y", "Paint-Box"))
    desktop_file = Window(3, "x", ("org.example.Tester",))
    assert windows_of(painter, [by_program, by_class, desktop_file]) == [by_program, by_class]
    assert windows_of(tester, [by_program, by_class, desktop_file]) == [desktop_file]
