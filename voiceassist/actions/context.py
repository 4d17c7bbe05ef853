"""The lists that this machine fills (applications, folders, windows), and the application in front."""

from __future__ import annotations

from collections.abc import Callable

from voiceassist.actions.applications import application_names
from voiceassist.actions.platforms import Desktop, current_desktop
from voiceassist.actions.platforms.folders import folder_names
from voiceassist.actions.window_names import application_in_front, open_windows, window_names

OpenDesktop = Callable[[], Desktop]


def context_lists(open_desktop: OpenDesktop = current_desktop) -> dict[str, dict[str, str]]:
    """For the lists ``app``, ``folder`` and ``window`` what can be said, and the name, path or title that it means."""
    desktop = open_desktop()
    try:
        applications = desktop.applications()
        return {
            "app": application_names(applications, desktop.default_applications(applications)),
            "folder": folder_names(),
            "window": window_names(open_windows(desktop.windows)),
        }
    finally:
        desktop.close()


def active_application_names(open_desktop: OpenDesktop = current_desktop) -> frozenset[str] | None:
    """The names of the application that has the user's attention; ``None`` where the desktop does not tell."""
    desktop = open_desktop()
    try:
        return application_in_front(desktop.windows, desktop.applications)
    finally:
        desktop.close()
