"""Settings that are on or off: Wi-Fi, Bluetooth, dark mode, do not disturb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from voiceassist.action_spec import ActionOutcome, Parameter, Risk, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.i18n import mark

SwitchKind = Literal["wifi", "bluetooth", "dark_mode", "do_not_disturb"]
NAMES: dict[SwitchKind, str] = {
    "wifi": mark("Wi-Fi"),
    "bluetooth": mark("Bluetooth"),
    "dark_mode": mark("Dark mode"),
    "do_not_disturb": mark("Do not disturb"),
}


_NEEDS: dict[SwitchKind, str] = {
    "wifi": "NetworkManager",
    "bluetooth": "BlueZ and an adapter",
    "dark_mode": "a desktop with a dark mode",
    "do_not_disturb": "a desktop that can suppress notifications",
}


class Switch(Protocol):
    """A setting that is on or off. Every method raises ActionError if its service does not answer."""

    def is_on(self) -> bool:
        """Whether it is on."""
        ...

    def turn(self, on: bool) -> None:
        """Turns it on or off."""
        ...


def register_switches(registry: ActionRegistry, find_switch: Callable[[SwitchKind], Switch]) -> None:
    """Adds ``wifi.set``, ``bluetooth.set``, ``dark_mode.set`` and ``do_not_disturb.set``, each with ``on``."""
    for kind, label in NAMES.items():
        action = _SwitchAction(registry, partial(find_switch, kind), label)
        registry.register(
            f"{kind}.set",
            action.turn,
            Parameter("on", ValueKind.FLAG),
            description=f"Turns {label} on or off.",
            risk=Risk.CHANGES,
            undo=True,
            needs=_NEEDS[kind],
            check=action.is_on,
        )


@dataclass(frozen=True, slots=True)
class _SwitchAction:
    registry: ActionRegistry
    find_switch: Callable[[], Switch]
    label: str

    def is_on(self) -> bool:
        return self.find_switch().is_on()

    def turn(self, call: ActionCall) -> ActionOutcome:
        wanted = call.flag("on")
        if wanted is None:
            raise call.missing("on")
        switch = self.find_switch()
        if switch.is_on() == wanted:
            words = mark("{name} is on already.") if wanted else mark("{name} is off already.")
            return ActionOutcome(True, mark(words, name=self.label))
        switch.turn(wanted)

        def turn_back() -> str:
            switch.turn(not wanted)
            return mark(mark("{name} is off again.") if wanted else mark("{name} is on again."), name=self.label)

        words = mark("{name} is on.") if wanted else mark("{name} is off.")
        return ActionOutcome(True, mark(words, name=self.label), self.registry.remember(turn_back))
