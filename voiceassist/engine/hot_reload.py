"""Hot reload of command files.

The files are polled for changes of modification time, size and inode: once a second, and four times a second for a
while after a change, when more of them are likely. Polling needs no system service, and works where notifications do
not: on network folders and for folders that do not exist yet.
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

from voiceassist.action_spec import ConsentRequest
from voiceassist.asr.memory import release_free_memory
from voiceassist.domain import Interpretation
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
"""A file that changes in this many consecutive polls is read although it is still being written."""
POLL_S = 0.25
"""Polling interval after a change. A change takes effect one interval after it was seen, once the file is stable."""
_RESTING_POLLS = 4
"""How many times longer the interval is while nothing changes: each look wakes the processor."""
_LIVELY_POLLS = 80
"""How many polls without a change it takes until the longer interval is used."""


class UsesCommands(Protocol):
    """Consumer of compiled commands: a pipeline."""

    @property
    def automaton(self) -> Automaton: ...

    @property
    def closed(self) -> bool: ...

    def pronounce(self, word: str) -> Sequence[Sequence[int]]: ...

    def use(self, automaton: Automaton) -> None: ...


@dataclass(frozen=True, slots=True)
class CommandsNow:
    """The active commands.

    Attributes:
        commands: the command set.
        problems: errors in files; the last valid version of such a file stays active, if there is one.
    """

    commands: CommandSet
    problems: tuple[GrammarError, ...]


class LiveCommands:
    """Owns the thread that watches the command files, and updates every registered pipeline on changes.

    Thread: all methods may be called from any thread; listeners are called on the watching thread or on the caller's
    thread of `compile`.

    Args:
        find_files: returns the current files; later ones take precedence.
        lists: returns external lists; called at every reload.
        compile_commands: compiles commands for a model.
        poll_s: polling interval.
        may_run: whether the user has consented to a list running a program.
        also_watched: further files whose changes trigger a reload, such as the consent file.

    Raises:
        GrammarError: none of the files is valid.
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
        # A compiler caches a lot, so it is created at the first change.
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
        """The active commands."""
        return self._now

    def start(self) -> None:
        """Start watching."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="voiceassist-commands", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop the thread. Idempotent."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def listen(self, listener: Callable[[CommandsNow], None]) -> Callable[[], None]:
        """Register a listener for changes, which must return quickly; the returned function removes it for good."""
        with self._calling:
            self._listeners.append(listener)

        def stop() -> None:
            with self._calling:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def compile(self, pronounce: Pronounce) -> Automaton:
        """Compile the commands for a model. Files with unpronounceable words are left out and reported as problems.

        Raises:
            GrammarError: no file can be compiled for the model.
        """
        with self._lock:
            known = {str(problem) for problem in self._now.problems}
            self._now, automaton = self._read(lambda commands: self._compile(Compiler(pronounce), commands))
            now = self._now
        release_free_memory()  # compiling takes ten times the memory of what it makes
        if {str(problem) for problem in now.problems} != known:
            self._tell(now)
        return automaton

    def recompile(self) -> None:
        """Recompile the commands for every pipeline after a change of the wake phrase.

        No model is loaded. Files are reloaded as after a change.
        """
        self._reload()

    def add(self, pipeline: UsesCommands) -> None:
        """Register a pipeline; it receives later changes until it is closed."""
        with self._lock:
            self._pipelines[pipeline] = None

    def parse(self, text: str) -> Interpretation | None:
        """Interpretation of a typed sentence, without executing it."""
        with self._lock:
            pipelines = self._open_pipelines()
            if pipelines:
                return pipelines[-1].automaton.parse(text)
            if self._typed is None:
                self._typed = TextParser(self._now.commands)
            return self._typed.parse(text)

    def _watch(self) -> None:
        seen, busy_polls, calm_polls = self._used, Counter[Path](), _LIVELY_POLLS
        while not self._stop.wait(self._poll_s * (_RESTING_POLLS if calm_polls >= _LIVELY_POLLS else 1)):
            try:
                stamps = self._stamps()
                calm_polls = calm_polls + 1 if stamps == seen else 0
                busy_polls = Counter({path: busy_polls[path] + 1 for path in stamps if stamps[path] != seen.get(path)})
                # A file that changes constantly does not delay others, and is itself read from time to time.
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
            except GrammarError as error:  # no file is left: keep the active commands
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
