"""Keys on Wayland compositors that support wtype's virtual keyboard (Sway, Hyprland, labwc and others)."""

from __future__ import annotations

import shutil

from voiceassist.actions.process import run_tool
from voiceassist.errors import ActionError
from voiceassist.keys import XKB_NAMES

_LOCALE = "C.UTF-8"
_SETTLE = ("-s", "60")
"""Milliseconds for the compositor to register wtype's virtual keyboard, and to read its keys before it is removed."""
_MODIFIERS = {"super": "logo"}


class WtypeKeyboard:
    """Starts wtype for each command."""

    @classmethod
    def is_usable(cls) -> bool:
        """Whether wtype is installed and the compositor supports it."""
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
        # wtype would parse a bare character such as ``-`` as an option; every character has a keysym name.
        name = f"U{ord(key):04X}" if len(key) == 1 else XKB_NAMES[key]
        run_tool(["wtype", *_SETTLE, *down, "-k", name, *up, *_SETTLE])

    def scroll(self, direction: str, steps: int) -> None:  # noqa: ARG002 - the protocol's
        """Sends Page Up or Page Down: wtype cannot emulate a wheel."""
        self.press(({"up": "pageup", "down": "pagedown"}.get(direction, direction),))
