"""Screen brightness: set, changed, and put back."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import CHANGE_BY_PERCENT, ActionDetails, ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter, Risk, ValueKind

MIN_PERCENT = 1
"""Some screens are black at 0, and then nobody finds the way back."""


@dataclass(frozen=True, slots=True)
class Brightness:
    """How a screen is set.

    Attributes:
        raw: in the screen's own steps, to put it back exactly.
        most: the brightest.
    """

    raw: int
    most: int

    @property
    def percent(self) -> int:
        return round(100 * self.raw / self.most)

    def at(self, percent: float) -> int:
        """The raw value for a percentage; never dark altogether."""
        kept = min(100.0, max(float(MIN_PERCENT), percent))
        return max(1, round(self.most * kept / 100))


class Backlight(Protocol):
    """The light of a screen. Every method raises ActionError where it does not answer."""

    def brightness(self) -> Brightness:
        """How it is set now."""
        ...

    def set_raw(self, raw: int) -> None:
        """Sets it in its own steps."""
        ...


class BrightnessActions:
    """``brightness.set`` and ``brightness.change``, each with its way back."""

    def __init__(self, registry: ActionRegistry, find_backlight: Callable[[], Backlight]) -> None:
        self._registry = registry
        self._find_backlight = find_backlight
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs="a built-in screen", check=find_backlight)
        registry.register("brightness.set", self.set, Parameter("percent", ValueKind.NUMBER), **details)
        registry.register("brightness.change", self.change, *CHANGE_BY_PERCENT, **details)

    def set(self, call: ActionCall) -> ActionOutcome:
        """Sets the brightness to ``percent``, brought into 1 to 100."""
        percent = call.needed_number("percent")
        return self._set(lambda _before: percent)

    def change(self, call: ActionCall) -> ActionOutcome:
        """Moves the brightness by ``delta_percent``; a slot ``percent`` gives its size."""
        delta = call.needed_number("delta_percent")
        size = call.number("percent")
        if size is not None:
            delta = math.copysign(size, delta)
        return self._set(lambda before: before.percent + delta)

    def _set(self, wanted_percent: Callable[[Brightness], float]) -> ActionOutcome:
        backlight = self._find_backlight()
        before = backlight.brightness()
        backlight.set_raw(before.at(wanted_percent(before)))

        def put_back() -> str:
            backlight.set_raw(before.raw)
            return f"Brightness is at {before.percent} % again."

        told = f"Brightness is at {backlight.brightness().percent} %."
        return ActionOutcome(True, told, self._registry.remember(put_back))
