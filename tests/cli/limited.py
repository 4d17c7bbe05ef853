"""Runs a program in a memory cgroup of its own, where the machine lets one be made, and measures its private memory."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


class LimitedProgram:
    """A program that the kernel ends where it takes more memory than its limit.

    Attributes:
        process: the program.
        limit_bytes: what it may take.
        peak_bytes: the most private memory that was seen.
    """

    def __init__(self, process: subprocess.Popen[str], limit_bytes: int) -> None:
        self.process = process
        self.limit_bytes = limit_bytes
        self.peak_bytes = 0

    def measure(self) -> None:
        """Look how much it takes now: what the kernel cannot reclaim.

        Clean pages of libraries are left out: how many are private depends on which other programs map them.
        """
        with suppress(OSError):
            text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
            kilobytes = re.findall(r"^Private_Dirty:\s+(\d+) kB$", text, re.MULTILINE)
            self.peak_bytes = max(self.peak_bytes, 1024 * sum(map(int, kilobytes)))

    def check(self) -> None:
        """Fail where it was ended, or takes more than it may."""
        self.measure()
        assert self.process.poll() is None, f"it ended with {self.process.returncode}: {self.process.communicate()}"
        assert 0 < self.peak_bytes < self.limit_bytes, f"{self.peak_bytes >> 20} MB"


@contextmanager
def limited(command: Sequence[str], environment: Mapping[str, str], limit_mb: int) -> Iterator[LimitedProgram]:
    """Starts a program; without a cgroup only the measurement limits it."""
    with _cgroup(limit_mb << 20) as group:
        enter = [] if group is None else ["sh", "-c", 'echo $$ >"$0" && exec "$@"', str(group / "cgroup.procs")]
        process = subprocess.Popen(
            [*enter, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            yield LimitedProgram(process, limit_mb << 20)
        finally:
            process.kill()
            process.communicate()


@contextmanager
def _cgroup(limit_bytes: int) -> Iterator[Path | None]:
    lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()]
    for _number, controllers, own in lines:
        if "memory" in controllers.split(","):
            parent, file = _ROOT / "memory" / own.lstrip("/"), "memory.limit_in_bytes"
            break
    else:
        parent, file = _ROOT / lines[-1][2].lstrip("/"), "memory.max"
    group = parent / f"voiceassist-test-{os.getpid()}"
    try:
        group.mkdir()
    except OSError:
        yield None
        return
    try:
        try:
            (group / file).write_text(str(limit_bytes), encoding="ascii")
        except OSError:
            yield None
        else:
            yield group
    finally:
        give_up_s = time.monotonic() + 30
        while group.exists():  # busy until its processes are gone
            with suppress(OSError):
                group.rmdir()
            assert time.monotonic() < give_up_s, f"{group} cannot be removed"
            time.sleep(0.05)
