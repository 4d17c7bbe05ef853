"""Locking, leaving, sleeping and the light of the screen: what the services of a desktop are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from private_desktop import PrivateBus

from voiceassist.actions.brightness import Brightness, BrightnessActions
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.platforms.logind import LogindBacklight
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.session import register_session
from voiceassist.errors import ActionError

LOGIN, SESSION = "org.freedesktop.login1", "/org/freedesktop/login1/session/auto"


@pytest.fixture
def session() -> ActionRegistry:
    registry = ActionRegistry()
    register_session(registry, LinuxDesktop().session)
    return registry


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "calls.log"


def add_method(bus: PrivateBus, service: str, path: str, method: str, takes: str = "", code: str = "") -> None:
    interface, _, name = method.rpartition(".")
    bus.gdbus(service, path, "org.freedesktop.DBus.Mock.AddMethod", interface, name, takes, "", code)


@pytest.fixture
def logind(bus: PrivateBus, log: Path) -> PrivateBus:
    """The stand-in of logind, with a session of its own."""
    bus.mock("--system", "--template", "logind", name=LOGIN, log=log)
    bus.gdbus(
        LOGIN, "/org/freedesktop/login1", "org.freedesktop.DBus.Mock.AddObject", SESSION,
        "org.freedesktop.login1.Session", "{}", "[('Lock', '', '', ''), ('Terminate', '', '', '')]",
    )  # fmt: skip
    return bus


@pytest.mark.parametrize(
    ("action", "message", "told"),
    [
        ("session.lock", "The screen is locked.", "Lock"),
        ("session.log_out", "Logging out.", "Terminate"),
        ("power.suspend", "Good night.", "Suspend True"),
        ("power.off", "Shutting down.", "PowerOff True"),
        ("power.restart", "Restarting.", "Reboot True"),
    ],
)
def test_without_a_desktop_logind_is_told(
    logind: PrivateBus, session: ActionRegistry, log: Path, action: str, message: str, told: str
) -> None:
    outcome = session.run(action, {}, {})
    assert outcome.message == message
    assert outcome.undo_token is None
    assert [line.split(" ", 1)[1] for line in log.read_text().splitlines() if "Can" not in line] == [told]


LOCKER, LEAVER = "org.freedesktop.ScreenSaver", "org.gnome.SessionManager"


def test_the_desktop_s_own_lock_goes_before_logind(logind: PrivateBus, session: ActionRegistry, log: Path) -> None:
    own = log.with_name("own.log")
    logind.mock(LOCKER, "/org/freedesktop/ScreenSaver", LOCKER, name=LOCKER, log=own)
    session.run("session.lock", {}, {})  # this one cannot lock: logind does it
    assert log.read_text().endswith(" Lock\n")
    add_method(logind, LOCKER, "/org/freedesktop/ScreenSaver", f"{LOCKER}.Lock")
    session.run("session.lock", {}, {})
    assert own.read_text().endswith(" Lock\n")
    assert log.read_text().count(" Lock") == 1


def test_the_desktop_s_own_log_out_goes_before_logind(logind: PrivateBus, session: ActionRegistry, log: Path) -> None:
    own = log.with_name("own.log")
    logind.mock(LEAVER, "/org/gnome/SessionManager", LEAVER, name=LEAVER, log=own)
    add_method(logind, LEAVER, "/org/gnome/SessionManager", f"{LEAVER}.Logout", "u")
    session.run("session.log_out", {}, {})
    assert own.read_text().endswith(" Logout 1\n")
    assert not log.exists() or "Terminate" not in log.read_text()


def test_a_desktop_that_refuses_is_not_gone_round(logind: PrivateBus, session: ActionRegistry, log: Path) -> None:
    own = log.with_name("own.log")
    logind.mock(LEAVER, "/org/gnome/SessionManager", LEAVER, name=LEAVER, log=own)
    refusal = 'raise dbus.exceptions.DBusException("somebody prints", name="org.example.Inhibited")'
    add_method(logind, LEAVER, "/org/gnome/SessionManager", f"{LEAVER}.Logout", "u", refusal)
    with pytest.raises(ActionError, match="refused: somebody prints"):
        session.run("session.log_out", {}, {})
    assert not log.exists() or "Terminate" not in log.read_text()


def test_what_the_machine_does_not_allow_is_said(bus: PrivateBus, session: ActionRegistry, log: Path) -> None:
    bus.mock("--system", "--template", "logind", "--parameters", '{"CanSuspend": "no"}', name=LOGIN, log=log)
    with pytest.raises(ActionError, match="not allowed to suspend this computer"):
        session.run("power.suspend", {}, {})
    assert "Suspend True" not in log.read_text()


def test_without_any_service(bus: PrivateBus, session: ActionRegistry) -> None:
    for action in ("session.lock", "session.log_out", "power.off"):
        with pytest.raises(ActionError, match="login1 refused"):
            session.run(action, {}, {})


class Panel:
    """A light as the kernel shows it, which the stand-in of logind writes to."""

    def __init__(self, logind: PrivateBus, folder: Path) -> None:
        self.backlights = folder
        for name, brightest, now in (("coarse", 15, 7), ("fine", 937, 400)):
            light = folder / name
            light.mkdir(parents=True)
            (light / "max_brightness").write_text(f"{brightest}\n")
            (light / "brightness").write_text(f"{now}\n")
        code = f"open('{folder}/' + args[1] + '/brightness', 'w').write(str(args[2]))"
        add_method(logind, LOGIN, SESSION, "org.freedesktop.login1.Session.SetBrightness", "ssu", code)

    def raw(self) -> int:
        return int((self.backlights / "fine" / "brightness").read_text())


@pytest.fixture
def panel(logind: PrivateBus, tmp_path: Path) -> Panel:
    return Panel(logind, tmp_path / "backlight")


@pytest.fixture
def light(panel: Panel) -> ActionRegistry:
    registry = ActionRegistry()
    BrightnessActions(registry, lambda: LogindBacklight.of_screen(panel.backlights))
    return registry


def test_brightness_is_set_changed_and_put_back_exactly(panel: Panel, light: ActionRegistry) -> None:
    assert light.run("brightness.set", {}, {"percent": 80}).message == "Brightness is at 80 %."
    assert panel.raw() == 750
    assert light.run("brightness.change", {"delta_percent": -10}, {}).message == "Brightness is at 70 %."
    assert light.run("brightness.level", {}, {}).message == "Brightness is at 70 %."
    assert light.run("brightness.change", {"delta_percent": -10}, {"percent": 20}).message == "Brightness is at 50 %."
    for _ in range(2):
        light.undo_last()
    assert light.undo_last().message == "Brightness is at 43 % again."
    assert panel.raw() == 400


def test_the_screen_never_goes_black(panel: Panel, light: ActionRegistry) -> None:
    for percent in (0, -20):
        assert light.run("brightness.set", {}, {"percent": percent}).message == "Brightness is at 1 %."
        assert panel.raw() == 9
    assert light.run("brightness.set", {}, {"percent": 300}).message == "Brightness is at 100 %."
    assert panel.raw() == 937
    assert Brightness(raw=1, max_raw=3).at(0) == 1


def test_a_screen_without_a_light(tmp_path: Path) -> None:
    with pytest.raises(ActionError, match="no screen has an adjustable backlight") as caught:
        LogindBacklight.of_screen(tmp_path)
    assert "monitor" in caught.value.hint
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "max_brightness").write_text("bright")
    with pytest.raises(ActionError, match="cannot be read"):
        LogindBacklight.of_screen(tmp_path)
