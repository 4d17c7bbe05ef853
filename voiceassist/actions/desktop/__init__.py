"""What differs between operating systems: the applications and the mixer."""

from __future__ import annotations

import sys
from typing import Protocol

from voiceassist.actions.applications import Application
from voiceassist.actions.volume import Mixer


class Desktop(Protocol):
    """One machine's applications and sound output."""

    def applications(self) -> list[Application]:
        """All that can be opened, by name."""
        ...

    def launch(self, application: Application) -> None:
        """Starts it so that it outlives voiceassist.

        Raises:
            ActionError: it cannot be started, or ended at once with an error.
        """
        ...

    def mixer(self) -> Mixer:
        """The sound output in use.

        Raises:
            ActionError: there is none that can be set.
        """
        ...

    def close(self) -> None:
        """Lets go of what was started, without ending it."""
        ...


def current_desktop(platform: str = sys.platform) -> Desktop:
    """The desktop of this operating system."""
    # Imported late: each of them is of use on one system only.
    if platform == "win32":
        from voiceassist.actions.desktop.windows import WindowsDesktop  # noqa: PLC0415

        return WindowsDesktop()
    if platform == "darwin":
        from voiceassist.actions.desktop.macos import MacDesktop  # noqa: PLC0415

        return MacDesktop()
    from voiceassist.actions.desktop.linux import LinuxDesktop  # noqa: PLC0415

    return LinuxDesktop()
