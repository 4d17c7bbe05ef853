"""Rereads command files when they change; a broken file is replaced by its last good version."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from voiceassist.action_spec import ConsentRequest
from voiceassist.config.files import read_untrusted
from voiceassist.errors import GrammarError, UnknownNameError
from voiceassist.grammar.files.command_file import CommandFile, read_command_file
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import join_files
from voiceassist.grammar.files.program_lists import Programs
from voiceassist.grammar.language.yaml_nodes import MAX_FILE_BYTES
from voiceassist.grammar.values.lists import TextList, TextValue
from voiceassist.i18n import mark

T = TypeVar("T")
log = logging.getLogger(__name__)

_Stamp = tuple[int, int, int]
_NEVER: _Stamp = (0, -1, 0)
_DEFINITION = re.compile(r"""^[ \t]*["']?([^\s"':#-][^"':\n]{0,99}?)["']?[ \t]*:""", re.MULTILINE)
_MAX_BUILDS = 64
"""Maximum number of builds in the search for values from outside that do not compile."""

PROGRAMS_FRESH_S = 2.0
"""Output of list programs is reused for this long, because finding a broken file merges all files several times."""


@dataclass(frozen=True, slots=True)
class LoadedCommands(Generic[T]):
    """The result of reading all files.

    Attributes:
        commands: the commands of all good files, and of the last good versions of the others.
        product: what ``make`` returned for them.
        problems: the errors, in the order of the files.
    """

    commands: CommandSet
    product: T
    problems: tuple[GrammarError, ...]


class FileCache:
    """Keeps the last good version of every command file.

    Attributes:
        problems: the errors of the last reading, also if it failed as a whole.

    Thread: one at a time.
    """

    def __init__(self, may_run: Callable[[ConsentRequest], bool] = lambda _request: True) -> None:
        self.problems: tuple[GrammarError, ...] = ()
        self._read: dict[Path, tuple[_Stamp, CommandFile]] = {}
        self._good: dict[Path, CommandFile] = {}
        self._programs = Programs(fresh_s=PROGRAMS_FRESH_S, may_run=may_run)

    def read(
        self, paths: Sequence[Path], lists: Mapping[str, TextList], make: Callable[[CommandSet], T]
    ) -> LoadedCommands[T]:
        """Reread what has changed, merge it, and build a product from the result.

        Args:
            paths: the files; later ones take precedence.
            lists: lists from outside.
            make: builds the product; a `GrammarError` that it raises counts as a broken file.

        Raises:
            GrammarError: no good file is left, not even a last good version.
        """
        problems: dict[Path, GrammarError] = {}
        outside: tuple[GrammarError, ...] = ()
        files: dict[Path, CommandFile] = {}
        for path in paths:
            file = self._file(path, problems)
            if file is not None:
                files[path] = file
        if problems and not files:
            self.problems = _without_followers(problems)
            raise self.problems[0]
        while True:
            try:
                commands, product = self._build(files, lists, make)
            except GrammarError as error:
                good_lists, left_out = self._good_lists(files, error, lists, make)
                if left_out:
                    lists, outside = good_lists, (*outside, *left_out)
                    continue
                others = [one for one in error.others if one.file is not None and Path(one.file) in files]
                for one in (error, *others):
                    broken = self._broken_file(files, one, lists, make)
                    problems.setdefault(broken, one if one.file else _in_file(one, broken))
                    if not self._fall_back(files, broken):
                        self.problems = _without_followers(problems)
                        raise self.problems[0] from error
            else:
                self._good = dict(files)
                in_order = {path: problems[path] for path in paths if path in problems}
                self.problems = (*_without_followers(in_order), *outside)
                return LoadedCommands(commands, product, self.problems)

    def _file(self, path: Path, problems: dict[Path, GrammarError]) -> CommandFile | None:
        """The current file, else its last good version, else ``None``."""
        stamp = stamp_of(path)
        known = self._read.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        try:
            file = read_command_file(path)
        except GrammarError as error:
            problems[path] = error
            return self._good.get(path)
        except RecursionError:
            problems[path] = GrammarError(
                f"{path}: brackets are nested too deeply",
                hint=mark("use fewer brackets inside each other"),
                file=str(path),
                what=mark("brackets are nested too deeply"),
            )
            return self._good.get(path)
        self._read[path] = (stamp, file)
        return file

    def _fall_back(self, files: dict[Path, CommandFile], broken: Path) -> bool:
        """Replace a file by its last good version, or drop it; ``False`` if no file is left."""
        good = self._good.get(broken)
        if good is None or files.get(broken) is good:
            files.pop(broken, None)
        else:
            files[broken] = good
        return bool(files)

    def _broken_file(
        self,
        files: Mapping[Path, CommandFile],
        error: GrammarError,
        lists: Mapping[str, TextList],
        make: Callable[[CommandSet], object],
    ) -> Path:
        """The file named by the error, else the one whose changes cause it, else the last changed."""
        named = next((path for path in files if str(path) == error.file), None)
        if named is not None:
            return named
        changed = [path for path in files if files[path] is not self._good.get(path)] or list(files)
        for path in reversed(changed) if len(changed) > 1 else ():
            without = dict(files)
            if self._fall_back(without, path) and self._works(without, lists, make):
                return path
        return changed[-1] if changed else Path(error.file or "")

    def _good_lists(
        self,
        files: Mapping[Path, CommandFile],
        error: GrammarError,
        lists: Mapping[str, TextList],
        make: Callable[[CommandSet], object],
    ) -> tuple[dict[str, TextList], list[GrammarError]]:
        """The lists from outside without values that do not compile, if those cause the error; and their errors."""
        empty = {name: TextList(()) for name in lists}
        if not any(found.values for found in lists.values()) or not self._works(files, empty, make):
            return dict(lists), []
        builds_left = _MAX_BUILDS
        good: dict[str, list[TextValue]] = {name: [] for name in lists}
        left_out: list[GrammarError] = []
        waiting = [(name, list(found.values)) for name, found in lists.items() if found.values]
        while waiting:
            name, values = waiting.pop()
            builds_left -= 1
            trial = {**empty, name: TextList((*good[name], *values))}
            if builds_left >= 0 and self._works(files, trial, make):
                good[name] += values
            elif len(values) > 1 and builds_left >= 0:
                middle = len(values) // 2
                waiting += [(name, values[middle:]), (name, values[:middle])]
            else:
                left_out += [
                    GrammarError(
                        f"'{value.template.text[:80]}' of the list '{name}' is left out: it cannot be a command: "
                        f"{error.message}",
                        hint="the name comes from another program, such as a window title; everything else works",
                    )
                    for value in values
                ]
        kept = {id(value) for values in good.values() for value in values}
        in_order = {name: tuple(value for value in found.values if id(value) in kept) for name, found in lists.items()}
        return {name: TextList(values) for name, values in in_order.items()}, left_out

    def _works(
        self, files: Mapping[Path, CommandFile], lists: Mapping[str, TextList], make: Callable[[CommandSet], object]
    ) -> bool:
        try:
            self._build(files, lists, make)
        except GrammarError:
            return False
        return True

    def _build(
        self, files: Mapping[Path, CommandFile], lists: Mapping[str, TextList], make: Callable[[CommandSet], T]
    ) -> tuple[CommandSet, T]:
        try:
            commands = join_files(list(files.values()), lists=lists, programs=self._programs)
            return commands, make(commands)
        except GrammarError:
            raise
        except Exception as error:
            log.exception("commands could not be compiled")
            raise GrammarError(
                f"the commands cannot be compiled: {type(error).__name__} {error}",
                hint="undo your last change to the command files; the log says more",
            ) from error


