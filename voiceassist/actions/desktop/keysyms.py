"""Keysyms: the numbers that X11 and the portal give to keys and characters.

Source: X Window System Protocol, X Version 11, appendix A.
"""

from __future__ import annotations

from collections.abc import Mapping

KEYSYMS: Mapping[str, int] = {
    "ctrl": 0xFFE3,
    "shift": 0xFFE1,
    "alt": 0xFFE9,
    "super": 0xFFEB,
    "enter": 0xFF0D,
    "escape": 0xFF1B,
    "tab": 0xFF09,
    "space": 0x20,
    "backspace": 0xFF08,
    "delete": 0xFFFF,
    "insert": 0xFF63,
    "home": 0xFF50,
    "end": 0xFF57,
    "page_up": 0xFF55,
    "page_down": 0xFF56,
    "left": 0xFF51,
    "up": 0xFF52,
    "right": 0xFF53,
    "down": 0xFF54,
    **{f"f{number}": 0xFFBD + number for number in range(1, 13)},
    "\n": 0xFF0D,
    "\t": 0xFF09,
}


def keysym_of(key: str) -> int:
    """The keysym of a named key or of a character."""
    if key in KEYSYMS:
        return KEYSYMS[key]
    code = ord(key)
    return code if 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF else 0x01000000 + code
