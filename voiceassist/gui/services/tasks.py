"""Work beside the main thread: a function goes out, its result or its error comes back as a call."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from voiceassist.errors import VoiceAssistError

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class _Task:
    future: Future[Any]
    done: Callable[[Any], None]
    failed: Callable[[VoiceAssistError], None]
    discard: Callable[[Any], None] | None


class TaskThread(QObject):
    """One thread that runs functions one after the other. Whoever makes it closes it.

    Results and errors are handed over on the thread that owns this object; after :meth:`close` none are. An error
    that is not ours is raised there too, where the application's hook for unexpected errors sees it.
    """

    _finished = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._tasks: list[_Task] = []
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Something is running or waits to run."""
        return bool(self._tasks)

    def submit(
        self,
        function: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[VoiceAssistError], None],
        discard: Callable[[T], None] | None = None,
    ) -> None:
        """Run a function on the thread.

        Args:
            function: what to run.
            done: gets the result.
            failed: gets the error.
            discard: gets a result that arrives too late for ``done``, so that what it holds can be closed.
        """
        if self._closed:
            return
        task = _Task(self._pool.submit(function), done, failed, discard)
        self._tasks.append(task)
        if len(self._tasks) == 1:
            self.busy_changed.emit(True)

        def report(_future: Future[Any]) -> None:
            """Thread: the worker's."""
            if not self._closed:
                self._finished.emit(task)

        task.future.add_done_callback(report)

    def close(self) -> None:
        """Drop what waits, let the running function end, join the thread."""
        if self._closed:
            return
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        for task in self._tasks:
            future = task.future
            if task.discard is not None and not future.cancelled() and future.exception() is None:
                task.discard(future.result())
        self._tasks.clear()

    def _deliver(self, task: _Task) -> None:
        if self._closed:
            return
        self._tasks.remove(task)
        if not self._tasks:
            self.busy_changed.emit(False)
        try:
            result = task.future.result()
        except VoiceAssistError as error:
            task.failed(error)
        else:
            task.done(result)
