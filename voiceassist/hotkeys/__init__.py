"""Global hotkeys: a key combination that works whichever window has the focus, implemented for each desktop."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from voiceassist.config.combination import Combination
from voiceassist.errors import HotkeyError
from voiceassist.hotkeys.hotkey import BY_HAND, Hotkey, HotkeyEvents


def desktop_kind(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> str:
    """``windows``, ``macos``, ``wayland``, ``x11``, or empty without a desktop."""
    if platform in ("win32", "darwin"):
        return {"win32": "windows", "darwin": "macos"}[platform]
    # Wayland first: under Wayland the X server receives no keys meant for other programs.
    if environment.get("WAYLAND_DISPLAY") or environment.get("XDG_SESSION_TYPE") == "wayland":
        return "wayland"
    return "x11" if environment.get("DISPLAY") else ""


def make_hotkey(combination: Combination, events: HotkeyEvents) -> Hotkey:
    """A hotkey for this desktop, not yet started.

    Raises:
        HotkeyError: there is no desktop.
    """
    kind = desktop_kind()
    if kind == "windows":
        from voiceassist.hotkeys.windows import WindowsHotkey  # noqa: PLC0415 (only the module of this system)

        return WindowsHotkey(combination, events)
    if kind == "macos":
        from voiceassist.hotkeys.macos import MacHotkey  # noqa: PLC0415

        return MacHotkey(combination, events)
    if kind == "wayland":
        from voiceassist.hotkeys.portal import PortalHotkey  # noqa: PLC0415

        return PortalHotkey(combination, events)
    if kind == "x11":
        from voiceassist.hotkeys.x11 import X11Hotkey  # noqa: PLC0415

        return X11Hotkey(combination, events)
    raise HotkeyError("there is no desktop session that could provide a hotkey", hint=BY_HAND)
