"""A pack as one file: ``.vapack`` is a zip archive of the pack's files, without folders."""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
import zlib
from pathlib import Path

from voiceassist.errors import PackError, reason_of
from voiceassist.packs.manifest import MANIFEST_NAME, MAX_BYTES, MAX_MANIFEST_BYTES, REQUIRED_NAMES
from voiceassist.packs.pack import open_pack
from voiceassist.validation import Problems

_LIMIT_BYTES = {MANIFEST_NAME: MAX_MANIFEST_BYTES, **MAX_BYTES}
_MAX_ENTRIES = 16
MAX_RATIO = 200
"""A file that unpacks to more than this many times its size in the archive is a bomb; weights barely shrink."""
_CHUNK_BYTES = 1 << 20
_HINT = "get the pack again from where it came from"
_ZIP_HINT = "a .vapack file is a zip archive of the pack's files (manifest.json and the others), without a folder"


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks a ``.vapack`` into an empty folder, after checking every entry.

    Raises:
        PackError: it cannot be read or holds anything that does not belong in a pack; nothing that the archive
            declares about itself is trusted.
    """
    if archive.is_dir():
        raise PackError(f"{archive.name} is a folder, not a .vapack file", hint=_ZIP_HINT)
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            _check_entries(entries, archive)
            for entry in entries:
                _unpack_entry(opened, entry, folder / entry.filename)
    except FileNotFoundError as error:
        raise PackError(f"{archive} does not exist", hint="check the path") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise PackError(f"{archive.name} is damaged or no .vapack file: {error}", hint=_HINT) from error
    except OSError as error:
        raise PackError(
            f"{archive.name} cannot be unpacked: {reason_of(error)}",
            hint="check that it may be read and that the disk has room",
        ) from error


def _check_entries(entries: list[zipfile.ZipInfo], archive: Path) -> None:
    problems = Problems(archive.name, hint=_HINT)
    if len(entries) > _MAX_ENTRIES:
        problems.add(f"it holds {len(entries)} files, a pack has at most {len(_LIMIT_BYTES)}")
        raise problems.error(PackError)
    names = [entry.filename for entry in entries]
    folders = {name.partition("/")[0] for name in names}
    if len(folders) == 1 and f"{(folder := folders.pop())}/{MANIFEST_NAME}" in names:
        raise PackError(f"{archive.name}: its files are in a folder '{folder}'", hint=_ZIP_HINT)
    for name in _LIMIT_BYTES:
        if names.count(name) > 1:
            problems.add(f"{name} is in it {names.count(name)} times")
        elif name not in names and name in (MANIFEST_NAME, *REQUIRED_NAMES):
            problems.add(f"{name} is missing")
    for entry in entries:
        problems.extend(_entry_problems(entry))
    if problems:
        raise problems.error(PackError)


def _entry_problems(entry: zipfile.ZipInfo) -> list[str]:
    name, found = entry.filename, []
    if name not in _LIMIT_BYTES:
        return [f"{name!r} does not belong in a pack"]
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        found.append(f"{name} is a link or another special file")
    if entry.flag_bits & 1:
        found.append(f"{name} is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        found.append(f"{name} is compressed in an unusual way")
    if entry.file_size > _LIMIT_BYTES[name]:
        found.append(f"{name} is {entry.file_size} bytes, the limit is {_LIMIT_BYTES[name]}")
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        found.append(f"{name} unpacks to more than {MAX_RATIO} times its size")
    return found


def _unpack_entry(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    written = 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with opened.open(entry) as source, open(os.open(target, flags, 0o600), "wb") as sink:  # noqa: PTH123
        while chunk := source.read(_CHUNK_BYTES):
            written += len(chunk)
            if written > entry.file_size:
                raise zipfile.BadZipFile(f"{entry.filename} is longer than it says")
            sink.write(chunk)


def pack_to_vapack(folder: Path, out: Path) -> Path:
    """Writes the pack in a folder as one ``.vapack`` file, the same bytes for the same pack.

    Raises:
        PackError: the folder is not a valid pack.
    """
    pack = open_pack(folder)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as temporary:
        made = Path(temporary) / out.name
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
            for member in (MANIFEST_NAME, *sorted(pack.manifest.files)):
                entry = zipfile.ZipInfo(member)  # dated 1980: the same pack gives the same bytes on any day
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                opened.writestr(entry, (folder / member).read_bytes())
        made.replace(out)
    return out
