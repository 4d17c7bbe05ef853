"""The History page: what was heard and done, searchable, to repeat, to copy and to correct."""

from __future__ import annotations

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QLineEdit, QListWidget, QListWidgetItem, QMessageBox, QScrollArea, QWidget

from voiceassist.config.settings import Settings
from voiceassist.gui.messages import quoted_words
from voiceassist.gui.services.history import MAX_ENTRIES, HistoryEntry
from voiceassist.gui.services.history_log import HistoryLog
from voiceassist.gui.translation import shown, tr
from voiceassist.gui.widgets.controls import make_clearable, page_layout, push_button, row, scrolled, text_label
from voiceassist.gui.widgets.flow_layout import FlowLayout
from voiceassist.gui.widgets.two_lines import SECOND_ROLE, TwoLineDelegate

_ENTRY = Qt.ItemDataRole.UserRole


class HistoryPage(QScrollArea):
    """The entries of the log, newest first."""

    repeat_wanted = Signal(str)
    news = Signal(str)

    def __init__(self, log: HistoryLog, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log, self._settings = log, settings
        self._reading: object = None
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
        for entry in log.entries:
            self._show(entry)
        log.added.connect(self._show)
        self._search()

    def load(self) -> None:
        """Read what was kept, beside the main thread."""
        reading = self._reading = object()
        self._log.run(
            self._log.file.read, lambda entries: self._show_all(entries) if self._reading is reading else None
        )

    def apply_settings(self, settings: Settings) -> None:
        """Take over changed settings."""
        self._settings = settings
        self._refresh()

    def correct(self, meant: str) -> None:
        """Keep what was meant by the chosen entry, as an example for later."""
        item = self.list.currentItem()
        meant = " ".join(meant.split())
        if item is None or not meant:
            return
        entry: HistoryEntry = item.data(_ENTRY)

        def show(corrected: HistoryEntry) -> None:
            _fill(item, corrected)
            self.news.emit(tr("Kept as an example of what you say."))

        self._log.run(lambda: self._log.file.correct(entry, meant), show)

    def clear(self) -> None:
        """Forget everything, on the disk as well."""
        self._reading = None  # what is being read is forgotten with the rest
        self.list.clear()
        self._log.entries.clear()
        self._refresh()
        self._log.run(self._log.file.clear, lambda _: self.news.emit(tr("The history is cleared.")))

    def _lay_out(self) -> None:
        words = tr("Find in the history")
        self.filter.setPlaceholderText(words)
        self.filter.setAccessibleName(words)
        make_clearable(self.filter)
        self.list.setAccessibleName(tr("History"))
        self.list.setItemDelegate(TwoLineDelegate(self.list, wraps=True))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)  # how high a row is depends on how wide it is
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
        scrolled(layout, self, wide=True)

    def _show(self, entry: HistoryEntry) -> None:
        self.list.insertItem(0, _item(entry))
        while self.list.count() > MAX_ENTRIES:
            self.list.takeItem(self.list.count() - 1)
        self._search()

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
            item.setHidden(wanted not in item.data(Qt.ItemDataRole.AccessibleTextRole).casefold())
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


def _item(entry: HistoryEntry) -> QListWidgetItem:
    item = QListWidgetItem()
    _fill(item, entry)
    return item


def _fill(item: QListWidgetItem, entry: HistoryEntry) -> None:
    sign = entry.sign or ("✓" if entry.understood else "○")
    title = f"{sign} {quoted_words(entry.text or entry.heard)}"
    second = " · ".join(filter(None, (_moment_words(entry.at), shown(entry.outcome))))
    if entry.meant:
        second += "\n" + tr("You meant “{words}”", words=entry.meant)
    item.setText(title)
    item.setToolTip(title)
    item.setData(_ENTRY, entry)
    item.setData(SECOND_ROLE, second)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}\n{second}")


def _moment_words(at: str) -> str:
    """``today 9:30``, or ``Mon 3 May 2027 9:30``."""
    moment = QDateTime.fromString(at, Qt.DateFormat.ISODate).toLocalTime()
    if not moment.isValid():
        return at
    time = QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
    if moment.date() == QDate.currentDate():
        return tr("today {time}", time=time)
    return f"{QLocale().toString(moment.date(), 'ddd d MMM yyyy')} {time}"
