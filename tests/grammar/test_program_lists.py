"""Lists whose values a program prints."""

import os
import stat
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.files.program_lists import MAX_OUTPUT_BYTES, MAX_VALUES, Programs
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.lists import ProgramList, TextList

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs of this test are shell scripts")


def script(folder: Path, body: str, name: str = "names") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def asked(folder: Path, *argv: str, timeout_s: float = 5.0) -> ProgramList:
    return ProgramList(argv, timeout_s, SourcePosition(str(folder / "music.yaml"), 4, 9))


def pairs(found: TextList) -> list[tuple[str, object]]:
    return [(entry.template.text, entry.value) for entry in found.values]


def commands_file(folder: Path, command: str = "[./names]") -> Path:
    path = folder / "music.yaml"
    lists = f"lists:\n  playlist:\n    command: {command}\n    timeout_s: 5\n"
    path.write_text(f"intents: {{Play: ['play {{playlist}}', stop it]}}\n{lists}", encoding="utf-8")
    return path


def wait_for_the_end_of(pid: int) -> None:
    """The system ends what was killed when it gets round to it."""
    give_up_s = time.monotonic() + 30
    with suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < give_up_s, "it still runs"
            time.sleep(0.02)


def play(path: Path, programs: Programs, text: str) -> object:
    commands = load_commands([path], programs=programs)
    found = compile_automaton(commands, lambda word: [[ord(char) for char in word]]).parse(text)
    return None if found is None else found.slots.get("playlist", "nothing")


@pytest.mark.parametrize(
    ("printed", "values"),
    [
        ("'Road Trip\\n\\n  Sunday (quiet)  \\n'", [("Road Trip", "Road Trip"), ("Sunday (quiet)", "Sunday (quiet)")]),
        ("'[\"Jazz\", {\"in\": \"blues\", \"out\": 7}]'", [("Jazz", "Jazz"), ("blues", 7)]),
        ("'[{\"in\": \"rock\"}]'", [("rock", "rock")]),
        ("'{\"quiet\": false, \"loud\": true, \"normal\": 0.5}'", [("quiet", False), ("loud", True), ("normal", 0.5)]),
        ("'[5, 6]'", [("5", 5), ("6", 6)]),
        ("''", []),
    ],
)  # fmt: skip
def test_what_a_program_may_print(tmp_path: Path, printed: str, values: list[tuple[str, object]]) -> None:
    script(tmp_path, f"printf {printed}")
    found = pairs(Programs().values(asked(tmp_path, "./names")))
    assert [(said.replace("\\", ""), value) for said, value in found] == values
    assert [type(value) for _, value in found] == [type(value) for _, value in values]


def test_a_program_gets_its_arguments_without_a_shell_and_runs_beside_its_file(tmp_path: Path) -> None:
    script(tmp_path, 'printf "%s\\n" "$1" "$(basename "$PWD")" "$MOOD"')
    found = Programs({"MOOD": "happy", "PATH": os.environ["PATH"]}).values(asked(tmp_path, "./names", "$HOME; ls"))
    assert [entry.value for entry in found.values] == ["$HOME; ls", tmp_path.name, "happy"]


def test_its_values_are_said_in_sentences(tmp_path: Path) -> None:
    script(tmp_path, "echo Road Trip")
    assert play(commands_file(tmp_path), Programs(), "play road trip") == "Road Trip"
    assert play(commands_file(tmp_path, "./names"), Programs(), "play road trip") == "Road Trip"


def test_the_last_good_values_stay_when_it_fails(tmp_path: Path) -> None:
    path, programs = commands_file(tmp_path), Programs()
    script(tmp_path, "echo Road Trip")
    assert play(path, programs, "play road trip") == "Road Trip"
    assert not programs.problems
    script(tmp_path, "echo oh no >&2; exit 3")
    assert play(path, programs, "play road trip") == "Road Trip"
    assert [error.message for error in programs.problems] == [f"{path}:4:14: './names' failed (status 3): oh no"]
    script(tmp_path, "echo Beach")
    assert play(path, programs, "play road trip") is None
    assert not programs.problems


def test_a_fresh_answer_is_not_asked_for_again(tmp_path: Path) -> None:
    script(tmp_path, "echo run >> runs; echo Road Trip")
    path, kept, asking = commands_file(tmp_path), Programs(fresh_s=3600), Programs()
    for _ in range(2):
        assert play(path, kept, "play road trip") == "Road Trip"
    assert (tmp_path / "runs").read_text() == "run\n"
    assert play(path, asking, "play road trip") == play(path, asking, "play road trip") == "Road Trip"
    assert (tmp_path / "runs").read_text() == "run\n" * 3


