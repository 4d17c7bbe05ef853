"""The running instance on Linux and macOS: a lock that is released with the process, and a socket next to it."""

from __future__ import annotations

import fcntl
import os
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from voiceassist.errors import InstanceError
from voiceassist.ipc.address import need_private_folder
from voiceassist.ipc.client import receive_line
from voiceassist.ipc.messages import Answer, answer_line

LINE_TIMEOUT_S = 1.0
"""Time limit for a caller to send its whole line."""
MAX_CONNECTIONS = 32
"""Maximum number of simultaneous connections; further callers wait in the system's queue."""
_SOL_LOCAL = 0
_LOCAL_PEERCRED = 1


def peer_user_id(connection: socket.socket) -> int:
    """The user at the other end of a local socket, as reported by the kernel.

    Raises:
        OSError: the system does not report it.
    """
    if sys.platform == "darwin":
        # struct xucred begins with a version and the user, both 32 bits wide.
        return int(struct.unpack_from("=II", connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, 76))[1])
    if not hasattr(socket, "SO_PEERCRED"):
        raise OSError("this system does not report the user of a socket")
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])


def claim_socket(address: str, *, peer_user_id: Callable[[socket.socket], int] = peer_user_id) -> SocketInstance | None:
    """Become the running instance, or return ``None`` if there is one.

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
    # The holder of the lock owns the path: an existing socket is left over from a process that has exited.
    path.unlink(missing_ok=True)
    return SocketInstance(path, lock, peer_user_id)


class SocketInstance:
    """Holds the lock; answers on a thread of its own and one for each connection."""

    def __init__(self, path: Path, lock: int, peer_user_id: Callable[[socket.socket], int]) -> None:
        self._path = path
        self._peer_user_id = peer_user_id
        self._lock: int | None = lock
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def serve(self, answer: Answer) -> None:
        """Start to answer requests.

        Raises:
            InstanceError: the socket cannot be created.
        """
        try:
            self._server = _Server(str(self._path), answer, self._peer_user_id)
            self._path.chmod(0o600)
        except OSError as error:
            raise InstanceError(
                f"{self._path} cannot be created: {error.strerror}",
                hint="check its folder; --toggle does not work now",
            ) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="voiceassist-ipc", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop answering, join the threads, remove the socket. May be called twice."""
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
    daemon_threads = False  # so that closing waits for replies in progress
    request_queue_size = 64

    def __init__(self, address: str, answer: Answer, peer_user_id: Callable[[socket.socket], int]) -> None:
        self.answer = answer
        self._peer_user_id = peer_user_id
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__(address, _Connection)

    def verify_request(self, request: object, client_address: object) -> bool:  # noqa: ARG002 (the base's signature)
        """Accept connections of this program's own user only."""
        if not isinstance(request, socket.socket):
            return False
        try:
            return self._peer_user_id(request) == os.getuid()
        except OSError:
            return False

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Begin to answer, once one of the connections that are allowed at a time is free."""
        self._slots.acquire()
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._slots.release()
            raise

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Answer, on a thread of its own."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Log nothing for a caller that disconnects early; the base class would print a traceback."""


class _Connection(socketserver.BaseRequestHandler):
    request: socket.socket
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):  # the caller has disconnected or sends nothing: no reply is possible
            line = receive_line(self.request, time.monotonic() + LINE_TIMEOUT_S)
            if line:
                reply = answer_line(self.server.answer, line)
                self.request.settimeout(LINE_TIMEOUT_S)
                self.request.sendall(reply)
