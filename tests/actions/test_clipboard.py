"""The clipboard of a real X server, looked at from outside, and tabs by number."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_desktop import Screen, need, until

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.registry import ActionRegistry
from voiceassist.config.trust import TRUST_FILE, TrustStore
from voiceassist.errors import ActionError


@pytest.fixture
def actions(screen: Screen, tmp_path: Path) -> Iterator[ActionRegistry]:
    registry = default_registry(print, data=tmp_path)
    yield registry
    registry.close()


def pasted(screen: Screen) -> str:
    return screen.ask("xclip", "-selection", "clipboard", "-out")


def test_the_clipboard_is_read_filled_and_put_back(actions: ActionRegistry, screen: Screen) -> None:
    need("xclip")
    environment = {**os.environ, "DISPLAY": screen.display}
    copy = ["xclip", "-selection", "clipboard", "-in"]
    subprocess.run(copy, input=b"before", env=environment, check=True, stdout=subprocess.DEVNULL, timeout=20)
    assert actions.run("clipboard.read", {}, {}).message == "before"
    actions.run("clock.week", {}, {})
    said = actions.last_message
    actions.run("clipboard.copy", {}, {})
    until(lambda: pasted(screen) == said, "the answer is on the clipboard")
    assert actions.undo_last().message == "The clipboard is as it was."
    until(lambda: pasted(screen) == "before", "it is as it was")


def test_what_a_program_prints_is_copied(actions: ActionRegistry, screen: Screen, tmp_path: Path) -> None:
    call = {"argv": ["printf", "ü %s", "{x}"], "output": "copy"}
    outcome = actions.run("program.run", call, {"x": "漢"})
    assert outcome.consent is not None
    TrustStore(tmp_path / TRUST_FILE).agree(outcome.consent)
    assert actions.run("program.run", call, {"x": "漢"}).message == "Copied the output."
    until(lambda: pasted(screen) == "ü 漢", "it is on the clipboard")


def test_modifiers_counts_and_tabs_reach_the_window(actions: ActionRegistry, screen: Screen) -> None:
    window = screen.open("first")
    actions.run("keys.press", {}, {"modifier": "ctrl", "second_modifier": "shift", "keys": "t"})
    actions.run("keys.press", {}, {"keys": "down", "count": 3})
    actions.run("tab.go", {}, {"number": 3})
    until(lambda: sum(line.startswith("key") for line in window.told()) >= 8, "keys came")
    with pytest.raises(ActionError, match="needs 1 to 8"):
        actions.run("tab.go", {}, {"number": 9})


def test_a_window_is_closed_by_its_number(actions: ActionRegistry, screen: Screen) -> None:
    for title in ("first", "second", "third"):
        screen.open(title)
    assert actions.run("window.close", {}, {"number": 2}).message == "Closed second."
    until(lambda: screen.windows[1].process.poll() is not None, "the second one is closed")
    assert [window.process.poll() is None for window in screen.windows] == [True, False, True]
    with pytest.raises(ActionError, match="there is no window 7"):
        actions.run("window.close", {}, {"number": 7})
