"""Window management: switch, close, minimize, maximize, tile."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from voiceassist.action_spec import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.actions.applications import Application, find_application, words_of
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.errors import ActionError
from voiceassist.i18n import mark

Area = tuple[int, int, int, int]
"""x, y, width and height in pixels of the screen."""


def intersection(one: Area, other: Area) -> Area | None:
    """The part of the screen that both areas cover; ``None`` if they do not overlap."""
    x, y = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[0] + one[2], other[0] + other[2]), min(one[1] + one[3], other[1] + other[3])
    return (x, y, right - x, bottom - y) if right > x and bottom > y else None


@dataclass(frozen=True, slots=True)
class Window:
    """An open window.

    Attributes:
        number: id in the window system.
        title: as its title bar shows it.
        names: names of its program (instance and class on X11, the application id on Wayland).
        process: id of the process that it belongs to; 0 if unknown.
        order: index among all windows by age, oldest first.
    """

    number: int
    title: str
    names: tuple[str, ...] = ()
    process: int = 0
    order: int = 0


@dataclass(frozen=True, slots=True)
class Placement:
    """Position and state of a window.

    Attributes:
        area: area inside its frame; ``None`` leaves it to the window manager, which knows the normal size.
    """

    area: Area | None = None
    maximized: bool = False
    full_screen: bool = False


class WindowManager(Protocol):
    """The windows of a desktop. Every method raises ActionError if the window has been closed or on no answer."""

    def windows(self) -> Sequence[Window]:
        """All windows that a task bar would show, the topmost last."""
        ...

    def activate(self, window: Window) -> None:
        """Raises and focuses a window."""
        ...

    def close(self, window: Window) -> None:
        """Asks a window to close, as its close button does."""
        ...

    def minimize(self, window: Window) -> None:
        """Minimizes a window."""
        ...

    def area(self, window: Window) -> Area:
        """The area of a window on the screen, without its frame."""
        ...

    def placement(self, window: Window) -> Placement:
        """The current placement, to restore it later."""
        ...

    def place(self, window: Window, placement: Placement) -> None:
        """Moves and resizes a window."""
        ...

    def half_screen(self, window: Window, side: str) -> Placement:
        """The ``left`` or ``right`` half of the window's screen, without panels."""
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
        needs = "a window manager that programs may control"
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs=needs, check=lambda: find_manager().windows())
        for name, action in {
            "window.minimize": self.minimize,
            "window.maximize": self.maximize,
            "window.restore": self.restore,
            "desktop.show": self.show_desktop,
        }.items():
            registry.register(name, action, **details)
        registry.register(
            "window.full_screen", self.full_screen, Parameter("on", ValueKind.FLAG, required=False), **details
        )
        to = Parameter("to", required=False, choices=("next", "previous"), description="next by default")
        registry.register("window.next", self.next, to, **details)
        registry.register("window.half", self.half, Parameter("side", choices=("left", "right")), **details)
        registry.register("window.switch", self.switch_to_window, Parameter("window"), **details)
        registry.register("app.switch", self.switch_to_application, Parameter("app"), **details)
        closing = ActionDetails(risk=Risk.DESTROYS, needs=needs, check=lambda: find_manager().windows())
        registry.register("window.close", self.close, Parameter("number", ValueKind.NUMBER, required=False), **closing)
        registry.register("app.close", self.close_application, Parameter("app"), **closing)

    def minimize(self, _call: ActionCall) -> ActionOutcome:
        """Minimizes the active window."""
        manager, window = self._front()
        manager.minimize(window)
        return self._done(mark("Minimized {name}.", name=window.title), lambda: _bring_back(manager, window))

    def maximize(self, _call: ActionCall) -> ActionOutcome:
        """Maximizes the active window."""
        manager, window = self._front()
        return self._placed(manager, window, Placement(maximized=True), mark("Maximized {name}.", name=window.title))

    def restore(self, _call: ActionCall) -> ActionOutcome:
        """Restores the normal size of the active window."""
        manager, window = self._front()
        return self._placed(manager, window, Placement(), mark("Back to its normal size: {name}.", name=window.title))

    def full_screen(self, call: ActionCall) -> ActionOutcome:
        """Turns full screen on or off (``on``) for the active window; without ``on`` it toggles."""
        manager, window = self._front()
        before = manager.placement(window)
        wanted = call.flag("on")
        wanted = not before.full_screen if wanted is None else wanted
        after = Placement(None, before.maximized, wanted)
        words = mark("Full screen: {name}.") if wanted else mark("No longer full screen: {name}.")
        return self._placed(manager, window, after, mark(words, name=window.title))

    def half(self, call: ActionCall) -> ActionOutcome:
        """Tiles the active window to the ``left`` or ``right`` half of the screen (``side``)."""
        side = call.needed_text("side")
        if side not in {"left", "right"}:
            raise call.nonsense("side", "left or right")
        manager, window = self._front()
        words = mark("On the left half: {name}.") if side == "left" else mark("On the right half: {name}.")
        return self._placed(manager, window, manager.half_screen(window, side), mark(words, name=window.title))

    def close(self, call: ActionCall) -> ActionOutcome:
        """Closes the active window, or window ``number``, counted from 1 in the order in which they were opened."""
        number = call.number("number")
        manager, window = self._front()
        if number is not None:
            windows = sorted(without_own(manager.windows()), key=lambda window: window.order)
            if not 1 <= number <= len(windows):
                raise ActionError(f"there is no window {number:g}", hint=f"{len(windows)} windows are open")
            window = windows[int(number) - 1]
        manager.close(window)
        return ActionOutcome(True, mark("Closed {name}.", name=window.title))

    def next(self, call: ActionCall) -> ActionOutcome:
        """Switches to the least recently used window, again and again through all, or to the previous one."""
        manager = self._find_manager()
        windows = without_own(manager.windows())
        if len(windows) < 2:
            raise ActionError(mark("there is no other window"), hint=mark("open one first"))
        return self._switch(manager, windows, windows[-2 if call.value("to") == "previous" else 0])

    def switch_to_window(self, call: ActionCall) -> ActionOutcome:
        """Switches to the topmost window with the title ``window``, else to one whose title contains these words."""
        manager = self._find_manager()
        text = call.needed_text("window")
        wanted, windows = words_of(text), manager.windows()
        exact = [window for window in windows if words_of(window.title) == wanted]
        near = [window for window in windows if wanted and wanted in words_of(window.title)]
        if not (exact or near):
            raise _not_open(text)
        return self._switch(manager, windows, (exact or near)[-1])

    def switch_to_application(self, call: ActionCall) -> ActionOutcome:
        """Switches to the topmost window of the application ``app``."""
        manager = self._find_manager()
        application = find_application(call.needed_text("app"), self._list_applications())
        windows = manager.windows()
        of_application = windows_of(application, windows)
        if not of_application:
            raise _not_open(application.name)
        return self._switch(manager, windows, of_application[-1])

    def close_application(self, call: ActionCall) -> ActionOutcome:
        """Closes all windows of the application ``app``; it may ask whether to save."""
        manager = self._find_manager()
        application = find_application(call.needed_text("app"), self._list_applications())
        windows = windows_of(application, manager.windows())
        if not windows:
            raise _not_open(application.name)
        problems: list[ActionError] = []
        for window in windows:
            try:
                manager.close(window)
            except ActionError as error:  # a program that closes all its windows with the first
                problems.append(error)
        if len(problems) == len(windows):
            raise problems[0]
        return ActionOutcome(True, mark("Closed {name}.", name=application.name))

    def show_desktop(self, _call: ActionCall) -> ActionOutcome:
        """Hides all windows."""
        manager = self._find_manager()
        manager.show_desktop(True)

        def show_windows() -> str:
            manager.show_desktop(False)
            return mark("The windows are back.")

        return self._done(mark("The desktop is shown."), show_windows)

    def _front(self) -> tuple[WindowManager, Window]:
        manager = self._find_manager()
        windows = without_own(manager.windows())
        if not windows:
            raise ActionError(mark("no window is open"), hint=mark("open one first"))
        return manager, windows[-1]

    def _placed(self, manager: WindowManager, window: Window, after: Placement, message: str) -> ActionOutcome:
        before = manager.placement(window)
        manager.place(window, after)

        def put_back() -> str:
            manager.place(window, before)
            return mark("{name} is as it was.", name=window.title)

        return self._done(message, put_back)

    def _switch(self, manager: WindowManager, windows: Sequence[Window], wanted: Window) -> ActionOutcome:
        manager.activate(wanted)
        return self._done(mark("{name} is in front.", name=wanted.title), lambda: _bring_back(manager, windows[-1]))

    def _done(self, message: str, undo: Callable[[], str]) -> ActionOutcome:
        return ActionOutcome(True, message, self._registry.remember(undo))


def without_own(windows: Sequence[Window], own_process: int | None = None) -> list[Window]:
    """The windows without voiceassist's own: clicking into that one must not make it the target of commands."""
    own = os.getpid() if own_process is None else own_process
    return [window for window in windows if window.process != own]


def windows_of(application: Application, windows: Sequence[Window]) -> list[Window]:
    """The windows of an application, found by the names of its program."""
    wanted = {words_of(PurePath(application.argv[0]).name), words_of(application.name)}
    return [
        window
        for window in windows
        if any({words_of(PurePath(name).name), words_of(program_name(name))} & wanted for name in window.names)
    ]


def program_name(name: str) -> str:
    """The program's part of an application id: ``Nautilus`` for ``org.gnome.Nautilus``."""
    return name.rsplit(".", 1)[-1] if name.count(".") > 1 else name


def _bring_back(manager: WindowManager, window: Window) -> str:
    manager.activate(window)
    return mark("{name} is in front again.", name=window.title)


def _not_open(name: str) -> ActionError:
    return ActionError(mark("no window of {name} is open", name=name), hint=mark("say: open {name}", name=name))
