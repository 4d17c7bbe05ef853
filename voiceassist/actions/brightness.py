"""Screen brightness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voiceassist.action_spec import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import CHANGE_BY_PERCENT, ActionDetails, ActionRegistry
from voiceassist.i18n import mark

MIN_PERCENT = 1
"""Some screens are black at 0, and then the user could not see how to raise it again."""


@dataclass(frozen=True, slots=True)
class Brightness:
    """The brightness of a screen.

    Attributes:
        raw: in the steps of the device.
        max_raw: the maximum.
    """

    raw: int
    max_raw: int

    @property
    def percent(self) -> int:
        return round(100 * self.raw / self.max_raw)

    def at(self, percent: float) -> int:
        """The raw value for a percentage; never 0."""
        kept = min(100.0, max(float(MIN_PERCENT), percent))
        return max(1, round(self.max_raw * kept / 100))


class Backlight(Protocol):
    """The backlight of a screen. Every method raises ActionError if it does not answer."""

    def brightness(self) -> Brightness:
        """The current brightness."""
        ...

    def set_raw(self, raw: int) -> None:
        """Sets the brightness in the steps of the device."""
        ...


class BrightnessActions:
    """``brightness.*``; each change can be undone."""

    def __init__(self, registry: ActionRegistry, find_backlight: Callable[[], Backlight]) -> None:
        self._registry = registry
        self._find_backlight = find_backlight
        details = ActionDetails(risk=Risk.CHANGES, undo=True, needs="a built-in screen", check=find_backlight)
        registry.register("brightness.set", self.set, Parameter("percent", ValueKind.NUMBER), **details)
        registry.register("brightness.change", self.change, *CHANGE_BY_PERCENT, **details)

        registry.register("brightness.level", self.level, needs="a built-in screen", check=find_backlight)

    def level(self, _call: ActionCall) -> ActionOutcome:
        """Says how bright the screen is set."""
        return ActionOutcome(True, _describe(self._find_backlight().brightness()))

    def set(self, call: ActionCall) -> ActionOutcome:
        """Sets the brightness to ``percent``, limited to 1 to 100."""
        percent = call.needed_number("percent")
        return self._set(lambda _before: percent)

    def change(self, call: ActionCall) -> ActionOutcome:
        """Changes the brightness by ``delta_percent``; a slot ``percent`` gives the amount."""
        return self._set(lambda before: call.changed_percent(before.percent))

    def _set(self, wanted_percent: Callable[[Brightness], float]) -> ActionOutcome:
        backlight = self._find_backlight()
        before = backlight.brightness()
        backlight.set_raw(before.at(wanted_percent(before)))

        def put_back() -> str:
            backlight.set_raw(before.raw)
            return mark("Brightness is at {percent} % again.", percent=before.percent)

        return ActionOutcome(True, _describe(backlight.brightness()), self._registry.remember(put_back))


def _describe(brightness: Brightness) -> str:
    return mark("Brightness is at {percent} %.", percent=brightness.percent)
