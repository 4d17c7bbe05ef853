"""A real notification daemon for tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from private_desktop import PrivateBus, need, until


class Dunst:
    """A real notification daemon; its menu of buttons is answered by a script."""

    def __init__(self, bus: PrivateBus, display: str, folder: Path) -> None:
        need("dunst", "dunstctl")
        self._address = bus.address
        self.menu, self.choice = folder / "menu", folder / "choice"
        chooser = folder / "choose"
        # whoever sees the menu sees all of it
        chooser.write_text(
            f'#!/bin/sh\ncat > "{self.menu}.part"\nmv "{self.menu}.part" "{self.menu}"\n'
            f'grep "$(cat "{self.choice}")" "{self.menu}"\n',
            encoding="utf-8",
        )
        chooser.chmod(0o700)
        self.said = folder / "said"
        teller = folder / "tell"
        teller.write_text(
            f'#!/bin/sh\nprintf "%s\\n%s\\n" "$DUNST_SUMMARY" "$DUNST_BODY" >> "{self.said}"\n', encoding="utf-8"
        )
        teller.chmod(0o700)
        config = folder / "dunstrc"
        config.write_text(
            f'[global]\ndmenu = "{chooser}"\nmouse_left_click = close_current\n'
            f'[all]\nsummary = "*"\nscript = "{teller}"\n',
            encoding="utf-8",
        )
        bus.start(["dunst", "-config", str(config)], "org.freedesktop.Notifications", DISPLAY=display)

    def ask(self, *command: str) -> str:
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": self._address}
        done = subprocess.run(
            ["dunstctl", *command], env=environment, capture_output=True, text=True, timeout=20, check=True
        )
        return done.stdout.strip()

    def shown(self) -> int:
        return int(self.ask("count", "displayed"))

    def press(self, label: str) -> list[str]:
        """Presses a button, and returns all that there are."""
        self.choice.write_text(label)
        self.ask("context")
        until(self.menu.exists, "the menu was shown")
        return [line.removeprefix("#").partition(" (")[0] for line in self.menu.read_text().splitlines()]
