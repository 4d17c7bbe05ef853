"""Windows under sway, through ``swaymsg``.

Source: sway-ipc(7), ``GET_TREE``; sway(5) for the commands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from voiceassist.actions.process import run_tool
from voiceassist.actions.windows import Placement, Window
from voiceassist.errors import ActionError

_TILES = "use the layout keys of sway"


class SwayWindowManager:
    """The windows of sway. Operations that a tiling desktop does not have raise ActionError."""

    def windows(self) -> Sequence[Window]:
        """All windows: scratchpad windows first, the focused window last."""
        found = []
        for node in _nodes(_tree()):
            x11 = node.get("window_properties") or {}
            names = tuple(filter(None, (node.get("app_id"), x11.get("instance"), x11.get("class"))))
            title = node.get("name") or "a window without a title"
            found.append(Window(node["id"], title, names, node["pid"], node["id"]))
        return found

    def activate(self, window: Window) -> None:
        """Raises and focuses a window."""
        _command(window, "focus")

    def close(self, window: Window) -> None:
        """Asks a window to close."""
        _command(window, "kill")

    def minimize(self, window: Window) -> None:
        """Hides a window by moving it to the scratchpad."""
        _command(window, "move scratchpad")

    def placement(self, window: Window) -> Placement:
        """The current placement of a window."""
        node = _node(window)
        return Placement(_area(node), full_screen=bool(node.get("fullscreen_mode")))

    def area(self, window: Window) -> tuple[int, int, int, int]:
        """The area of a window on the screen, without its frame."""
        node = _node(window)
        (x, y, _, _), inside = _area(node), node["window_rect"]
        return x + inside["x"], y + inside["y"], inside["width"], inside["height"]

    def place(self, window: Window, placement: Placement) -> None:
        """Turns full screen on or off; sway decides the position."""
        before = self.placement(window)
        if placement.maximized or (placement.area != before.area and placement.full_screen == before.full_screen):
            raise ActionError("sway decides itself where windows are placed", hint=_TILES)
        _command(window, f"fullscreen {'enable' if placement.full_screen else 'disable'}")

    def half_screen(self, window: Window, side: str) -> Placement:
        """Not available on a tiling desktop."""
        raise ActionError(f"sway cannot place {window.title} on the {side} half", hint=_TILES)

    def show_desktop(self, shown: bool) -> None:
        """Not available on a tiling desktop."""
        raise ActionError(f"sway cannot {'show the desktop' if shown else 'bring the windows back'}", hint=_TILES)


def _tree() -> Any:
    return json.loads(run_tool(["swaymsg", "-r", "-t", "get_tree"]))


def _nodes(node: Any) -> Iterator[Any]:
    """The windows below a node, the most recently focused one last."""
    children = [*node.get("nodes", ()), *node.get("floating_nodes", ())]
    latest = list(reversed(node.get("focus", [])))
    # The output that holds the scratchpad never has the focus: it comes first.
    children.sort(key=lambda child: latest.index(child["id"]) if child["id"] in latest else -1)
    if not children and node.get("pid"):
        yield node
    for child in children:
        yield from _nodes(child)


def _node(window: Window) -> Any:
    node = next((node for node in _nodes(_tree()) if node["id"] == window.number), None)
    if node is None:
        raise _closed()
    return node


def _area(node: Any) -> tuple[int, int, int, int]:
    rect = node["rect"]
    return rect["x"], rect["y"], rect["width"], rect["height"]


def _command(window: Window, command: str) -> None:
    try:
        run_tool(["swaymsg", "-q", f"[con_id={window.number}] {command}"])
    except ActionError as error:
        raise _closed() from error


def _closed() -> ActionError:
    return ActionError("that window has been closed", hint="choose another one")
