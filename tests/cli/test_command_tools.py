"""Checks, trials and tests of command files for the window, with the real commands, model and microphone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import SAMPLES, with_compiled_commands
from soundserver import SoundServer

from voiceassist.actions.builtin import default_registry
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.command_tools import CommandTools

DRAFT = """\
intents:
  Dance:
    action: program.run
    arguments: {argv: [touch, x]}
    data:
      - sentences: [{words}]
"""


@pytest.fixture
def assembly(tmp_path: Path, server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> Assembly:
    for name, value in {
        **server.variables(),
        "VOICEASSIST_HOME": str(with_compiled_commands(tmp_path / "home")),
    }.items():
        monkeypatch.setenv(name, value)
    return Assembly()


@pytest.fixture
def tools(assembly: Assembly) -> Iterator[CommandTools]:
    actions = default_registry(lambda _: None)
    yield CommandTools(assembly, actions.specs())
    actions.close()


def draft(words: str) -> str:
    return DRAFT.replace("{words}", words)


def test_a_file_is_read_together_with_the_others_that_it_needs(assembly: Assembly, tools: CommandTools) -> None:
    own = assembly.paths.user_commands
    own.mkdir(parents=True)
    (own / "rules.yaml").write_text("lists:\n  dances:\n    values: [tango, waltz]\n")
    file = own / "dance.yaml"
    text = draft("'dance a {dances}'")
    found = tools.check(text, "dance a waltz", file)
    assert (found.problems, found.understood) == ((), True)
    assert found.allowed == ("run touch x",)
    (own / "broken.yaml").write_text("intents: [")
    assert tools.check(text, path=file).problems == ()  # the mistake of another file is not this one's
    (wrong,) = tools.check(text.replace("a {dances}", "a [{dances}"), path=file).problems
    assert wrong.line == 6
    assert wrong.what == "'[' is never closed"
    several = tools.check(text.replace("a {dances}", "a [{dances}', 'b [") + "  Go: [')']\n", path=file).problems
    assert [problem.line for problem in several] == [6, 6, 7]


def test_saving_a_text_agrees_to_what_it_runs(assembly: Assembly, tools: CommandTools) -> None:
    tools.agree_to_text(draft("dance"))
    assert [line for consent in assembly.trust.consents() for line in consent.lines] == ["run touch x"]


def test_a_draft_is_heard_among_all_commands(tools: CommandTools, server: SoundServer) -> None:
    for words, intent in (("'what time is it'", "Dance"), ("'dance for me now'", "TellTime")):
        opened = threading.Event()

        def play(_level_db: float, opened: threading.Event = opened) -> None:
            if not opened.is_set():
                opened.set()
                threading.Thread(target=server.play, args=(SAMPLES / "01-time.wav",)).start()

        heard = tools.hear_draft(draft(words), play, lambda: False)
        assert heard is not None
        assert heard.best is not None
        assert heard.best.command.intent == intent
    assert tools.hear_draft(draft("dance"), lambda _: None, lambda: True) is None


def test_sentences_that_sound_alike_are_found(assembly: Assembly, tools: CommandTools) -> None:
    own = assembly.paths.user_commands
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text("intents:\n  Mine: ['what time is in']\n")
    closest = tools.review(own, lambda: False).alike[0]
    assert (closest.said, closest.other_intent) == ("what time is in", "TellTime")
    assert tools.review(own, lambda: True).alike == ()


def test_a_review_tells_what_this_machine_does_not_have(assembly: Assembly, tools: CommandTools) -> None:
    own = assembly.paths.user_commands
    own.mkdir(parents=True)
    (own / "mine.yaml").write_text(
        "intents:\n  Mine: {sentences: [greet], action: program.run, arguments: {argv: [no-such-program]}}\n"
    )
    assert "there is no program 'no-such-program'" in str(tools.review(own, lambda: True).warnings[0])


def test_a_test_file_is_run(tools: CommandTools, tmp_path: Path) -> None:
    file = tmp_path / "tests.yaml"
    file.write_text("- {text: what time is it, intent: TellTime}\n- {text: what time is it, intent: TimerStart}\n")
    report = tools.run_tests(file)
    assert report.count == 2
    (wrong,) = report.wrong
    assert (wrong.text, wrong.expected, wrong.found) == ("what time is it", "TimerStart", "TellTime")
