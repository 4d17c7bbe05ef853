"""Runs a program under ``strace`` and tells what it asked the system for, on all its threads and in its children.

Usage: tracing.py --command TRACE       prints the prefix of a command that is to be traced into a file
       tracing.py TRACE FOLDER...       prints what the program did that it must not; ends with 1 if there is any
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "socket,connect,sendto,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
    "mknod,mknodat,truncate,execve"
)
LOCAL = {"AF_UNIX", "AF_LOCAL", "AF_NETLINK"}
"""Families that stay on the machine: AF_NETLINK is how a program asks the kernel."""
SOUND_LIBRARY_FILES = ("/dev/null", "/dev/tty", "/proc/self/", "/dev/shm/jack", "/dev/shm/pulse-shm")  # noqa: S108
"""PortAudio brings libjack and libpulse along, which share memory with their servers under these names."""
COMPILERS = {"cc", "gcc", "clang", "ld", "collect2", "as", "objdump"}
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

    def problems(self, own: Iterable[str]) -> list[str]:
        """What a program must not do: internet sockets, files outside its own folders, compilers."""
        places = (*own, *SOUND_LIBRARY_FILES)
        return [
            *(f"socket of {family}" for family in sorted((self.sockets | self.addresses) - LOCAL)),
            *(f"writes {path}" for path in sorted(self.written) if not path.startswith(places)),
            *(f"starts {program}" for program in sorted(self.programs) if Path(program).name in COMPILERS),
        ]


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


def main(arguments: list[str]) -> int:
    """What the usage says."""
    if arguments[0] == "--command":
        sys.stdout.write(shlex.join(strace(Path(arguments[1]))) + "\n")
        return 0
    found = read_trace(Path(arguments[0])).problems(arguments[1:])
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
