"""A command file with actions of its own: checked with line and column, agreed to on a terminal, run as agreed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from running import with_compiled_commands

from voiceassist.cli.assembly import Assembly
from voiceassist.cli.trust import requests_of
from voiceassist.errors import GrammarError
from voiceassist.grammar.files.command_file import read_command_file

ROOT = Path(__file__).parents[2]
FILE = """\
intents:
  Greet:
    action: program.run
    arguments: {{argv: [touch, "{folder}/{{name}}"]}}
    sentences: ["greet {{name}}"]
  Quiet:
    steps:
      - {{action: note.add, arguments: {{text: quiet}}}}
      - {{action: program.run, arguments: {{argv: [touch, "{folder}/quiet"]}}}}
    sentences: ["be very quiet"]
lists:
  name: {{values: [ann, bob]}}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICEASSIST_HOME", str(with_compiled_commands(tmp_path / "home")))
    (tmp_path / "own.yaml").write_text(FILE.format(folder=tmp_path), encoding="utf-8")
    return tmp_path


def run(*arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voiceassist", *map(str, arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    assert not check or done.returncode == 0, done.stderr
    return done


def answer(text: str, *arguments: object) -> tuple[int, str]:
    """Runs the program on a terminal on which somebody types an answer."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "voiceassist", *map(str, arguments)]
    with subprocess.Popen(
        command, stdin=child, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        os.close(child)
        os.write(parent, text.encode())
        output, _ = process.communicate(timeout=60)
    os.close(parent)
    return process.returncode, output


def parse(home: Path, text: str) -> dict[str, object]:
    done = run("parse", "--commands", home / "own.yaml", "--act", text, check=False)
    outcome: dict[str, object] = json.loads(done.stdout)["outcome"]
    assert done.returncode == (0 if outcome["done"] else 1)
    return outcome


def test_nothing_runs_before_consent_and_exactly_that_after_it(home: Path) -> None:
    outcome = parse(home, "greet ann")
    assert outcome["needs_consent"] == [f"run touch '{home}/{{name}}'"]
    assert not (home / "ann").exists()
    status, said = answer("n\n", "parse", "--commands", home / "own.yaml", "--act", "greet ann")
    assert status == 1
    assert f"run touch '{home}/{{name}}'" in said
    assert not (home / "ann").exists()
    answer("y\n", "parse", "--commands", home / "own.yaml", "--act", "greet ann")
    assert (home / "ann").exists()
    assert parse(home, "greet bob")["done"]
    assert (home / "bob").exists()


def test_a_changed_file_is_asked_about_again(home: Path) -> None:
    answer("y\ny\n", "trust", "agree", home / "own.yaml")
    listed = [json.loads(line) for line in run("trust", "list", "--json").stdout.splitlines()]
    assert [len(consent["lines"]) for consent in listed] == [1, 2]
    assert parse(home, "be very quiet")["message"] == "touch is done."
    file = home / "own.yaml"
    file.write_text(file.read_text().replace("/quiet", "/loud"), encoding="utf-8")
    assert "needs_consent" in parse(home, "be very quiet")
    assert not (home / "loud").exists()
    run("trust", "revoke", listed[0]["hash"][:8])
    assert "needs_consent" in parse(home, "greet ann")
    assert run("trust", "revoke", "feed", check=False).returncode == 1


def test_a_list_runs_no_program_before_consent(home: Path) -> None:
    file = home / "list.yaml"
    file.write_text(
        f'intents: {{Play: ["play {{song}}", "play"]}}\nlists: {{song: {{command: [touch, "{home}/listed"]}}}}\n',
        encoding="utf-8",
    )
    run("parse", "--commands", file, "play")
    run("commands", "check", file)
    assert not (home / "listed").exists()
    status, said = answer("y\n", "trust", "agree", file)
    assert (status, f"run touch {home}/listed in {home}, to fill a list" in said) == (0, True)
    run("parse", "--commands", file, "play")
    assert (home / "listed").exists()


MISTAKES = [
    ("action: volume.sett\n    arguments: {percent: 3}", "3:13: there is no action 'volume.sett'", "volume.set"),
    ("action: volume.set", "3:13: volume.set needs 'percent'", "arguments"),
    ("action: volume.set\n    arguments: {percent: loud}", "4:26: volume.set needs a number as 'percent'", ""),
    ("action: volume.set\n    arguments: {percent: 3, x: 1}", "4:32: volume.set has no argument 'x'", "percent"),
    ("action: page.go\n    arguments: {to: left}", "4:21: page.go does not take 'left' as 'to'", ""),
    ("action: keys.press\n    arguments: {keys: ctrl+foo}", "4:23: keys.press needs keys", ""),
    ("action: program.run\n    arguments: {argv: [no-such]}", "4:23: there is no program 'no-such'", "install"),
    ("action: program.run\n    arguments: {argv: []}", "4:23: program.run needs a list of texts", ""),
    ("action: program.run\n    arguments: {argv: [echo, '{z}']}", "4:23: no sentence of this intent has a slot", ""),
    ("action: program.run\n    arguments: {argv: ['{z}']}", "4:23: no sentence of this intent has a slot", ""),
    ("action: program.run\n    arguments: {argv: ['-x']}", "4:23: program.run needs the name of a program first", ""),
    ("action: program.run\n    arguments: {argv: [ls], time_limit_s: -5}", "4:43: program.run needs a number of s", ""),
    ("action: program.run\n    arguments: {argv: [ls], folder: /no/such}", "4:37: there is no folder '/no/such'", ""),
    ("action: program.run\n    arguments: {argv: [./no-such]}", "4:23: there is no program './no-such'", "path"),
    ("action: program.run\n    arguments: {argv: [ls], done: '{z}'}", "4:35: no sentence of this intent has a s", ""),
    ("action: program.run\n    arguments: {argv: [ls, '{*z}']}", "4:23: '{*z}' is for sentences", "write '{z}' here"),
    ("action: program.run", "3:13: program.run needs 'argv'", "add it to 'arguments:'"),
    (
        "action: http.call\n    arguments: {url: 'http://example.org/'}",
        "4:22: http.call only reaches this",
        "localhost",
    ),
    ("action: url.open\n    arguments: {url: 'file:///etc/passwd'}", "4:22: url.open needs an address", ""),
    ("action: url.open\n    arguments: {url: 'https://{z}.org/'}", "4:22: no sentence of this intent has a slot", ""),
    ("steps: [{action: wait, arguments: {seconds: 1000}}]", "3:49: wait needs 0 to 60 as 'seconds'", "shorter"),
    ("steps:\n      - action: wait\n      - {action: nope}", "4:17: wait needs 'seconds'", ""),
    ("steps:\n      - action: wait\n      - {action: nope}", "5:18: there is no action 'nope'", ""),
    ("steps: [{arguments: {a: 1}}]", "3:13: this step has no action", ""),
    ("action: wait\n    steps: [{action: wait}]", "4:12: intent 'Do24' has both", ""),
]


def test_each_mistake_is_told_with_its_place(home: Path) -> None:
    files = [home / f"{number}.yaml" for number in range(len(MISTAKES))]
    for file, (written, _, _) in zip(files, MISTAKES, strict=True):
        text = f'intents:\n  Do{file.stem}:\n    {written}\n    sentences: ["do it {{number}} times"]\n'
        file.write_text(text.replace("{number}", "x" * (1 + int(file.stem))), encoding="utf-8")
    done = run("commands", "check", *files, check=False)
    assert done.returncode == 1
    for file, (_, said, hint) in zip(files, MISTAKES, strict=True):
        (line,) = [line for line in done.stderr.splitlines() if line.startswith(f"{file}:{said}")]
        assert hint in done.stderr.partition(line)[2].splitlines()[1]


def test_a_mistake_is_found_in_a_file_alone(home: Path) -> None:
    file = home / "wrong.yaml"
    file.write_text('intents: {Do: {action: volume.sett, sentences: ["do it"]}}\n', encoding="utf-8")
    done = run("commands", "check", file, check=False)
    assert (done.returncode, f"{file}:1:" in done.stderr) == (1, True)


def test_a_sentence_without_the_slot_is_told(home: Path) -> None:
    file = home / "wrong.yaml"
    file.write_text(
        'intents:\n  Set:\n    action: volume.set\n    sentences: ["set it to {percent}", "set it"]\n', encoding="utf-8"
    )
    done = run("commands", "check", file, check=False)
    assert f"{file}:4:41: this sentence does not fill 'percent'" in done.stderr


def test_the_shipped_commands_and_the_example_are_right(home: Path) -> None:
    run("commands", "check")
    run("commands", "check", home / "own.yaml")


def test_the_actions_are_listed() -> None:
    listed = [json.loads(line) for line in run("actions", "--json").stdout.splitlines()]
    names = [action["action"] for action in listed]
    assert names == sorted(names)
    assert {"program.run", "timer.start", "undo"} <= set(names)
    assert all(action["description"] for action in listed), [a["action"] for a in listed if not a["description"]]
    for action in listed:
        assert action["available"] or action["reason"]
    table = run("actions", "--markdown").stdout
    assert len(table.splitlines()) == len(names) + 2


def test_the_example_of_the_readme_works_as_printed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme[readme.index("    intents:\n") :].split("\n\n")[0]
    file = home / "readme.yaml"
    file.write_text(textwrap.dedent(block), encoding="utf-8")
    programs = home / "bin"
    programs.mkdir()
    (programs / "rsync").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{home}/args"\n', encoding="utf-8")
    (programs / "rsync").chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    run("commands", "check", file)
    _status, said = answer("y\n", "parse", "--commands", file, "--act", "back up my documents")
    assert "run rsync -a Documents/ /media/backup/" in said
    assert (home / "args").read_text().splitlines() == ["-a", "Documents/", "/media/backup/"]


def test_what_is_spoken_runs_nothing_before_consent(home: Path) -> None:
    file = home / "spoken.yaml"
    file.write_text(
        "intents:\n  Time:\n    action: program.run\n"
        f'    arguments: {{argv: [touch, "{home}/spoken"]}}\n    sentences: ["what time is it"]\n',
        encoding="utf-8",
    )
    sample = ROOT / "assets" / "samples" / "01-time.wav"
    outcome = json.loads(run("recognize", "--commands", file, "--act", sample, check=False).stdout)["outcome"]
    assert outcome["needs_consent"] == [f"run touch {home}/spoken"]
    assert not (home / "spoken").exists()
    answer("y\n", "recognize", "--commands", file, "--act", sample)
    assert (home / "spoken").exists()


def test_a_mistake_in_a_file_given_by_name_is_an_error_at_once(home: Path) -> None:
    good, bad = home / "good.yaml", home / "bad.yaml"
    good.write_text("intents: {A: [go now]}\n", encoding="utf-8")
    bad.write_text("intents: {B: [go <nowhere>]}\n", encoding="utf-8")
    with pytest.raises(GrammarError, match=r"bad\.yaml:1:18: unknown rule 'nowhere'"):
        Assembly().live_commands([good, bad])


def test_a_list_is_filled_as_soon_as_the_user_agrees(home: Path) -> None:
    file = home / "list.yaml"
    file.write_text(
        'intents: {Play: ["play {song}", "play"]}\nlists: {song: {command: [printf, "abba\\nqueen"]}}\n',
        encoding="utf-8",
    )
    assembly = Assembly()
    with assembly.live_commands([file]) as live:
        assert live.parse("play abba") is None
        (request,) = requests_of([read_command_file(file)])
        assembly.trust.agree(request)
        give_up_s = time.monotonic() + 30
        while live.parse("play abba") is None:
            assert time.monotonic() < give_up_s, "the list is filled"
            time.sleep(0.02)
