"""Keys that really arrive: in a terminal that writes what it is typed, and in a window that tells what it gets."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import xcffib.xproto as xp
from hypothesis import given
from hypothesis import strategies as st
from private_desktop import Screen, need, stop, until

from voiceassist.actions.call import ActionCall
from voiceassist.actions.keys import MAX_TEXT_CHARS, KeyActions, read_keys
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.desktop.x11 import X11
from voiceassist.errors import ActionError
from voiceassist.keys import KEYSYMS, MODIFIERS, keysym_of


@pytest.fixture
def keys() -> Iterator[ActionRegistry]:
    registry, desktop = ActionRegistry(), LinuxDesktop()
    KeyActions(registry, desktop.keyboard)
    yield registry
    desktop.close()


@pytest.fixture
def paper(screen: Screen, tmp_path: Path) -> Iterator[Path]:
    """A file that a terminal fills with the lines that are typed into it."""
    need("xterm")
    file = tmp_path / "paper.txt"
    file.touch()
    ready = tmp_path / "ready"
    program = f"touch {ready}; exec cat > {file}"
    command = ["xterm", "-u8", "-fa", "DejaVu Sans Mono", "-title", "paper", "-e", program]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    terminal = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, text=True)
    try:  # a terminal that came too late must not stand in the way of all tests after this
        until(lambda: ready.exists() and screen.active_title() == "paper", "the terminal is in front")
        yield file
    finally:
        stop(terminal)


@pytest.mark.parametrize(
    "text", ["buy milk", "It's 5 o'clock: (a+b)*\"c\" ~ {d} <e> | f@g.h #1 & 50%!", "Grüße, naïve café", "πr² → 3€ Ωψ"]
)
def test_what_is_typed_arrives(paper: Path, keys: ActionRegistry, text: str) -> None:
    outcome = keys.run("keys.type", {}, {"text": text})
    assert outcome.message == f"Typed: {text}"
    keys.run("keys.press", {"keys": "enter"}, {})
    until(lambda: paper.read_text(encoding="utf-8").endswith("\n"), f"{text} arrives")
    assert paper.read_text(encoding="utf-8") == f"{text}\n"


def test_a_window_that_was_closed_a_moment_ago_is_no_error(screen: Screen, keys: ActionRegistry) -> None:
    """Window managers name the closed window as the active one until they have chosen the next."""
    with X11() as x11:
        window = x11.connection.generate_id()
        active = x11.atom("_NET_ACTIVE_WINDOW")
        x11.connection.core.ChangeProperty(0, x11.root, active, xp.Atom.WINDOW, 32, 1, [window])
        assert x11.active_window() == window
        assert keys.unavailable("keys.type") is None
        assert keys.run("keys.scroll", {"direction": "down"}, {}).message


def test_undo_takes_typed_text_away(paper: Path, keys: ActionRegistry) -> None:
    keys.run("keys.type", {}, {"text": "keep"})
    keys.run("keys.type", {}, {"text": " not this"})
    assert keys.undo_last().message == "The typed text is deleted."
    keys.run("keys.press", {"keys": "enter"}, {})
    until(lambda: paper.read_text(encoding="utf-8") == "keep\n", "only the first text is left")


def test_undo_does_not_type_into_another_window(screen: Screen, keys: ActionRegistry) -> None:
    first = screen.open("first")
    keys.run("keys.type", {}, {"text": "abc"})
    second = screen.open("second")
    with pytest.raises(ActionError, match="another window has the focus"):
        keys.undo_last()
    until(lambda: sum(line.startswith("key") for line in first.told()) == 3, "three keys for the first")
    assert not [line for line in second.told() if line.startswith("key")]


def test_keys_together(paper: Path, keys: ActionRegistry) -> None:
    keys.run("keys.type", {}, {"text": "gone"})
    keys.run("keys.press", {"keys": "ctrl+u"}, {})  # a terminal's way to drop a line
    keys.run("keys.type", {}, {"text": "here"})
    keys.run("keys.press", {"keys": "enter", "count": 2}, {})
    until(lambda: paper.read_text(encoding="utf-8") == "here\n\n", "the dropped line is not there")


def test_press_says_what_it_did_and_can_go_back(paper: Path, keys: ActionRegistry) -> None:
    assert keys.run("keys.press", {"keys": "x", "undo_keys": "backspace"}, {}).message == "Pressed x."
    assert keys.run("keys.press", {"keys": "ctrl+u", "done": "Dropped."}, {}).message == "Dropped."
    keys.run("keys.press", {"keys": "y", "undo_keys": "backspace"}, {})
    assert keys.undo_last().message == "It is as it was."
    keys.run("keys.press", {"keys": "enter"}, {})
    until(lambda: paper.read_text(encoding="utf-8") == "\n", "the x was dropped, the y was taken back")


def test_scrolling_turns_the_wheel_over_the_window(screen: Screen, keys: ActionRegistry) -> None:
    window = screen.open("first")
    x, y, width, height = screen.area("first")
    screen.ask("xdotool", "mousemove", str(x + width // 2), str(y + height // 2))
    keys.run("keys.scroll", {}, {"direction": "down"})
    until(lambda: window.told().count("button 5") == 5, "five steps down")
    keys.run("keys.scroll", {"steps": 2}, {"direction": "up"})
    until(lambda: window.told().count("button 4") == 2, "two steps up")
    keys.run("keys.scroll", {"steps": 2}, {"direction": "up", "count": 3})
    until(lambda: window.told().count("button 4") == 8, "two steps up three times")


def test_scrolling_pages_where_the_pointer_is_elsewhere(screen: Screen, keys: ActionRegistry) -> None:
    window = screen.open("first")
    x, y, *_ = screen.area("first")
    screen.ask("xdotool", "mousemove", str((x + 500) % 1000), str((y + 350) % 700))
    keys.run("keys.scroll", {}, {"direction": "down"})
    until(lambda: [line for line in window.told() if line.startswith("key")], "a key came")
    assert not [line for line in window.told() if line.startswith("button")]


NONSENSE: list[tuple[str, dict[str, object]]] = [
    ("keys.press", {"keys": "ctrl+nonsense"}),
    ("keys.press", {"keys": "enter+c"}),
    ("keys.press", {"keys": "enter", "count": 51}),
    ("keys.press", {}),
    ("keys.scroll", {"direction": "inside"}),
    ("keys.scroll", {"direction": "up", "steps": 500}),
    ("keys.scroll", {"direction": "up", "count": 0}),
    ("page.zoom", {"to": "in", "count": 51}),
    ("keys.type", {}),
    ("keys.type", {"text": "x" * (MAX_TEXT_CHARS + 1)}),
]


def test_nonsense_presses_nothing(screen: Screen, keys: ActionRegistry) -> None:
    window = screen.open("first")
    for action, values in NONSENSE:
        with pytest.raises(ActionError):
            keys.run(action, values, {})
    assert set(window.told()) == {"shown"}


@given(st.lists(st.sampled_from(MODIFIERS), unique=True), st.sampled_from([*KEYSYMS, "ä", "A"]))
def test_keys_are_read_as_they_are_written(held: list[str], key: str) -> None:
    assert read_keys(ActionCall("keys.press", {"keys": "+".join([*held, key])}), "keys") == (*held, key)


@given(st.characters(exclude_categories=["Cs", "Cc"]))
def test_every_character_has_a_keysym_of_its_own(char: str) -> None:
    keysym = keysym_of(char)
    named = {keysym for name, keysym in KEYSYMS.items() if len(name) > 1 and keysym > 0xFF}
    assert keysym not in named
    assert chr(keysym - 0x01000000 if keysym >= 0x01000000 else keysym) == char
