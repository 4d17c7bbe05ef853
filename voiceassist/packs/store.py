"""The packs of this machine: those that came with the program and those that the user installed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from voiceassist.errors import PackError
from voiceassist.packs.archive import pack_to_vapack, unpack
from voiceassist.packs.manifest import MANIFEST_NAME, MODEL_NAME, TOKENS_NAME, is_pack_name
from voiceassist.packs.pack import Pack, open_pack
from voiceassist.packs.writer import swap_folder

__all__ = ["Pack", "PackListing", "PackStore", "open_pack", "pack_to_vapack"]

_ASIDE = ".replaced-"
"""Where a pack waits while its successor takes its place; found again after a crash in that moment."""


@dataclass(frozen=True, slots=True)
class PackListing:
    """A pack as found, good or not.

    Attributes:
        name: of its folder.
        folder: where it lies.
        shipped: it came with the program and cannot be removed.
        pack: the opened pack; ``None`` where there is a problem.
        problem: what is wrong with it; ``None`` where nothing is.
    """

    name: str
    folder: Path
    shipped: bool
    pack: Pack | None
    problem: str | None


class PackStore:
    """Finds, installs and removes packs. An installed pack goes before a shipped one of the same name.

    Thread: any; every change on disk is one rename.
    """

    def __init__(self, shipped: Path, installed: Path, check: Callable[[Pack], None] | None = None) -> None:
        """``check`` is called with a pack before it is put in place; whatever it raises stops the installation,
        so that a pack that cannot listen never replaces one that can."""
        self._shipped = shipped
        self._installed = installed
        self._check = check

    def list(self) -> list[PackListing]:
        """All packs by name, the broken ones with their problem."""
        self._recover()
        folders = _folders(self._shipped) | _folders(self._installed)
        return [_look(folder, shipped=folder.parent == self._shipped) for _, folder in sorted(folders.items())]

    def get(self, name_or_path: str | Path) -> Pack:
        """Opens a pack by its name or the path of its folder.

        Raises:
            PackError: there is none, or it is damaged.
        """
        self._recover()
        text = str(name_or_path)
        if is_pack_name(text):
            for root in (self._installed, self._shipped):
                if (root / text).is_dir():
                    return open_pack(root / text)
        path = Path(name_or_path)
        if path.is_file():
            raise PackError(
                f"{path} is a file, not the folder of a pack",
                hint="install a .vapack file first, then use the pack by its name",
            )
        if path.is_dir():
            return open_pack(path)
        known = ", ".join(sorted(_folders(self._shipped) | _folders(self._installed))) or "none"
        raise PackError(f"there is no model pack {text!r}", hint=f"installed packs: {known}")

    def install(self, vapack: Path) -> Pack:
        """Installs a ``.vapack`` file; a pack of that name is replaced only when all went well.

        Raises:
            PackError: the file is damaged or unsafe; lists every problem found.
        """
        self._recover()
        try:
            self._installed.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._installed, prefix=".incoming-") as temporary:
                return self._install(vapack, Path(temporary))
        except OSError as error:
            raise PackError(
                f"{vapack.name} cannot be installed: {error}",
                hint=f"check that {self._installed} can be written and the disk has room",
            ) from error

    def _install(self, vapack: Path, temporary: Path) -> Pack:
        incoming = temporary / "pack"
        incoming.mkdir()
        unpack(vapack, incoming)
        pack = open_pack(incoming)
        if self._check is not None:
            self._check(pack)
        target = self._installed / pack.name
        aside = self._installed / f"{_ASIDE}{pack.name}"
        swap_folder(incoming, target, aside)
        shutil.rmtree(aside, ignore_errors=True)
        return Pack(target, pack.manifest)

    def remove(self, name: str) -> None:
        """Removes an installed pack.

        Raises:
            PackError: there is none of that name, or it came with the program.
        """
        self._recover()
        folder = self._installed / name
        if not is_pack_name(name) or not folder.is_dir():
            shipped = is_pack_name(name) and (self._shipped / name).is_dir()
            reason = f"{name!r} came with the program" if shipped else f"there is no installed pack {name!r}"
            raise PackError(reason, hint="only packs that you installed can be removed")
        try:
            with tempfile.TemporaryDirectory(dir=self._installed, prefix=".removed-") as temporary:
                folder.rename(Path(temporary) / name)  # gone at once, whatever becomes of the deleting
        except OSError as error:
            raise PackError(f"{name!r} cannot be removed: {error}", hint="check the folder's permissions") from error

    def _recover(self) -> None:
        """Puts back a pack whose replacement was interrupted between the two renames."""
        if not self._installed.is_dir():
            return
        for aside in self._installed.glob(f"{_ASIDE}*"):
            target = self._installed / aside.name.removeprefix(_ASIDE)
            if target.exists():
                shutil.rmtree(aside, ignore_errors=True)
            else:
                with suppress(OSError):  # a folder that may not be written: the next start tries again
                    aside.rename(target)


def _folders(root: Path) -> dict[str, Path]:
    if not root.is_dir():
        return {}
    files = (MANIFEST_NAME, MODEL_NAME, TOKENS_NAME)
    return {
        path.name: path
        for path in root.iterdir()
        if not path.name.startswith(".") and any((path / name).exists() for name in files)
    }


def _look(folder: Path, *, shipped: bool) -> PackListing:
    try:
        pack = open_pack(folder)
    except PackError as error:
        return PackListing(folder.name, folder, shipped, None, error.message)
    problem = None
    if pack.name != folder.name:
        problem = f"{MANIFEST_NAME} names it {pack.name!r}: rename the folder"
    return PackListing(folder.name, folder, shipped, None if problem else pack, problem)
