"""A pack folder, verified against its manifest."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

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
        """Which phones it takes for which, where that was measured."""
        return self.folder / CONFUSION_NAME if CONFUSION_NAME in self.manifest.files else None


def open_pack(folder: Path) -> Pack:
    """Opens a pack after checking every file in it.

    Raises:
        PackError: with everything that is wrong: missing, changed or foreign files, a bad manifest, a model that
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
    found = _kind_problems(path)
    if not found and path.stat().st_size > MAX_MANIFEST_BYTES:
        found = [f"{path.name} is larger than {MAX_MANIFEST_BYTES} bytes"]
    if found:
        problems.extend(found)
        return None
    try:
        return Manifest.from_json(path.read_bytes())
    except PackError as error:
        problems.add(error.message)
    except OSError as error:
        problems.add(f"{path.name} cannot be read: {error.strerror}")
    return None


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
        data = path.read_bytes()
    except OSError as error:
        return [f"{path.name} cannot be read: {error.strerror}"]
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        return [f"{path.name} was changed: its sha256 is not the manifest's"]
    if path.name == MODEL_NAME:
        return [f"{path.name}: {problem}" for problem in check_self_contained(data)]
    return []
