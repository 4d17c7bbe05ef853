"""The thread that actions run on, one after the other in the order in which they were asked for."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from voiceassist.domain import ActionOutcome
from voiceassist.errors import ActionError, VoiceAssistError

log = logging.getLogger(__name__)


class _Job:
    def __init__(self, name: str, run: Callable[[], ActionOutcome]) -> None:
        self.name = name
        self.run = run
        self.started = threading.Event()
        self.finished = threading.Event()
        self.outcome: ActionOutcome | None = None
        self.error: VoiceAssistError | None = None

    def work(self) -> None:
        self.started.set()
        try:
            self.outcome = self.run()
        except VoiceAssistError as error:
            self.error = error
        except Exception as fault:
            log.exception("the action %s failed", self.name)
            self.error = ActionError(
                f"{self.name} failed because of a fault in the program: {fault!r}", hint="the log says more"
            )
        finally:
            self.finished.set()


class ActionWorker:
    """Runs jobs in order. One that does not finish in time is left behind, and a new thread goes on with the rest.

    Thread: any; ``run`` waits for the outcome.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def run(self, name: str, task: Callable[[], ActionOutcome], timeout_s: float) -> ActionOutcome:
        """Run a task after all earlier ones.

        Raises:
            ActionError: it failed, or did not finish in time.
        """
        if threading.current_thread() is self._thread:  # an action that runs another one
            return task()
        job = _Job(name, task)
        with self._lock:
            self._jobs.put(job)
            if self._thread is None:
                self._start()
        job.started.wait()
        if not job.finished.wait(timeout_s):
            with self._lock:
                left_behind, self._jobs = self._jobs, queue.SimpleQueue()
                while not left_behind.empty():
                    self._jobs.put(left_behind.get())
                left_behind.put(None)  # for the thread that hangs, should it ever come back
                self._start()
            raise ActionError(f"{name} did not finish in {timeout_s:g} s", hint="other commands go on; try it again")
        if job.error is not None:
            raise job.error
        assert job.outcome is not None  # noqa: S101 - a job that finished has one or the other
        return job.outcome

    def close(self) -> None:
        """End the thread after what it is doing; one that hangs is left to the end of the process."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._jobs.put(None)
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=1.0)

    def _start(self) -> None:
        self._thread = threading.Thread(target=_work, args=(self._jobs,), name="actions", daemon=True)
        self._thread.start()


def _work(jobs: queue.SimpleQueue[_Job | None]) -> None:
    while (job := jobs.get()) is not None:
        job.work()
