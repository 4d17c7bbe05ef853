"""Window management: switch, close, minimize, maximize, tile."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from voiceassist.actions.applications import Application, find_application, words_of
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.errors import ActionError

Area = tuple[int, int, int, int]
"""x, y, width and height in pixels of the screen."""


@dataclass(frozen=True, slots=True)
class Window:
    """An open window.

    Attributes:
        number: the window system's name for it.
        title: as its title bar shows it.
        names: what its program calls itself (the instance and class of X11).
        process: the process that it belongs to; 0 where it is not known.
        order: its place in the order in which the windows were opened.
    """

    number: int
    title: str
    names: tuple[str, ...] = ()
    process: int = 0
    order: int = 0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a window is to be and how.

    Attributes:
        area: of what is inside its frame; ``None`` leaves it to the window manager, which knows the usual size.
    """

    area: Area | None = None
    maximized: bool = False
    full_screen: bool = False


class WindowManager(Protocol):
    """The windows of a desktop. Every method raises ActionError where the window is gone or nobody answers."""

    def windows(self) -> Sequence[Window]:
        """All windows that a task bar would show, the topmost last."""
        ...

    def activate(self, window: Window) -> None:
        """Brings it to the front and gives it the focus."""
        ...

    def close(self, window: Window) -> None:
        """Asks it to close, as its close button does."""
        ...

    def minimize(self, window: Window) -> None:
        """Puts it out of sight."""
        ...

    def area(self, window: Window) -> Area:
        """Where it is on the screen, without its frame."""
        ...

    def placement(self, window: Window) -> Placement:
        """How it is to be put back."""
        ...

    def place(self, window: Window, placement: Placement) -> None:
        """Puts it there."""
        ...

    def half_screen(self, window: Window, side: str) -> Placement:
        """The ``left`` or ``right`` half of its screen, without panels."""
        ...

    def show_desktop(self, shown: bool) -> None:
        """Hides all windows, or shows them again."""
        ...


