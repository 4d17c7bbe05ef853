"""Key combinations as text: ``ctrl+alt+space``."""

from __future__ import annotations

from dataclasses import dataclass

from voiceassist.errors import ConfigError
from voiceassist.keys import KEYSYMS, MODIFIERS, key_label, key_name

KEYS = frozenset(KEYSYMS)
"""Every key that can be named. What types or edits text needs ctrl, alt or super beside it."""

_ALONE = frozenset(
    {*(f"f{number}" for number in range(1, 25)), "pause", "insert", "print", "scrolllock", "menu", "home", "end"}
)


@dataclass(frozen=True, slots=True)
class Combination:
    """Modifiers and one key, by their names in the table of keys.

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
        return "+".join(key_label(name) for name in (*self.modifiers, self.key))


def parse_combination(text: str) -> Combination:
    """Read a combination; spaces, capitals, other names and another order are accepted.

    Raises:
        ConfigError: it is not a combination, or one that would get in the way of typing.
    """
    *modifiers, key = map(key_name, text.split("+"))
    unknown = [name for name in modifiers if name not in MODIFIERS] + ([] if key in KEYS else [key])
    if unknown:
        raise ConfigError(
            f"{text!r} is not a key combination: {unknown[0]!r} is not a {'key' if unknown == [key] else 'modifier'}",
            hint='write it as in "ctrl+alt+space"',
        )
    if key not in _ALONE and not set(modifiers) & {"ctrl", "alt", "super"}:
        raise ConfigError(
            f"{text!r} would get in the way of typing", hint="add ctrl, alt or super, or choose one of F1 to F24"
        )
    return Combination(tuple(name for name in MODIFIERS if name in modifiers), key)


def is_combination(value: object) -> bool:
    """Whether a value is a combination, or the empty text for none."""
    if not isinstance(value, str):
        return False
    try:
        return value == "" or bool(parse_combination(value))
    except ConfigError:
        return False
