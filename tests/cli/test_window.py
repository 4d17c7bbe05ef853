"""The window with all its real parts: sound server, microphone, models, actions."""

from __future__ import annotations

import gc
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from real_window import real_window
from running import ROOT, SAMPLES, with_compiled_commands
from soundserver import SoundServer

from voiceassist.cli.window import Installation
from voiceassist.config.settings import load
from voiceassist.domain import Recognition
from voiceassist.engine.events import ListenState
from voiceassist.gui.shell.main_window import MainWindow
from voiceassist.packs.archive import pack_to_vapack
from voiceassist.paths import default_paths

WAIT_MS = 60_000
WORDS = ("red", "green", "blue", "black", "white", "small", "large", "old", "new", "next")


@pytest.fixture
def installation(tmp_path: Path, server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for name, value in {
        **server.variables(),
        "VOICEASSIST_HOME": str(with_compiled_commands(tmp_path / "home")),
    }.items():
        monkeypatch.setenv(name, value)
    return Installation(default_paths(), lambda settings: replace(settings, introduced=True))


@pytest.fixture
def window(qtbot: QtBot, installation: Installation) -> Iterator[MainWindow]:
    with installation:
        opened = MainWindow(installation.services())
        qtbot.addWidget(opened)
        states: list[ListenState] = []
        opened.bridge.state_changed.connect(states.append)
        opened.show()
        opened.begin()
        qtbot.waitUntil(lambda: ListenState.IDLE in states, timeout=WAIT_MS)
        yield opened
        opened.shut_down()


def say(qtbot: QtBot, window: MainWindow, server: SoundServer, recording: Path) -> Recognition:
    """Holds the button while a recording is played into the microphone."""
    heard: list[Recognition] = []
    window.bridge.recognized.connect(heard.append)
    playing = threading.Thread(target=server.play, args=(recording,))
    qtbot.mousePress(window.pages.speak.talk_button, Qt.MouseButton.LeftButton)
    playing.start()
    qtbot.waitUntil(lambda: not playing.is_alive(), timeout=WAIT_MS)
    qtbot.mouseRelease(window.pages.speak.talk_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(heard), timeout=WAIT_MS)
    return heard[0]


def test_a_command_spoken_while_the_button_is_held_is_done(qtbot: QtBot, window: MainWindow, server: SoundServer):
    heard = say(qtbot, window, server, SAMPLES / "02-volume.wav")
    assert heard.best is not None
    assert heard.best.slots == {"percent": 40}
    assert heard.outcome is not None, heard
    assert server.volume_percent() == 40


def test_examples_are_what_a_person_would_say(window: MainWindow):
    services = window.engine.services
    assert services is not None
    assert services.suggestions[:2] == ("what time is it", "set a timer for ten minutes")
    assert not [shown.example for shown in services.commands.commands if "(" in shown.example]
    assert "take a note …" in [shown.example for shown in services.commands.commands]


def test_a_file_copied_into_the_folder_runs_nothing_before_consent(
    qtbot: QtBot, installation: Installation, server: SoundServer, tmp_path: Path
) -> None:
    ran, folder = tmp_path / "ran", installation.paths.user_commands
    folder.mkdir(parents=True)
    (folder / "found.yaml").write_text(
        f"intents:\n  Found:\n    action: program.run\n    arguments: {{argv: [touch, '{ran}']}}\n"
        '    sentences: ["what time is it"]\n'
    )
    with real_window(qtbot, installation) as window:

        def answer(label: str) -> None:
            """Presses a button of the question, which shows what would run."""
            boxes: list[QMessageBox] = []

            def asked() -> bool:
                boxes[:] = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
                return bool(boxes)

            qtbot.waitUntil(asked, timeout=WAIT_MS)
            assert boxes[0].informativeText() == f"run touch {ran}"
            assert not ran.exists()
            next(button for button in boxes[0].buttons() if button.text() == label).click()
            qtbot.waitUntil(lambda: not boxes[0].isVisible(), timeout=WAIT_MS)

        qtbot.waitUntil(lambda: window.bridge.ready, timeout=WAIT_MS)
        window.bridge.type_text("what time is it")
        answer("Do not run")
        outcome = say(qtbot, window, server, SAMPLES / "01-time.wav").outcome
        assert outcome is not None
        assert not outcome.done
        answer("Do not run")
        window.bridge.type_text("what time is it")
        answer("Allow")
        qtbot.waitUntil(ran.exists, timeout=WAIT_MS)


def test_an_installed_pack_is_switched_to_while_running(
    qtbot: QtBot, window: MainWindow, server: SoundServer, installation: Installation, tmp_path: Path
):
    source = tmp_path / "mine"
    shutil.copytree(ROOT / "models" / "shared-int8", source)
    manifest = json.loads((source / "manifest.json").read_text())
    (source / "manifest.json").write_text(json.dumps({**manifest, "name": "mine"}))
    window.pages.models.install(pack_to_vapack(source, tmp_path / "mine.vapack"))
    qtbot.waitUntil(lambda: "mine" in [row.name for row in window.pages.models.packs.rows], timeout=WAIT_MS)
    window.engine.use_model("mine")
    qtbot.waitUntil(lambda: load(installation.paths.settings_file).model == "mine", timeout=WAIT_MS)
    assert say(qtbot, window, server, SAMPLES / "01-time.wav").model == "mine"


def test_no_full_collection_holds_the_window_while_commands_are_compiled(
    qtbot: QtBot, window: MainWindow, installation: Installation
) -> None:
    generations: list[int] = []
    told: list[str] = []
    window.pages.news.connect(told.append)

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            generations.append(info["generation"])

    gc.callbacks.append(note)
    try:
        folder = installation.paths.user_commands
        folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"    - play {a} {b} {c}\n" for a in WORDS for b in WORDS for c in WORDS)
        (folder / "many.yaml").write_text("intents:\n  Play:\n" + lines)
        qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    finally:
        gc.callbacks.remove(note)
    assert 0 in generations
    assert 2 not in generations
    assert gc.get_freeze_count() > 10_000


