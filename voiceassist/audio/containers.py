"""Whether a recording holds as much as its container promises (decoders pass over it silently)."""

from __future__ import annotations

import struct
from typing import BinaryIO

_OPEN_ENDED_BYTES = 0x7FFF_0000
"""Programs that write a WAV into a pipe put such a size into the header, because they do not know it yet."""
_OGG_HEADER_BYTES = 27


def missing_bytes(file: BinaryIO) -> int:
    """How many promised bytes lie beyond the end of the file; 0 where it is whole or neither WAV nor Ogg.

    The position in the file is left as it was.
    """
    position = file.tell()
    try:
        end = file.seek(0, 2)
        file.seek(0)
        start = file.read(12)
        if start[:4] == b"RIFF" and start[8:] == b"WAVE":
            return _missing_in_wav(file, end)
        return _missing_in_ogg(file, end) if start[:4] == b"OggS" else 0
    finally:
        file.seek(position)


def _missing_in_wav(file: BinaryIO, end: int) -> int:
    file.seek(12)
    while len(header := file.read(8)) == 8:
        kind, promised = struct.unpack("<4sI", header)
        if kind == b"data":
            return max(0, promised - (end - file.tell())) if promised < _OPEN_ENDED_BYTES else 0
        file.seek(promised + promised % 2, 1)
    return 0


def _missing_in_ogg(file: BinaryIO, end: int) -> int:
    """Walk over the pages: each says how long it is."""
    file.seek(0)
    while header := file.read(_OGG_HEADER_BYTES):
        if not header.startswith(b"OggS"[: len(header)]):
            return 0  # something else is appended
        if len(header) < _OGG_HEADER_BYTES:
            return _OGG_HEADER_BYTES - len(header)
        segments = header[-1]
        lengths = file.read(segments)
        page_end = file.tell() + sum(lengths)
        if len(lengths) < segments or page_end > end:
            return max(segments - len(lengths), page_end - end)
        file.seek(page_end)
    return 0
