"""Commands that follow their files while the program runs.

The files are looked at a few times a second: their time, size and number. That costs microseconds, needs nothing from
the system, and works where notifications do not, on network folders and for folders that do not exist yet.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar

from voiceassist.domain import ConsentRequest, Interpretation
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton, Compiler, Pronounce
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.file_cache import FileCache, stamp_of
from voiceassist.grammar.values.lists import TextList

T = TypeVar("T")

Compile = Callable[[Compiler, CommandSet], Automaton]
"""`Compiler.compile`, or the same with a wake phrase."""

log = logging.getLogger(__name__)

_UNREAD = (0, 0, 0)
_MAX_BUSY_POLLS = 12
"""A file that has changed at so many looks in a row is read although it has not come to rest."""
POLL_S = 0.25
"""A change is used after one to two of these: the file must have come to rest."""


class UsesCommands(Protocol):
    """What commands are compiled for: a pipeline."""

    @property
    def automaton(self) -> Automaton: ...

    @property
    def closed(self) -> bool: ...

    def pronounce(self, word: str) -> Sequence[Sequence[int]]: ...

    def use(self, automaton: Automaton) -> None: ...


@dataclass(frozen=True, slots=True)
class CommandsNow:
    """The commands in force.

    Attributes:
        commands: what can be said.
        problems: what is wrong with files; of each its last good version is in force, if there is one.
    """

    commands: CommandSet
    problems: tuple[GrammarError, ...]


class LiveCommands:
    """Owns the thread that watches the command files, and brings changes into every pipeline that was added.

    Thread: all methods may be called from any thread; the listeners are called on the watching one, or
    on that of `compile`.

    Args:
        find_files: the files that there are now, later ones win.
        lists: lists from outside, asked for at every reading.
        compile_commands: compiles commands for a model.
        poll_s: how often the files are looked at.
        may_run: whether the user has agreed that a list runs a program.
        also_watched: further files at whose change the commands are read anew, such as that of the consents.

    Raises:
        GrammarError: not one of the files is right.
    """

    def __init__(
        self,
        find_files: Callable[[], Sequence[Path]],
        lists: Callable[[], Mapping[str, TextList]],
        *,
        compile_commands: Compile = Compiler.compile,
        poll_s: float = POLL_S,
        may_run: Callable[[ConsentRequest], bool] = lambda _request: True,
        also_watched: Sequence[Path] = (),
    ) -> None:
        self._also_watched = also_watched
        self._find_files = find_files
        self._lists = lists
        self._compile = compile_commands
        self._poll_s = poll_s
        self._lock = threading.Lock()
        self._calling = threading.Lock()
        self._library = FileCache(may_run)
        # A compiler remembers a lot, so there is none before the first change.
        self._pipelines: weakref.WeakKeyDictionary[UsesCommands, Compiler | None] = weakref.WeakKeyDictionary()
        self._listeners: list[Callable[[CommandsNow], None]] = []
        self._typed: TextParser | None = None
        self._used = self._stamps()
        self._now = self._read(lambda _: None)[0]
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def now(self) -> CommandsNow:
        """The commands in force."""
        return self._now

    def start(self) -> None:
        """Begin to watch."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="voiceassist-commands", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread. May be called again."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def listen(self, listener: Callable[[CommandsNow], None]) -> Callable[[], None]:
        """Call a function after every change, which must be quick; what is given back ends that for good."""
        with self._calling:
            self._listeners.append(listener)

        def stop() -> None:
            with self._calling:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def compile(self, pronounce: Pronounce) -> Automaton:
        """The commands for a model. Files with words that the model cannot hear are left out, and become problems.

        Raises:
            GrammarError: the model can hear none of them.
        """
        with self._lock:
            known = {str(problem) for problem in self._now.problems}
            self._now, automaton = self._read(lambda commands: self._compile(Compiler(pronounce), commands))
            now = self._now
        if {str(problem) for problem in now.problems} != known:
            self._tell(now)
        return automaton

    def recompile(self) -> None:
        """Compile the commands anew for every pipeline: what comes before them, a wake phrase, has changed.

        No model is loaded for that. Files are read as after a change.
        """
        self._reload()

    def add(self, pipeline: UsesCommands) -> None:
        """Bring later changes into this pipeline, too, until it is closed."""
        with self._lock:
            self._pipelines[pipeline] = None

    def parse(self, text: str) -> Interpretation | None:
        """What a typed sentence means; nothing is done."""
        with self._lock:
            pipelines = self._open_pipelines()
            if pipelines:
                return pipelines[-1].automaton.parse(text)
            if self._typed is None:
                self._typed = TextParser(self._now.commands)
            return self._typed.parse(text)

    def _watch(self) -> None:
        seen, busy_polls = self._used, Counter[Path]()
        while not self._stop.wait(self._poll_s):
            try:
                stamps = self._stamps()
                busy_polls = Counter({path: busy_polls[path] + 1 for path in stamps if stamps[path] != seen.get(path)})
                # One file that changes all the time keeps no other waiting; it is read itself now and then.
                ready = {path for path in stamps if busy_polls[path] % _MAX_BUSY_POLLS == 0}
                changed = {path for path in ready if stamps[path] != self._used.get(path)}
                if changed or self._used.keys() != stamps.keys():
                    before = self._used
                    self._used = {
                        path: stamp if path in ready else before.get(path, _UNREAD) for path, stamp in stamps.items()
                    }
                    self._reload()
                seen = stamps
            except Exception as error:
                log.exception("the command files could not be looked at")
                self._now = CommandsNow(
                    self._now.commands,
                    (
                        GrammarError(
                            f"the command files could not be read because of a fault: {type(error).__name__}: {error}",
                            hint="what was good before stays in use; the log says more",
                        ),
                    ),
                )
                self._tell(self._now)

    def _stamps(self) -> dict[Path, tuple[int, int, int]]:
        return {path: stamp_of(path) for path in (*self._find_files(), *self._also_watched)}

    def _reload(self) -> None:
        with self._lock:
            try:
                self._now, compiled = self._read(self._compile_all)
            except GrammarError as error:  # no file is left: what was in force stays so
                self._now = CommandsNow(self._now.commands, (error,))
            else:
                for pipeline, automaton in compiled:
                    pipeline.use(automaton)
            self._typed = None
            now = self._now
        self._tell(now)

    def _tell(self, now: CommandsNow) -> None:
        with self._calling:
            for listener in self._listeners:
                try:
                    listener(now)
                except Exception:
                    log.exception("a listener to changed commands failed")

    def _read(self, make: Callable[[CommandSet], T]) -> tuple[CommandsNow, T]:
        reading = self._library.read(self._find_files(), self._lists(), make)
        return CommandsNow(reading.commands, reading.problems), reading.product

    def _compile_all(self, commands: CommandSet) -> list[tuple[UsesCommands, Automaton]]:
        return [(pipeline, self._compile(self._compiler(pipeline), commands)) for pipeline in self._open_pipelines()]

    def _compiler(self, pipeline: UsesCommands) -> Compiler:
        compiler = self._pipelines[pipeline]
        if compiler is None:
            compiler = self._pipelines[pipeline] = Compiler(pipeline.pronounce)
        return compiler

    def _open_pipelines(self) -> list[UsesCommands]:
        for pipeline in [pipeline for pipeline in self._pipelines if pipeline.closed]:
            del self._pipelines[pipeline]
        return list(self._pipelines)
