"""The window in another language: every sentence is translated, and the compiled file is that of the source."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from gui_fakes import ASSETS, TIMER
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from voiceassist.action_spec import ActionSpec, Parameter, ValueKind
from voiceassist.actions.consent import consent_for
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.config.settings import Settings
from voiceassist.domain import Entity
from voiceassist.errors import GrammarError
from voiceassist.grammar.files.action_checks import action_problems
from voiceassist.grammar.files.command_file import read_command_file
from voiceassist.grammar.files.merge import load_commands
from voiceassist.gui.messages import condition_words, consent_words, key_words, state_words, value_words
from voiceassist.gui.pages.commands.problems import problem_words
from voiceassist.gui.pages.settings import SettingsPage
from voiceassist.gui.translation import CONTEXT, LANGUAGES, decimal, install_translation, language_of, tr
from voiceassist.gui.widgets.hotkey_field import HotkeyField
from voiceassist.paths import Paths

FILES = sorted((ASSETS / "translations").glob("*.ts"))


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """``packaging/translations``."""
    loader = SourceFileLoader("translations", str(ASSETS.parent / "packaging" / "translations"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_there_is_a_file_for_every_language_but_english() -> None:
    assert [file.stem for file in FILES] == [f"voiceassist_{code}" for code in LANGUAGES if code != "en"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_sentence_is_translated_with_the_same_values_in_it(tool: ModuleType, file: Path) -> None:
    translated = tool.known(file)
    assert set(tool.sentences()) == set(translated)
    for source, text in translated.items():
        assert sorted(re.findall(r"\{\w+\}", source)) == sorted(re.findall(r"\{\w+\}", text)), source
    assert f"<name>{CONTEXT}</name>" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_compiled_file_is_that_of_the_source(tool: ModuleType, file: Path, tmp_path: Path) -> None:
    tool.compile_file(file, tmp_path / "compiled.qm")
    assert (tmp_path / "compiled.qm").read_bytes() == file.with_suffix(".qm").read_bytes()


def test_german_is_spoken_once_it_is_chosen(german: None) -> None:
    assert tr("Ready") == "Bereit"
    assert state_words("idle", "F9") == "Halten Sie den Knopf oder F9 und sprechen Sie"
    assert value_words(Entity("duration", 7500, "", 0, 0)) == "2 Stunden 5 Minuten"
    assert value_words(TIMER.entities[0]) == "10 Minuten"


def test_numbers_have_the_comma_of_the_language(german: None) -> None:
    assert decimal(2.54) == "2,5"
    assert decimal(54, 0) == "54"


def test_what_is_wrong_with_the_microphone_is_said_in_german(german: None) -> None:
    worst = MicrophoneHealth(
        dropped_samples=3, nonfinite_samples=1, clipped=True, silent=True, hands_free=True, channels_cancel=True
    )
    conditions = (worst, MicrophoneHealth(muted=True))
    assert [len(condition_words(condition)) for condition in conditions] == [6, 1]
    for condition in conditions:
        assert not set(condition_words(condition)) & set(condition.warnings)


def test_english_and_unknown_languages_stay_english(qapp: QApplication, tmp_path: Path) -> None:
    assert not install_translation(qapp, "en", ASSETS)
    assert not install_translation(qapp, "xx", ASSETS)
    assert not install_translation(qapp, "de", tmp_path)
    assert language_of("de") == "de"
    assert language_of("xx") == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_fit_beside_each_other_at_twice_the_scale_of_a_small_screen(
    language: str, request: pytest.FixtureRequest, qtbot: QtBot, themed: None, tmp_path: Path
) -> None:
    if language == "de":
        request.getfixturevalue("german")
    page = SettingsPage(Settings(), Paths(tmp_path, tmp_path, tmp_path, ASSETS, tmp_path))
    qtbot.addWidget(page)
    page.resize(1024 // 2, 600 // 2)
    page.show()
    qtbot.waitUntil(page.log_button.isVisible, timeout=20_000)  # the last section is there
    assert page.widget().minimumSizeHint().width() <= page.viewport().width()


def test_the_whole_window_opens_in_german() -> None:
    program = (
        "import sys; sys.path[:0] = ['tests/gui', 'tests']\n"
        "from pathlib import Path; import tempfile\n"
        "from gui_fakes import FakeServices\n"
        "from dataclasses import replace\n"
        "from voiceassist.gui.app import make_application\n"
        "from voiceassist.gui.shell.main_window import MainWindow\n"
        "fakes = FakeServices(Path(tempfile.mkdtemp()))\n"
        "app = make_application(replace(fakes.settings, language='de'), fakes.paths().assets)\n"
        "window = MainWindow(fakes.services()); window.show()\n"
        "print([window.pages.tabs.tabText(n) for n in range(window.pages.tabs.count())])\n"
        "window.shut_down()\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", program], cwd=ASSETS.parent, capture_output=True, text=True, check=False, timeout=100
    )
    assert "&Sprechen" in child.stdout, child.stderr
    assert "&Verlauf" in child.stdout


WRONG = """\
intents:
  Lamp:
    - light [on
  "a list":
    sentence: [go]
  Mail:
    sentences: {a: b}
"""


def test_mistakes_of_command_files_are_german_in_the_window_and_english_elsewhere(german: None, tmp_path: Path) -> None:
    file = tmp_path / "lamp.yaml"
    file.write_text(WRONG, encoding="utf-8")
    with pytest.raises(GrammarError) as caught:
        read_command_file(file)
    dashes, meant = "beginnen Sie jeden Eintrag mit '- ')", "(meinten Sie 'sentences'?)"
    assert [problem_words(mistake) for mistake in caught.value.mistakes] == [
        "lamp.yaml, Zeile 3: '[' wird nie geschlossen (ergänzen Sie die Klammer ']')",
        # what the user has written is not translated, even where it is a word of ours
        "lamp.yaml, Zeile 5: der Befehl 'a list': den Schlüssel 'sentence' gibt es hier nicht " + meant,
        "lamp.yaml, Zeile 7: 'sentences' muss eine Liste sein, nicht eine Zuordnung (" + dashes,
    ]
    assert [mistake.message for mistake in caught.value.mistakes] == [
        f"{file}:3:13: '[' is never closed",
        f"{file}:5:5: intent 'a list' has no key 'sentence'",
        f"{file}:7:16: 'sentences' must be a list, not a mapping",
    ]
    assert str(caught.value.more[0]).endswith("(did you mean 'sentences'?)")


def test_what_a_command_does_wrong_is_german_too(german: None, tmp_path: Path) -> None:
    file = tmp_path / "lamp.yaml"
    file.write_text(
        "intents:\n  Lamp: {action: timer.strat, sentences: [go]}\n  Beep: {action: beep, sentences: [beep]}\n"
    )
    specs = {
        "timer.start": ActionSpec("timer.start", "Starts a timer."),
        "beep": ActionSpec("beep", "Beeps.", (Parameter("times", ValueKind.NUMBER, required=True),)),
    }
    action, argument = action_problems(load_commands([file]), specs)
    assert problem_words(action).endswith("Zeile 2: es gibt keine Aktion 'timer.strat' (meinten Sie 'timer.start'?)")
    assert problem_words(argument).startswith("lamp.yaml, Zeile 3: beep braucht 'times' (ergänzen Sie es bei")
    assert problem_words(argument).endswith("in jedem Satz einen Platzhalter {...:times})")


def test_consents_are_kept_in_english_and_shown_in_the_language_of_the_window(german: None) -> None:
    request = consent_for("program.run", {"argv": ["run", "call {x}"]})
    assert request is not None
    assert request.lines == ("run run 'call {x}'",)
    assert consent_words(request.lines[0]) == "Start von run 'call {x}'"
    assert consent_words("run ls in /tmp, to fill a list") == "Start von ls in /tmp, um eine Liste zu füllen"
    assert consent_words("keys.press, keys: 'ctrl+c'") == "keys.press, keys: 'ctrl+c'"
    step = {"action": "program.run", "arguments": {"argv": ["ls"]}, "when": {"os": ["linux"], "app": []}}
    request = consent_for("steps", {"steps": [step]})
    assert request is not None
    assert consent_words(request.lines[0]) == "Start von ls, nur wenn: {'os': ['linux'], 'app': []}"
    request = consent_for("program.run", {"argv": ["echo", ", only when: {'os': ['linux']}"]})
    assert request is not None
    assert consent_words(request.lines[0]).endswith(request.lines[0].removeprefix("run "))


def test_keys_have_the_names_that_stand_on_them(qtbot: QtBot, german: None) -> None:
    assert key_words("ctrl+shift+pagedown") == "Strg+Umschalt+Bild ab"
    assert key_words("Delete") == "Entf"
    assert key_words("F9") == "F9"
    assert key_words("Press <Control>space") == "Press <Control>space"  # the words of a desktop
    assert state_words("idle", "Home") == "Halten Sie den Knopf oder Pos1 und sprechen Sie"
    field = HotkeyField("ctrl+alt+space")
    qtbot.addWidget(field)
    assert field.button.text() == "Strg+Alt+Leertaste"
