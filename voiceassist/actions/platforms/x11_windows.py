"""Windows on X11, through any window manager that supports the hints listed in `x11`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import xcffib
import xcffib.randr
import xcffib.xproto as xp

from voiceassist.actions.windows import Area, Placement, Window, intersection
from voiceassist.desktop.x11 import X11, signed
from voiceassist.errors import ActionError

_ICONIC = 3
_REMOVE, _ADD = 0, 1
_PAGER = 2
_STATIC_GRAVITY = 10
_MOVE_AND_RESIZE = 0b1111 << 8 | _PAGER << 12
_NEVER_SHOWN = {"_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_SPLASH"}

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


def _with_server(task: Callable[Concatenate[S, X11, P], R]) -> Callable[Concatenate[S, P], R]:
    """Passes a connection to a method, and turns X errors into errors for the user."""

    @wraps(task)
    def connected(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with X11() as x11:
            if not x11.numbers(x11.root, "_NET_SUPPORTING_WM_CHECK"):
                raise ActionError("no window manager is running", hint="start one, for example openbox")
            try:
                done = task(self, x11, *args, **kwargs)
                x11.connection.core.GetInputFocus().reply()  # all requests have reached the server
                return done
            except (xcffib.Error, xcffib.ProtocolException) as error:
                raise ActionError("that window has been closed", hint="choose another one") from error

    return connected


class X11WindowManager:
    """The windows that the window manager lists. No state is kept between calls."""

    @_with_server
    def windows(self, x11: X11) -> Sequence[Window]:
        """All windows that a task bar would show: minimized ones first, the focused one last."""
        stacked = x11.numbers(x11.root, "_NET_CLIENT_LIST_STACKING") or x11.numbers(x11.root, "_NET_CLIENT_LIST")
        opened = x11.numbers(x11.root, "_NET_CLIENT_LIST")  # by age
        active = x11.active_window()
        found: list[tuple[int, Window]] = []
        for number in stacked:
            with suppress(xcffib.Error, xcffib.ProtocolException):  # closed in the meantime
                states = _states(x11, number)
                kinds = {_name(x11, atom) for atom in x11.numbers(number, "_NET_WM_WINDOW_TYPE")}
                if not kinds & _NEVER_SHOWN and "_NET_WM_STATE_SKIP_TASKBAR" not in states:
                    rank = 2 if number == active else int("_NET_WM_STATE_HIDDEN" not in states)
                    order = opened.index(number) if number in opened else len(opened)
                    title = (
                        x11.text(number, "_NET_WM_NAME") or x11.text(number, "WM_NAME") or "a window without a title"
                    )
                    names = tuple(name for name in x11.text(number, "WM_CLASS").split("\0") if name)
                    found.append(
                        (rank, Window(number, title, names, next(iter(x11.numbers(number, "_NET_WM_PID")), 0), order))
                    )
        return [window for _rank, window in sorted(found, key=lambda ranked: ranked[0])]

    @_with_server
    def activate(self, x11: X11, window: Window) -> None:
        """Raises and focuses a window."""
        x11.activate(window.number)

    @_with_server
    def close(self, x11: X11, window: Window) -> None:
        """Asks a window to close, as its close button does."""
        x11.send_message(window.number, "_NET_CLOSE_WINDOW", xp.Time.CurrentTime, _PAGER)

    @_with_server
    def minimize(self, x11: X11, window: Window) -> None:
        """Minimizes a window."""
        x11.send_message(window.number, "WM_CHANGE_STATE", _ICONIC)

    @_with_server
    def area(self, x11: X11, window: Window) -> Area:
        """The area of a window on the screen, without its frame."""
        return _area(x11, window.number)

    @_with_server
    def placement(self, x11: X11, window: Window) -> Placement:
        """The placement to restore; for a maximized window the window manager keeps the normal size."""
        states = _states(x11, window.number)
        maximized = {"_NET_WM_STATE_MAXIMIZED_VERT", "_NET_WM_STATE_MAXIMIZED_HORZ"} <= states
        full_screen = "_NET_WM_STATE_FULLSCREEN" in states
        return Placement(None if maximized or full_screen else _area(x11, window.number), maximized, full_screen)

    @_with_server
    def place(self, x11: X11, window: Window, placement: Placement) -> None:
        """Restores a placement."""
        number = window.number
        _set_states(x11, number, placement.full_screen, "_NET_WM_STATE_FULLSCREEN")
        _set_states(x11, number, placement.maximized, "_NET_WM_STATE_MAXIMIZED_VERT", "_NET_WM_STATE_MAXIMIZED_HORZ")
        if placement.area is not None:
            values = [value & 0xFFFFFFFF for value in placement.area]
            x11.send_message(number, "_NET_MOVERESIZE_WINDOW", _STATIC_GRAVITY | _MOVE_AND_RESIZE, *values)

    @_with_server
    def half_screen(self, x11: X11, window: Window, side: str) -> Placement:
        """The ``left`` or ``right`` half of its screen, without panels; the frame is inside it."""
        x, y, width, height = _work_area(x11, _area(x11, window.number))
        half = width // 2
        x, width = (x, half) if side == "left" else (x + half, width - half)
        left, right, top, bottom = (*x11.numbers(window.number, "_NET_FRAME_EXTENTS"), 0, 0, 0, 0)[:4]
        return Placement((x + left, y + top, width - left - right, height - top - bottom))

    @_with_server
    def show_desktop(self, x11: X11, shown: bool) -> None:
        """Hides all windows, or shows them again."""
        if not x11.supports("_NET_SHOWING_DESKTOP"):
            raise ActionError("this window manager cannot show the desktop", hint="minimize the windows instead")
        x11.send_message(x11.root, "_NET_SHOWING_DESKTOP", int(shown))


def _states(x11: X11, number: int) -> set[str]:
    return {_name(x11, atom) for atom in x11.numbers(number, "_NET_WM_STATE")}


def _name(x11: X11, atom: int) -> str:
    return bytes(x11.connection.core.GetAtomName(atom).reply().name.buf()).decode()


def _set_states(x11: X11, number: int, wanted: bool, *states: str) -> None:
    first, second = (*(x11.atom(state) for state in states), 0)[:2]
    x11.send_message(number, "_NET_WM_STATE", _ADD if wanted else _REMOVE, first, second, _PAGER)


def _area(x11: X11, number: int) -> Area:
    size = x11.connection.core.GetGeometry(number).reply()
    corner = x11.connection.core.TranslateCoordinates(number, x11.root, 0, 0).reply()
    return corner.dst_x, corner.dst_y, size.width, size.height


def _work_area(x11: X11, window: Area) -> Area:
    """The area, without panels, of the screen that holds the window's centre."""
    area: Area = (0, 0, x11.screen.width_in_pixels, x11.screen.height_in_pixels)
    middle = (window[0] + window[2] // 2, window[1] + window[3] // 2)
    with suppress(xcffib.XcffibException):  # a server without RandR has one screen
        for monitor in x11.connection(xcffib.randr.key).GetMonitors(x11.root, True).reply().monitors:
            screen = (monitor.x, monitor.y, monitor.width, monitor.height)
            if intersection(screen, (*middle, 1, 1)):
                area = screen
                break
    desktop = next(iter(x11.numbers(x11.root, "_NET_CURRENT_DESKTOP")), 0)
    usable = x11.numbers(x11.root, "_NET_WORKAREA")[4 * desktop : 4 * desktop + 4]
    if len(usable) != 4:
        return area
    return intersection(area, (signed(usable[0]), signed(usable[1]), usable[2], usable[3])) or area
