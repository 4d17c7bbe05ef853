"""Asks the running program for something. Imports nothing heavy: a key binding has to feel instant."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from voiceassist.errors import InstanceError, NotRunningError
from voiceassist.ipc.address import check_private_folder
from voiceassist.ipc.messages import LONGEST_BYTES, Reply, Request, decode_reply, encode_request

PATIENCE_S = 5.0
"""How long an answer may take: longer than the running program waits for its own main thread."""


def ask(address: str, request: Request, *, patience_s: float = PATIENCE_S) -> Reply:
    """Ask and wait for the answer.

    Raises:
        NotRunningError: nothing runs.
        InstanceError: what runs does not answer, or nothing that can be understood.
    """
    if sys.platform == "win32":
        from voiceassist.ipc.pipe import ask_pipe  # noqa: PLC0415 (drags multiprocessing in, needed there only)

        return decode_reply(ask_pipe(address, encode_request(request), patience_s))
    return decode_reply(_ask_socket(Path(address), encode_request(request), patience_s))


def _ask_socket(path: Path, line: bytes, patience_s: float) -> bytes:
    check_private_folder(path.parent)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(patience_s)
        try:
            connection.connect(str(path))
            connection.sendall(line)
            with connection.makefile("rb") as answers:
                return answers.readline(LONGEST_BYTES + 1)
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise not_running() from error
        except TimeoutError as error:
            raise no_answer() from error
        except OSError as error:
            raise InstanceError(
                f"voiceassist cannot be reached at {path}: {error.strerror}", hint="start it again"
            ) from error


def not_running() -> NotRunningError:
    """The error for a program that is not there."""
    return NotRunningError("voiceassist is not running", hint="start it first: voiceassist --hidden")


def no_answer() -> InstanceError:
    """The error for a program that hangs."""
    return InstanceError(
        "voiceassist runs but does not answer", hint="wait a moment and try again, or end it and start it anew"
    )
