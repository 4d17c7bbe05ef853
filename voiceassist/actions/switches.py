"""What is on or off: Wi-Fi, Bluetooth, dark mode, do not disturb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from voiceassist.actions.registry import ActionCall, ActionRegistry
from voiceassist.domain import ActionOutcome

SwitchKind = Literal["wifi", "bluetooth", "dark_mode", "do_not_disturb"]
NAMES: dict[SwitchKind, str] = {
    "wifi": "Wi-Fi",
    "bluetooth": "Bluetooth",
    "dark_mode": "Dark mode",
    "do_not_disturb": "Do not disturb",
}


class Switch(Protocol):
    """Something that is on or off. Every method raises ActionError where it does not answer."""

    def is_on(self) -> bool:
        """How it is now."""
        ...

    def turn(self, on: bool) -> None:
        """Turns it on or off."""
        ...


def register_switches(registry: ActionRegistry, find_switch: Callable[[SwitchKind], Switch]) -> None:
    """Adds ``wifi.set``, ``bluetooth.set``, ``dark_mode.set`` and ``do_not_disturb.set``, each with ``on``."""
    for kind in NAMES:
        registry.register(f"{kind}.set", _setter(registry, find_switch, kind))


def _setter(
    registry: ActionRegistry, find_switch: Callable[[SwitchKind], Switch], kind: SwitchKind
) -> Callable[[ActionCall], ActionOutcome]:
    def set_switch(call: ActionCall) -> ActionOutcome:
        wanted = call.flag("on")
        if wanted is None:
            raise call.missing("on")
        switch = find_switch(kind)
        if switch.is_on() == wanted:
            return ActionOutcome(True, f"{NAMES[kind]} is {_word(wanted)} already.")
        switch.turn(wanted)

        def put_back() -> str:
            switch.turn(not wanted)
            return f"{NAMES[kind]} is {_word(not wanted)} again."

        return ActionOutcome(True, f"{NAMES[kind]} is {_word(wanted)}.", registry.remember(put_back))

    return set_switch


def _word(on: bool) -> str:
    return "on" if on else "off"
