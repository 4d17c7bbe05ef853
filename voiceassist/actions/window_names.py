"""Spoken names of open windows, and the active application."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from voiceassist.actions.applications import Application, words_of
from voiceassist.actions.windows import Window, WindowManager, program_name, windows_of, without_own
from voiceassist.errors import ActionError

MAX_NAME_WORDS = 5
_PARTS = re.compile(r"\s+[-\u2013\u2014|\u00b7]\s+|:\s+")


def open_windows(find_manager: Callable[[], WindowManager]) -> Sequence[Window]:
    """The open windows without voiceassist's own; none if the desktop does not report them."""
    try:
        return without_own(find_manager().windows())
    except ActionError:
        return []


def window_names(windows: Iterable[Window]) -> dict[str, str]:
    """Maps the spoken names of windows to their titles: the whole title, its parts, or the name of the program.

    Among windows with the same name the topmost wins; a whole title wins over a part, and that over a program name.
    """
    titles: dict[str, tuple[int, str]] = {}
    for window in windows:
        for weight, name in _weighted_names(window):
            spoken = words_of(name)
            if spoken and len(spoken.split()) <= MAX_NAME_WORDS and weight >= titles.get(spoken, (0, ""))[0]:
                titles[spoken] = (weight, window.title)
    return {spoken: title for spoken, (_weight, title) in titles.items()}


def active_application(
    find_manager: Callable[[], WindowManager], list_applications: Callable[[], Sequence[Application]]
) -> frozenset[str] | None:
    """The names of the active application, normalized by ``words_of``; ``None`` if the desktop does not report it."""
    try:
        windows = without_own(find_manager().windows())
    except ActionError:
        return None
    if not windows:
        return frozenset()
    front = windows[-1]
    menu_names = [application.name for application in list_applications() if windows_of(application, [front])]
    return frozenset(words_of(program_name(name)) for name in (*front.names, *menu_names))


def _weighted_names(window: Window) -> Iterator[tuple[int, str]]:
    yield 3, window.title
    parts = _PARTS.split(window.title)
    if len(parts) > 1:
        yield 2, parts[0]
        yield 2, parts[-1]
    yield from ((1, program_name(name)) for name in window.names)
