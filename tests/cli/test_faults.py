"""A part that dies or hangs ends the program with a status; it never lives on deaf."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import environment, voiceassist

from voiceassist.cli.faults import FAULT
from voiceassist.cli.output import print_json

DYING = """
import signal, threading, sys, time
import voiceassist.cli.parser as parser
from voiceassist import cli

class Parser:
    def parse_args(self, _):
        import argparse
        return argparse.Namespace(verbose=False, remote=None, subcommand=None, run=run)

def run(_):
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    def die():
        raise KeyError("in a thread")
    threading.Thread(target=die, name="voiceassist-runner").start()
    while not ended.wait(0.05):
        pass
    print("left in order")
    return 0

cli.build_parser = Parser
sys.exit(cli.main([]))
"""
HANGING = """
import sys, time
from voiceassist.cli import faults
from voiceassist.ipc.messages import Reply, Request, Verb
answer = faults.ending_in_time(lambda request: Reply(True, "it ends"))
print(answer(Request(Verb.SHOW)).text, answer(Request(Verb.QUIT)).text, flush=True)
time.sleep(600)
"""


def run(script: str, home: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    began_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment(home), timeout=60, check=False
    )
    return done, time.monotonic() - began_s


def test_a_thread_that_dies_is_told_and_ends_the_program(tmp_path: Path):
    done, _ = run(DYING, tmp_path)
    assert (done.returncode, done.stdout) == (FAULT, "left in order\n"), done.stderr
    assert "an internal error ends the program: KeyError in voiceassist-runner" in done.stderr
    assert "hint" in done.stderr


def test_a_request_to_quit_ends_what_hangs(tmp_path: Path):
    done, took_s = run(HANGING, tmp_path)
    assert (done.returncode, done.stdout) == (FAULT, "it ends it ends\n")
    assert took_s > 2


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_infinity_never_reaches_json(capsys, value: float):
    print_json({"a": value, "b": [1.5, {"c": value}], "d": (value, 2)})
    printed = capsys.readouterr().out
    assert json.loads(printed, parse_constant=pytest.fail) == {"a": None, "b": [1.5, {"c": None}], "d": [None, 2]}


def test_a_broken_file_of_the_users_is_left_out_and_the_rest_works(tmp_path: Path):
    folder = tmp_path / "config" / "commands"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("intents: {X: ['open [the']}", encoding="utf-8")
    (folder / "mine.yaml").write_text("intents: {Mine: [all is well]}", encoding="utf-8")
    os.mkfifo(folder / "fifo.yaml")
    done = voiceassist(tmp_path, "parse", "all is well")
    assert done.objects[0]["intent"]["name"] == "Mine"
    assert "broken.yaml" in done.stderr
    assert "fifo.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_log_file_is_private_also_after_it_was_rotated(tmp_path: Path):
    from voiceassist.cli.window import log_to_file  # noqa: PLC0415 - imports Qt

    path = tmp_path / "logs" / "voiceassist.log"
    before = os.umask(0o022)
    try:
        with log_to_file(path):
            for _ in range(6):
                logging.getLogger("voiceassist.test").warning("%s", "x" * 100_000)
    finally:
        os.umask(before)
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["voiceassist.log", "voiceassist.log.1"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
