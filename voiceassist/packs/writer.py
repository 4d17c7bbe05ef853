"""Writes a pack folder: files first, then a manifest with their sizes and hashes."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from voiceassist.config.files import locked, write_atomically
from voiceassist.packs.manifest import (
    CARD_NAME,
    CONFUSION_NAME,
    MANIFEST_NAME,
    MODEL_NAME,
    PRONUNCIATIONS_NAME,
    TOKENS_NAME,
    FileEntry,
    Manifest,
)
from voiceassist.packs.pack import LIST_NAME, Pack, list_manifests, open_pack


@dataclass(frozen=True, slots=True)
class WordFiles:
    """The word-related files of a pack.

    Attributes:
        tokens: the sentencepiece model.
        pronunciations: the tree that ``train.data.g2p_training`` learned.
        confusion: phone confusions of the model, if measured.
    """

    tokens: Path
    pronunciations: Path
    confusion: Path | None = None


def write_pack_folder(
    folder: Path,
    manifest: Manifest,
    words: WordFiles,
    write_model: Callable[[Path], None],
    *,
    card: str | None = None,
) -> Pack:
    """Writes a pack into a new folder beside the target, checks it and only then moves it into place.

    Args:
        folder: the pack's folder; a pack that is there is replaced after success.
        manifest: all but ``files``, which are filled in.
        words: its word pieces and pronunciations.
        write_model: writes the ONNX graph to the path that it is given.
        card: text of the model card, if there is one.

    Raises:
        PackError: the manifest or the files would not be accepted.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
        made = Path(temporary) / "pack"
        made.mkdir()
        write_model(made / MODEL_NAME)
        shutil.copyfile(words.tokens, made / TOKENS_NAME)
        shutil.copyfile(words.pronunciations, made / PRONUNCIATIONS_NAME)
        if words.confusion is not None:
            shutil.copyfile(words.confusion, made / CONFUSION_NAME)
        if card is not None:
            _write_text(made / CARD_NAME, card)
        files = {path.name: file_entry(path) for path in made.iterdir()}
        _write_text(made / MANIFEST_NAME, replace(manifest, files=files).to_json())
        open_pack(made)
        swap_folder(made, folder, Path(temporary) / "old")
        _refresh_list(folder.parent)
    return open_pack(folder)


def write_manifest(folder: Path, manifest: Manifest) -> Pack:
    """Gives a pack another manifest, and enters it in the list of manifests beside the pack, if there is one.

    Raises:
        PackError: the manifest or the files are not accepted.
    """
    write_atomically(folder / MANIFEST_NAME, manifest.to_json().encode())
    _refresh_list(folder.parent)
    return open_pack(folder)


def _refresh_list(root: Path) -> None:
    if (root / LIST_NAME).exists():
        with locked(root / LIST_NAME):
            list_manifests(root)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def file_entry(path: Path) -> FileEntry:
    """Size and hash of a file, for the manifest."""
    data = path.read_bytes()
    return FileEntry(hashlib.sha256(data).hexdigest(), len(data))


def swap_folder(new: Path, target: Path, aside: Path) -> None:
    """Puts ``new`` in the place of ``target``; what was there is kept at ``aside`` or put back on failure."""
    had = target.exists()
    if had:
        target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        if had:
            aside.rename(target)
        raise
