"""The running instance on Linux and macOS: a lock that dies with the process, and a socket beside it."""

from __future__ import annotations

import fcntl
import os
import socket
import socketserver
import threading
from contextlib import suppress
from pathlib import Path

from voiceassist.errors import InstanceError
from voiceassist.ipc.address import need_private_folder
from voiceassist.ipc.answering import answer_line
from voiceassist.ipc.instance import Answer
from voiceassist.ipc.messages import LONGEST_BYTES
from voiceassist.ipc.peer import peer_user_id

_PATIENCE_S = 1.0


def claim_socket(address: str) -> SocketInstance | None:
    """Become the running instance, or ``None`` where there is one.

    Raises:
        InstanceError: the folder is unsafe or cannot be used.
    """
    path = Path(address)
    need_private_folder(path.parent)
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    except BaseException:
        os.close(lock)
        raise
    # Whoever holds the lock owns the name: a socket that is still there belongs to a process that is gone.
    path.unlink(missing_ok=True)
    return SocketInstance(path, lock)


class SocketInstance:
    """Holds the lock; answers on a thread of its own and one for each call."""

    def __init__(self, path: Path, lock: int) -> None:
        self._path = path
        self._lock: int | None = lock
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def serve(self, answer: Answer) -> None:
        """Answer others from now on.

        Raises:
            InstanceError: the socket cannot be made.
        """
        try:
            self._server = _Server(str(self._path), answer)
            self._path.chmod(0o600)
        except OSError as error:
            raise InstanceError(
                f"{self._path} cannot be made: {error.strerror}", hint="check that folder; --toggle does not work now"
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="voiceassist-ipc", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Answer no more, join the threads, take the socket away. May be called twice."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        if self._server is not None:
            self._server.server_close()
            self._path.unlink(missing_ok=True)
        self._server = self._thread = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = False  # so that closing waits for the answers that are under way
    request_queue_size = 16

    def __init__(self, address: str, answer: Answer) -> None:
        self.answer = answer
        super().__init__(address, _Call)

    def verify_request(self, request: object, client_address: object) -> bool:  # noqa: ARG002 (the base's signature)
        """Only the user that runs this program is answered."""
        if not isinstance(request, socket.socket):
            return False
        try:
            return peer_user_id(request) == os.getuid()
        except OSError:
            return False

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that goes away in mid-sentence is no news; the base would print it."""


class _Call(socketserver.StreamRequestHandler):
    timeout = _PATIENCE_S
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):  # the caller left, or says nothing: there is nobody to tell
            line = self.rfile.readline(LONGEST_BYTES + 1)
            if line:
                self.wfile.write(answer_line(self.server.answer, line))
