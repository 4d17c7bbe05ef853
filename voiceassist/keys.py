"""The one table of keys: how users spell them, their keysyms, and their XKB names.

Source: X Window System Protocol, X Version 11, appendix A (keysyms).
"""

from __future__ import annotations

from collections.abc import Mapping

MODIFIERS = ("ctrl", "alt", "shift", "super")
"""In the order in which they are written."""

_MODIFIER_KEYSYMS = {"ctrl": 0xFFE3, "shift": 0xFFE1, "alt": 0xFFE9, "super": 0xFFEB}

_PUNCTUATION = {
    "apostrophe": "'", "comma": ",", "minus": "-", "period": ".", "slash": "/", "semicolon": ";", "equal": "=",
    "bracketleft": "[", "backslash": "\\", "bracketright": "]", "grave": "`",
}  # fmt: skip

_NAMED = {
    "backspace": (0xFF08, "BackSpace"), "tab": (0xFF09, "Tab"), "return": (0xFF0D, "Return"),
    "pause": (0xFF13, "Pause"), "scrolllock": (0xFF14, "Scroll_Lock"), "escape": (0xFF1B, "Escape"),
    "home": (0xFF50, "Home"), "left": (0xFF51, "Left"), "up": (0xFF52, "Up"), "right": (0xFF53, "Right"),
    "down": (0xFF54, "Down"), "pageup": (0xFF55, "Page_Up"), "pagedown": (0xFF56, "Page_Down"), "end": (0xFF57, "End"),
    "print": (0xFF61, "Print"), "insert": (0xFF63, "Insert"), "menu": (0xFF67, "Menu"), "delete": (0xFFFF, "Delete"),
    "space": (0x20, "space"), **{f"f{number}": (0xFFBD + number, f"F{number}") for number in range(1, 25)},
}  # fmt: skip

_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

KEYSYMS: Mapping[str, int] = {
    **{name: keysym for name, (keysym, _xkb) in _NAMED.items()},
    **{name: ord(char) for name, char in _PUNCTUATION.items()},
    **{char: ord(char) for char in _CHARACTERS},
}
"""Every key that has a name, without the modifiers."""

XKB_NAMES: Mapping[str, str] = {
    **{name: xkb for name, (_keysym, xkb) in _NAMED.items()},
    **{name: name for name in _PUNCTUATION},
    **{char: char for char in _CHARACTERS},
}
"""What the same keys are called by XKB, wtype and the desktop portal."""

_ALIASES = {
    "control": "ctrl", "strg": "ctrl", "option": "alt", "meta": "super", "win": "super", "windows": "super",
    "cmd": "super", "command": "super", "enter": "return", "esc": "escape", "del": "delete", "ins": "insert",
    "pgup": "pageup", "page_up": "pageup", "page up": "pageup", "prior": "pageup", "pgdown": "pagedown",
    "page_down": "pagedown", "page down": "pagedown", "next": "pagedown", "spacebar": "space", "printscreen": "print",
    "scroll_lock": "scrolllock", "scroll lock": "scrolllock", **{char: name for name, char in _PUNCTUATION.items()},
}  # fmt: skip
_LABELS = {"pageup": "Page Up", "pagedown": "Page Down", "scrolllock": "Scroll Lock", "return": "Enter"}


def key_name(text: str) -> str:
    """The one name of a key or modifier for any of its spellings; other text comes back in lower case."""
    name = text.strip().lower()
    return _ALIASES.get(name, name)


def key_label(name: str) -> str:
    """A key or modifier as a user reads it: ``Page Up``."""
    return _LABELS.get(name, name.capitalize())


def keysym_of(key: str) -> int:
    """The keysym of a named key, of a modifier, or of a single character."""
    if len(key) == 1:
        code = {"\n": 0xFF0D, "\t": 0xFF09}.get(key) or ord(key)
        return code if 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF or code in {0xFF0D, 0xFF09} else 0x01000000 + code
    return _MODIFIER_KEYSYMS[key] if key in _MODIFIER_KEYSYMS else KEYSYMS[key]
