"""The address of the running program, in a folder that only its user can write to."""

from __future__ import annotations

import getpass
import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path

from voiceassist.errors import InstanceError
from voiceassist.paths import APP_NAME

RUNTIME_FOLDERS = "/run/user"
"""The usual runtime folder of a session, for callers without ``XDG_RUNTIME_DIR``, such as cron."""
MAX_PATH_BYTES = 103
"""The smallest limit on a socket path among the supported systems (macOS), in bytes without the terminating NUL."""


def default_address() -> str:
    """The socket's path, or on Windows the pipe's name.

    A program with a home of its own (``VOICEASSIST_HOME``) is an instance of its own.
    """
    return pipe_name() if sys.platform == "win32" else str(socket_path())


def socket_path(runtime_folders: str = RUNTIME_FOLDERS) -> Path:
    """The socket's path: in the session's runtime folder if there is one, else in our own temporary folder."""
    name = f"{_instance_name()}.sock"
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"{runtime_folders}/{_user_id()}")
    if runtime.is_absolute() and runtime.is_dir():
        path = runtime / APP_NAME / name
        if len(os.fsencode(path)) <= MAX_PATH_BYTES:
            return path
    return Path(tempfile.gettempdir()) / f"{APP_NAME}-{_user_id()}" / name


def pipe_name() -> str:
    """The name of the pipe on Windows; a user's pipe can be opened for writing by that user only."""
    user = hashlib.sha256(getpass.getuser().encode()).hexdigest()[:16]
    return rf"\\.\pipe\{APP_NAME}-{user}-{_instance_name()}"


def need_private_folder(folder: Path) -> None:
    """Create the socket's folder, or check that this user owns it and that others have no access.

    Raises:
        InstanceError: it belongs to another user, is accessible to others, or cannot be created.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InstanceError(
            f"{folder} cannot be created: {error.strerror}", hint="check the folder above it"
        ) from error
    check_private_folder(folder)


def check_private_folder(folder: Path) -> None:
    """Check that this user owns a folder and that others have no access; a missing one is fine.

    Raises:
        InstanceError: it belongs to another user or is accessible to others.
    """
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unsafe(folder) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != _user_id() or stat.S_IMODE(found.st_mode) & 0o077:
        raise _unsafe(folder)


def _unsafe(folder: Path) -> InstanceError:
    return InstanceError(
        f"{folder} is not a folder of yours alone", hint="remove it, or set its mode to 0700, and start again"
    )


def _instance_name() -> str:
    home = os.environ.get("VOICEASSIST_HOME")
    if not home:
        return "control"
    return hashlib.sha256(str(Path(home).resolve()).encode()).hexdigest()[:12]


def _user_id() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0
