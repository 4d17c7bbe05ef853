"""Key combinations as text: ``ctrl+alt+space``."""

from __future__ import annotations

from dataclasses import dataclass

from voiceassist.errors import ConfigError

MODIFIERS = ("ctrl", "alt", "shift", "super")
"""In the order in which they are written."""

_ALONE = frozenset(
    {*(f"f{number}" for number in range(1, 25)), "pause", "insert", "print", "scrolllock", "menu", "home", "end"}
)
_TYPING = frozenset("abcdefghijklmnopqrstuvwxyz0123456789") | {
    "space", "tab", "return", "backspace", "delete", "escape", "pageup", "pagedown", "up", "down", "left", "right",
    "minus", "equal", "comma", "period", "slash", "backslash", "semicolon", "apostrophe", "grave", "bracketleft",
    "bracketright",
}  # fmt: skip
KEYS = _ALONE | _TYPING
"""Every key that can be named. What types or edits text needs ctrl, alt or super beside it."""

_ALIASES = {
    "control": "ctrl", "strg": "ctrl", "option": "alt", "meta": "super", "win": "super", "windows": "super",
    "cmd": "super", "command": "super", "enter": "return", "esc": "escape", "del": "delete", "ins": "insert",
    "pgup": "pageup", "page_up": "pageup", "prior": "pageup", "pgdown": "pagedown", "page_down": "pagedown",
    "next": "pagedown", "spacebar": "space", "printscreen": "print", "scroll_lock": "scrolllock",
    "-": "minus", "=": "equal", ",": "comma", ".": "period", "/": "slash", "\\": "backslash", ";": "semicolon",
    "'": "apostrophe", "`": "grave", "[": "bracketleft", "]": "bracketright",
}  # fmt: skip
_WORDS = {"pageup": "Page Up", "pagedown": "Page Down", "scrolllock": "Scroll Lock"}


@dataclass(frozen=True, slots=True)
class Combination:
    """Modifiers and one key, by the names of this module.

    Attributes:
        modifiers: in the order of ``MODIFIERS``.
        key: one of ``KEYS``.
    """

    modifiers: tuple[str, ...]
    key: str

    def __str__(self) -> str:
        """As it stands in the settings."""
        return "+".join((*self.modifiers, self.key))

    @property
    def words(self) -> str:
        """As the user reads it: ``Ctrl+Alt+Space``."""
        return "+".join(_WORDS.get(name, name.capitalize()) for name in (*self.modifiers, self.key))


def parse_combination(text: str) -> Combination:
    """Read a combination; spaces, capitals, other names and another order are all right.

    Raises:
        ConfigError: it is no combination, or one that would be in the way of typing.
    """
    names = [_ALIASES.get(name, name) for name in (part.strip().lower() for part in text.split("+"))]
    *modifiers, key = names
    unknown = [name for name in modifiers if name not in MODIFIERS] + ([] if key in KEYS else [key])
    if unknown:
        raise ConfigError(
            f"{text!r} is no key combination: {unknown[0]!r} is no {'key' if unknown == [key] else 'modifier'}",
            hint='write it as in "ctrl+alt+space"',
        )
    if key in _TYPING and not set(modifiers) & {"ctrl", "alt", "super"}:
        raise ConfigError(f"{text!r} would be in the way of typing", hint="add ctrl, alt or super, or take F1 to F24")
    return Combination(tuple(name for name in MODIFIERS if name in modifiers), key)


def is_combination(value: object) -> bool:
    """Whether a value is a combination, or the empty text for none."""
    if not isinstance(value, str):
        return False
    try:
        return value == "" or bool(parse_combination(value))
    except ConfigError:
        return False
