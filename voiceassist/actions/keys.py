"""Typing and key presses in the window that has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.actions.slot_templates import fill, slot_text
from voiceassist.domain import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.errors import ActionError
from voiceassist.keys import KEYSYMS, MODIFIERS, key_label, key_name

MAX_TEXT_CHARS = 2_000
"""So many characters at most are typed at once."""
MAX_PRESSES = 50
Keys = tuple[str, ...]
"""Keys that are pressed together: modifiers first, then a key by its name in the table, or a character."""
DIRECTIONS = ("up", "down", "left", "right")


TIMEOUT_S = 90.0
"""On Wayland the desktop asks the user first, and a long text takes a while."""
_PRESS = (
    Parameter("keys", ValueKind.KEYS),
    Parameter("modifier", required=False, choices=MODIFIERS, description="held with the keys"),
    Parameter("second_modifier", required=False, choices=MODIFIERS, description="held, too"),
    Parameter("count", ValueKind.NUMBER, required=False, description="how often"),
    Parameter("undo_keys", ValueKind.KEYS, required=False, description="keys that take it back"),
    Parameter("done", required=False, description="what is said afterwards"),
)


class Keyboard(Protocol):
    """Plays keys into the window that has the focus. Every method raises ActionError where that cannot be done."""

    def target(self) -> str:
        """What has the focus, so that undo reaches the same window; empty where that cannot be known."""
        ...

    def type_text(self, text: str) -> None:
        """Types a text."""
        ...

    def press(self, keys: Keys) -> None:
        """Presses keys together."""
        ...

    def scroll(self, direction: str, steps: int) -> None:
        """Turns the wheel, one of `DIRECTIONS`."""
        ...


class KeyActions:
    """``keys.type``, ``keys.press`` and ``keys.scroll``."""

    def __init__(self, registry: ActionRegistry, find_keyboard: Callable[[], Keyboard]) -> None:
        self._registry = registry
        self.find_keyboard = find_keyboard
        needs = "a window that may be typed into"
        details = ActionDetails(
            risk=Risk.CHANGES, undo=True, needs=needs, check=lambda: find_keyboard().target(), timeout_s=TIMEOUT_S
        )
        registry.register("keys.type", self.type, Parameter("text"), **details)
        text = Parameter("text", template=True, description="with {slots}; what was said otherwise")
        registry.register("text.type", self.type_template, text, **details)
        registry.register("keys.press", self.press, *_PRESS, **details)
        direction = Parameter("direction", choices=DIRECTIONS)
        steps = Parameter("steps", ValueKind.NUMBER, required=False, description="of the wheel")
        registry.register(
            "keys.scroll",
            self.scroll,
            direction,
            steps,
            needs=needs,
            check=lambda: find_keyboard().target(),
            timeout_s=TIMEOUT_S,
        )

    def type(self, call: ActionCall) -> ActionOutcome:
        """Types ``text``; undo takes the characters away again while the focus is still there."""
        return self._type(call.needed_text("text") if "text" not in call.slots else _said(call.needed_text("text")))

    def type_template(self, call: ActionCall) -> ActionOutcome:
        """Types a text of the command file, in which slots may stand."""
        template = call.arguments.get("text")
        if not isinstance(template, str):
            return self.type(call)
        said = {name: _said(slot_text(value)) for name, value in call.slots.items()}
        return self._type(fill(template, said))

    def _type(self, text: str) -> ActionOutcome:
        if len(text) > MAX_TEXT_CHARS:
            raise ActionError(f"that text has {len(text)} characters", hint=f"up to {MAX_TEXT_CHARS} are typed at once")
        keyboard = self.find_keyboard()
        target = keyboard.target()
        keyboard.type_text(text)
        token = self._registry.remember(lambda: _take_away(keyboard, text, target)) if target else None
        return ActionOutcome(True, f"Typed: {text}", token)

    def press(self, call: ActionCall) -> ActionOutcome:
        """Presses ``keys``, such as ``ctrl+c``, ``count`` times; ``undo_keys`` take it back, ``done`` says it."""
        held = [call.needed_text(key) for key in ("second_modifier", "modifier") if call.value(key) is not None]
        if any(name not in MODIFIERS for name in held):
            raise call.nonsense("modifier", "one of " + ", ".join(MODIFIERS))
        keys = (*held[::-1], *read_keys(call, "keys"))
        back = read_keys(call, "undo_keys") if call.value("undo_keys") is not None else None
        done = call.value("done") or f"Pressed {' + '.join(key_label(key).lower() for key in keys)}."
        count = round(call.number("count") or 1)
        if not 1 <= count <= MAX_PRESSES:
            raise call.nonsense("count", f"1 to {MAX_PRESSES}")
        return self.play(keys, str(done), back=back, count=count)

    def play(self, keys: Keys, done: str, *, back: Keys | None = None, count: int = 1) -> ActionOutcome:
        """Presses keys together, ``count`` times; undo presses ``back`` as often while the focus is still there."""
        keyboard = self.find_keyboard()
        target = keyboard.target()
        for _ in range(count):
            keyboard.press(keys)
        token = None
        if back is not None and target:
            token = self._registry.remember(lambda: _press_back(keyboard, back, count, target))
        return ActionOutcome(True, done, token)

    def scroll(self, call: ActionCall) -> ActionOutcome:
        """Scrolls into ``direction`` by ``steps`` of the wheel."""
        direction = call.needed_text("direction")
        if direction not in DIRECTIONS:
            raise call.nonsense("direction", "one of " + ", ".join(DIRECTIONS))
        steps = round(call.number("steps") or 5)
        if not 1 <= steps <= MAX_PRESSES:
            raise call.nonsense("steps", f"1 to {MAX_PRESSES}")
        self.find_keyboard().scroll(direction, steps)
        return ActionOutcome(True, f"Scrolled {direction}.")


def _said(text: str) -> str:
    """What was said, without what is no character: no value of a list may press Enter."""
    return "".join(char if char.isprintable() else " " for char in text)


def read_keys(call: ActionCall, name: str) -> Keys:
    """The keys of a text such as ``ctrl+shift+t``.

    Raises:
        ActionError: one of them is not known.
    """
    parts = [part.strip() for part in call.needed_text(name).split("+")]
    keys = tuple(part if len(part) == 1 else key_name(part) for part in parts)
    *held, key = keys
    if [part for part in held if part not in MODIFIERS] or not (key in KEYSYMS or len(key) == 1):
        raise call.nonsense(name, "keys such as enter, f5 or ctrl+c")
    return keys


def _take_away(keyboard: Keyboard, text: str, target: str) -> str:
    _check_target(keyboard, target)
    for _ in text:
        keyboard.press(("backspace",))
    return "The typed text is gone."


def _press_back(keyboard: Keyboard, keys: Keys, count: int, target: str) -> str:
    _check_target(keyboard, target)
    for _ in range(count):
        keyboard.press(keys)
    return "It is as it was."


def _check_target(keyboard: Keyboard, target: str) -> None:
    if keyboard.target() != target:
        raise ActionError("another window has the focus now", hint="go back to that window and undo it there")
