"""The keyboard layout of an X server: the keycodes of each keysym, and the modifier bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voiceassist.keys import KEYSYMS

_ALT = frozenset({0xFFE9, 0xFFEA})
_META = frozenset({0xFFE7, 0xFFE8})
_SUPER = frozenset({0xFFEB, 0xFFEC})
_NUM_LOCK = frozenset({0xFF7F})
_SCROLL_LOCK = frozenset({0xFF14})
_SHIFT_MASK, _LOCK_MASK, _CONTROL_MASK, _ALT_MASK, _SUPER_MASK = 1, 2, 4, 8, 64


@dataclass(frozen=True, slots=True)
class KeyboardMap:
    """The keyboard layout as reported by the X server.

    Attributes:
        first_code: the keycode of the first row.
        keysyms: for each keycode its keysyms; the first is what the key gives without modifiers.
        modifier_codes: for each of the eight modifiers the keycodes that set it.
    """

    first_code: int
    keysyms: Sequence[Sequence[int]]
    modifier_codes: Sequence[Sequence[int]]

    def codes_of(self, key: str) -> tuple[int, ...]:
        """The keycodes of a keysym: those without modifiers, else those with any."""
        wanted = KEYSYMS[key]
        plain = tuple(self._code(row) for row, found in enumerate(self.keysyms) if found and found[0] == wanted)
        return plain or tuple(self._code(row) for row, found in enumerate(self.keysyms) if wanted in found)

    def mask_of(self, modifiers: Sequence[str]) -> int:
        """The modifiers as an X modifier mask."""
        masks = {
            "shift": _SHIFT_MASK,
            "ctrl": _CONTROL_MASK,
            "alt": self._mask(_ALT) or self._mask(_META) or _ALT_MASK,
            "super": self._mask(_SUPER) or _SUPER_MASK,
        }
        return sum(masks[name] for name in modifiers)

    def lock_masks(self) -> tuple[int, ...]:
        """The masks of every state of the lock keys; a hotkey has to work in each of them."""
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
