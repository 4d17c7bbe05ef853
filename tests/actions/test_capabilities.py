"""An action that this machine cannot do says why, before and when it is run; one that can is undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from voiceassist.action_spec import ValueKind
from voiceassist.actions.builtin import default_registry
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError

ANYWHERE = {
    "action", "alarm", "answer", "battery", "clock", "disk", "folder", "help", "http", "list", "listening", "network",
    "note", "program", "reminder", "ring", "steps", "stopwatch", "timer", "undo", "url", "wait", "web",
}  # fmt: skip
"""Groups of actions that need nothing of the desktop, or say it in words of their own."""
VALUES = {"to": "next", "side": "left", "direction": "up", "keys": "enter", "app": "nothing"}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ActionRegistry]:
    """A machine without a display, buses, a sound server or programs."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK", "XDG_CURRENT_DESKTOP"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(name, f"unix:path={tmp_path}/nobody")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    registry = default_registry(print, data=tmp_path / "data", rings=False)
    yield registry
    registry.close()


def test_every_unavailable_action_says_why_and_what_to_do(bare: ActionRegistry) -> None:
    desktop = [name for name in bare.names() if name.split(".")[0] not in ANYWHERE and name != "app.open"]
    assert len(desktop) > 40
    silent = [name for name in desktop if (problem := bare.unavailable(name)) is None or not problem.hint]
    assert silent == []


def test_running_it_says_the_same(bare: ActionRegistry) -> None:
    tried = 0
    for name, spec in bare.specs().items():
        problem = bare.unavailable(name)
        if problem is None or name.startswith(("power.", "session.")):
            continue
        slots: dict[str, object] = {}
        for parameter in spec.parameters:
            if parameter.required:
                flag = parameter.kind is ValueKind.FLAG
                number = parameter.kind is ValueKind.NUMBER
                known = VALUES.get(parameter.name, "x")
                slots[parameter.name] = True if flag else 3 if number else (*parameter.choices, known)[0]
        with pytest.raises(ActionError) as caught:
            bare.run(name, {}, slots)
        assert caught.value.hint
        tried += 1
    assert tried > 35


def test_every_action_is_described_and_what_can_be_undone_is_known(bare: ActionRegistry) -> None:
    specs = bare.specs()
    assert [name for name, spec in specs.items() if not spec.description.endswith(".")] == []
    assert {"volume.set", "note.add", "timer.cancel", "window.half", "list.add"} <= {
        name for name, spec in specs.items() if spec.undo
    }
    assert all(spec.timeout_s > 0 for spec in specs.values())


def test_the_table_of_the_documentation_is_up_to_date(bare: ActionRegistry) -> None:
    from voiceassist.cli.actions import markdown_table  # noqa: PLC0415

    documented = Path(__file__).parents[2] / "assets" / "actions.md"
    assert documented.read_text(encoding="utf-8") == markdown_table(bare), (
        "run: python -m voiceassist actions --markdown > assets/actions.md"
    )
