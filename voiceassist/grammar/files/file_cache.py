"""Command files that are read again and again: each that is broken gives way to its last good version."""

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
"""So long the answers of programs are used: finding the broken one of many files reads all of them several times."""


@dataclass(frozen=True, slots=True)
class FileState(Generic[T]):
    """What came of reading all files.

    Attributes:
        commands: those of all good files, and of the last good versions of the others.
        product: what was made of them.
        problems: what is wrong, in the order of the files.
    """

    commands: CommandSet
    product: T
    problems: tuple[GrammarError, ...]


class FileCache:
    """Remembers the last good version of every command file.

    Attributes:
        problems: what was wrong at the last reading, also where nothing good was left.

    Thread: one at a time.
    """

    def __init__(self) -> None:
        self.problems: tuple[GrammarError, ...] = ()
        self._read: dict[Path, tuple[_Stamp, CommandFile]] = {}
        self._good: dict[Path, CommandFile] = {}
        self._programs = Programs(fresh_s=PROGRAMS_FRESH_S)

    def read(
        self, paths: Sequence[Path], lists: Mapping[str, TextList], make: Callable[[CommandSet], T]
    ) -> FileState[T]:
        """Read what has changed, and make something of all that is good.

        Args:
            paths: the files, later ones win.
            lists: lists from outside.
            make: makes what the commands are for; a `GrammarError` from it counts as a broken file.

        Raises:
            GrammarError: nothing good is left, not even a last good version.
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
                culprit = self._culprit(files, error, lists, make)
                problems.setdefault(culprit, error)
                if not self._step_back(files, culprit):
                    self.problems = tuple(problems.values())
                    raise self.problems[0] from error
            else:
                self._good = dict(files)
                self.problems = tuple(problems[path] for path in paths if path in problems)
                return FileState(commands, product, self.problems)

    def _file(self, path: Path, problems: dict[Path, GrammarError]) -> CommandFile | None:
        """The file as it is now, else its last good version, else nothing."""
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

    def _step_back(self, files: dict[Path, CommandFile], culprit: Path) -> bool:
        """Take a file's last good version, or leave it out; ``False`` where no file is left."""
        good = self._good.get(culprit)
        if good is None or files.get(culprit) is good:
            files.pop(culprit, None)
        else:
            files[culprit] = good
        return bool(files)

    def _culprit(
        self,
        files: Mapping[Path, CommandFile],
        error: GrammarError,
        lists: Mapping[str, TextList],
        make: Callable[[CommandSet], object],
    ) -> Path:
        """The file that the error names, else the one without whose changes all is well, else the last changed."""
        named = next((path for path in files if str(path) == error.file), None)
        if named is not None:
            return named
        changed = [path for path in files if files[path] is not self._good.get(path)] or list(files)
        for path in reversed(changed) if len(changed) > 1 else ():
            without = dict(files)
            if self._step_back(without, path) and self._works(without, lists, make):
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
    """Changes whenever the file is written or replaced; the same for all files that are not there."""
    try:
        status = path.stat()
    except OSError:
        return _NEVER
    return (status.st_mtime_ns, status.st_size, status.st_ino)
