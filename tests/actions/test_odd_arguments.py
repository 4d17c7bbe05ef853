"""Whatever a command file or a sentence gives an action, it is done or refused in a sentence; it never is a fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from private_desktop import PrivateBus, Screen

from voiceassist.action_spec import ActionSpec, Parameter, ValueKind
from voiceassist.actions.builtin import default_registry
from voiceassist.errors import ActionError

ODD: list[Any] = [
    None, "", "?!", "\ud800x", "a\0b", "~nobody/x", "-x", "²", "9999-12-31", "x" * 5_000, "https://x\ud800", "http://[",
    0, -1, 1.5, 1e300, 10**400, float("nan"), True, [], ["a"], {"a": 1}, date(2026, 3, 9),
]  # fmt: skip
USUAL = {
    ValueKind.TEXT: "07:00", ValueKind.NUMBER: 5, ValueKind.FLAG: True, ValueKind.KEYS: "a", ValueKind.TEXTS: ["true"],
    ValueKind.MAPPING: {}, ValueKind.ANY: 1,
}  # fmt: skip


def calls(spec: ActionSpec) -> list[dict[str, Any]]:
    """The action with one odd value each, the other parameters as usual."""

    def usual(parameter: Parameter) -> Any:
        return parameter.choices[0] if parameter.choices else USUAL[parameter.kind]

    required = {parameter.name: usual(parameter) for parameter in spec.parameters if parameter.required}
    return [{**required, parameter.name: value} for parameter in spec.parameters for value in ODD]


@pytest.mark.timeout(600)
def test_no_value_is_a_fault(screen: Screen, bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = default_registry(lambda _text: None, data=tmp_path / "data", ask_consent=lambda _request: True)
    every = [(name, call) for name, spec in registry.specs().items() for call in calls(spec)]
    faults = []
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))  # no browser and no other program is started
        for name, call in every:
            for arguments, slots in ((call, {}), ({}, call)):
                try:
                    registry.run(name, arguments, slots)
                except ActionError as error:
                    if "error in voiceassist" in error.message or "did not finish" in error.message:
                        faults.append((name, call, error.message))
        registry.close()
    assert faults == []
    assert len(every) > 1_000
