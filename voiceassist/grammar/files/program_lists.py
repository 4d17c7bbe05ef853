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
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from voiceassist.action_spec import ConsentRequest
from voiceassist.config.trust import consent_request
from voiceassist.descendants import end_descendants, mark
from voiceassist.errors import GrammarError
from voiceassist.grammar.files.command_file import CommandFile
from voiceassist.grammar.values.lists import AnyList, ProgramList, TextList
from voiceassist.validation import refuse_constant

log = logging.getLogger(__name__)

MAX_OUTPUT_BYTES = 1024 * 1024
MAX_VALUES = 20_000
MAX_AT_A_TIME = 8
TOTAL_TIMEOUT_S = 10.0
"""Maximum total run time of all programs per load."""
_LOOK_EVERY_S = 0.02

_Key = tuple[str, tuple[str, ...]]


class Programs:
    """Runs list programs and keeps the values of their last good run.

    Args:
        environ: the environment of the programs; by default that of this process.
        fresh_s: output that is not older than this is reused.
        may_run: whether the user has agreed to a program; the others are not run and become problems.

    Thread: one at a time.
    """

    def __init__(
        self,
        environ: Mapping[str, str] | None = None,
        *,
        fresh_s: float = 0.0,
        may_run: Callable[[ConsentRequest], bool] = lambda _request: True,
    ) -> None:
        self._may_run = may_run
        self._environ = environ
        self._fresh_s = fresh_s
        self._last_good: dict[_Key, TextList] = {}
        self._refused: set[_Key] = set()
        self._asked: dict[_Key, tuple[float, GrammarError | None]] = {}
        self.problems: tuple[GrammarError, ...] = ()
        """The failures of the last `fill`."""

    def fill(self, files: Sequence[CommandFile]) -> list[CommandFile]:
        """The files with their program lists replaced by values; failures are in ``problems``.

        Programs run at the same time, so that those that hang do not add up.
        """
        self.problems = ()
        groups = (group for file in files for group in (file.lists, *(block.lists for block in file.blocks)))
        programs = (found for lists in groups for found in lists.values() if isinstance(found, ProgramList))
        asked: dict[tuple[str, tuple[str, ...]], ProgramList] = {}
        for found in programs:
            asked_s, _ = self._asked.get(found.key, (-math.inf, None))
            agreed_now = found.key in self._refused and self._may_run(list_consent(found))
            if agreed_now or time.monotonic() - asked_s >= self._fresh_s:
                asked[found.key] = found
        if asked:
            with ThreadPoolExecutor(min(len(asked), MAX_AT_A_TIME), "voiceassist-lists") as pool:
                deadline_s = time.monotonic() + TOTAL_TIMEOUT_S
                answers = pool.map(lambda found: self._ask(found, deadline_s), asked.values())
                for key, problem in zip(asked, answers, strict=True):
                    self._asked[key] = (time.monotonic(), problem)
        return [
            replace(
                file,
                lists=self._texts(file.lists),
                blocks=tuple(replace(block, lists=self._texts(block.lists)) for block in file.blocks),
            )
            for file in files
        ]

    def values(self, asked: ProgramList, deadline_s: float = math.inf) -> TextList:
        """Run a program and return the values that it prints.

        Thread: any.

        Raises:
            GrammarError: the program cannot be started, fails, times out, or prints invalid output.
        """
        printed = _run(asked, self._environ, deadline_s)
        pairs = _pairs(printed, asked)
        if len(pairs) > MAX_VALUES:
            raise asked.place.error(f"'{asked.argv[0]}' printed more than {MAX_VALUES} values", "let it print fewer")
        return TextList.of(pairs)

    def _texts(self, lists: Mapping[str, AnyList]) -> dict[str, AnyList]:
        filled = dict(lists)
        for name, found in lists.items():
            if isinstance(found, ProgramList):
                problem = self._asked[found.key][1]
                if problem is not None:
                    self.problems = (*self.problems, problem)
                filled[name] = self._last_good.get(found.key, TextList(()))
        return filled

    def _ask(self, asked: ProgramList, deadline_s: float) -> GrammarError | None:
        try:
            self._refused.discard(asked.key)
            if not self._may_run(list_consent(asked)):
                self._refused.add(asked.key)
                raise asked.place.error(
                    f"you have not agreed that this list runs '{asked.argv[0]}'", "agree with: voiceassist trust agree"
                )
            self._last_good[asked.key] = self.values(asked, deadline_s)
        except GrammarError as error:
            log.warning("%s", error)
            return error
        return None


