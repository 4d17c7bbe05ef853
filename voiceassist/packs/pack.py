"""A pack folder, verified against its manifest."""

from __future__ import annotations

import hashlib
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from voiceassist.config.files import read_untrusted, write_atomically
from voiceassist.errors import PackError
from voiceassist.packs.manifest import (
    CONFUSION_NAME,
    MANIFEST_NAME,
    MAX_MANIFEST_BYTES,
    MODEL_NAME,
    PRONUNCIATIONS_NAME,
    TOKENS_NAME,
    FileEntry,
    Manifest,
)
from voiceassist.packs.onnx_scan import check_self_contained
from voiceassist.validation import Problems

LIST_NAME = "manifests.sha256"
_LISTED = re.compile(rf"([0-9a-f]{{64}})  ([^/]+)/{re.escape(MANIFEST_NAME)}")
_HINT = "install the pack again, or choose another with `voiceassist models list`"


@dataclass(frozen=True, slots=True)
class Pack:
    """A verified model pack.

    Attributes:
        folder: where it lies.
        manifest: what it is.
    """

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.manifest.name

    def read(self, name: str) -> bytes:
        """A file of the pack, verified again.

        Raises:
            PackError: it is missing, or has changed.
        """
        try:
            return read_verified(self.folder / name, self.manifest.files[name])
        except OSError as error:
            raise PackError(f"{name} of {self.name!r} cannot be read: {error.strerror}", hint=_HINT) from error

    @property
    def model_file(self) -> Path:
        return self.folder / MODEL_NAME

    @property
    def tokens_file(self) -> Path:
        return self.folder / TOKENS_NAME

    @property
    def pronunciations_file(self) -> Path:
        return self.folder / PRONUNCIATIONS_NAME

    @property
    def confusion_file(self) -> Path | None:
        """The file of phone confusions, if they were measured."""
        return self.folder / CONFUSION_NAME if CONFUSION_NAME in self.manifest.files else None


def open_pack(folder: Path) -> Pack:
    """Opens a pack after checking every file in it.

    Raises:
        PackError: lists every problem found: missing, changed or foreign files, a bad manifest, a model that
            keeps weights elsewhere.
    """
    if not folder.is_dir():
        raise PackError(f"there is no model pack at {folder}", hint="`voiceassist models list` shows what is installed")
    problems = Problems(f"the model pack {folder}", hint=_HINT)
    manifest = _manifest(folder, problems)
    expected = {MANIFEST_NAME, *(manifest.files if manifest else (MODEL_NAME, TOKENS_NAME, PRONUNCIATIONS_NAME))}
    for path in sorted(folder.iterdir()):
        if path.name not in expected:
            problems.add(f"{path.name!r} does not belong in a pack")
    for name, entry in sorted(manifest.files.items()) if manifest else ():
        problems.extend(_file_problems(folder / name, entry))
    if problems or manifest is None:
        raise problems.error(PackError)
    return Pack(folder, manifest)


def _manifest(folder: Path, problems: Problems) -> Manifest | None:
    path = folder / MANIFEST_NAME
    if found := _kind_problems(path):
        problems.extend(found)
        return None
    try:
        text = read_untrusted(path, MAX_MANIFEST_BYTES, follow_links=False)
        listed = listed_manifests(folder.parent).get(folder.name)
        if listed is not None and hashlib.sha256(text).hexdigest() not in listed:
            problems.add(f"{path.name} was changed: its sha256 is not the one in {LIST_NAME}")
            return None
        return Manifest.from_json(text)
    except PackError as error:
        problems.add(error.message)
    except OSError as error:
        problems.add(f"{path.name} cannot be read: {error.strerror}")
    return None


def listed_manifests(root: Path) -> dict[str, set[str]]:
    """SHA-256 of the manifests by pack, from the list in a folder of packs; empty without a list.

    A pack that is being replaced has two. The list has the format of ``sha256sum``, which can check it.
    """
    try:
        lines = read_untrusted(root / LIST_NAME, MAX_MANIFEST_BYTES).decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    listed: dict[str, set[str]] = {}
    for found in map(_LISTED.fullmatch, lines):
        if found is not None:
            listed.setdefault(found[2], set()).add(found[1])
    return listed


def list_manifests(root: Path, *, coming: Path | None = None, name: str = "") -> None:
    """Write the list of the manifests in a folder of packs, for the packs that are listed and lie there, and one more.

    The caller holds the lock of the folder.

    Args:
        root: the folder.
        coming: a pack that is about to be moved there.
        name: of the pack that is to be listed too.
    """
    entries = set()
    for known in {*listed_manifests(root), *filter(None, [name])}:
        places = [root / known, *([coming] if known == name and coming is not None else [])]
        manifests = (place / MANIFEST_NAME for place in places)
        entries |= {(known, hashlib.sha256(path.read_bytes()).hexdigest()) for path in manifests if path.is_file()}
    if entries:
        lines = (f"{digest}  {known}/{MANIFEST_NAME}\n" for known, digest in sorted(entries))
        write_atomically(root / LIST_NAME, "".join(lines).encode())
    else:
        (root / LIST_NAME).unlink(missing_ok=True)


def _kind_problems(path: Path) -> list[str]:
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return [f"{path.name} is missing" if isinstance(error, FileNotFoundError) else f"{path.name}: {error.strerror}"]
    return [] if stat.S_ISREG(mode) else [f"{path.name} is not a regular file"]


def _file_problems(path: Path, entry: FileEntry) -> list[str]:
    if found := _kind_problems(path):
        return found
    size_bytes = path.stat().st_size
    if size_bytes != entry.size_bytes:
        return [f"{path.name} has {size_bytes} bytes instead of {entry.size_bytes}"]
    try:
        read_verified(path, entry)
    except OSError as error:
        return [f"{path.name} cannot be read: {error.strerror}"]
    except PackError as error:
        return [error.message]
    return []


def read_verified(path: Path, entry: FileEntry) -> bytes:
    """The contents of a file of a pack, verified against the manifest.

    The bytes returned are those verified, so a file that is replaced between check and use does no harm.

    Raises:
        OSError: it cannot be read.
        PackError: it differs from the manifest, or is a model with external weights.
    """
    data = read_untrusted(path, entry.size_bytes, follow_links=False)
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise PackError(f"{path.name} was changed: its sha256 is not the manifest's", hint=_HINT)
    if path.name == MODEL_NAME and (found := check_self_contained(data)):
        raise PackError("; ".join(f"{path.name}: {problem}" for problem in found), hint=_HINT)
    return data
