"""Spoken names of open windows, and the application in front."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from voiceassist.actions.applications import Application, words_of
from voiceassist.actions.windows import Window, WindowManager, others, windows_of
from voiceassist.errors import ActionError

MAX_NAME_WORDS = 5
_PARTS = re.compile(r"\s+[-\u2013\u2014|\u00b7]\s+|:\s+")


def open_windows(find_manager: Callable[[], WindowManager]) -> Sequence[Window]:
    """The open windows without voiceassist's own; none where the desktop does not tell."""
    try:
        return others(find_manager().windows())
    except ActionError:
        return []


def window_names(windows: Iterable[Window]) -> dict[str, str]:
    """What can be said for each window, to its title: the title, its parts, or what the program calls itself.

    Of several windows with the same name it means the topmost; a whole title wins over a part, that over a program.
    """
    names: dict[str, tuple[int, str]] = {}
    for window in windows:
        for weight, name in _names(window):
            said = words_of(name)
            if said and len(said.split()) <= MAX_NAME_WORDS and weight >= names.get(said, (0, ""))[0]:
                names[said] = (weight, window.title)
    return {said: title for said, (_weight, title) in names.items()}


def application_in_front(
    find_manager: Callable[[], WindowManager], list_applications: Callable[[], Sequence[Application]]
) -> frozenset[str] | None:
    """The names of the application that has the user's attention, comparable (see ``words_of``).

    Returns:
        the names; ``None`` where the desktop does not tell.
    """
    try:
        windows = others(find_manager().windows())
    except ActionError:
        return None
    if not windows:
        return frozenset()
    front = windows[-1]
    menu_names = [application.name for application in list_applications() if windows_of(application, [front])]
    return frozenset(words_of(_program(name)) for name in (*front.names, *menu_names))


def _names(window: Window) -> Iterator[tuple[int, str]]:
    yield 3, window.title
    parts = _PARTS.split(window.title)
    if len(parts) > 1:
        yield 2, parts[0]
        yield 2, parts[-1]
    yield from ((1, _program(name)) for name in window.names)


def _program(name: str) -> str:
    """``org.gnome.Nautilus`` is ``Nautilus``."""
    return name.rsplit(".", 1)[-1] if name.count(".") > 1 else name