def list_consent(asked: ProgramList) -> ConsentRequest:
    """The consent that a list needs from the user before it may run its program."""
    folder = str(Path(asked.place.file).resolve().parent)
    return consent_request(
        {"list": list(asked.argv), "folder": folder}, [f"run {shlex.join(asked.argv)} in {folder}, to fill a list"]
    )


def _run(asked: ProgramList, environ: Mapping[str, str] | None, deadline_s: float) -> str:
    """The program's output, through a file: a child process that keeps a pipe open must not block the reader."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        marked = mark(os.environ if environ is None else environ)
        child = _start(asked, marked, output, complaints)
        try:
            status = _watch(child, asked, output, deadline_s)
        finally:
            _end(child)
            end_descendants(marked)
        output.seek(0)
        complaints.seek(0)
        if status != 0:
            said = complaints.read(10_000).decode("utf-8", "replace").strip().splitlines()
            raise _failed(asked, f"failed (status {status}): {said[-1] if said else 'no error message'}")
        try:
            return output.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise _failed(asked, "printed something other than UTF-8 text") from error


def _start(
    asked: ProgramList, environ: Mapping[str, str], output: IO[bytes], complaints: IO[bytes]
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
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=complaints,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL character in an argument
        raise _failed(asked, f"cannot be started: {getattr(error, 'strerror', None) or error}") from error


def _watch(child: subprocess.Popen[bytes], asked: ProgramList, output: IO[bytes], deadline_s: float) -> int:
    ends_at_s = time.monotonic() + asked.timeout_s
    while True:
        # On POSIX the process of an ended program stays known, so that its group can still be killed.
        ended = (
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
            if hasattr(os, "waitid")
            else child.poll() is not None
        )
        if os.fstat(output.fileno()).st_size > MAX_OUTPUT_BYTES:
            raise _failed(asked, f"printed more than {MAX_OUTPUT_BYTES // 1024} kB")
        if ended:
            return _end(child)
        if time.monotonic() > ends_at_s:
            raise _failed(asked, f"took longer than {asked.timeout_s:g} s")
        if time.monotonic() > deadline_s:
            raise _failed(asked, f"was not waited for: all programs together took longer than {TOTAL_TIMEOUT_S:g} s")
        time.sleep(_LOOK_EVERY_S)


def _end(child: subprocess.Popen[bytes]) -> int:
    """Kill a program and its background processes if they still run; return its exit status."""
    if child.returncode is not None:
        return child.returncode
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    return child.wait()


def _pairs(printed: str, asked: ProgramList) -> list[tuple[str, Any]]:
    text = printed.strip()
    if not text.startswith(("[", "{")):
        return [(line.strip(), line.strip()) for line in text.splitlines() if line.strip()]
    try:
        data = json.loads(text, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _failed(asked, f"printed invalid JSON: {error}") from error
    if isinstance(data, dict):
        return [(str(spoken), value) for spoken, value in data.items()]
    found: list[tuple[str, Any]] = []
    for entry in data:
        if isinstance(entry, dict) and isinstance(entry.get("in"), str):
            found.append((entry["in"], entry.get("out", entry["in"])))
        elif isinstance(entry, str | int | float) and not isinstance(entry, bool):
            found.append((str(entry), entry))
        else:
            raise _failed(asked, f"printed {json.dumps(entry)[:80]}, neither text nor an object with an 'in' text")
    return found


def _failed(asked: ProgramList, what: str) -> GrammarError:
    return asked.place.error(f"'{asked.argv[0]}' {what}", f"run `{' '.join(asked.argv)}` in a terminal to see more")
