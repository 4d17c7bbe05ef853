"""Lists whose values a program prints: ``lists: {playlist: {command: [my-playlists, --names], timeout_s: 2}}``.

The program prints one value per line, or JSON: a list of strings and of ``{"in": ..., "out": ...}`` objects, or one
object that maps spoken text to values. Values are plain words, not templates. The program runs without a shell, in the
folder of the command file, whenever commands are loaded; if it fails, the values of its last good run are kept.
"""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from voiceassist.errors import GrammarError
from voiceassist.grammar.files.command_file import CommandFile
from voiceassist.grammar.values.lists import AnyList, ProgramList, TextList

log = logging.getLogger(__name__)

MAX_OUTPUT_BYTES = 1024 * 1024
MAX_VALUES = 20_000
_LOOK_EVERY_S = 0.02

_Key = tuple[str, tuple[str, ...]]


class Programs:
    """Runs list programs and keeps the values of their last good run.

    Args:
        environ: the environment of the programs; by default that of this process.
        fresh_s: output that is not older than this is reused.

    Thread: one at a time.
    """

    def __init__(self, environ: Mapping[str, str] | None = None, *, fresh_s: float = 0.0) -> None:
        self._environ = environ
        self._fresh_s = fresh_s
        self._last_good: dict[_Key, TextList] = {}
        self._asked: dict[_Key, tuple[float, GrammarError | None]] = {}
        self.problems: tuple[GrammarError, ...] = ()
        """The failures of the last `fill`."""

    def fill(self, files: Sequence[CommandFile]) -> list[CommandFile]:
        """The files with their program lists replaced by values; failures are in ``problems``."""
        self.problems = ()
        return [self._filled(file) for file in files]

    def values(self, asked: ProgramList) -> TextList:
        """Run a program and return the values that it prints.

        Raises:
            GrammarError: it cannot be started, fails, takes too long, or prints something invalid.
        """
        printed = _run(asked, self._environ)
        pairs = _pairs(printed, asked)
        if len(pairs) > MAX_VALUES:
            raise asked.place.error(f"'{asked.argv[0]}' printed more than {MAX_VALUES} values", "let it print fewer")
        return TextList.of(pairs)

    def _filled(self, file: CommandFile) -> CommandFile:
        blocks = tuple(replace(block, lists=self._texts(block.lists)) for block in file.blocks)
        return replace(file, lists=self._texts(file.lists), blocks=blocks)

    def _texts(self, lists: Mapping[str, AnyList]) -> dict[str, AnyList]:
        return {name: self._text(found) if isinstance(found, ProgramList) else found for name, found in lists.items()}

    def _text(self, asked: ProgramList) -> TextList:
        asked_s, problem = self._asked.get(asked.key, (-math.inf, None))
        if time.monotonic() - asked_s >= self._fresh_s:
            problem = self._ask(asked)
            self._asked[asked.key] = (time.monotonic(), problem)
        if problem is not None:
            self.problems = (*self.problems, problem)
        return self._last_good.get(asked.key, TextList(()))

    def _ask(self, asked: ProgramList) -> GrammarError | None:
        try:
            self._last_good[asked.key] = self.values(asked)
        except GrammarError as error:
            log.warning("%s", error)
            return error
        return None


def _run(asked: ProgramList, environ: Mapping[str, str] | None) -> str:
    """The program's output, through a file: a child process that keeps a pipe open must not block the reader."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        child = _start(asked, environ, output, complaints)
        try:
            status = _watch(child, asked, output)
        finally:
            _end(child)
        output.seek(0)
        complaints.seek(0)
        if status != 0:
            said = complaints.read(10_000).decode("utf-8", "replace").strip().splitlines()
            raise _failed(asked, f"failed (status {status}): {said[-1] if said else 'no error message'}")
        return _decoded(output.read(), asked)


def _start(
    asked: ProgramList, environ: Mapping[str, str] | None, output: IO[bytes], complaints: IO[bytes]
) -> subprocess.Popen[bytes]:
    folder = Path(asked.place.file).resolve().parent
    # A path is relative to the command file; a bare name is looked up on PATH.
    first = asked.argv[0]
    if "/" in first or os.sep in first:
        first = str(folder / Path(first).expanduser())
    try:
        return subprocess.Popen(
            [first, *asked.argv[1:]],
            cwd=folder,
            env=None if environ is None else dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=complaints,
            start_new_session=True,
        )
    except OSError as error:
        raise _failed(asked, f"cannot be started: {error.strerror or error}") from error


def _watch(child: subprocess.Popen[bytes], asked: ProgramList, output: IO[bytes]) -> int:
    deadline_s = time.monotonic() + asked.timeout_s
    while True:
        try:
            status = child.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            status = None
        if os.fstat(output.fileno()).st_size > MAX_OUTPUT_BYTES:
            raise _failed(asked, f"printed more than {MAX_OUTPUT_BYTES // 1024} kB")
        if status is not None:
            return status
        if time.monotonic() > deadline_s:
            raise _failed(asked, f"took longer than {asked.timeout_s:g} s")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill a program that still runs, with its process group."""
    if child.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        child.wait()


def _decoded(printed: bytes, asked: ProgramList) -> str:
    try:
        return printed.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _failed(asked, "printed something other than UTF-8 text") from error


def _pairs(printed: str, asked: ProgramList) -> list[tuple[str, Any]]:
    text = printed.strip()
    if not text.startswith(("[", "{")):
        return [(line.strip(), line.strip()) for line in text.splitlines() if line.strip()]
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _failed(asked, f"printed invalid JSON: {error}") from error
    if isinstance(data, dict):
        return [(str(spoken), value) for spoken, value in data.items()]
    return [_pair(entry, asked) for entry in data]


def _pair(entry: Any, asked: ProgramList) -> tuple[str, Any]:
    if isinstance(entry, dict) and isinstance(entry.get("in"), str):
        return entry["in"], entry.get("out", entry["in"])
    if isinstance(entry, str | int | float) and not isinstance(entry, bool):
        return str(entry), entry
    raise _failed(asked, f"printed {json.dumps(entry)[:80]}, neither text nor an object with an 'in' text")


def _failed(asked: ProgramList, what: str) -> GrammarError:
    return asked.place.error(f"'{asked.argv[0]}' {what}", f"run `{' '.join(asked.argv)}` in a terminal to see more")
