"""Undoes what the card shows on a background thread: putting a volume back may have to ask a sound server."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from voiceassist.domain import ActionOutcome, Recognition
from voiceassist.gui.pages.utterance_card import UtteranceCard
from voiceassist.gui.services.tasks import TaskThread

Undo = Callable[[str], ActionOutcome]


class UndoControl(QObject):
    """Undoes on request and shows the result on the card."""

    failed = Signal(object)

    def __init__(
        self, undo: Undo | None, cards: Sequence[UtteranceCard], tasks: TaskThread, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._undo, self._cards, self._tasks = undo, cards, tasks
        for card in cards:
            card.undo_wanted.connect(self._start)

    def _start(self, recognition: Recognition) -> None:
        undo, outcome = self._undo, recognition.outcome
        if undo is None or outcome is None or outcome.undo_token is None:
            return
        token = outcome.undo_token
        self._tasks.submit(
            lambda: undo(token),
            done=lambda undone: self._show(recognition, undone),
            failed=self.failed.emit,
        )

    def _show(self, recognition: Recognition, undone: ActionOutcome) -> None:
        for card in self._cards:
            card.show_undone(recognition, undone)
