"""The packs of this machine: those shipped with the program and those installed by the user."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from voiceassist.config.files import locked
from voiceassist.errors import PackError, reason_of
from voiceassist.packs.archive import pack_to_vapack, unpack
from voiceassist.packs.manifest import MANIFEST_NAME, MODEL_NAME, TOKENS_NAME, is_pack_name
from voiceassist.packs.pack import LIST_NAME, Pack, list_manifests, open_pack
from voiceassist.packs.writer import swap_folder

__all__ = ["Pack", "PackListing", "PackStore", "open_pack", "pack_to_vapack"]

log = logging.getLogger(__name__)

_INCOMING, _REMOVED, _CLAIM = ".incoming-", ".removed-", "claim"
_STALE_AFTER_S = 3600.0
_ASIDE = ".replaced-"
"""Prefix of a pack folder that is being replaced; such a pack is restored after a crash."""


@dataclass(frozen=True, slots=True)
class PackListing:
    """A pack as found, valid or not.

    Attributes:
        name: of its folder.
        folder: where it lies.
        shipped: it came with the program and cannot be removed.
        pack: the opened pack; ``None`` where there is a problem.
        problem: the problem; ``None`` for a valid pack.
    """

    name: str
    folder: Path
    shipped: bool
    pack: Pack | None
    problem: str | None


class PackStore:
    """Finds, installs and removes packs. An installed pack takes precedence over a shipped one of the same name.

    Thread and process: any; changes on disk hold a lock, and each is a single rename.
    """

    def __init__(self, shipped: Path, installed: Path, check: Callable[[Pack], None] | None = None) -> None:
        """``check`` is called with a pack before it is put in place; whatever it raises stops the installation,
        so that a pack that does not work never replaces one that does."""
        self._shipped = shipped
        self._installed = installed
        self._check = check

    def list(self) -> list[PackListing]:
        """All packs by name, damaged ones with their problem."""
        self._recover()
        folders = _folders(self._shipped) | _folders(self._installed)
        return [_look(folder, shipped=folder.parent == self._shipped) for _, folder in sorted(folders.items())]

    def get(self, name_or_path: str | Path) -> Pack:
        """Opens a pack by its name or the path of its folder.

        In the place of an installed pack that is damaged, the one of that name that came with the program is opened,
        and a warning is logged.

        Raises:
            PackError: there is none, or it is damaged.
        """
        self._recover()
        text = str(name_or_path)
        if is_pack_name(text):
            folders = [root / text for root in (self._installed, self._shipped) if (root / text).is_dir()]
            if len(folders) > 1:
                try:
                    return open_pack(folders[0])
                except PackError as error:
                    log.warning("%s; the %s that came with the program is used instead", error, text)
                    return open_pack(folders[1])
            if folders:
                return open_pack(folders[0])
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

    def get_or_shipped(self, name: str, default: str) -> Pack:
        """The pack of that name; where it is missing or damaged, another one that came with the program.

        Raises:
            PackError: no pack that came with the program is good either; the error is that of the pack asked for.
        """
        try:
            return self.get(name)
        except PackError as error:
            for folder in sorted(_folders(self._shipped).values(), key=lambda folder: folder.name != default):
                with suppress(PackError):
                    pack = open_pack(folder)
                    log.warning("%s; %s, which came with the program, is used instead", error, pack.name)
                    return pack
            raise

    def install(self, vapack: Path) -> Pack:
        """Installs a ``.vapack`` file; an existing pack of that name is replaced only on success.

        Raises:
            PackError: the file is damaged or unsafe; lists every problem found.
        """
        try:
            # The pack is tested without the lock, which would block others: the folder is claimed instead.
            with ExitStack() as claimed:
                with self._alone():  # nobody may sweep between the making of the folder and its claiming
                    temporary = claimed.enter_context(
                        tempfile.TemporaryDirectory(dir=self._installed, prefix=_INCOMING)
                    )
                    claimed.enter_context(locked(Path(temporary, _CLAIM)))
                return self._install(vapack, Path(temporary))
        except OSError as error:
            raise PackError(
                f"{vapack.name} cannot be installed: {reason_of(error)}",
                hint=f"check that {self._installed} can be written and the disk has room",
            ) from error

    def _install(self, vapack: Path, temporary: Path) -> Pack:
        incoming = temporary / "pack"
        incoming.mkdir(mode=0o700)
        unpack(vapack, incoming)
        pack = open_pack(incoming)
        if self._check is not None:
            self._check(pack)
        target = self._installed / pack.name
        aside = self._installed / f"{_ASIDE}{pack.name}"
        with self._alone():
            self._sweep()
            # Both the old and the new pack are listed, in case of a crash here.
            list_manifests(self._installed, coming=incoming, name=pack.name)
            swap_folder(incoming, target, aside)
            list_manifests(self._installed)
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
            with (
                self._alone(),
                tempfile.TemporaryDirectory(dir=self._installed, prefix=_REMOVED) as temporary,
                locked(Path(temporary, _CLAIM)),
            ):
                folder.rename(Path(temporary) / name)  # the rename removes it at once, even if the deletion fails
                list_manifests(self._installed)
        except OSError as error:
            raise PackError(
                f"{name!r} cannot be removed: {reason_of(error)}", hint="check the folder's permissions"
            ) from error

    @contextmanager
    def _alone(self, timeout_s: float = 10.0) -> Iterator[None]:
        """Hold the lock on the installed packs, so that no other process changes them."""
        with locked(self._installed / LIST_NAME, timeout_s=timeout_s):
            yield

    def _recover(self) -> None:
        """Cleans up after an interrupted installation, unless another process holds the lock."""
        if not self._installed.is_dir() or not any(self._installed.glob(".*-*")):
            return
        with suppress(OSError), self._alone(timeout_s=0.0):  # the folder is not writable: the next start tries again
            self._sweep()

    def _sweep(self) -> None:
        """Puts back packs whose replacement was interrupted between two renames, and deletes unclaimed folders."""
        for aside in self._installed.glob(f"{_ASIDE}*"):
            target = self._installed / aside.name.removeprefix(_ASIDE)
            if target.exists():
                shutil.rmtree(aside, ignore_errors=True)
            else:
                with suppress(OSError):
                    aside.rename(target)
        for prefix in (_INCOMING, _REMOVED):
            for leftover in self._installed.glob(f"{prefix}*"):
                if not _is_claimed(leftover):
                    shutil.rmtree(leftover, ignore_errors=True)
        for leftover in self._installed.glob(f".{LIST_NAME}.*"):  # left by an interrupted write of the list
            leftover.unlink(missing_ok=True)
        if (self._installed / LIST_NAME).exists():
            list_manifests(self._installed)


def _is_claimed(folder: Path) -> bool:
    """Whether a process works in a temporary folder: it holds its lock, which ends with the process."""
    if sys.platform == "win32":
        return time.time() - folder.stat().st_mtime < _STALE_AFTER_S
    try:
        with locked(folder / _CLAIM, timeout_s=0.0):
            return False
    except OSError:
        return True


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
