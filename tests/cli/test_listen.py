"""``voiceassist listen`` on a real sound server: what is played into the microphone happens on the machine."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running import SAMPLES, environment, with_compiled_commands
from soundserver import MICROPHONE, SoundServer

from voiceassist.cli.trust import requests_of
from voiceassist.config.trust import TRUST_FILE, TrustStore
from voiceassist.grammar.files.command_file import read_command_file

WAIT_S = 60.0


def variables(home: Path, server: SoundServer) -> dict[str, str]:
    return {**environment(with_compiled_commands(home)), **server.variables()}


@contextmanager
def listening(home: Path, server: SoundServer, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The program, from the moment it says that it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "voiceassist", "listen", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables(home, server),
    )  # fmt: skip
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("listening"):
                break
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(condition: object, what: str) -> None:
    end_at_s = time.monotonic() + WAIT_S
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end_at_s, what
        time.sleep(0.1)


def test_a_spoken_command_changes_the_volume_of_the_machine(tmp_path: Path, server: SoundServer):
    assert server.volume_percent() != 40
    with listening(tmp_path, server, "--device", MICROPHONE) as process:
        server.play(SAMPLES / "02-volume.wav")
        assert process.stdout is not None
        heard = json.loads(process.stdout.readline())
        assert heard["intent"]["name"] == "SetVolume", heard
        assert heard["slots"] == {"percent": 40}
        assert heard["outcome"]["done"], heard
        wait_for(lambda: server.volume_percent() == 40, "the sink's volume did not change")
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT_S) == 0


def test_a_dry_run_changes_nothing(tmp_path: Path, server: SoundServer):
    before = server.volume_percent()
    with listening(tmp_path, server, "--dry-run") as process:
        server.play(SAMPLES / "02-volume.wav")
        assert process.stdout is not None
        heard = json.loads(process.stdout.readline())
        assert heard["understood"]
        assert "outcome" not in heard
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_S) == 0
    assert server.volume_percent() == before


def run_once(home: Path, server: SoundServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voiceassist", *arguments],
        capture_output=True, text=True, env=variables(home, server), timeout=WAIT_S, check=False,
    )  # fmt: skip


def test_an_unknown_device_is_named_together_with_those_that_exist(tmp_path: Path, server: SoundServer):
    done = run_once(tmp_path, server, "listen", "--device", "webcam")
    assert done.returncode == 1
    assert "webcam" in done.stderr
    assert MICROPHONE in done.stderr
    assert "Traceback" not in done.stderr


def test_devices_lists_the_microphone(tmp_path: Path, server: SoundServer):
    done = run_once(tmp_path, server, "devices", "--json")
    assert MICROPHONE in [json.loads(line)["name"] for line in done.stdout.splitlines()]


@contextmanager
def somebody_speaks(server: SoundServer) -> Iterator[None]:
    with subprocess.Popen(
        ["sh", "-c", f"while paplay --device={MICROPHONE} {SAMPLES / '02-volume.wav'}; do :; done"], env=server.env()
    ) as speaker:
        yield
        speaker.kill()


def test_a_microphone_is_tested(tmp_path: Path, server: SoundServer):
    silent = run_once(tmp_path, server, "devices", "--test", "--device", MICROPHONE)
    assert silent.returncode == 1
    assert "Nothing at all was heard" in silent.stdout
    with somebody_speaks(server):
        done = run_once(tmp_path, server, "devices", "--test", "--json", "--device", MICROPHONE)
    told = json.loads(done.stdout)
    assert (done.returncode == 0) is told["good"] is (told["findings"] == [])
    assert told["speech_db"] > told["noise_db"] + 10
    assert "speak for 4 seconds" in done.stderr


def test_in_the_wake_mode_a_command_alone_is_not_heard(tmp_path: Path, server: SoundServer):
    with listening(tmp_path, server, "--mode", "wake", "--dry-run") as process:
        server.play(SAMPLES / "02-volume.wav")
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=WAIT_S)
    assert told == ""


def test_without_a_microphone_there_is_a_clear_word(tmp_path: Path, server: SoundServer):
    server.stop()
    done = run_once(tmp_path, server, "listen")
    assert done.returncode == 1
    assert "no microphone" in done.stderr.lower()
    assert "Traceback" not in done.stderr


def test_a_command_file_that_is_saved_is_used_at_once(tmp_path: Path, server: SoundServer):
    folder = tmp_path / "config" / "commands"
    folder.mkdir(parents=True)
    with listening(tmp_path, server, "--dry-run") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        (folder / "mine.yaml").write_text("intents:\n  Mine: ['what time is it']\n")
        notes = (line for line in iter(process.stderr.readline, "") if "nothing but silence" not in line)
        assert "in use" in next(notes)
        (folder / "mine.yaml").write_text("intents:\n  Mine: ['what time [is it']\n")
        assert "mine.yaml:2:21: '[' is never closed" in next(notes)
        assert "hint" in next(notes)
        assert "stays in use" in next(notes)
        server.play(SAMPLES / "01-time.wav")
        assert json.loads(process.stdout.readline())["intent"]["name"] == "Mine"


def test_when_nobody_reads_the_answers_any_more_it_ends(tmp_path: Path, server: SoundServer):
    with listening(tmp_path, server, "--dry-run") as process:
        assert process.stdout is not None
        process.stdout.close()
        server.play(SAMPLES / "02-volume.wav")
        assert process.wait(WAIT_S) == 1
        process.stdout = None


def test_a_list_program_that_hangs_does_not_keep_it_from_ending(tmp_path: Path, server: SoundServer):
    folder = tmp_path / "config" / "commands"
    folder.mkdir(parents=True)
    with listening(tmp_path, server, "--dry-run") as process:
        file = folder / "slow.yaml"
        file.write_text(
            "intents: {Play: ['play {song}']}\n"
            "lists: {song: {command: [sh, -c, 'touch begun; sleep 60'], timeout_s: 30}}\n"
        )
        (request,) = requests_of([read_command_file(file)])
        TrustStore(tmp_path / "data" / TRUST_FILE).agree(request)
        wait_for((folder / "begun").exists, "the list program was not started")
        asked_at_s = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT_S)
        assert time.monotonic() - asked_at_s < 20  # 3 s, on a machine that has other things to do