class WindowActions:
    """``window.*``, ``app.switch`` and ``app.close``."""

    def __init__(
        self,
        registry: ActionRegistry,
        find_manager: Callable[[], WindowManager],
        list_applications: Callable[[], Sequence[Application]],
    ) -> None:
        self._registry = registry
        self._find_manager = find_manager
        self._list_applications = list_applications
        needs = "a window manager that lets windows be moved"
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs=needs, check=lambda: find_manager().windows())
        for name, action in {
            "window.minimize": self.minimize,
            "window.maximize": self.maximize,
            "window.restore": self.restore,
            "window.next": self.next,
            "desktop.show": self.show_desktop,
        }.items():
            registry.register(name, action, **details)
        registry.register(
            "window.full_screen", self.full_screen, Parameter("on", ValueKind.FLAG, required=False), **details
        )
        registry.register("window.half", self.half, Parameter("side", choices=("left", "right")), **details)
        registry.register("window.switch", self.switch_to_window, Parameter("window"), **details)
        registry.register("app.switch", self.switch_to_application, Parameter("app"), **details)
        closing = ActionDetails(risk=Risk.DESTROYS, needs=needs, check=lambda: find_manager().windows())
        registry.register("window.close", self.close, Parameter("number", ValueKind.NUMBER, required=False), **closing)
        registry.register("app.close", self.close_application, Parameter("app"), **closing)

    def minimize(self, _call: ActionCall) -> ActionOutcome:
        """Puts the window in front out of sight."""
        manager, window = self._front()
        manager.minimize(window)
        return self._done(f"Minimized {window.title}.", lambda: _come_back(manager, window))

    def maximize(self, _call: ActionCall) -> ActionOutcome:
        """Lets the window in front fill the screen."""
        manager, window = self._front()
        return self._placed(manager, window, Placement(maximized=True), "Maximized")

    def restore(self, _call: ActionCall) -> ActionOutcome:
        """Gives the window in front its usual size again."""
        manager, window = self._front()
        return self._placed(manager, window, Placement(), "Back to its usual size:")

    def full_screen(self, call: ActionCall) -> ActionOutcome:
        """Lets the window in front fill the screen without a frame; ``on: false`` or a second call ends that."""
        manager, window = self._front()
        before = manager.placement(window)
        wanted = call.flag("on")
        wanted = not before.full_screen if wanted is None else wanted
        after = Placement(None, before.maximized, wanted)
        return self._placed(manager, window, after, "Full screen:" if wanted else "No longer full screen:")

    def half(self, call: ActionCall) -> ActionOutcome:
        """Lets the window in front fill the ``left`` or ``right`` half of the screen (``side``)."""
        side = call.needed_text("side")
        if side not in {"left", "right"}:
            raise call.nonsense("side", "left or right")
        manager, window = self._front()
        return self._placed(manager, window, manager.half_screen(window, side), f"On the {side} half:")

    def close(self, call: ActionCall) -> ActionOutcome:
        """Closes the window in front, or that of ``number`` in the order in which they were opened."""
        number = call.number("number")
        manager, window = self._front() if number is None else self._numbered(int(number))
        manager.close(window)
        return ActionOutcome(True, f"Closed {window.title}.")

    def next(self, _call: ActionCall) -> ActionOutcome:
        """Goes to the window that was in front longest ago, so that saying it again goes round."""
        manager = self._find_manager()
        windows = others(manager.windows())
        if len(windows) < 2:
            raise ActionError("there is no other window", hint="open one first")
        front, wanted = windows[-1], windows[0]
        manager.activate(wanted)
        return self._done(f"{wanted.title} is in front.", lambda: _come_back(manager, front))

    def switch_to_window(self, call: ActionCall) -> ActionOutcome:
        """Goes to the topmost window with the title ``window``, else to one with these words in its title."""
        manager = self._find_manager()
        wanted = call.needed_text("window")
        windows = manager.windows()
        exact = [window for window in windows if words_of(window.title) == words_of(wanted)]
        near = [window for window in windows if words_of(wanted) in words_of(window.title)]
        return self._switched(manager, exact or near, wanted)

    def switch_to_application(self, call: ActionCall) -> ActionOutcome:
        """Goes to the topmost window of the application ``app``."""
        manager = self._find_manager()
        application = find_application(call.needed_text("app"), self._list_applications())
        return self._switched(manager, windows_of(application, manager.windows()), application.name)

    def close_application(self, call: ActionCall) -> ActionOutcome:
        """Closes all windows of the application ``app``; they may ask whether to save."""
        manager = self._find_manager()
        application = find_application(call.needed_text("app"), self._list_applications())
        windows = windows_of(application, manager.windows())
        if not windows:
            raise _not_open(application.name)
        for window in windows:
            manager.close(window)
        return ActionOutcome(True, f"Closed {application.name}.")

    def show_desktop(self, _call: ActionCall) -> ActionOutcome:
        """Hides all windows."""
        manager = self._find_manager()
        manager.show_desktop(True)

        def show_windows() -> str:
            manager.show_desktop(False)
            return "The windows are back."

        return self._done("The desktop is shown.", show_windows)

    def _numbered(self, number: int) -> tuple[WindowManager, Window]:
        """The window of that number, counted from 1 in the order in which they were opened."""
        manager = self._find_manager()
        windows = sorted(others(manager.windows()), key=lambda window: window.order)
        if not 1 <= number <= len(windows):
            raise ActionError(f"there is no window {number}", hint=f"{len(windows)} windows are open")
        return manager, windows[number - 1]

    def _front(self) -> tuple[WindowManager, Window]:
        manager = self._find_manager()
        windows = others(manager.windows())
        if not windows:
            raise ActionError("no window is open", hint="open one first")
        return manager, windows[-1]

    def _placed(self, manager: WindowManager, window: Window, after: Placement, told: str) -> ActionOutcome:
        before = manager.placement(window)
        manager.place(window, after)

        def put_back() -> str:
            manager.place(window, before)
            return f"{window.title} is as it was."

        return self._done(f"{told} {window.title}.", put_back)

    def _switched(self, manager: WindowManager, fitting: Sequence[Window], wanted: str) -> ActionOutcome:
        if not fitting:
            raise _not_open(wanted)
        open_windows = manager.windows()
        manager.activate(fitting[-1])
        return self._done(f"{fitting[-1].title} is in front.", lambda: _come_back(manager, open_windows[-1]))

    def _done(self, message: str, undo: Callable[[], str]) -> ActionOutcome:
        return ActionOutcome(True, message, self._registry.remember(undo))


def others(windows: Sequence[Window], own_process: int | None = None) -> list[Window]:
    """The windows without voiceassist's own: a click into that one must not make it the one that is meant."""
    own = os.getpid() if own_process is None else own_process
    return [window for window in windows if window.process != own]


def windows_of(application: Application, windows: Sequence[Window]) -> list[Window]:
    """The windows of an application, by what its program calls itself."""
    called = {words_of(PurePath(application.argv[0]).name), words_of(application.name)}
    return [window for window in windows if called & {name for raw in window.names for name in _called(raw)}]


def _called(name: str) -> set[str]:
    """``org.gnome.Nautilus`` is called ``nautilus``, too."""
    last = name.rsplit(".", 1)[-1] if name.count(".") > 1 else name
    return {words_of(PurePath(name).name), words_of(last)}


def _come_back(manager: WindowManager, window: Window) -> str:
    manager.activate(window)
    return f"{window.title} is in front again."


def _not_open(name: str) -> ActionError:
    return ActionError(f"no window of {name} is open", hint=f"say: open {name}")
