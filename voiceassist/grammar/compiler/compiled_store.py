"""Compiled commands kept in a folder from one run of the program to the next.

Compiling the default commands takes about a second and tens of megabytes; reading them takes a few milliseconds. A
file that is damaged, too old, or of another program is not used, and written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

import hassil.parse_expression

from voiceassist import grammar
from voiceassist.config.files import read_untrusted, write_atomically
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.compiled_commands import CompiledCommands
from voiceassist.grammar.compiler.compiled_file import InvalidFileError, NotStorableError, decode, encode
from voiceassist.grammar.compiler.phone_arcs import Pronounce

MAX_FILES = 8
MAX_FILE_BYTES = 32 << 20
MAX_FOLDER_BYTES = 64 << 20
_SUFFIX = ".compiled"
_PROBE = ("the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog")
"""Words whose pronunciations tell models apart."""

log = logging.getLogger(__name__)


class CompiledStore:
    """A folder of compiled commands. The least recently used files are deleted when there are too many.

    Args:
        folder: the folder; it is made when the first file is written.
        changing_lists: lists that are likely to have other values next time.
    """

    def __init__(self, folder: Path, changing_lists: Collection[str] = ()) -> None:
        self._folder = folder
        self.changing_lists = changing_lists

    def load(self, key: str, pronounce: Pronounce) -> CompiledCommands | None:
        """What was stored, if it is intact and its words are still pronounced like this."""
        own_key, path = self._place(key, pronounce)
        try:
            compiled, pronunciations = decode(own_key, read_untrusted(path, MAX_FILE_BYTES, follow_links=False))
        except FileNotFoundError:
            return None
        except (OSError, InvalidFileError) as error:
            log.info("the compiled commands in %s are not used: %s", path, error)
            return None
        if pronunciations != pronunciation_digest(compiled.words, pronounce):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return compiled

    def store(self, key: str, compiled: CompiledCommands, pronounce: Pronounce) -> None:
        """Keep compiled commands; that they cannot be written is noted in the log."""
        own_key, path = self._place(key, pronounce)
        try:
            content = encode(own_key, compiled, pronunciation_digest(compiled.words, pronounce))
            if len(content) <= MAX_FILE_BYTES:
                write_atomically(path, content)
                others = [(other.stat(), other) for other in self._folder.glob(f"*{_SUFFIX}") if other != path]
                size_bytes = len(content)
                for count, (status, other) in enumerate(sorted(others, key=lambda file: -file[0].st_mtime_ns), 2):
                    size_bytes += status.st_size
                    if size_bytes > MAX_FOLDER_BYTES or count > MAX_FILES:
                        other.unlink(missing_ok=True)
        except (OSError, NotStorableError) as error:
            log.info("the compiled commands are not kept in %s: %s", self._folder, error)

    def _place(self, key: str, pronounce: Pronounce) -> tuple[str, Path]:
        """The key with the version of the program and the model, and the file."""
        # the program changes with the sources of the grammar and of hassil, or as a frozen program
        sources = [Path(sys.executable)]
        if not getattr(sys, "frozen", False):
            sources = [*sorted(Path(grammar.__path__[0]).rglob("*.py")), Path(hassil.parse_expression.__file__)]
        stamps = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sources]
        parts = (key, repr(stamps), pronunciation_digest(_PROBE, pronounce))
        own_key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return own_key, self._folder / f"{own_key}{_SUFFIX}"


def pronunciation_digest(words: Iterable[str], pronounce: Pronounce) -> str:
    """Identifies the pronunciations of words; a word without any counts, too."""
    found = []
    for word in words:
        try:
            found.append([list(way) for way in pronounce(word)])
        except GrammarError:
            found.append([])
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()
