"""What is done to the user's command files: saved, copied, switched off, deleted and put back, shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from voiceassist.config.files import write_atomically
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.services.command_views import CommandToolsLike
from voiceassist.gui.services.own_commands import OwnCommand, OwnCommands
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr


class FileActions(QObject):
    """Works beside the main thread and says what was done."""

    changed = Signal()
    """Files have changed."""
    news = Signal(str)
    failed = Signal(object)

    def __init__(
        self, own: OwnCommands, tools: CommandToolsLike | None, tasks: TaskThread, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._own, self._tools, self._tasks = own, tools, tasks
        self._deleted: tuple[Path, bytes] | None = None

    @property
    def has_deleted(self) -> bool:
        """Something was deleted that can be put back."""
        return self._deleted is not None

    def save(self, command: OwnCommand, path: Path | None = None) -> None:
        """Write a command. Who wrote it here has agreed to what it runs."""
        tools = self._tools

        def write() -> Path:
            if tools is not None:
                tools.agree(command.action, command.arguments)
            return self._own.save(command, path)

        self._run(write, lambda _: tr("Saved. Say “{words}”.", words=command.sentences[0]))

    def save_text(self, path: Path, text: str, before: str) -> None:
        """Write the text of a file that was checked, unless another program has changed the file meanwhile."""
        tools = self._tools

        def write() -> None:
            if path.read_text(encoding="utf-8") != before:
                raise VoiceAssistError(
                    tr("{file} was not saved: another program has changed it meanwhile", file=path.name),
                    hint=tr("Open it again, and change what is there now."),
                )
            if tools is not None:
                tools.agree_to_text(text)
            write_atomically(path, text.encode())

        self._run(write, lambda _: tr("{file} is saved.", file=path.name))

    def copy(self, path: Path) -> None:
        """Put a copy beside a file."""
        self._run(lambda: self._own.copy(path), lambda _: tr("Copied. Change the copy with Edit."))

    def switch(self, path: Path, *, on: bool) -> None:
        """Switch a file on or off."""
        self._run(lambda: self._own.switch(path, on=on), lambda _: tr("Switched on.") if on else tr("Switched off."))

    def delete(self, path: Path) -> None:
        """Delete a file; :meth:`undelete` brings it back."""

        def told(content: bytes) -> str:
            self._deleted = path, content
            return tr("{file} is deleted. “Put back” brings it back.", file=path.name)

        self._run(lambda: self._own.delete(path), told)

    def undelete(self) -> None:
        """Put back what was deleted last."""
        if self._deleted is not None:
            (path, content), self._deleted = self._deleted, None
            self._run(lambda: self._own.restore(path, content), lambda _: tr("{file} is back.", file=path.name))

    def import_pack(self, file: Path) -> None:
        """Add the commands of a pack; what they would run is asked about when they are first said."""
        self._run(
            lambda: len(self._own.import_pack(file)),
            lambda count: tr(
                "{count} command files imported. Before one of them runs a program, you are asked.", count=count
            ),
        )

    def export(self, file: Path) -> None:
        """Write all own commands into one file."""
        self._run(lambda: self._own.export(file), lambda count: tr("{count} command files exported.", count=count))

    def make_folder(self, done: Callable[[Path], None]) -> None:
        """Make the folder of own commands, where it is not there."""
        folder = self._own.folder
        self._submit(lambda: folder.mkdir(parents=True, exist_ok=True), lambda _: done(folder))

    def _run(self, change: Callable[[], object], told: Callable[..., str]) -> None:
        """Change files, and say what has become of them."""

        def tell(result: object) -> None:
            words = told(result)
            self.changed.emit()
            self.news.emit(words)

        self._submit(change, tell)

    def _submit(self, change: Callable[[], object], done: Callable[[object], None]) -> None:
        def changed() -> object:
            try:
                return change()
            except (OSError, UnicodeDecodeError) as error:
                why = error.strerror if isinstance(error, OSError) and error.strerror else error
                raise VoiceAssistError(
                    tr("The command file cannot be changed: {why}", why=why),
                    hint=tr("Check the folder {folder} and the space on the disk.", folder=self._own.folder),
                ) from error

        self._tasks.submit(changed, done=done, failed=self.failed.emit)
