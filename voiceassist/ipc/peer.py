"""Who is at the other end of a local socket, as the system knows it."""

from __future__ import annotations

import socket
import struct
import sys

_SOL_LOCAL = 0
_LOCAL_PEERCRED = 1


def peer_user_id(connection: socket.socket) -> int:
    """The user on the other side.

    Raises:
        OSError: the system does not tell.
    """
    if sys.platform == "darwin":
        # struct xucred begins with a version and the user, both 32 bits wide.
        return int(struct.unpack_from("=II", connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, 76))[1])
    if not hasattr(socket, "SO_PEERCRED"):
        raise OSError("this system does not tell who is at the other end")
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
