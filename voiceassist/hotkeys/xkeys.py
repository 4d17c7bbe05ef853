"""Our names of keys as keysyms of X, and where they are on the keyboard at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

KEYSYMS = {
    "space": 0x20, "apostrophe": 0x27, "comma": 0x2C, "minus": 0x2D, "period": 0x2E, "slash": 0x2F, "semicolon": 0x3B,
    "equal": 0x3D, "bracketleft": 0x5B, "backslash": 0x5C, "bracketright": 0x5D, "grave": 0x60,
    "backspace": 0xFF08, "tab": 0xFF09, "return": 0xFF0D, "pause": 0xFF13, "scrolllock": 0xFF14, "escape": 0xFF1B,
    "home": 0xFF50, "left": 0xFF51, "up": 0xFF52, "right": 0xFF53, "down": 0xFF54, "pageup": 0xFF55,
    "pagedown": 0xFF56, "end": 0xFF57, "print": 0xFF61, "insert": 0xFF63, "menu": 0xFF67, "delete": 0xFFFF,
    **{f"f{number}": 0xFFBD + number for number in range(1, 25)},
    **{letter: ord(letter) for letter in "abcdefghijklmnopqrstuvwxyz0123456789"},
}  # fmt: skip

_ALT = frozenset({0xFFE9, 0xFFEA})
_META = frozenset({0xFFE7, 0xFFE8})
_SUPER = frozenset({0xFFEB, 0xFFEC})
_NUM_LOCK = frozenset({0xFF7F})
_SCROLL_LOCK = frozenset({0xFF14})
_SHIFT_MASK, _LOCK_MASK, _CONTROL_MASK, _ALT_MASK, _SUPER_MASK = 1, 2, 4, 8, 64


@dataclass(frozen=True, slots=True)
class KeyboardMap:
    """The keyboard as the X server describes it.

    Attributes:
        first_code: the keycode of the first row.
        keysyms: for each keycode its keysyms; the first is what the key gives without modifiers.
        modifier_codes: for each of the eight modifiers the keycodes that set it.
    """

    first_code: int
    keysyms: Sequence[Sequence[int]]
    modifier_codes: Sequence[Sequence[int]]

    def codes_of(self, key: str) -> tuple[int, ...]:
        """The keycodes of a key: those that give it without modifiers, else those that give it at all."""
        wanted = KEYSYMS[key]
        plain = tuple(self._code(row) for row, found in enumerate(self.keysyms) if found and found[0] == wanted)
        return plain or tuple(self._code(row) for row, found in enumerate(self.keysyms) if wanted in found)

    def mask_of(self, modifiers: Sequence[str]) -> int:
        """The modifiers as X's bits."""
        masks = {
            "shift": _SHIFT_MASK,
            "ctrl": _CONTROL_MASK,
            "alt": self._mask(_ALT) or self._mask(_META) or _ALT_MASK,
            "super": self._mask(_SUPER) or _SUPER_MASK,
        }
        return sum(masks[name] for name in modifiers)

    def lock_masks(self) -> tuple[int, ...]:
        """Every way in which the lock keys can be set: a combination has to work with each of them."""
        masks = [0]
        for lock in {_LOCK_MASK, self._mask(_NUM_LOCK), self._mask(_SCROLL_LOCK)} - {0}:
            masks += [mask | lock for mask in masks]
        return tuple(sorted(masks))

    def _code(self, row: int) -> int:
        return self.first_code + row

    def _mask(self, keysyms: frozenset[int]) -> int:
        for bit, codes in enumerate(self.modifier_codes):
            for code in codes:
                row = code - self.first_code
                if code and 0 <= row < len(self.keysyms) and keysyms & set(self.keysyms[row]):
                    return 1 << bit
        return 0
