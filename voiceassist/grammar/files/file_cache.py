"""Rereads command files when they change; a broken file is replaced by its last good version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from voiceassist.errors import GrammarError
from voiceassist.grammar.files.command_file import CommandFile, read_command_file
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import join_files
from voiceassist.grammar.files.program_lists import Programs
from voiceassist.grammar.values.lists import TextList

T = TypeVar("T")

_Stamp = tuple[int, int, int]
_NEVER: _Stamp = (0, -1, 0)

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

    def __init__(self) -> None:
        self.problems: tuple[GrammarError, ...] = ()
        self._read: dict[Path, tuple[_Stamp, CommandFile]] = {}
        self._good: dict[Path, CommandFile] = {}
        self._programs = Programs(fresh_s=PROGRAMS_FRESH_S)

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
        files: dict[Path, CommandFile] = {}
        for path in paths:
            file = self._file(path, problems)
            if file is not None:
                files[path] = file
        if problems and not files:
            self.problems = tuple(problems.values())
            raise self.problems[0]
        while True:
            try:
                commands = join_files(list(files.values()), lists=lists, programs=self._programs)
                product = make(commands)
            except GrammarError as error:
                broken = self._broken_file(files, error, lists, make)
                problems.setdefault(broken, error)
                if not self._fall_back(files, broken):
                    self.problems = tuple(problems.values())
                    raise self.problems[0] from error
            else:
                self._good = dict(files)
                self.problems = tuple(problems[path] for path in paths if path in problems)
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

    def _works(
        self, files: Mapping[Path, CommandFile], lists: Mapping[str, TextList], make: Callable[[CommandSet], object]
    ) -> bool:
        try:
            make(join_files(list(files.values()), lists=lists, programs=self._programs))
        except GrammarError:
            return False
        return True


def stamp_of(path: Path) -> _Stamp:
    """Changes whenever the file is written or replaced; a constant for missing files."""
    try:
        status = path.stat()
    except OSError:
        return _NEVER
    return (status.st_mtime_ns, status.st_size, status.st_ino)