def _in_file(error: GrammarError, path: Path) -> GrammarError:
    """The error of a file that it does not name."""
    return GrammarError(f"{path}: {error.message}", hint=error.hint, file=str(path), what=error.what)


def _without_followers(problems: Mapping[Path, GrammarError]) -> tuple[GrammarError, ...]:
    """The problems; those of files that only lack what a broken file defines are one problem together."""
    defined: set[str] = set()
    for path, problem in problems.items():
        if not isinstance(problem, UnknownNameError):
            with contextlib.suppress(OSError):
                text = read_untrusted(path, MAX_FILE_BYTES).decode("utf-8", "replace")
                defined.update(_DEFINITION.findall(text))
    followers = [
        path for path, problem in problems.items() if isinstance(problem, UnknownNameError) and problem.name in defined
    ]
    kept = tuple(problem for path, problem in problems.items() if path not in followers)
    if not followers:
        return kept
    names = ", ".join(path.name for path in followers[:5]) + (" ..." if len(followers) > 5 else "")
    what = mark("{count} more files need lists or rules of these: {names}", count=len(followers), names=names)
    if len(followers) == 1:
        what = mark("1 more file needs lists or rules of these: {names}", names=names)
    summary = GrammarError(what, hint=mark("correct the files above first"), what=what)
    summary.others = tuple(problems[path] for path in followers)
    return (*kept, summary)


def stamp_of(path: Path) -> _Stamp:
    """A stamp that changes whenever the file is written or replaced; a constant for missing files."""
    try:
        status = path.stat()
    except OSError:
        return _NEVER
    return (status.st_mtime_ns, status.st_size, status.st_ino)
