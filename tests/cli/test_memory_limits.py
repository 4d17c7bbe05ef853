"""With little memory a command works, or says in one sentence that it does not suffice."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from limited import LimitedProgram, limited
from running import SAMPLES, environment
from soundserver import SoundServer

COMMANDS = {
    "recognize": ["recognize", str(SAMPLES / "02-volume.wav")],
    "parse": ["parse", "what time is it"],
    "window": ["--smoke-test"],
}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory this way")
@pytest.mark.parametrize("limit", ["RLIMIT_AS", "RLIMIT_DATA"])
@pytest.mark.parametrize("command", COMMANDS)
def test_192_megabytes_suffice_or_a_sentence_says_so(tmp_path: Path, command: str, limit: str):
    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(getattr(resource, limit), (192 << 20, 192 << 20))

    done = subprocess.run(
        [sys.executable, "-m", "voiceassist", *COMMANDS[command]],
        capture_output=True, text=True, env=environment(tmp_path), timeout=90, check=False, preexec_fn=restrict,
    )  # fmt: skip
    if done.returncode == 0:
        assert '"understood": true' in done.stdout
    else:
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        first, hint = done.stderr.strip().splitlines()
        assert "there is not enough memory" in first
        assert "ulimit" in hint


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "voiceassist", *arguments]


def wait_until_it_listens(listen: subprocess.Popen[str]) -> None:
    assert listen.stderr is not None
    assert any(line.startswith("listening") for line in listen.stderr), listen.wait(60)


def ask(variables: dict[str, str], option: str) -> str:
    done = subprocess.run(program(option), env=variables, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory this way")
@pytest.mark.timeout(240)
def test_listen_works_in_96_megabytes(tmp_path: Path, server: SoundServer):
    variables = {**environment(tmp_path), **server.variables()}
    # The first start compiles the commands, which takes nearly all of it.
    with limited(program("listen", "--dry-run"), variables, 512) as first:
        wait_until_it_listens(first.process)
    with limited(program("listen", "--dry-run"), variables, 96) as listen:
        wait_until_it_listens(listen.process)
        assert listen.process.stdout is not None
        wanted = {"TellTime", "SetVolume", "TimerCancel"}
        for name in ("01-time", "02-volume", "05-cancel") * 4:
            server.play(SAMPLES / f"{name}.wav")
            line = listen.process.stdout.readline()
            listen.check()
            wanted.discard((json.loads(line)["intent"] or {}).get("name"))
            if not wanted:
                return
    pytest.fail(f"not understood: {wanted}")


def wait_until_it_is_held(variables: dict[str, str], window: LimitedProgram) -> None:
    give_up_s = time.monotonic() + 100
    while ask(variables, "--hold") != "listening until --release\n":
        window.check()
        assert time.monotonic() < give_up_s, "the window does not listen"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory this way")
@pytest.mark.timeout(240)
def test_the_window_works_in_128_megabytes(tmp_path: Path, server: SoundServer):
    variables = {**environment(tmp_path), **server.variables()}
    with limited(program(), variables, 128) as window:
        time.sleep(1)
        for _ in range(5):
            wait_until_it_is_held(variables, window)
            server.play(SAMPLES / "02-volume.wav")
            assert ask(variables, "--release") == "that was all\n"
            give_up_s = time.monotonic() + 10
            while time.monotonic() < give_up_s and server.volume_percent() != 40:
                window.check()
            if server.volume_percent() == 40:
                return
    pytest.fail("nothing was done")
