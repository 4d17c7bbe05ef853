"""Runs a program under ``strace`` and tells what it asked the system for, on all its threads and in its children."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "socket,connect,sendto,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
    "mknod,mknodat,truncate,execve"
)
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"\d+\s+<\.\.\. \w+ resumed>\s?(?P<rest>.*)")
_CALL = re.compile(r"^\d+\s+(?P<name>[a-z0-9_]+)\((?P<arguments>.*)$")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_WRITES = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND")
_CHANGES = ("creat", "mkdir", "rename", "link", "symlink", "mknod", "truncate")


@dataclass(frozen=True)
class Trace:
    """What a traced program did.

    Attributes:
        sockets: address families of its sockets.
        addresses: families of what it connected or sent to.
        written: files and folders that it opened for writing, made, renamed or linked.
        programs: what it started.
    """

    sockets: frozenset[str]
    addresses: frozenset[str]
    written: frozenset[str]
    programs: frozenset[str]


def strace(output: Path) -> list[str]:
    """The prefix of a command that is to be traced."""
    return ["strace", "-f", "-q", "-s", "400", "-o", str(output), "-e", f"trace={CALLS}", "--"]


def read_trace(output: Path) -> Trace:
    """What a trace says. A call that the system refused counts for sockets, not for files."""
    sockets, addresses, written, programs = set(), set(), set(), set()
    for line in _whole_calls(output.read_text(encoding="utf-8", errors="replace").splitlines()):
        found = _CALL.match(line)
        if found is None:
            continue
        name, arguments = found["name"], found["arguments"]
        failed = " = -1 " in arguments
        if name == "socket":
            sockets.add(arguments.split(",")[0])
        elif name in ("connect", "sendto"):
            addresses |= set(re.findall(r"sa_family=(AF_\w+)", arguments))
        elif failed:
            continue
        elif name == "execve":
            programs.add(_PATH.findall(arguments)[0])
        elif name.startswith(_CHANGES) or any(flag in arguments for flag in _WRITES):
            written |= set(_PATH.findall(arguments))
    return Trace(frozenset(sockets), frozenset(addresses), frozenset(written), frozenset(programs))


def _whole_calls(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a trace; a call that others interrupted stands in one line, with its result."""
    begun: dict[str, str] = {}
    for line in lines:
        process = line.split(maxsplit=1)[0] if line else ""
        if line.endswith(_UNFINISHED):
            begun[process] = line.removesuffix(_UNFINISHED)
        elif (resumed := _RESUMED.match(line)) and process in begun:
            yield begun.pop(process) + resumed["rest"]
        else:
            yield line
    yield from begun.values()
