"""Running other programs: time limits, output limits, and the user's own environment."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from voiceassist.descendants import end_descendants, mark
from voiceassist.errors import ActionError, reason_of

TIME_LIMIT_S = 3.0
MAX_OUTPUT_BYTES = 1024 * 1024
_KILL_TIMEOUT_S = 2.0


def run_tool(argv: Sequence[str], *, time_limit_s: float = TIME_LIMIT_S, locale: str = "C") -> str:
    """Run a program and return its standard output, in English.

    Args:
        argv: the program and its arguments.
        time_limit_s: the program is killed after this time.
        locale: ``C.UTF-8`` for programs that read their arguments as text.

    Raises:
        ActionError: it is not installed, failed, or took too long.
    """
    environment = user_environment(os.environ) | {"LC_ALL": locale}
    try:
        done = subprocess.run(
            list(argv),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=time_limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ActionError(f"{argv[0]} did not finish in {time_limit_s:g} s", hint="try again") from error
    except OSError as error:
        raise ActionError(f"{argv[0]} cannot be started: {error.strerror}", hint=f"install {argv[0]}") from error
    if done.returncode != 0:
        raise ActionError(f"{argv[0]} failed: {last_line(done.stderr)}", hint=f"run in a terminal: {shlex.join(argv)}")
    return done.stdout


def run_program(
    argv: Sequence[str], folder: Path, environment: Mapping[str, str], time_limit_s: float
) -> tuple[int, str, str]:
    """Run a program of the user's in a session of its own, and wait for it.

    Its output goes to files, so that a child process that keeps a pipe open does not delay the result.

    Returns:
        The exit status, the standard output and the standard error.

    Raises:
        ActionError: it cannot be started, printed too much, or took too long; then it and its children are killed.
    """
    marked = mark(user_environment(os.environ) | dict(environment))
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors_file:
        try:
            child = subprocess.Popen(
                list(argv),
                cwd=folder,
                env=marked,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors_file,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise ActionError(f"{argv[0]} cannot be started: {reason_of(error)}", hint="correct argv") from error
        try:
            _wait(child, argv[0], (output, errors_file), time_limit_s)
        finally:
            if child.returncode is None:
                end_session(child)
                end_descendants(marked)
        output.seek(0)
        errors_file.seek(0)
        printed, reported = (file.read(MAX_OUTPUT_BYTES).decode("utf-8", "replace") for file in (output, errors_file))
    return child.returncode, printed, reported


def _wait(child: subprocess.Popen[bytes], name: str, outputs: Sequence[IO[bytes]], time_limit_s: float) -> None:
    """Wait for a program within its limits of time and output."""
    deadline_s = time.monotonic() + time_limit_s
    while child.poll() is None:
        if time.monotonic() > deadline_s:
            raise ActionError(f"{name} took longer than {time_limit_s:g} s and was stopped", hint="raise time_limit_s")
        if max(os.fstat(file.fileno()).st_size for file in outputs) > MAX_OUTPUT_BYTES:
            raise ActionError(f"{name} printed too much and was stopped", hint="let it print less")
        with suppress(subprocess.TimeoutExpired):
            child.wait(0.02)


def end_session(child: subprocess.Popen[bytes]) -> None:
    """Kill a program that still runs, and what it started in its session."""
    if child.poll() is None:
        with suppress(ProcessLookupError, PermissionError):  # ended in the meantime, or run as another user
            if sys.platform != "win32":
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.kill()
        with suppress(subprocess.TimeoutExpired):  # one that runs as another user cannot be killed
            child.wait(_KILL_TIMEOUT_S)


def last_line(text: str) -> str:
    """The last line that is not empty."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it printed no message"


def user_environment(environ: Mapping[str, str], bundle: Path | None = None) -> dict[str, str]:
    """The environment without the variables that the frozen app added.

    A bundle points the loader and Qt at its own libraries; another program started with those would crash or
    look foreign. ``bundle`` is the folder of the frozen app, by default that of this process.
    """
    if bundle is None:
        folder = getattr(sys, "_MEIPASS", None)
        bundle = Path(folder) if folder else None
    if bundle is None:
        return dict(environ)
    clean = {}
    for name, value in environ.items():
        if name.startswith("_PYI_"):
            continue
        kept = environ.get(f"{name}_ORIG", _without_paths_of(value, bundle))
        if kept is not None and not (name.endswith("_ORIG") and name.removesuffix("_ORIG") in environ):
            clean[name] = kept
    return clean


def _without_paths_of(value: str, bundle: Path) -> str | None:
    """A value without the paths inside the bundle; ``None`` if none is left."""
    parts = value.split(os.pathsep)
    kept = [part for part in parts if not Path(part).is_relative_to(bundle)]
    return value if len(kept) == len(parts) else os.pathsep.join(kept) or None
