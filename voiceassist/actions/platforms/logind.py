"""systemd-logind (or elogind): the session, suspend and shutdown, and screen brightness.

Source: org.freedesktop.login1, as documented with systemd.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from voiceassist.actions.brightness import Brightness
from voiceassist.desktop.bus import Bus, BusError
from voiceassist.errors import ActionError, reason_of

BACKLIGHTS = Path("/sys/class/backlight")

_SERVICE = "org.freedesktop.login1"
_MANAGER = "org.freedesktop.login1.Manager"
_MANAGER_PATH = "/org/freedesktop/login1"
_SESSION = "org.freedesktop.login1.Session"
_SESSION_PATH = "/org/freedesktop/login1/session/auto"

_LOCKERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.Lock"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.Lock"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver", "org.cinnamon.ScreenSaver.Lock"),
)
_LEAVERS = (
    ("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager.Logout", "u", (1,)),
    ("org.kde.Shutdown", "/Shutdown", "org.kde.Shutdown.logout", "", ()),
    ("org.xfce.SessionManager", "/org/xfce/SessionManager", "org.xfce.Session.Manager.Logout", "bb", (False, True)),
)


class LogindSession:
    """The user's session: the desktop's own services are tried first, then logind."""

    def check(self) -> None:
        """Checks that logind or the desktop's own services are available.

        Raises:
            ActionError: none of them is available.
        """
        with suppress(BusError), Bus("session") as bus:
            if {service for service, *_ in (*_LOCKERS, *_LEAVERS)} & set(bus.names()):
                return
        with Bus("system") as bus:
            bus.get(_SERVICE, _MANAGER_PATH, _MANAGER, "IdleHint")

    def lock(self) -> None:
        """Locks the screen.

        Raises:
            ActionError: no service can lock the screen.
        """
        for service, path, method in _LOCKERS:
            if _called_on_session(service, path, method):
                return
        with Bus("system") as bus:
            bus.call(_SERVICE, _SESSION_PATH, f"{_SESSION}.Lock")

    def log_out(self) -> None:
        """Ends the session; unsaved work is lost if the desktop does not ask first."""
        for service, path, method, signature, body in _LEAVERS:
            if _called_on_session(service, path, method, signature, body):
                return
        with Bus("system") as bus:
            bus.call(_SERVICE, _SESSION_PATH, f"{_SESSION}.Terminate")

    def suspend(self) -> None:
        """Puts the machine to sleep."""
        _manage("Suspend", "suspend")

    def power_off(self) -> None:
        """Shuts down."""
        _manage("PowerOff", "shut down")

    def restart(self) -> None:
        """Shuts down and starts again."""
        _manage("Reboot", "restart")


@dataclass(frozen=True, slots=True)
class LogindBacklight:
    """Brightness of a built-in screen: read from sysfs, set through logind, which needs no privileges.

    Attributes:
        folder: the sysfs folder of this backlight.
    """

    folder: Path

    @classmethod
    def of_screen(cls, backlights: Path = BACKLIGHTS) -> LogindBacklight:
        """The backlight with the finest steps.

        Raises:
            ActionError: no screen has an adjustable backlight.
        """
        found = [folder for folder in sorted(backlights.glob("*")) if (folder / "max_brightness").is_file()]
        if not found:
            raise ActionError("no screen has an adjustable backlight", hint="use the buttons of the monitor")
        return cls(max(found, key=lambda folder: _number(folder / "max_brightness")))

    def brightness(self) -> Brightness:
        """The current brightness."""
        return Brightness(_number(self.folder / "brightness"), max(1, _number(self.folder / "max_brightness")))

    def set_raw(self, raw: int) -> None:
        """Sets the brightness in the device's raw steps."""
        with Bus("system") as bus:
            content = ("backlight", self.folder.name, raw)
            bus.call(_SERVICE, _SESSION_PATH, f"{_SESSION}.SetBrightness", "ssu", content)


def _manage(method: str, doing: str) -> None:
    with Bus("system") as bus:
        (allowed,) = bus.call(_SERVICE, _MANAGER_PATH, f"{_MANAGER}.Can{method}")
        if allowed not in {"yes", "challenge"}:
            raise ActionError(f"you are not allowed to {doing} this computer", hint="ask its administrator")
        bus.call(_SERVICE, _MANAGER_PATH, f"{_MANAGER}.{method}", "b", (True,))


def _called_on_session(
    service: str, path: str, method: str, signature: str = "", body: tuple[object, ...] = ()
) -> bool:
    """Calls a service on the session bus; whether it exists and the call succeeded."""
    try:
        with Bus("session") as bus:
            bus.call(service, path, method, signature, body)
    except BusError as error:
        if error.is_missing:
            return False
        raise
    return True


def _number(file: Path) -> int:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise ActionError(
            f"the brightness of the screen cannot be read: {reason_of(error)}", hint="try again"
        ) from error
