"""Settings that are on or off: Wi-Fi, Bluetooth, dark mode, do not disturb."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, Protocol

from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import ActionOutcome, Parameter, Risk, ValueKind

SwitchKind = Literal["wifi", "bluetooth", "dark_mode", "do_not_disturb"]
NAMES: dict[SwitchKind, str] = {
    "wifi": "Wi-Fi",
    "bluetooth": "Bluetooth",
    "dark_mode": "Dark mode",
    "do_not_disturb": "Do not disturb",
}


_NEEDS: dict[SwitchKind, str] = {
    "wifi": "NetworkManager",
    "bluetooth": "BlueZ and an adapter",
    "dark_mode": "a desktop with a dark mode",
    "do_not_disturb": "a desktop that can hold notifications back",
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
    for kind, label in NAMES.items():
        registry.register(
            f"{kind}.set",
            _setter(registry, find_switch, kind),
            Parameter("on", ValueKind.FLAG),
            description=f"Turns {label} on or off.",
            risk=Risk.CHANGES,
            undo=True,
            needs=_NEEDS[kind],
            check=partial(_ask, find_switch, kind),
        )


def _ask(find_switch: Callable[[SwitchKind], Switch], kind: SwitchKind) -> bool:
    return find_switch(kind).is_on()


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
