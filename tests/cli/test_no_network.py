"""Nothing leaves the machine: the window and ``listen`` under ``strace`` while they understand a command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from running import SAMPLES, environment
from soundserver import SoundServer
from test_offline import without_network
from tracing import Trace, read_trace, strace

SECONDS = {"with a network": 30.0, "without a network": 3.0}


@dataclass
class Traced:
    """The program under strace.

    Attributes:
        process: strace; the program is its child.
        home: its folders: settings, data, the user's home and temporary files.
        sound: the sound server that it hears.
    """

    process: subprocess.Popen[str]
    home: Path
    sound: SoundServer
    trace_file: Path

    def ask(self, option: str) -> str:
        command = [sys.executable, "-m", "voiceassist", option]
        return subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=60, check=False
        ).stdout

    def environment(self) -> dict[str, str]:
        return environment_of(self.home, self.sound)

    def end(self) -> Trace:
        """End the program as a user does, and read what it did."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        for child in Path(children).read_text(encoding="ascii").split():
            os.kill(int(child), signal.SIGTERM)
        said, complained = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, (said, complained)
        return read_trace(self.trace_file)


def environment_of(home: Path, sound: SoundServer) -> dict[str, str]:
    own = {"HOME": str(home / "user"), "TMPDIR": str(home / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
    made = {**environment(home / "voiceassist"), **sound.variables(), **own}
    made = {name: value for name, value in made.items() if not name.startswith(("WAYLAND", "ORT_"))}
    # The runtime folder is the program's own: its socket lies there.
    return {name: value for name, value in made.items() if not name.startswith("XDG_") or name == "XDG_RUNTIME_DIR"}


@pytest.fixture
def sound() -> Iterator[SoundServer]:
    with SoundServer() as server:
        yield server


@contextmanager
def traced(home: Path, sound: SoundServer, prefix: list[str], *arguments: str) -> Iterator[Traced]:
    for name in ("user", "tmp", "voiceassist"):
        (home / name).mkdir()
    trace_file = home / "trace"
    process = subprocess.Popen(
        [*prefix, *strace(trace_file), sys.executable, "-m", "voiceassist", *arguments],
        env=environment_of(home, sound), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield Traced(process, home, sound, trace_file)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def check(trace: Trace, home: Path, sound: SoundServer) -> None:
    own = (str(home), *(sound.variables()[name] for name in ("PULSE_COOKIE", "XDG_RUNTIME_DIR")))
    assert trace.problems(own) == []
    left = {path.relative_to(home).parts[1:] for path in (home / "user").rglob("*")}
    assert not any("Microsoft" in parts for parts in left), left


@pytest.mark.timeout(200)
@pytest.mark.parametrize("network", SECONDS)
def test_listen_opens_no_internet_socket_and_writes_nowhere_else(tmp_path: Path, sound: SoundServer, network: str):
    prefix = [] if network == "with a network" else without_network()
    with traced(tmp_path, sound, prefix, "listen", "--dry-run") as program:
        assert program.process.stderr is not None
        assert any(line.startswith("listening") for line in program.process.stderr)
        ends_at_s = time.monotonic() + SECONDS[network]
        sound.play(SAMPLES / "02-volume.wav")
        assert program.process.stdout is not None
        assert '"SetVolume"' in program.process.stdout.readline()
        time.sleep(max(0.0, ends_at_s - time.monotonic()))  # what would be sent later is to be seen too
        check(program.end(), tmp_path, sound)


@pytest.mark.timeout(200)
@pytest.mark.parametrize("network", SECONDS)
def test_the_window_opens_no_internet_socket_and_writes_nowhere_else(tmp_path: Path, sound: SoundServer, network: str):
    prefix = [] if network == "with a network" else without_network()
    with traced(tmp_path, sound, prefix) as program:
        give_up_at_s = time.monotonic() + 90
        while program.ask("--hold") != "listening until --release\n":
            assert program.process.poll() is None
            assert time.monotonic() < give_up_at_s
            time.sleep(0.3)
        ends_at_s = time.monotonic() + SECONDS[network]
        sound.play(SAMPLES / "02-volume.wav")
        assert program.ask("--release") == "that was all\n"
        time.sleep(max(0.0, ends_at_s - time.monotonic()))
        check(program.end(), tmp_path, sound)


def test_the_trace_would_show_a_socket_a_file_and_a_compiler(tmp_path: Path):
    script = (
        "import socket, subprocess, sys\n"
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()\n"
        "open(sys.argv[1], 'w').close()\n"
        "subprocess.run(['true'])\n"
    )
    output, file = tmp_path / "trace", tmp_path / "file"
    subprocess.run([*strace(output), sys.executable, "-c", script, str(file)], check=True, timeout=60)
    trace = read_trace(output)
    assert trace.problems(["/nowhere"]) == ["socket of AF_INET", f"writes {file}"]
    assert any(program.endswith("/true") for program in trace.programs)
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "tracing.py"), str(output), str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "socket of AF_INET\n")


def test_calls_that_others_interrupt_are_read_with_their_result(tmp_path: Path):
    trace = tmp_path / "trace"
    trace.write_text(
        '7 openat(AT_FDCWD, "/dev/dsp9", O_WRONLY <unfinished ...>\n'
        "8 socket(AF_UNIX, SOCK_STREAM, 0) = 3\n"
        "7 <... openat resumed>) = -1 ENOENT (No such file or directory)\n"
        '8 openat(AT_FDCWD, "/made", O_WRONLY|O_CREAT, 0600 <unfinished ...>\n'
        "8 <... openat resumed>) = 4\n",
        encoding="ascii",
    )
    read = read_trace(trace)
    assert (read.written, read.sockets) == ({"/made"}, {"AF_UNIX"})
