r"""The running instance on Windows: a named pipe, through the standard library's connections.

The process that creates the first pipe of a name is the instance; the pipe is removed with the process. By default
only its user can open a pipe for writing.
"""

from __future__ import annotations

import errno
import threading
from contextlib import suppress
from multiprocessing.connection import Client, Listener

from voiceassist.errors import InstanceError
from voiceassist.ipc.messages import MAX_LINE_BYTES, Answer, answer_line, no_answer, not_running

_LINE_TIMEOUT_S = 1.0


def claim_pipe(address: str, family: str = "AF_PIPE") -> PipeInstance | None:
    """Become the running instance, or return ``None`` if there is one."""
    try:
        return PipeInstance(Listener(address, family=family), address, family)
    except (PermissionError, FileExistsError):
        return None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        raise InstanceError(f"{address} cannot be created: {error.strerror}", hint="end what uses that name") from error


def ask_pipe(address: str, line: bytes, timeout_s: float, family: str = "AF_PIPE") -> bytes:
    """Send a line and wait for the reply.

    Raises:
        NotRunningError: there is no such pipe.
        InstanceError: it does not answer.
    """
    try:
        with Client(address, family=family) as connection:
            connection.send_bytes(line)
            if not connection.poll(timeout_s):
                raise no_answer()
            return connection.recv_bytes(MAX_LINE_BYTES)
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise not_running() from error
    except (EOFError, OSError) as error:
        raise no_answer() from error


class PipeInstance:
    """Holds the pipe; answers on one thread, one caller after the other."""

    def __init__(self, listener: Listener, address: str, family: str) -> None:
        self._listener, self._address, self._family = listener, address, family
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def serve(self, answer: Answer) -> None:
        """Start to answer requests."""
        self._thread = threading.Thread(target=self._work, args=(answer,), name="voiceassist-ipc", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering, join the thread, remove the pipe. May be called twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._thread is not None:
            # The thread waits for a connection, and only a connection ends that wait.
            with suppress(OSError), Client(self._address, family=self._family):
                self._thread.join()
        self._listener.close()

    def _work(self, answer: Answer) -> None:
        while not self._closing.is_set():
            # A caller that disconnects, sends nothing or sends too much does not end the thread.
            with suppress(OSError, EOFError), self._listener.accept() as connection:
                if connection.poll(_LINE_TIMEOUT_S):
                    connection.send_bytes(answer_line(answer, connection.recv_bytes(MAX_LINE_BYTES)))
