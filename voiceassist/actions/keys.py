"""Typing and key presses in the window that has the focus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from voiceassist.action_spec import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionDetails, ActionRegistry
from voiceassist.actions.slot_templates import fill, slot_text
from voiceassist.errors import ActionError
from voiceassist.i18n import mark
from voiceassist.keys import KEYSYMS, MODIFIERS, key_label, key_name

MAX_TEXT_CHARS = 2_000
"""Maximum length of a text that is typed at once."""
MAX_PRESSES = 50
Keys = tuple[str, ...]
"""Keys that are pressed together: modifiers first, then a key by its name in the key table, or a character."""
_SCROLLED = {
    "up": mark("Scrolled up."),
    "down": mark("Scrolled down."),
    "left": mark("Scrolled left."),
    "right": mark("Scrolled right."),
}
DIRECTIONS = tuple(_SCROLLED)


TIMEOUT_S = 90.0
"""On Wayland the desktop asks the user first, and typing a long text takes a while."""
_PRESS = (
    Parameter("keys", ValueKind.KEYS),
    Parameter("modifier", required=False, choices=MODIFIERS, description="held with the keys"),
    Parameter("second_modifier", required=False, choices=MODIFIERS, description="held with the keys, too"),
    Parameter("count", ValueKind.NUMBER, required=False, description="number of times"),
    Parameter("undo_keys", ValueKind.KEYS, required=False, description="keys that undo it"),
    Parameter("done", required=False, template=True, description="the answer"),
)


class Keyboard(Protocol):
    """Sends synthetic keys to the focused window. Every method raises ActionError if that is impossible."""

    def target(self) -> str:
        """Identifies the focused window, so that undo reaches the same one; empty if it is unknown."""
        ...

    def type_text(self, text: str) -> None:
        """Types a text."""
        ...

    def press(self, keys: Keys) -> None:
        """Presses keys together."""
        ...

    def scroll(self, direction: str, steps: int) -> None:
        """Turns the mouse wheel into one of `DIRECTIONS`."""
        ...


class KeyActions:
    """``keys.type``, ``keys.press`` and ``keys.scroll``."""

    def __init__(self, registry: ActionRegistry, find_keyboard: Callable[[], Keyboard]) -> None:
        self._registry = registry
        self.find_keyboard = find_keyboard
        needs = "a desktop that accepts synthetic keys"
        details = ActionDetails(
            risk=Risk.CHANGES, undo=True, needs=needs, check=lambda: find_keyboard().target(), timeout_s=TIMEOUT_S
        )
        registry.register("keys.type", self.type, Parameter("text"), **details)
        text = Parameter("text", template=True, description="with {slots}; the slot text by default")
        registry.register("text.type", self.type_template, text, **details)
        registry.register("keys.press", self.press, *_PRESS, **details)
        direction = Parameter("direction", choices=DIRECTIONS)
        steps = Parameter("steps", ValueKind.NUMBER, required=False, description="steps of the mouse wheel")
        count = Parameter("count", ValueKind.NUMBER, required=False, description="number of times")
        registry.register(
            "keys.scroll",
            self.scroll,
            direction,
            steps,
            count,
            needs=needs,
            check=lambda: find_keyboard().target(),
            timeout_s=TIMEOUT_S,
        )

    def type(self, call: ActionCall) -> ActionOutcome:
        """Types ``text``; undo deletes it as long as the same window has the focus."""
        text = call.needed_text("text")
        return self._type(_printable(text) if "text" in call.slots else text)

    def type_template(self, call: ActionCall) -> ActionOutcome:
        """Types a text of the command file, which may contain slots."""
        template = call.arguments.get("text")
        if not isinstance(template, str):
            return self.type(call)
        slots = {name: _printable(slot_text(value)) for name, value in call.definite_slots.items()}
        return self._type(fill(template, slots))

    def _type(self, text: str) -> ActionOutcome:
        if len(text) > MAX_TEXT_CHARS:
            raise ActionError(f"that text has {len(text)} characters", hint=f"type at most {MAX_TEXT_CHARS} at once")
        keyboard = self.find_keyboard()
        target = keyboard.target()
        keyboard.type_text(text)
        undo = partial(
            _press_repeatedly, keyboard, target, ("backspace",), len(text), mark("The typed text is deleted.")
        )
        return ActionOutcome(True, mark("Typed: {text}", text=text), self._registry.remember(undo) if target else None)

    def press(self, call: ActionCall) -> ActionOutcome:
        """Presses ``keys``, such as ``ctrl+c``, ``count`` times; ``undo_keys`` undo it, ``done`` is the answer."""
        held = [call.needed_text(key) for key in ("second_modifier", "modifier") if call.value(key) is not None]
        if any(name not in MODIFIERS for name in held):
            raise call.nonsense("modifier", "one of " + ", ".join(MODIFIERS))
        keys = (*held[::-1], *read_keys(call, "keys"))
        back = read_keys(call, "undo_keys") if call.value("undo_keys") is not None else None
        count = read_count(call, "count", 1)
        done = mark(fill(str(call.arguments.get("done", "")), call.definite_slots))  # those of shipped files are known
        if not done:
            pressed = " + ".join(key_label(key).lower() for key in keys)
            words = mark("Pressed {keys} {count} times.") if count > 1 else mark("Pressed {keys}.")
            done = mark(words, keys=pressed, count=count)
        return self.play(keys, done, back=back, count=count)

    def play(self, keys: Keys, done: str, *, back: Keys | None = None, count: int = 1) -> ActionOutcome:
        """Press keys together, ``count`` times; undo presses ``back`` as often if the same window has the focus."""
        keyboard = self.find_keyboard()
        target = keyboard.target()
        for _ in range(count):
            keyboard.press(keys)
        token = None
        if back is not None and target:
            undo = partial(_press_repeatedly, keyboard, target, back, count, mark("It is as it was."))
            token = self._registry.remember(undo)
        return ActionOutcome(True, done, token)

    def scroll(self, call: ActionCall) -> ActionOutcome:
        """Scrolls into ``direction`` by ``steps`` of the mouse wheel."""
        direction = call.needed_text("direction")
        if direction not in DIRECTIONS:
            raise call.nonsense("direction", "one of " + ", ".join(DIRECTIONS))
        steps = read_count(call, "steps", 5) * read_count(call, "count", 1)
        self.find_keyboard().scroll(direction, min(steps, MAX_PRESSES))
        return ActionOutcome(True, _SCROLLED[direction])


def _printable(text: str) -> str:
    """The text of a slot without control characters: no value of a list may press Enter."""
    return "".join(char if char.isprintable() else " " for char in text)


def read_keys(call: ActionCall, name: str) -> Keys:
    """The keys of a text such as ``ctrl+shift+t``.

    Raises:
        ActionError: one of them is unknown.
    """
    parts = [part.strip() for part in call.needed_text(name).split("+")]
    keys = tuple(part if len(part) == 1 else key_name(part) for part in parts)
    *held, key = keys
    if [part for part in held if part not in MODIFIERS] or not (key in KEYSYMS or len(key) == 1):
        raise call.nonsense(name, "keys such as enter, f5 or ctrl+c")
    return keys


def read_count(call: ActionCall, name: str, default: int) -> int:
    """How many times, at most `MAX_PRESSES`.

    Raises:
        ActionError: it is no such number.
    """
    number = call.number(name)
    count = default if number is None else round(number)
    if not 1 <= count <= MAX_PRESSES:
        raise call.nonsense(name, f"1 to {MAX_PRESSES}")
    return count


def _press_repeatedly(keyboard: Keyboard, target: str, keys: Keys, count: int, done: str) -> str:
    """Undo by keys, if the focus has not changed since."""
    if keyboard.target() != target:
        raise ActionError(
            mark("another window has the focus now"), hint=mark("switch to that window and undo it there")
        )
    for _ in range(count):
        keyboard.press(keys)
    return done
