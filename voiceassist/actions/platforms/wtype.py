"""Keys on the Wayland desktops that take them from the program wtype (Sway, Hyprland, labwc and the like)."""

from __future__ import annotations

import shutil

from voiceassist.actions.process import run_tool
from voiceassist.errors import ActionError
from voiceassist.keys import XKB_NAMES

_LOCALE = "C.UTF-8"
_SETTLE = ("-s", "60")
"""Milliseconds in which the desktop takes note of wtype's new keyboard, and reads it before it goes."""
_MODIFIERS = {"super": "logo"}


class WtypeKeyboard:
    """Starts wtype for each command."""

    @classmethod
    def is_usable(cls) -> bool:
        """Whether wtype is there and this desktop takes its keys."""
        if not shutil.which("wtype"):
            return False
        try:
            run_tool(["wtype", ""])
        except ActionError:
            return False
        return True

    def target(self) -> str:
        """Not known on Wayland."""
        return ""

    def type_text(self, text: str) -> None:
        """Types a text."""
        run_tool(["wtype", *_SETTLE, "-d", "2", "--", text], time_limit_s=60.0, locale=_LOCALE)

    def press(self, keys: tuple[str, ...]) -> None:
        """Presses keys together."""
        *held, key = keys
        modifiers = [_MODIFIERS.get(name, name) for name in held]
        down = [part for name in modifiers for part in ("-M", name)]
        up = [part for name in reversed(modifiers) for part in ("-m", name)]
        # A bare sign such as ``-`` would mean something else to wtype; every character has such a name.
        name = f"U{ord(key):04X}" if len(key) == 1 else XKB_NAMES[key]
        run_tool(["wtype", *_SETTLE, *down, "-k", name, *up, *_SETTLE])

    def scroll(self, direction: str, steps: int) -> None:  # noqa: ARG002 - the protocol's
        """Pages: a wheel cannot be played this way."""
        self.press(({"up": "pageup", "down": "pagedown"}.get(direction, direction),))
