"""What a screen reader is told: names, roles and values through AT-SPI, from another process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jeepney import DBusAddress, MatchRule, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

ROOT = "/org/a11y/atspi/accessible/root"
WAIT_S = 60.0


@dataclass(frozen=True)
class Accessible:
    """An object that a screen reader sees."""

    name: str
    role: str


class ScreenReader:
    """Reads the accessible objects of other programs."""

    def __init__(self) -> None:
        with open_dbus_connection(bus="SESSION") as session:
            bus = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            (address,) = session.send_and_get_reply(new_method_call(bus, "GetAddress"), timeout=20).body
        self._bus: DBusConnection = open_dbus_connection(bus=address)

    def close(self) -> None:
        self._bus.close()

    def programs(self) -> list[tuple[str, str]]:
        return self._children("org.a11y.atspi.Registry", ROOT)

    def objects(self, program: tuple[str, str]) -> Iterator[Accessible]:
        """All objects of a program."""
        waiting = [program]
        while waiting:
            at = waiting.pop()
            yield Accessible(self._property(at, "Name"), self._ask(at, "GetRoleName")[0])
            waiting += self._children(*at)

    def listen(self) -> None:
        """Ask for what is announced."""
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="Announcement")
        self._bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=20)
        registry = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
        self._bus.send_and_get_reply(
            new_method_call(registry, "RegisterEvent", "s", ("object:announcement",)), timeout=20
        )

    def announced(self) -> str:
        """The next words that are announced."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            message = self._bus.receive(timeout=WAIT_S)
            if message.header.fields.get(3) == "Announcement":
                return str(message.body[3][1])
        raise TimeoutError("nothing was announced")

    def _children(self, name: str, path: str) -> list[tuple[str, str]]:
        return [tuple(child) for child in self._ask((name, path), "GetChildren")[0]]

    def _ask(self, at: tuple[str, str], method: str) -> tuple[object, ...]:
        address = DBusAddress(at[1], at[0], "org.a11y.atspi.Accessible")
        return self._bus.send_and_get_reply(new_method_call(address, method), timeout=20).body

    def _property(self, at: tuple[str, str], name: str) -> str:
        address = DBusAddress(at[1], at[0], "org.a11y.atspi.Accessible")
        return str(self._bus.send_and_get_reply(Properties(address).get(name), timeout=20).body[0][1])


@pytest.fixture
def reader() -> Iterator[ScreenReader]:
    made = ScreenReader()
    yield made
    made.close()


@pytest.fixture
def program(reader: ScreenReader) -> Iterator[tuple[str, str]]:
    """Our window in a process of its own."""
    tests = Path(__file__).parent.parent
    environment = os.environ | {
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "PYTHONPATH": os.pathsep.join((str(tests), str(tests.parent), str(tests.parent.parent))),
    }
    reader.listen()
    child = subprocess.Popen([sys.executable, str(tests / "window_program.py"), "100"], env=environment)
    end = time.monotonic() + WAIT_S
    while not (found := reader.programs()):
        assert time.monotonic() < end, "the window is not on the accessibility bus"
        assert child.poll() is None
        time.sleep(0.1)
    yield found[0]
    child.terminate()
    child.wait(30)


def test_result_names_and_roles_reach_a_screen_reader(reader: ScreenReader, program: tuple[str, str]) -> None:
    assert reader.announced() == "Set a timer for ten minutes. The timer rings in 10 minutes."
    objects = list(reader.objects(program))
    for wanted in (
        Accessible("Push to talk", "push button"),
        Accessible("Typed command", "text"),
        Accessible("Microphone level", "progress bar"),
        Accessible("Commands", "page tab"),
    ):
        assert wanted in objects, sorted({(found.name, found.role) for found in objects if found.name})[:60]
    nameless = [
        found for found in objects if found.role in ("push button", "check box", "radio button") and not found.name
    ]
    assert nameless == []
