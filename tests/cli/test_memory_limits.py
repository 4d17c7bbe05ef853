"""With little memory a command works, or says in one sentence that it does not suffice."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from running import SAMPLES, environment

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
        assert "the memory does not suffice" in first
        assert "ulimit" in hint
