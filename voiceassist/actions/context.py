"""What is around the user right now: applications, folders and windows by their spoken names, and what is in front."""

from __future__ import annotations

from collections.abc import Callable

from voiceassist.actions.applications import spoken_names
from voiceassist.actions.desktop import Desktop, current_desktop
from voiceassist.actions.desktop.folders import spoken_folders
from voiceassist.actions.window_names import application_in_front, open_windows, spoken_windows

OpenDesktop = Callable[[], Desktop]


def spoken_surroundings(open_desktop: OpenDesktop = current_desktop) -> dict[str, dict[str, str]]:
    """For the lists ``app``, ``folder`` and ``window`` what can be said, and the name, path or title that it means."""
    desktop = open_desktop()
    try:
        return {
            "app": spoken_names(desktop.applications()),
            "folder": spoken_folders(),
            "window": spoken_windows(open_windows(desktop.windows)),
        }
    finally:
        desktop.close()


def names_in_front(open_desktop: OpenDesktop = current_desktop) -> frozenset[str] | None:
    """The names of the application that has the user's attention; ``None`` where the desktop does not tell."""
    desktop = open_desktop()
    try:
        return application_in_front(desktop.windows, desktop.applications)
    finally:
        desktop.close()
