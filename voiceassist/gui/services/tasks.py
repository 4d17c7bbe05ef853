"""Work beside the main thread: a function goes out, its result or its error comes back as a call.

A Qt object must not end on another thread: there it waits for the interpreter while it holds a lock of Qt, and the
main thread may hold the interpreter and wait for that lock. So what another thread is given owns no Qt object: plain
data and the ``emit`` of signals, which owns nothing. Only tasks may hold such an object; the main thread drops it last.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from voiceassist.errors import VoiceAssistError

T = TypeVar("T")


@dataclass(eq=False)
class _Task:
    function: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[VoiceAssistError], None]
    discard: Callable[[Any], None] | None
    succeeded: bool = False
    result: Any = None
    error: BaseException | None = None

    def run(self) -> None:
        """Thread: the worker's."""
        try:
            self.result = self.function()
            self.succeeded = True
        except BaseException as error:  # noqa: BLE001 - raised on the main thread
            self.error = error


class TaskThread(QObject):
    """One thread that runs functions one after the other. Whoever makes it closes it.

    Results and errors are handed over on the thread that owns this object; after :meth:`close` none are. An error
    that is not ours is raised there too, where the application's hook for unexpected errors sees it. A function, what
    it holds and what it returns end there as well.
    """

    _finished = Signal()
    busy_changed = Signal(bool)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._waiting: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._tasks: deque[_Task] = deque()
        self._thread: threading.Thread | None = None
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
        task = _Task(function, done, failed, discard)
        self._tasks.append(task)
        self._waiting.put(task)
        if self._thread is None:
            self._thread = threading.Thread(
                target=_work, args=(self._waiting, self._finished.emit), name=self._name, daemon=True
            )
            self._thread.start()
        if len(self._tasks) == 1:
            self.busy_changed.emit(True)

    def close(self) -> None:
        """Drop what waits, let the running function end, join the thread."""
        if self._closed:
            return
        self._closed = True
        while not self._waiting.empty():  # the worker may take the last one just now, and runs it then
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()
        for task in self._tasks:
            if task.discard is not None and task.succeeded:
                task.discard(task.result)
        self._tasks.clear()

    def _deliver(self) -> None:
        if self._closed:
            return
        task = self._tasks.popleft()
        if not self._tasks:
            self.busy_changed.emit(False)
        if task.succeeded:
            task.done(task.result)
            return
        error, task.error = task.error, None  # its traceback holds the task
        if isinstance(error, VoiceAssistError):
            task.failed(error)
        elif error is not None:
            raise error


def _work(waiting: queue.SimpleQueue[_Task | None], finished: Callable[[], None]) -> None:
    """Thread: the worker's. Whenever a task is told to be finished, nothing here holds it any more."""
    while (task := waiting.get()) is not None:
        task.run()
        task = None
        finished()
