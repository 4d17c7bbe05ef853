"""The user's own commands: one tidy file each, written, switched off, deleted and put back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from voiceassist.config.files import read_untrusted, write_atomically
from voiceassist.errors import ConfigError

OFF_SUFFIX = ".off"
_MAX_FILE_BYTES = 1 << 20
_MAX_FILES = 500
_SUFFIXES = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True)
class OwnCommand:
    """A command as the editor knows it.

    Attributes:
        sentences: what is said for it, in the template language.
        action: what is done.
        arguments: of the action.
        intent: its name; made from the first sentence where it is empty.
    """

    sentences: tuple[str, ...]
    action: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    intent: str = ""

    @property
    def name(self) -> str:
        """The intent, or a name made from the first sentence: ``Open my mail`` becomes ``OpenMyMail``."""
        words = re.findall(r"[A-Za-z0-9]+", re.sub(r"\{[^}]*\}", " ", self.sentences[0] if self.sentences else ""))
        made = "".join(word[:1].upper() + word[1:].lower() for word in words[:6])
        return self.intent or ("My" + made if made[:1].isdigit() or not made else made)

    def to_yaml(self) -> str:
        """The command file that holds this command and nothing else."""
        intent: dict[str, Any] = {}
        if self.action:
            intent["action"] = self.action
        if self.arguments:
            intent["arguments"] = dict(self.arguments)
        intent["data"] = [{"sentences": list(self.sentences)}]
        content = {"language": "en", "intents": {self.name: intent}}
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
        if yaml.safe_load(text) == content:
            return text
        return yaml.safe_dump(content, sort_keys=False, width=100)  # rare line separators come back only as escapes


class OwnCommands:
    """The folder of the user's command files.

    Args:
        folder: made when the first command is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, command: OwnCommand, path: Path | None = None) -> Path:
        """Write a command; into its old file where it is given, else into a new one.

        Raises:
            OSError: the folder cannot be written to.
        """
        target = path or self._free_path(command.name)
        write_atomically(target, command.to_yaml().encode())
        return target

    def read(self, path: Path) -> OwnCommand | None:
        """The command of a file; ``None`` where the file holds more than the editor can show.

        Raises:
            OSError: it cannot be read.
        """
        try:
            content = yaml.safe_load(read_untrusted(path, _MAX_FILE_BYTES).decode("utf-8"))
            ((intent, fields),) = content["intents"].items()
            ((data),) = fields["data"]
            command = OwnCommand(
                tuple(data["sentences"]), fields.get("action", ""), fields.get("arguments", {}), intent
            )
            simple = yaml.safe_load(command.to_yaml()) == content and all(
                isinstance(sentence, str) for sentence in command.sentences
            )
        except (yaml.YAMLError, UnicodeDecodeError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        return command if simple else None

    def copy(self, path: Path) -> Path:
        """A copy of a file beside it.

        Raises:
            OSError: it cannot be read, or the folder cannot be written to.
        """
        target = self._free_path(f"{path.stem}-copy")
        write_atomically(target, read_untrusted(path, _MAX_FILE_BYTES))
        return target

    def delete(self, path: Path) -> bytes:
        """Delete a file and return what was in it, so that it can be put back.

        Raises:
            OSError: it cannot be read or deleted.
        """
        content = read_untrusted(path, _MAX_FILE_BYTES)
        path.unlink()
        return content

    def restore(self, path: Path, content: bytes) -> None:
        """Put a deleted file back.

        Raises:
            OSError: the folder cannot be written to.
        """
        write_atomically(path, content)

    def switch(self, path: Path, *, on: bool) -> Path:
        """Switch a file on or off: what ends in ``.off`` is not read.

        Raises:
            OSError: it cannot be renamed.
        """
        target = path.with_name(path.name.removesuffix(OFF_SUFFIX) + ("" if on else OFF_SUFFIX))
        if target.exists():
            raise FileExistsError(17, "there is a file of that name already", str(target))
        return path.rename(target)

    def switched_off(self) -> list[Path]:
        """The files that are switched off."""
        return sorted(self.folder.glob(f"*.y*ml{OFF_SUFFIX}"))

    def export(self, file: Path) -> int:
        """Write all own files into one ``.zip``; returns how many.

        Raises:
            OSError: a file cannot be read or written.
        """
        paths = sorted(path for path in self.folder.glob("*") if path.suffix in _SUFFIXES)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in paths:
                archive.writestr(path.name, read_untrusted(path, _MAX_FILE_BYTES))
        write_atomically(file, buffer.getvalue())
        return len(paths)

    def import_pack(self, file: Path) -> list[Path]:
        """Add command files from a ``.zip``, or one ``.yaml``; no file that is there is overwritten.

        Raises:
            OSError: a file cannot be read or written.
            ConfigError: it is not a pack of command files.
        """
        if file.suffix in _SUFFIXES:
            return [self._add(file.name, read_untrusted(file, _MAX_FILE_BYTES))]
        try:
            with zipfile.ZipFile(io.BytesIO(read_untrusted(file, _MAX_FILES * _MAX_FILE_BYTES))) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                if len(entries) > _MAX_FILES or not all(Path(entry.filename).suffix in _SUFFIXES for entry in entries):
                    raise ConfigError(f"{file.name} holds other things than command files", hint="choose another file")
                contents = [
                    (Path(entry.filename).name, _bounded(archive.open(entry).read(_MAX_FILE_BYTES + 1), entry.filename))
                    for entry in entries
                ]
        except zipfile.BadZipFile as error:
            raise ConfigError(f"{file.name} is not a pack of commands", hint="choose a .zip or .yaml file") from error
        return [self._add(name, content) for name, content in contents]

    def _add(self, name: str, content: bytes) -> Path:
        target = self._free_path(Path(name).stem)
        write_atomically(target, content)
        return target

    def _free_path(self, name: str) -> Path:
        slug = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "-", name).strip("-").lower() or "command"
        taken = {path.name.partition(".")[0] for path in self.folder.glob("*")}
        numbered = (slug if number == 1 else f"{slug}-{number}" for number in range(1, 10_000))
        return self.folder / f"{next(stem for stem in numbered if stem not in taken)}.yaml"


def _bounded(content: bytes, name: str) -> bytes:
    if len(content) > _MAX_FILE_BYTES:
        raise ConfigError(f"{name} is too large for a command file", hint="choose another file")
    return content
