"""``voiceassist commands``: the real command line, within this process since there are so many calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from running import ROOT, SAMPLES, Ended, with_compiled_commands

from voiceassist.cli import main

Call = Callable[..., Ended]
RAILWAY = ROOT / "tests" / "grammars" / "railway.yaml"


@pytest.fixture
def voiceassist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs ``voiceassist`` with the arguments and a home of its own."""
    monkeypatch.setenv("VOICEASSIST_HOME", str(with_compiled_commands(tmp_path)))

    def call(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        written = capsys.readouterr()
        return Ended(status, written.out, written.err)

    return call


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_check_warns_of_two_meanings_and_names_both_places(voiceassist: Call, tmp_path: Path):
    path = written(tmp_path, "x.yaml", "intents:\n  A: [go home]\n  B:\n    - 'go (home|out)'\ndisabled: [C]\n")
    ended = voiceassist("commands", "check", path)
    assert ended.status == 0
    assert f"{path}: 2 intents, 3 ways" in ended.stdout
    assert f"warning: {path}:4:8: 'go home' is also a sentence of 'A' ({path}:2:7)" in ended.stderr
    assert f"warning: {path}:5:12: 'C' is disabled" in ended.stderr


def test_check_of_a_users_file_looks_at_all_files_that_are_in_use(voiceassist: Call, tmp_path: Path):
    folder = tmp_path / "config" / "commands"
    mine = written(folder, "mine.yaml", "intents: {Paint: ['paint it {colour}'], Clock: [what time is it]}\n")
    written(folder, "lists.yaml", "lists: {colour: [red]}\n")
    ended = voiceassist("commands", "check", mine)
    assert ended.status == 0, ended.stderr
    assert f"{mine}: 2 intents, 2 ways" in ended.stdout
    assert "clock.yaml" not in ended.stdout
    assert "'what time is it' is also a sentence of 'Clock'" in ended.stderr


def test_check_without_files_finds_every_mistake(voiceassist: Call, tmp_path: Path):
    folder = tmp_path / "config" / "commands"
    for name in ("a", "b"):
        written(folder, f"{name}.yaml", "intents:\n  X: ['go [home']\n")
    ended = voiceassist("commands", "check")
    assert ended.status == 1
    assert "volume.yaml: " in ended.stdout
    for name in ("a", "b"):
        assert f"{folder / name}.yaml:2:11: '[' is never closed" in ended.stderr


def test_a_users_file_switches_off_and_replaces_what_comes_with_the_program(voiceassist: Call, tmp_path: Path):
    folder = tmp_path / "config" / "commands"
    written(folder, "mine.yaml", "disabled: [TellTime]\nintents: {Mine: [set the volume to forty percent]}\n")
    off = voiceassist("parse", "what time is it").objects[0]
    replaced = voiceassist("parse", "set the volume to forty percent").objects[0]
    assert off["reject_reason"] == "no_match"
    assert replaced["intent"]["name"] == "Mine"


def test_list_tells_what_each_intent_runs(voiceassist: Call, tmp_path: Path):
    listed = {row["intent"]: row for row in voiceassist("commands", "list", "--json").objects}
    volume = listed["SetVolume"]
    assert (volume["action"], volume["risk"]) == ("volume.set", "changes")
    assert volume["example"] == "set the volume to fifty"
    assert volume["description"]
    assert [Path(file).name for file in volume["files"]] == ["volume.yaml"]
    table = voiceassist("commands", "list", "--commands", RAILWAY).stdout.splitlines()
    assert table[0].split() == ["intent", "action", "risk", "example", "file"]
    assert len(table) == 9


def test_sample_draws_what_parse_understands(voiceassist: Call, tmp_path: Path):
    drawn = voiceassist("commands", "sample", "--commands", RAILWAY, "--seed", "4", "--count", "5")
    again = voiceassist("commands", "sample", "--commands", RAILWAY, "--seed", "4", "--count", "5")
    assert drawn.stdout == again.stdout
    assert len(drawn.objects) == 5
    first = drawn.objects[0]
    parsed = voiceassist("parse", "--commands", RAILWAY, first["text"]).objects[0]
    assert (parsed["intent"]["name"], parsed["slots"]) == (first["intent"], first["slots"])


def test_sample_of_one_intent(voiceassist: Call, tmp_path: Path):
    drawn = voiceassist("commands", "sample", "--intent", "Mute", "--count", "4").objects
    assert {found["intent"] for found in drawn} == {"Mute"}
    unknown = voiceassist("commands", "sample", "--intent", "Mte")
    assert unknown.status == 2
    assert "did you mean 'Mute'?" in unknown.stderr


def test_tests_of_text_and_of_recordings(voiceassist: Call, tmp_path: Path):
    tests = written(
        tmp_path,
        "tests.yaml",
        f"- {{text: set a timer for ten minutes, intent: TimerStart, slots: {{duration: 600}}}}\n"
        f"- {{audio: {SAMPLES / '02-volume.wav'}, intent: SetVolume, slots: {{percent: 40}}}}\n"
        f"- {{audio: {SAMPLES / '06-no-command.wav'}, intent: null}}\n",
    )
    ended = voiceassist("commands", "test", tests, SAMPLES / "01-time.wav", "--json")
    assert ended.status == 0, ended.stdout
    (report,) = ended.objects
    assert report["statistics"]["num_examples"] == 4
    assert report["statistics"]["num_recordings"] == 3
    assert report["statistics"]["intent_entity_accuracy"] == 1.0
    assert report["wrong"] == []


def test_a_failing_test_is_told_and_ends_with_1(voiceassist: Call, tmp_path: Path):
    written(tmp_path, "mine.yaml", "intents: {Go: [go home]}")
    tests = written(
        tmp_path,
        "tests.yaml",
        "commands: [mine.yaml]\ntests:\n  - {text: go home, intent: Go}\n  - {text: go home, intent: Stay}\n",
    )
    ended = voiceassist("commands", "test", tests)
    assert ended.status == 1
    assert "intents right: 1 of 2 (50.0%)" in ended.stdout
    assert f"{tests}:4:12: 'go home'\n  expected Stay\n  found    Go {{}}" in ended.stderr


def test_import_writes_a_command_file_once(voiceassist: Call, tmp_path: Path):
    source = written(tmp_path, "sentences.ini", "[Light]\nturn (on | off){state} the light\nplay $nothing{x}\n")
    ended = voiceassist("commands", "import", source)
    made = tmp_path / "config" / "commands" / "sentences.yaml"
    assert ended.status == 0, ended.stderr
    assert f"{made}: 1 intents, 2 ways" in ended.stdout
    assert f"{source}:3:6: " in ended.stderr
    parsed = voiceassist("parse", "turn off the light").objects[0]
    assert (parsed["intent"]["name"], parsed["slots"]) == ("Light", {"state": "off"})
    before = made.read_text()
    source.write_text("[Other]\nsomething else\n")
    refused = voiceassist("commands", "import", source)
    assert refused.status == 2
    assert "--force" in refused.stderr
    assert made.read_text() == before
    assert voiceassist("commands", "import", "--force", source).status == 0
    assert "something else" in made.read_text()


def test_a_broken_import_leaves_nothing_behind(voiceassist: Call, tmp_path: Path):
    source = written(tmp_path, "context.yml", "context: {expressions: {A: ['a [b']}}")
    ended = voiceassist("commands", "import", source, "--output", tmp_path / "out.yaml")
    assert ended.status == 1
    assert f"{source}:1:34" in ended.stderr
    assert not (tmp_path / "out.yaml").exists()


@pytest.fixture
def alike(tmp_path: Path) -> Path:
    return written(
        tmp_path,
        "alike.yaml",
        "intents: {A: [set the timer], B: [set the timers], C: [purple elephants], T: [what time is it]}",
    )


def test_confusable_lists_the_closest_first(voiceassist: Call, tmp_path: Path, alike: Path):
    rows = voiceassist("commands", "confusable", "--commands", alike, "--json").objects
    assert {rows[0]["said"]["intent"], rows[0]["taken_for"]["intent"]} == {"A", "B"}
    assert [row["margin"] for row in rows] == sorted(row["margin"] for row in rows)


def test_confusable_by_recordings(voiceassist: Call, tmp_path: Path, alike: Path):
    ended = voiceassist("commands", "confusable", "--commands", alike, "--audio", SAMPLES, "--json")
    (row,) = ended.objects
    assert row["said"]["intent"] == "T"
    assert row["margin"] > 0
    assert Path(row["file"]).name == "01-time.wav"
    empty = voiceassist("commands", "confusable", "--commands", alike, "--audio", tmp_path)
    assert empty.status == 2
    assert "no recordings" in empty.stderr


def test_usage_says_how_confusable_pairs_are_found(voiceassist: Call, tmp_path: Path):
    words = " ".join(voiceassist("commands", "confusable", "--help").stdout.split())
    assert "This is an estimate without recordings" in words


def test_the_shipped_commands_have_no_two_meanings(voiceassist: Call, tmp_path: Path):
    ended = voiceassist("commands", "check")
    assert ended.status == 0
    assert ended.stderr == ""


def test_check_tells_how_words_are_said(voiceassist: Call):
    ended = voiceassist("commands", "check", "--say", "LEDs", "C#")
    assert ended.status == 0, ended.stderr
    assert "LEDs: leds" in ended.stdout
    assert "C#: c sharp\n  c: S IY" in ended.stdout
    assert "\n  e: IY" in ended.stdout


def test_check_warns_of_values_that_sound_alike_to_the_model(voiceassist: Call, tmp_path: Path):
    path = written(tmp_path, "x.yaml", "intents: {Show: ['show {what}']}\nlists: {what: [the sea, the sun, the see]}\n")
    ended = voiceassist("commands", "check", path)
    assert ended.status == 0
    assert f"warning: {path}:2:34: 'the see' sounds like 'the sea' in the list 'what'" in ended.stderr


def test_check_takes_files_with_rules_alone(voiceassist: Call, tmp_path: Path):
    path = written(tmp_path, "x.yaml", "expansion_rules: {now: '[right] now'}\n")
    ended = voiceassist("commands", "check", path)
    assert (ended.status, ended.stdout) == (0, f"{path}: no sentences of its own\n")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("intents:\n  A:\n\t- go\n", 3, "a tab is used for indentation"),
        ("intents:\n  A: @go\n", 2, "'@' cannot begin a value"),
    ],
)
def test_hints_fit_the_mistake(voiceassist: Call, tmp_path: Path, text: str, line: int, hint: str):
    path = written(tmp_path, "x.yaml", text)
    ended = voiceassist("commands", "check", path)
    assert ended.status == 1
    assert f"{path}:{line}:" in ended.stderr
    assert hint in ended.stderr
