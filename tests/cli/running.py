"""Starts the real program in a process of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "assets" / "samples"


@dataclass(frozen=True)
class Ended:
    """What a finished program left behind."""

    status: int
    stdout: str
    stderr: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stdout.splitlines()]


def environment(home: Path, **more: str) -> dict[str, str]:
    """The caller's environment with a home for settings and packs of its own."""
    return {**os.environ, "VOICEASSIST_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


@cache
def _compiled_commands() -> Path:
    folder = tempfile.mkdtemp(prefix="compiled-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def with_compiled_commands(home: Path) -> Path:
    """The home, whose cache all tests share: compiling the default commands takes longer than all else."""
    if not (home / "cache").exists():
        home.mkdir(exist_ok=True)
        (home / "cache").symlink_to(_compiled_commands())
    return home


def voiceassist(home: Path, *arguments: str | Path, stdin: bytes = b"", prefix: Sequence[str] = ()) -> Ended:
    """Runs ``voiceassist`` with the arguments to its end."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "voiceassist", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=environment(with_compiled_commands(home)),
        timeout=90,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
