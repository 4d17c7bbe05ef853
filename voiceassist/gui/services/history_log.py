"""What was said since the start, and the file that keeps it, written on a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from voiceassist.domain import Recognition
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.services.history import MAX_ENTRIES, HistoryEntry, HistoryFile
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr


class HistoryLog(QObject):
    """What was said since the start, and the file beside it, written on a thread of its own."""

    added = Signal(object)
    """A `HistoryEntry`."""
    failed = Signal(object)

    def __init__(self, file: HistoryFile, tasks: TaskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file
        self._tasks = tasks
        self.entries: deque[HistoryEntry] = deque(maxlen=MAX_ENTRIES)

    def note(self, recognition: Recognition, *, acting: bool, kept: bool) -> None:
        """Remember an utterance; ``kept`` writes it as well."""
        if not (recognition.text or recognition.heard):
            return
        entry = HistoryEntry.of(recognition, acting=acting)
        self.entries.append(entry)
        self.added.emit(entry)
        if kept:
            self.run(lambda: self.file.add(entry), lambda _: None)

    def run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        """Work on the file beside the main thread."""

        def working() -> object:
            try:
                return work()
            except OSError as error:
                raise VoiceAssistError(
                    tr("The history cannot be read or written: {why}", why=error.strerror or error),
                    hint=tr("Check the space on the disk, or switch the history off in Settings."),
                ) from error

        self._tasks.submit(working, done=done, failed=self.failed.emit)
