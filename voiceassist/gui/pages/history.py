"""The History page: what was heard and done, searchable, to repeat, to copy and to correct."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QLineEdit, QListWidget, QListWidgetItem, QMessageBox, QScrollArea, QWidget

from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.messages import sentence_words
from voiceassist.gui.services.history import MAX_ENTRIES, HistoryEntry, HistoryFile
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import make_clearable, page_layout, push_button, row, text_label
from voiceassist.gui.widgets.flow_layout import FlowLayout

_ENTRY = Qt.ItemDataRole.UserRole


class HistoryPage(QScrollArea):
    """Keeps entries in memory, newest first, and writes them beside the main thread."""

    repeat_wanted = Signal(str)
    failed = Signal(object)
    news = Signal(str)

    def __init__(self, file: HistoryFile, tasks: TaskThread, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file, self._tasks, self._settings = file, tasks, settings
        self.filter = QLineEdit()
        self.list = QListWidget()
        self.empty = text_label(role="quiet")
        self.repeat_button = push_button(tr("Do it again"), "primary")
        self.copy_button = push_button(tr("Copy"))
        self.meant_button = push_button(tr("I meant…"))
        self.clear_button = push_button(tr("Clear the history…"))
        self._lay_out()
        self.filter.textChanged.connect(self._search)
        self.list.currentItemChanged.connect(self._refresh)
        self.list.itemActivated.connect(self._repeat)
        self.repeat_button.clicked.connect(self._repeat)
        self.copy_button.clicked.connect(self._copy)
        self.meant_button.clicked.connect(self._ask_meant)
        self.clear_button.clicked.connect(self._ask_to_clear)
        self._refresh()

    def load(self) -> None:
        """Read what was kept, beside the main thread."""
        self._run(self._file.read, self._show_all)

    def apply_settings(self, settings: Settings) -> None:
        """Take over changed settings."""
        self._settings = settings
        self._refresh()

    def add(self, recognition: Recognition) -> None:
        """Show an utterance on top; it is written if a history is kept."""
        if not (recognition.text or recognition.heard):
            return
        entry = HistoryEntry.of(recognition, acting=self._settings.act)
        self.list.insertItem(0, _item(entry))
        while self.list.count() > MAX_ENTRIES:
            self.list.takeItem(self.list.count() - 1)
        self._search()
        if self._settings.history:
            self._run(lambda: self._file.add(entry), lambda _: None)

    def correct(self, meant: str) -> None:
        """Keep what was meant by the chosen entry, as an example for later."""
        item = self.list.currentItem()
        meant = " ".join(meant.split())
        if item is None or not meant:
            return
        entry: HistoryEntry = item.data(_ENTRY)
        self._run(lambda: self._file.correct(entry, meant), lambda corrected: self._show_corrected(item, corrected))

    def clear(self) -> None:
        """Forget everything, on the disk as well."""
        self.list.clear()
        self._refresh()
        self._run(self._file.clear, lambda _: self.news.emit(tr("The history is cleared.")))

    def _lay_out(self) -> None:
        words = tr("Find in the history")
        self.filter.setPlaceholderText(words)
        self.filter.setAccessibleName(words)
        make_clearable(self.filter)
        self.list.setAccessibleName(tr("History"))
        self.list.setWordWrap(True)
        self.list.setMinimumHeight(160)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = FlowLayout()
        for button in (self.repeat_button, self.copy_button, self.meant_button, self.clear_button):
            buttons.addWidget(button)
        layout = page_layout()
        layout.addLayout(row(text_label(tr("History"), "title")))
        layout.addWidget(self.filter)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        inner = QWidget()
        inner.setLayout(layout)
        self.setWidget(inner)
        self.setWidgetResizable(True)

    def _show_all(self, entries: list[HistoryEntry]) -> None:
        shown = {self.list.item(index).data(_ENTRY) for index in range(self.list.count())}
        for entry in reversed(entries):
            if entry not in shown:
                self.list.addItem(_item(entry))
        self._search()

    def _search(self) -> None:
        wanted = self.filter.text().casefold().strip()
        for index in range(self.list.count()):
            item = self.list.item(index)
            item.setHidden(wanted not in item.text().casefold())
        self._refresh()

    def _refresh(self) -> None:
        item = self.list.currentItem()
        for button in (self.repeat_button, self.copy_button, self.meant_button):
            button.setEnabled(item is not None)
        self.clear_button.setEnabled(self.list.count() > 0)
        self.empty.setText(
            tr("What you say and type, and what came of it, stands here. Only you can read the file, on this computer.")
            if self._settings.history
            else tr("No history is kept: what stands here is forgotten when the program ends. Settings changes that.")
        )

    def _repeat(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            entry: HistoryEntry = item.data(_ENTRY)
            self.repeat_wanted.emit(entry.meant or entry.text)

    def _copy(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            QGuiApplication.clipboard().setText(item.data(_ENTRY).text)
            self.news.emit(tr("Copied."))

    def _ask_meant(self) -> None:
        if self.list.currentRow() < 0:
            return
        entry: HistoryEntry = self.list.currentItem().data(_ENTRY)
        dialog = QInputDialog(self)
        dialog.setWindowTitle(tr("I meant…"))
        dialog.setLabelText(tr("I heard “{words}”. What did you say?", words=entry.heard or entry.text))
        dialog.setTextValue(entry.meant or entry.text)
        dialog.textValueSelected.connect(self.correct)
        dialog.open()

    def _ask_to_clear(self) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(tr("Clear the history"))
        box.setText(tr("Forget everything that stands here?"))
        box.setInformativeText(tr("The file is deleted. This cannot be put back."))
        keep = box.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        forget = box.addButton(tr("Forget it"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(keep)
        box.buttonClicked.connect(lambda button: self.clear() if button is forget else None)
        box.open()

    def _show_corrected(self, item: QListWidgetItem, entry: HistoryEntry) -> None:
        item.setData(_ENTRY, entry)
        item.setText(_words(entry))
        self.news.emit(tr("Kept as an example of what you say."))

    def _run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        def working() -> object:
            try:
                return work()
            except OSError as error:
                raise VoiceAssistError(
                    tr("The history cannot be read or written: {why}", why=error.strerror or error),
                    hint=tr("Check the space on the disk, or switch the history off in Settings."),
                ) from error

        self._tasks.submit(working, done=done, failed=self.failed.emit)


def _item(entry: HistoryEntry) -> QListWidgetItem:
    item = QListWidgetItem(_words(entry))
    item.setData(_ENTRY, entry)
    return item


def _words(entry: HistoryEntry) -> str:
    moment = QDateTime.fromString(entry.at, Qt.DateFormat.ISODate)
    when = QLocale().toString(moment, QLocale.FormatType.ShortFormat) if moment.isValid() else entry.at
    sign = "✓" if entry.understood else "✗"
    text = f"{sign} “{sentence_words(entry.text or entry.heard)}”   {when}\n{entry.outcome}"
    return text + ("\n" + tr("You meant “{words}”", words=entry.meant) if entry.meant else "")