def test_the_rest_of_a_file_works_without_its_program(tmp_path: Path) -> None:
    path = commands_file(tmp_path, "[./missing]")
    assert play(path, Programs(), "stop it") == "nothing"
    assert play(path, Programs(), "play anything") is None
    assert "'./missing' cannot be started" in load_commands([path]).warnings[0]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("exit 1", "no error message"),
        ("printf '\\377'", "other than UTF-8"),
        ("echo '[1, '", "printed invalid JSON"),
        ("echo '[[1]]'", "neither text"),
        ("echo '[null]'", "neither text"),
        (f"head -c {MAX_OUTPUT_BYTES + 1} /dev/zero", "printed more than 1024 kB"),
        (f"yes name | head -n {MAX_VALUES + 1}", f"more than {MAX_VALUES} values"),
    ],
)
def test_what_a_program_must_not_do(tmp_path: Path, body: str, what: str) -> None:
    script(tmp_path, body)
    with pytest.raises(GrammarError, match=what) as caught:
        Programs().values(asked(tmp_path, "./names"))
    assert caught.value.message.startswith(f"{tmp_path}/music.yaml:4:9: './names'")


def test_a_program_that_does_not_end_is_ended_with_what_it_started(tmp_path: Path) -> None:
    script(tmp_path, f"sleep 300 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(GrammarError, match=r"took longer than 3 s"):
        Programs().values(asked(tmp_path, "./names", timeout_s=3))
    wait_for_the_end_of(int((tmp_path / "child").read_text()))


@pytest.mark.parametrize(
    ("entry", "column", "what"),
    [
        ("{command: [names], timeout_s: 0}", 35, "the time limit"),
        ("{command: [names], timeout_s: 99}", 35, "at most 30"),
        ("{command: names --list}", 15, "without a shell"),
        ("{command: []}", 15, "is empty"),
        ("{command: [[names]]}", 16, "must be text"),
        ("{comand: [names]}", 6, "no key 'comand'"),
    ],
)
def test_mistakes_are_pointed_at(tmp_path: Path, entry: str, column: int, what: str) -> None:
    path = tmp_path / "commands.yaml"
    path.write_text(f"intents: {{A: [a]}}\nlists:\n l: {entry}\n", encoding="utf-8")
    with pytest.raises(GrammarError) as caught:
        load_commands([path])
    assert caught.value.message.startswith(f"{path}:3:{column}: ")
    assert what in f"{caught.value}"


def test_what_a_program_leaves_in_the_background_is_ended_with_it(tmp_path: Path) -> None:
    script(tmp_path, "sleep 300 & echo $! > background; echo Jazz")
    assert pairs(Programs().values(asked(tmp_path, "./names"))) == [("Jazz", "Jazz")]
    wait_for_the_end_of(int((tmp_path / "background").read_text(encoding="ascii")))


@pytest.mark.parametrize("then", ["echo Jazz", "sleep 300"])
def test_what_a_program_leaves_in_a_session_of_its_own_is_ended_with_it(tmp_path: Path, then: str) -> None:
    # It is the child of nobody's child, in another session and process group.
    script(tmp_path, f"setsid sh -c 'sleep 300 & echo $! > own' & while ! [ -s own ]; do sleep 0.01; done; {then}")
    programs = Programs()
    if then == "echo Jazz":
        assert pairs(programs.values(asked(tmp_path, "./names", timeout_s=30))) == [("Jazz", "Jazz")]
    else:
        with pytest.raises(GrammarError, match="took longer"):
            programs.values(asked(tmp_path, "./names", timeout_s=3))
    wait_for_the_end_of(int((tmp_path / "own").read_text(encoding="ascii")))


def test_ten_programs_that_hang_do_not_wait_for_each_other(tmp_path: Path) -> None:
    script(tmp_path, "sleep 60")
    lists = "".join(f"  slow{n}: {{command: [./names, '{n}'], timeout_s: 2}}\n" for n in range(10))
    path = tmp_path / "music.yaml"
    path.write_text(f"intents: {{Play: ['play {{playlist}}', stop it]}}\nlists:\n  playlist: [jazz]\n{lists}", "utf-8")
    programs = Programs()
    assert play(path, programs, "play jazz") == "jazz"
    assert ["took longer than 2 s" in problem.message for problem in programs.problems] == [True] * 10


def test_numbers_that_json_does_not_know_are_refused(tmp_path: Path) -> None:
    script(tmp_path, """printf '{"loud": Infinity}'""")
    with pytest.raises(GrammarError, match="Infinity is not a number"):
        Programs().values(asked(tmp_path, "./names"))


def test_absurd_names_are_left_out(tmp_path: Path) -> None:
    script(tmp_path, "echo Jazz; printf 'a%.0s' $(seq 170); echo; printf 'so %.0s' $(seq 90); echo")
    assert pairs(Programs().values(asked(tmp_path, "./names"))) == [("Jazz", "Jazz")]
