"""Navigation in a window by common keyboard shortcuts: pages, tabs, zoom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from voiceassist.action_spec import ActionOutcome, Parameter, ValueKind
from voiceassist.actions.call import ActionCall
from voiceassist.actions.keys import TIMEOUT_S, KeyActions, Keys, read_count
from voiceassist.actions.registry import ActionRegistry
from voiceassist.i18n import mark


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys, the answer, and the keys that undo it."""

    keys: Keys
    done: str
    back: Keys | None = None


MAX_TAB = 8
_ALT_TABS = {
    "firefox",
    "firefox esr",
    "navigator",
    "librewolf",
    "gnome terminal",
    "gnome terminal server",
    "xfce4 terminal",
}

SHORTCUTS: Mapping[str, Mapping[str, Shortcut]] = {
    "page.go": {
        "up": Shortcut(("pageup",), mark("One page up.")),
        "down": Shortcut(("pagedown",), mark("One page down.")),
        "top": Shortcut(("ctrl", "home"), mark("At the top.")),
        "bottom": Shortcut(("ctrl", "end"), mark("At the end.")),
    },
    "page.history": {
        "back": Shortcut(("alt", "left"), mark("One step back."), ("alt", "right")),
        "forward": Shortcut(("alt", "right"), mark("One step forward."), ("alt", "left")),
    },
    "page.zoom": {
        "in": Shortcut(("ctrl", "="), mark("Larger."), ("ctrl", "-")),
        "out": Shortcut(("ctrl", "-"), mark("Smaller."), ("ctrl", "=")),
        "reset": Shortcut(("ctrl", "0"), mark("The normal size.")),
    },
    "tab.switch": {
        "next": Shortcut(("ctrl", "pagedown"), mark("The next tab."), ("ctrl", "pageup")),
        "previous": Shortcut(("ctrl", "pageup"), mark("The previous tab."), ("ctrl", "pagedown")),
    },
}
"""For each action the values of its slot ``to``."""
DESCRIPTIONS = {
    "page.go": "Scrolls up or down by one page, to the beginning or to the end.",
    "page.history": "Goes back to the previous page, or forward again.",
    "page.zoom": "Zooms in or out, or back to the normal size.",
    "tab.switch": "Goes to the next or to the previous tab.",
}


def register_shortcuts(registry: ActionRegistry, keys: KeyActions) -> None:
    """Adds ``page.go``, ``page.history``, ``page.zoom`` and ``tab.switch``, each with a slot ``to``."""
    for action, shortcuts in SHORTCUTS.items():
        _register(registry, keys, action, shortcuts)


def register_tab(
    registry: ActionRegistry, keys: KeyActions, active_application: Callable[[], Collection[str] | None]
) -> None:
    """Adds ``tab.go``, which goes to the tab ``number``."""

    def go(call: ActionCall) -> ActionOutcome:
        number = round(call.needed_number("number"))
        if not 1 <= number <= MAX_TAB:
            raise call.nonsense("number", f"1 to {MAX_TAB}")
        # Firefox on Linux and the terminals of GNOME and Xfce use Alt with the number, all others Ctrl.
        modifier = "alt" if _ALT_TABS & set(active_application() or ()) else "ctrl"
        return keys.play((modifier, str(number)), mark("Tab {number}.", number=number))

    registry.register(
        "tab.go",
        go,
        Parameter("number", ValueKind.NUMBER, description=f"1 to {MAX_TAB}"),
        description="Goes to the tab of that number.",
        needs="a desktop that accepts synthetic keys",
        check=lambda: keys.find_keyboard().target(),
        timeout_s=TIMEOUT_S,
    )


def _register(registry: ActionRegistry, keys: KeyActions, action: str, shortcuts: Mapping[str, Shortcut]) -> None:
    def run(call: ActionCall) -> ActionOutcome:
        to = call.needed_text("to")
        if to not in shortcuts:
            raise call.nonsense("to", "one of " + ", ".join(shortcuts))
        shortcut = shortcuts[to]
        return keys.play(shortcut.keys, shortcut.done, back=shortcut.back, count=read_count(call, "count", 1))

    registry.register(
        action,
        run,
        Parameter("to", choices=tuple(shortcuts)),
        Parameter("count", ValueKind.NUMBER, required=False, description="number of times"),
        description=DESCRIPTIONS[action],
        undo=any(shortcut.back for shortcut in shortcuts.values()),
        needs="a desktop that accepts synthetic keys",
        check=lambda: keys.find_keyboard().target(),
        timeout_s=TIMEOUT_S,
    )
