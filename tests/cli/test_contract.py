"""The command line as scripts rely on it, run as they run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from running import ROOT, SAMPLES, voiceassist

from voiceassist.packs.archive import pack_to_vapack

TIME, VOLUME = SAMPLES / "01-time.wav", SAMPLES / "02-volume.wav"
KEYS = {
    "file", "text", "understood", "reject_reason", "intent", "slots", "entities", "alternatives", "model", "audio_ms",
    "latency_ms",
}  # fmt: skip


def test_recognize_prints_one_object_a_recording_in_the_order_given(tmp_path: Path):
    ended = voiceassist(tmp_path, "recognize", VOLUME, TIME)
    assert ended.status == 0, ended.stderr
    volume, time = ended.objects
    assert volume.keys() >= KEYS
    assert (volume["file"], time["file"]) == (str(VOLUME), str(TIME))
    assert volume["understood"]
    assert volume["intent"]["name"] == "SetVolume"
    assert volume["slots"] == {"percent": 40}
    (entity,) = volume["entities"]
    assert volume["text"][entity["start"] : entity["end"]] == entity["raw_value"] == "forty"
    assert time["intent"]["name"] == "TellTime"
    assert "outcome" not in volume  # nothing is acted upon unless asked


def test_an_hour_that_can_be_two_has_both(tmp_path: Path):
    bare, morning = voiceassist(tmp_path, "parse", "-", stdin=b"alarm at five\nalarm at five in the morning\n").objects
    assert bare["slots"] == morning["slots"] == {"time": "05:00"}
    assert bare["entities"][0]["also"] == "17:00"
    assert "also" not in morning["entities"][0]


def test_what_is_no_command_is_rejected_with_a_reason(tmp_path: Path):
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(32_000, np.float32), 16_000)
    other, silent = voiceassist(tmp_path, "recognize", SAMPLES / "06-no-command.wav", silence).objects
    assert not other["understood"]
    assert other["reject_reason"] in ("no_match", "low_confidence")
    assert silent["reject_reason"] == "silence"
    assert silent["slots"] == {}


def test_any_rate_channel_count_and_format_says_the_same(tmp_path: Path):
    sound, _ = soundfile.read(VOLUME)
    wide = np.repeat(sound, 3)  # 48 kHz
    files = [tmp_path / "stereo48.flac", tmp_path / "eight.wav", tmp_path / "opus.ogg"]
    soundfile.write(files[0], np.stack([wide, wide], axis=1), 48_000)
    soundfile.write(files[1], sound[::2], 8_000)
    soundfile.write(files[2], wide, 48_000, format="OGG", subtype="OPUS")
    ended = voiceassist(tmp_path, "recognize", files[0], files[2], files[1])
    assert [found["intent"]["name"] for found in ended.objects[:2]] == ["SetVolume", "SetVolume"]
    assert ended.objects[2]["audio_ms"] == pytest.approx(ended.objects[0]["audio_ms"], abs=200)


def test_standard_input_is_read_as_wav(tmp_path: Path):
    (found,) = voiceassist(tmp_path, "recognize", "-", stdin=VOLUME.read_bytes()).objects
    assert (found["file"], found["intent"]["name"]) == ("-", "SetVolume")


def test_an_unreadable_file_is_reported_and_the_run_goes_on(tmp_path: Path):
    broken, empty, nothing, nan = (tmp_path / f"{name}.wav" for name in ("broken", "empty", "nothing", "nan"))
    broken.write_bytes(b"RIFF\x10\x00\x00\x00WAVEfmt nonsense")
    empty.write_bytes(b"")
    soundfile.write(nothing, np.zeros(0, np.float32), 16_000)
    soundfile.write(nan, np.full(16_000, np.nan, np.float32), 16_000, subtype="FLOAT")
    missing = tmp_path / "missing.wav"
    ended = voiceassist(tmp_path, "recognize", missing, broken, empty, nothing, nan, TIME)
    assert ended.status == 1
    *bad, good = ended.objects
    assert len(bad) == 5
    for found in bad:
        assert found["error"]
        assert found["hint"]
    assert good["understood"]


def test_commands_replaces_the_default_commands(tmp_path: Path):
    commands = tmp_path / "ship.yaml"
    intents = "intents:\n  Ask: ['what time is it']\n  Fly: ['raise the {sail} sail']\n"
    commands.write_text(intents + "lists:\n  sail: {values: [main, top]}\n")
    (found,) = voiceassist(tmp_path, "recognize", "--commands", commands, TIME).objects
    assert found["intent"]["name"] == "Ask"
    assert found["action"] is None
    (parsed,) = voiceassist(tmp_path, "parse", "--commands", commands, "raise the top sail").objects
    assert parsed["slots"] == {"sail": "top"}
    (unknown,) = voiceassist(tmp_path, "parse", "--commands", commands, "set the volume to ten percent").objects
    assert unknown["reject_reason"] == "no_match"


def test_several_command_files_add_up_wherever_they_stand(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(f"intents:\n  Say{name.title()}: ['say {name}']\n")
    files = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    together = voiceassist(tmp_path, "parse", "--commands", *files, "say", "two")
    behind = voiceassist(tmp_path, "parse", "say one", "--commands", files[0], "--commands", files[1])
    assert together.objects[0]["intent"]["name"] == "SayTwo"
    assert behind.objects[0]["intent"]["name"] == "SayOne"


def test_act_does_what_was_said(tmp_path: Path):
    (found,) = voiceassist(tmp_path, "recognize", "--act", TIME).objects
    assert found["outcome"]["done"]
    assert found["outcome"]["message"]


def test_depth_runs_fewer_layers_and_refuses_too_many(tmp_path: Path):
    (found,) = voiceassist(tmp_path, "recognize", "--depth", "3", VOLUME).objects
    assert found["intent"]["name"] == "SetVolume"
    too_deep = voiceassist(tmp_path, "recognize", "--depth", "99", VOLUME)
    assert too_deep.status == 2
    assert "99" in too_deep.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("recognize",),
        ("recognize", "--depth", "0", "x.wav"),
        ("parse",),
        ("--nonsense",),
        ("models",),
        ("parse", "--commands", "x.yaml"),
        ("parse", "--commands", "hello"),
        ("listen", "--commands", "x.txt"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_how_it_is_used(tmp_path: Path, arguments: tuple[str, ...]):
    ended = voiceassist(tmp_path, *arguments)
    assert ended.status == 2
    assert ended.stdout == ""
    assert "usage:" in ended.stderr


def test_check_names_file_line_and_column(tmp_path: Path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("intents:\n  Hello: ['hello [there]']\n")
    bad.write_text("intents:\n  Hello:\n    - 'hello {nobody}'\n")
    ended = voiceassist(tmp_path, "commands", "check", good, bad)
    assert ended.status == 1
    assert f"{good}: 1 intents, 2 ways" in ended.stdout
    assert f"{bad}:3:" in ended.stderr
    assert "nobody" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_broken_command_file_stops_recognition_before_it_begins(tmp_path: Path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("intents: [\n")
    ended = voiceassist(tmp_path, "recognize", "--commands", bad, TIME)
    assert ended.status == 1
    assert f"{bad}:" in ended.stderr
    assert ended.stdout == ""


def test_models_are_listed_with_their_sharing(tmp_path: Path):
    listed = {pack["name"]: pack for pack in voiceassist(tmp_path, "models", "list", "--json").objects}
    shared, unshared = listed["shared-int8"], listed["unshared-int8"]
    assert shared["default"]
    assert (shared["blocks"], unshared["blocks"]) == (1, unshared["layers"])
    assert shared["bytes"] < unshared["bytes"] / 2
    assert shared["parameters"] < unshared["parameters"] / 2


def test_a_missing_and_a_damaged_pack_are_named(tmp_path: Path):
    missing = voiceassist(tmp_path, "recognize", "--model", "nowhere", TIME)
    assert missing.status == 1
    assert "nowhere" in missing.stderr
    damaged = tmp_path / "damaged"
    shutil.copytree(ROOT / "models" / "shared-int8", damaged)
    model = damaged / "model.onnx"
    model.write_bytes(model.read_bytes()[:-100])
    ended = voiceassist(tmp_path, "recognize", "--model", damaged, TIME)
    assert ended.status == 1
    assert "model.onnx" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_pack_is_installed_used_and_removed(tmp_path: Path):
    source = tmp_path / "mine"
    shutil.copytree(ROOT / "models" / "shared-int8", source)
    manifest = json.loads((source / "manifest.json").read_text())
    (source / "manifest.json").write_text(json.dumps({**manifest, "name": "mine"}))
    pack_to_vapack(source, tmp_path / "mine.vapack")
    home = tmp_path / "home"
    assert voiceassist(home, "models", "install", tmp_path / "mine.vapack").status == 0
    (found,) = voiceassist(home, "recognize", "--model", "mine", TIME).objects
    assert found["model"] == "mine"
    assert voiceassist(home, "models", "remove", "mine").status == 0
    assert voiceassist(home, "recognize", "--model", "mine", TIME).status == 1


def test_broken_settings_are_kept_aside_and_the_program_goes_on(tmp_path: Path):
    settings = tmp_path / "config" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text("version = \n")
    ended = voiceassist(tmp_path, "parse", "what time is it")
    assert ended.status == 0
    assert "settings.toml" in ended.stderr
    assert settings.with_name("settings.toml.broken").read_text() == "version = \n"


def test_parse_reads_sentences_from_standard_input(tmp_path: Path):
    lines = b"what time is it\n\n  volume 30%\r\n\xff\xfe nonsense\nstop"
    ended = voiceassist(tmp_path, "parse", "-", stdin=lines)
    assert ended.status == 0, ended.stderr
    found = ended.objects
    assert [one["heard"] for one in found] == ["what time is it", "volume 30%", "\ufffd\ufffd nonsense", "stop"]
    assert [one["understood"] for one in found][:3] == [True, True, False]


def test_json_is_utf_8_whatever_a_file_is_called(tmp_path: Path):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.wav")
    (found,) = voiceassist(tmp_path, "recognize", name).objects
    assert found["file"] == name


def test_bytes_that_are_not_utf_8_in_a_typed_command_are_replaced(tmp_path: Path):
    done = voiceassist(tmp_path, "parse", "--act", os.fsdecode(b"take a note caf\xe9"))
    assert done.objects[0]["outcome"] == {"done": True, "message": "Noted: caf\ufffd"}


def test_json_is_valid_where_the_output_has_another_encoding(tmp_path: Path):
    prefix = ("env", "PYTHONIOENCODING=ascii", "PYTHONUTF8=0")
    (found,) = voiceassist(tmp_path, "parse", "call José ☃", prefix=prefix).objects
    assert found["heard"] == "call José ☃"


def test_output_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path):
    for arguments in (("parse", "what time is it"), ("commands", "list")):
        ended = voiceassist(tmp_path, *arguments, prefix=("sh", "-c", 'exec "$@" >/dev/full', "sh"))
        assert ended.status == 1
        assert "the output cannot be written: No space left on device" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert "Exception ignored" not in ended.stderr


def test_a_closed_standard_input_is_an_empty_one(tmp_path: Path):
    closed = ("sh", "-c", 'exec "$@" <&-', "sh")
    (found,) = voiceassist(tmp_path, "recognize", "-", prefix=closed).objects
    assert found["error"] == "standard input: empty, 0 bytes"
    parsed = voiceassist(tmp_path, "parse", "-", prefix=closed)
    assert (parsed.status, parsed.stdout) == (0, "")


def test_an_action_that_fails_gives_the_status_1(tmp_path: Path):
    commands = tmp_path / "own.yaml"
    fly = "{action: program.run, arguments: {argv: [/no/such]}, sentences: [fly away]}"
    commands.write_text(f"intents:\n  Fly: {fly}\n")
    parsed = voiceassist(tmp_path, "parse", "--act", "--commands", commands, "fly away")
    assert not parsed.objects[0]["outcome"]["done"]
    assert parsed.status == 1
    assert voiceassist(tmp_path, "parse", "--act", "what is this").status == 0  # a rejection is a valid answer


def test_a_wrong_command_is_answered_with_those_for_people(tmp_path: Path):
    said = voiceassist(tmp_path, "reconize").stderr
    assert "recognize" in said
    assert "_probe" not in said


def test_an_empty_file_name_is_called_one(tmp_path: Path):
    assert voiceassist(tmp_path, "recognize", "").objects[0]["error"] == "the name of the file is empty"


def test_the_opposite_of_a_word_that_no_command_has_is_asked_about(tmp_path: Path):
    """With "turn on the lights" alone, "turn off the lights" fits no other command."""
    pairs = {
        "turn on the lights": "turn off the lights",
        "start the machine": "stop the machine",
        "increase the heat": "decrease the heat",
        "enable the alarm": "disable the alarm",
    }
    commands = tmp_path / "own.yaml"
    commands.write_text("intents:\n" + "".join(f"  I{n}: [{text}]\n" for n, text in enumerate(pairs)))
    files: dict[Path, str] = {}
    for text in (*pairs, *pairs.values()):
        for voice in ("slt", "rms"):
            file = tmp_path / f"{text} {voice}.wav"
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(file)], check=True)
            files[file] = text
    found = voiceassist(tmp_path, "recognize", "--commands", commands, *files).objects
    for one in found:
        assert (one["verdict"] == "act") == (files[Path(one["file"])] in pairs), one
    assert any("decrease" in one.get("message", "") for one in found)


def test_speech_that_is_cut_is_told(tmp_path: Path):
    sound, _ = soundfile.read(TIME, dtype="float32")
    soundfile.write(tmp_path / "long.wav", np.tile(sound, 45), 16_000)
    soundfile.write(tmp_path / "short.wav", np.tile(sound, 3), 16_000)
    long, short = voiceassist(tmp_path, "recognize", tmp_path / "long.wav", tmp_path / "short.wav").objects
    assert "Only the first 60 seconds" in long["message"]
    assert "message" not in short
