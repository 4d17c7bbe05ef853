"""Recognition needs no network: it is run where there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from running import SAMPLES, environment

GUARD = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        raise SystemExit(f"network: {event} {arguments}")

sys.addaudithook(refuse)
from voiceassist.__main__ import main
sys.exit(main())
"""


def without_network() -> list[str]:
    """A prefix that starts a program in a namespace without interfaces, where this system lets us."""
    for prefix in (["unshare", "--net"], ["unshare", "--net", "--map-root-user"]):
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return prefix
    return []


def test_a_recording_is_understood_without_any_network(tmp_path: Path):
    command = [*without_network(), sys.executable, "-c", GUARD, "recognize", str(SAMPLES / "02-volume.wav")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(tmp_path), timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    assert '"SetVolume"' in done.stdout


def test_the_guard_would_notice(tmp_path: Path):
    script = (
        GUARD.partition("from voiceassist")[0]
        + "import socket; socket.socket(socket.AF_INET).connect(('127.0.0.1', 9))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=dict(os.environ), check=False
    )
    assert done.returncode == 1
    assert "socket.connect" in done.stderr
