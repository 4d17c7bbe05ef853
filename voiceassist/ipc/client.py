"""Sends a request to the running program. Imports nothing heavy: a key binding has to respond at once."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

from voiceassist.errors import InstanceError
from voiceassist.ipc.address import check_private_folder
from voiceassist.ipc.messages import (
    MAX_LINE_BYTES,
    Reply,
    Request,
    decode_reply,
    encode_request,
    no_answer,
    not_running,
)

TIMEOUT_S = 5.0
"""Longer than the running program waits for its own main thread."""


def ask(address: str, request: Request, *, timeout_s: float = TIMEOUT_S) -> Reply:
    """Send a request and wait for the reply, ``timeout_s`` in all.

    Raises:
        NotRunningError: no instance runs.
        InstanceError: it does not answer, or its answer is malformed.
    """
    if sys.platform == "win32":
        from voiceassist.ipc.pipe import ask_pipe  # noqa: PLC0415 (imports multiprocessing, needed there only)

        return decode_reply(ask_pipe(address, encode_request(request), timeout_s))
    path = Path(address)
    check_private_folder(path.parent)
    deadline_s = time.monotonic() + timeout_s
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        try:
            connection.connect(str(path))
            connection.sendall(encode_request(request))
            return decode_reply(receive_line(connection, deadline_s))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise not_running() from error
        except (TimeoutError, BlockingIOError) as error:  # timed out, or its queue is full
            raise no_answer() from error
        except OSError as error:
            raise InstanceError(
                f"voiceassist cannot be reached at {path}: {error.strerror}", hint="start it again"
            ) from error


def receive_line(connection: socket.socket, deadline_s: float) -> bytes:
    """Read up to a line end, the end of the stream, or the size limit.

    Arriving bytes do not extend the deadline, which is a ``time.monotonic`` time.

    Raises:
        TimeoutError: the deadline has passed.
        OSError: the connection broke.
    """
    line = b""
    while not line.endswith(b"\n") and len(line) <= MAX_LINE_BYTES:
        left_s = deadline_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the line did not arrive in time")
        connection.settimeout(left_s)
        part = connection.recv(2 * MAX_LINE_BYTES)
        if not part:
            break
        line += part
    return line
