"""The thread that actions run on, one after the other in the order of the calls."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

from voiceassist.action_spec import ActionOutcome
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
                f"{self.name} failed because of an error in voiceassist: {fault!r}", hint="the log has the details"
            )
        finally:
            self.finished.set()


class ActionWorker:
    """Runs jobs in order. One that does not finish in time is abandoned, and a new thread runs the rest.

    Thread: any; ``run`` waits for the outcome.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def run(self, name: str, task: Callable[[], ActionOutcome], timeout_s: float) -> ActionOutcome:
        """Run a task after all earlier ones and return its outcome.

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
                abandoned, self._jobs = self._jobs, queue.SimpleQueue()
                with suppress(queue.Empty):  # the thread that hangs may go on just now, and take a job itself
                    while True:
                        self._jobs.put(abandoned.get_nowait())
                abandoned.put(None)  # ends the thread that hangs, if it ever goes on
                self._start()
            raise ActionError(f"{name} did not finish in {timeout_s:g} s", hint="try again; other commands still work")
        if job.error is not None:
            raise job.error
        assert job.outcome is not None  # noqa: S101 - a job that finished has one or the other
        return job.outcome

    def close(self) -> None:
        """End the thread after its current job; one that hangs lasts until the process ends."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._jobs.put(None)
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=1.0)

    def _start(self) -> None:
        jobs = self._jobs

        def work() -> None:
            while (job := jobs.get()) is not None:
                job.work()

        self._thread = threading.Thread(target=work, name="actions", daemon=True)
        self._thread.start()