def test_a_command_file_that_is_saved_is_used_at_once_and_a_broken_one_is_told(
    qtbot: QtBot, window: MainWindow, installation: Installation
):
    heard: list[Recognition] = []
    window.bridge.recognized.connect(heard.append)
    path = installation.paths.user_commands / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("intents: {Greet: ['greet the captain']}")
    qtbot.waitUntil(lambda: "in use" in window.messages.text, timeout=WAIT_MS)
    window.pages.commands.try_line.setText("greet the captain")
    qtbot.waitUntil(lambda: window.pages.commands.meaning.text() == "Greet")
    window.bridge.type_text("greet the captain")
    qtbot.waitUntil(lambda: bool(heard), timeout=WAIT_MS)
    assert heard[0].best is not None
    assert heard[0].best.command.intent == "Greet"
    path.write_text("intents:\n  Greet: ['greet the [captain']\n")
    qtbot.waitUntil(lambda: "mistake" in window.messages.text, timeout=WAIT_MS)
    assert "mine.yaml, line 2: '[' is never closed" in window.pages.commands.problems.text
    assert window.pages.commands.meaning.text() == "Greet"
    path.write_text("intents:\n  Greet: ['greet the [captain', 'hello}']\n  Bow: ['bow (low']\n")
    qtbot.waitUntil(lambda: window.pages.commands.problems.text.startswith("3 mistakes"), timeout=WAIT_MS)
    assert "mine.yaml, line 3: '(' is never closed" in window.pages.commands.problems.text
    path.write_text("intents: {Greet: {sentences: ['greet the captain'], action: salute.captain}}")
    qtbot.waitUntil(lambda: "no action 'salute.captain'" in window.pages.commands.problems.text, timeout=WAIT_MS)
    path.unlink()
    qtbot.waitUntil(lambda: window.pages.commands.problems.text == "", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.pages.commands.meaning.text() == "No command reads like this.")


def test_a_program_that_is_not_installed_is_told_once_and_again_when_it_goes_away(
    qtbot: QtBot, installation: Installation, tmp_path: Path
) -> None:
    program, folder = tmp_path / "greet", installation.paths.user_commands
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(
        f"intents:\n  Greet:\n    action: program.run\n    arguments: {{argv: ['{program}']}}\n"
        '    sentences: ["greet the captain"]\n'
    )

    def told_at_a_start() -> tuple[list[str], str, str]:
        """The messages of a start, and what the Commands page says of the file and of the command."""
        told: list[str] = []
        with real_window(qtbot, installation) as window:
            window.pages.news.connect(told.append)
            qtbot.waitUntil(lambda: window.bridge.ready, timeout=WAIT_MS)
            page = window.pages.commands
            return told, page.problems.text, page.model.rows[0].second

    missing = f"there is no program '{program}'"
    told, problems, listed = told_at_a_start()
    assert [missing in words for words in told] == [True]
    assert missing in problems
    assert missing in listed
    told, problems, listed = told_at_a_start()
    assert told == []
    assert missing in problems
    assert missing in listed
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    assert told_at_a_start() == ([], "", "my own")
    program.unlink()
    assert [missing in words for words in told_at_a_start()[0]] == [True]
