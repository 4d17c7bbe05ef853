"""Other programs with a time limit and the user's own environment."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from voiceassist.actions.process import end_session, run_tool, user_environment
from voiceassist.errors import ActionError


def test_output_comes_back() -> None:
    assert run_tool(["echo", "hello"]) == "hello\n"


def test_a_missing_program_is_named() -> None:
    with pytest.raises(ActionError, match="no-such-program cannot be started"):
        run_tool(["no-such-program"])


def test_a_failure_brings_its_last_line() -> None:
    with pytest.raises(ActionError, match="sh failed: it broke"):
        run_tool(["sh", "-c", "echo first >&2; echo it broke >&2; exit 3"])


def test_a_silent_failure_says_so() -> None:
    with pytest.raises(ActionError, match="it printed no message"):
        run_tool(["false"])


def test_a_program_that_hangs_is_ended() -> None:
    begun_s = time.monotonic()
    with pytest.raises(ActionError, match=r"did not finish in 0\.2 s"):
        run_tool(["sleep", "30"], time_limit_s=0.2)
    assert time.monotonic() - begun_s < 25


def test_programs_speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert run_tool(["sh", "-c", "echo $LC_ALL"]) == "C\n"


def test_a_program_may_be_stopped_by_several_threads_at_once() -> None:
    for _ in range(20):
        child = subprocess.Popen(["sleep", "60"], start_new_session=True)
        gate, problems = threading.Barrier(4), list[BaseException]()

        def stop(child: subprocess.Popen[bytes] = child, gate: threading.Barrier = gate) -> None:
            gate.wait()
            try:
                end_session(child)
            except BaseException as error:  # noqa: BLE001 - of a thread
                problems.append(error)  # noqa: B023

        threads = [threading.Thread(target=stop) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        assert child.returncode == -signal.SIGKILL


def test_nothing_is_changed_outside_a_bundle() -> None:
    environ = {"PATH": "/usr/bin", "LD_LIBRARY_PATH": "/x"}
    assert user_environment(environ) == environ


def test_what_a_bundle_added_is_taken_away() -> None:
    environ = {
        "PATH": "/usr/bin",
        "HOME": "/home/u",
        "LD_LIBRARY_PATH": "/app/lib:/opt/own",
        "LD_LIBRARY_PATH_ORIG": "/opt/own",
        "QT_PLUGIN_PATH": "/app/PySide6/plugins",
        "XDG_DATA_DIRS": "/app/share:/usr/share",
        "_PYI_ARCHIVE_FILE": "/app/voiceassist",
    }
    assert user_environment(environ, Path("/app")) == {
        "PATH": "/usr/bin",
        "HOME": "/home/u",
        "LD_LIBRARY_PATH": "/opt/own",
        "XDG_DATA_DIRS": "/usr/share",
    }
