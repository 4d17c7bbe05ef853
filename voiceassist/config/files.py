"""Files, safely: atomic writes, bounded reads of files that anybody may have put there, locks between processes."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_READ_TIMEOUT_S = 10.0
_LOCK_TIMEOUT_S = 10.0
_RETRY_S = 0.02
_CHUNK_BYTES = 1 << 20


def read_untrusted(path: Path, max_bytes: int, *, follow_links: bool = True) -> bytes:
    """The content of a regular file, and of nothing else: a FIFO or a device is never waited for.

    Args:
        path: the file.
        max_bytes: a longer file is refused, and no more than this is ever read.
        follow_links: read what a symbolic link leads to.

    Raises:
        OSError: it cannot be read, is not a regular file, is too large, or takes too long; ``strerror`` says which.
    """
    return b"".join(chunks_of_untrusted(path, max_bytes, follow_links=follow_links))


def chunks_of_untrusted(path: Path, max_bytes: int, *, follow_links: bool = True) -> Iterator[bytes]:
    """The same piece by piece, for files that shall not stand in memory as a whole."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    if not follow_links:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    # A device or FIFO is not opened at all where that can be told before: opening alone may already do something.
    if not stat.S_ISREG((path.stat() if follow_links else path.lstat()).st_mode):
        raise _refused(path)
    with open(os.open(path, flags), "rb", buffering=0) as file:  # noqa: PTH123 - opened by its descriptor
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _refused(path)
        deadline_s = time.monotonic() + _READ_TIMEOUT_S
        size_bytes = 0
        while chunk := file.read(min(_CHUNK_BYTES, max_bytes + 1 - size_bytes)):
            size_bytes += len(chunk)
            if size_bytes > max_bytes:
                limit = f"{max_bytes >> 20} MB" if max_bytes >= 1 << 20 else f"{max_bytes} bytes"
                raise OSError(errno.EFBIG, f"it has more than {limit}", str(path))
            if time.monotonic() > deadline_s:
                raise OSError(errno.ETIMEDOUT, f"reading it took more than {_READ_TIMEOUT_S:g} s", str(path))
            yield chunk


def _refused(path: Path) -> OSError:
    if path.is_dir():
        return IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    return OSError(errno.EINVAL, "it is not a regular file", str(path))


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file completely or not at all; its folder is made where it is missing.

    Where the path is a symbolic link, what it leads to is written, and it stays a link. A new file can be read by its
    user only, whatever the umask; one that is replaced keeps its mode.

    Raises:
        OSError: the folder cannot be written to, the disk is full, or a device or another special file is there, which
            would be replaced.
    """
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.exists() and not target.is_file():
        raise _refused(target)
    make_private_folder(target.parent)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.{os.getpid()}-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            with contextlib.suppress(FileNotFoundError):
                temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    # delete what writers of the same file left that were killed in the middle of it
    for leftover in target.parent.glob(f".{glob.escape(target.name)}.*-*"):
        process_id = leftover.name.removeprefix(f".{target.name}.").partition("-")[0]
        if process_id.isdecimal() and not _is_running(int(process_id)):
            leftover.unlink(missing_ok=True)


def _is_running(process_id: int) -> bool:
    if sys.platform == "win32":
        return True  # asking there would end it; what is left stays
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are missing, for this user only, whatever the umask.

    Raises:
        OSError: it cannot be created.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)


@contextmanager
def locked(path: Path, *, timeout_s: float = _LOCK_TIMEOUT_S) -> Iterator[None]:
    """No other process and no other thread holds the lock of this file meanwhile. The file itself need not exist.

    The lock is on the folder, so that nothing is left behind; it ends with the process, however that ends.

    Raises:
        OSError: the folder cannot be created, or somebody else holds the lock for longer than ``timeout_s``.
    """
    folder = Path(os.path.realpath(path)).parent
    make_private_folder(folder)
    if sys.platform == "win32":
        yield  # folders cannot be locked there; the atomic write still leaves one writer's whole file
        return
    import fcntl  # noqa: PLC0415 - not there on Windows

    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        deadline_s = time.monotonic() + timeout_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline_s:
                    raise OSError(errno.EAGAIN, "another program keeps it locked", str(path)) from None
                time.sleep(_RETRY_S)
        yield
    finally:
        os.close(descriptor)
