"""Dark mode and do-not-disturb settings of the Linux desktops."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

from voiceassist.actions.process import run_tool
from voiceassist.errors import ActionError

_GNOME_LIKE = {"GNOME", "Unity", "Budgie", "Pantheon", "ubuntu"}


@dataclass(frozen=True, slots=True)
class SettingSwitch:
    """A setting that is read and written with a command-line tool of the desktop.

    Attributes:
        read: the command that prints it.
        write: the command that sets it, before the value.
        on: value written for on; any of ``also_on`` counts as on, too.
        off: value written for off.
    """

    read: tuple[str, ...]
    write: tuple[str, ...]
    on: str
    off: str
    also_on: tuple[str, ...] = ()

    def is_on(self) -> bool:
        """Whether the setting is on."""
        return run_tool(self.read).strip().strip("'") in {self.on, *self.also_on}

    def turn(self, on: bool) -> None:
        """Turns it on or off."""
        run_tool((*self.write, self.on if on else self.off))


def dark_mode() -> SettingSwitch:
    """The switch of this desktop.

    Raises:
        ActionError: no such setting is known for this desktop.
    """
    if _desktops() & {"KDE"}:
        read = ("kreadconfig6", "--group", "General", "--key", "ColorScheme")
        return SettingSwitch(read, ("plasma-apply-colorscheme",), "BreezeDark", "BreezeLight")
    if shutil.which("gsettings"):
        return _gsetting("org.gnome.desktop.interface", "color-scheme", "prefer-dark", "default")
    raise ActionError("dark mode is not supported on this desktop", hint="use the settings of the desktop")


def do_not_disturb() -> SettingSwitch:
    """The switch of this desktop.

    Raises:
        ActionError: no such setting is known for this desktop.
    """
    desktops = _desktops()
    if desktops & {"XFCE"}:
        setting = ("xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb")
        return SettingSwitch(setting, (*setting, "-n", "-t", "bool", "-s"), "true", "false")
    if desktops & _GNOME_LIKE:
        return _gsetting("org.gnome.desktop.notifications", "show-banners", "false", "true")
    if shutil.which("dunstctl"):
        return SettingSwitch(("dunstctl", "is-paused"), ("dunstctl", "set-paused"), "true", "false")
    raise ActionError("do not disturb is not supported on this desktop", hint="use its menu of notifications")


def _gsetting(schema: str, key: str, on: str, off: str) -> SettingSwitch:
    return SettingSwitch(("gsettings", "get", schema, key), ("gsettings", "set", schema, key), on, off)


def _desktops() -> set[str]:
    return set(os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"))
