"""The Commands page: what can be said, where it is written, what is wrong there, and a line to try a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from voiceassist.gui.messages import intent_words, slot_words
from voiceassist.gui.pages.command_problems import CommandProblems
from voiceassist.gui.services.interfaces import CommandExamples, CommandView, Understand
from voiceassist.gui.widgets.controls import push_button, row, set_tone, text_label
from voiceassist.gui.widgets.theme import SPACE_PX

_FILE = Qt.ItemDataRole.UserRole
_NO_MATCH = "This is no command."
_MISTAKE = "A command file has a mistake. What was good before stays in use; the Commands page says more."


def open_in_desktop(path: Path) -> bool:
    """Open a file or folder in the program that the desktop has for it; ``False`` where it has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class CommandsPage(QWidget):
    """A tree of intents and their sentences with a filter, which follows the command files."""

    arrived = Signal(object)
    """A `CommandView` after files have changed; emitted from any thread."""
    news = Signal(str)
    """Something for the banner."""

    def __init__(
        self,
        view: CommandView,
        user_folder: Path,
        understand: Understand | None = None,
        open_path: Callable[[Path], bool] = open_in_desktop,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._user_folder = user_folder
        self._understand = understand
        self._open_path = open_path
        self.explanation = text_label(role="quiet")
        self.problems = CommandProblems(self.open)
        self.filter = QLineEdit()
        self.tree = QTreeWidget()
        self.try_line = QLineEdit()
        self.meaning = text_label(selectable=True)
        self.open_file = push_button("Open file")
        self.open_folder = push_button("My commands folder")
        self._lay_out()
        self._connect()
        self.show_view(view)

    def show_view(self, view: CommandView) -> None:
        """Show other commands; what the filter and the line say stays."""
        self.explanation.setText(_explanation(view))
        self.problems.show_problems(view.problems)
        self.tree.clear()
        for command in view.commands:
            self._add(command)
        self.tree.expandAll()
        self._apply_filter()
        self._show_selection()
        self._try()

    def open(self, path: Path) -> None:
        """Open a file in the user's editor, or at least its folder."""
        if not (self._open_path(path) or self._open_path(path.parent)):
            self.news.emit(f"The desktop has no program to open it with: {path}")

    def _lay_out(self) -> None:
        for line, words in ((self.filter, "Find a command"), (self.try_line, "Try a sentence: nothing is done")):
            line.setPlaceholderText(words)
            line.setAccessibleName(words)
            line.setClearButtonEnabled(True)
            line.setMaxLength(500)
        self.try_line.setVisible(self._understand is not None)
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setAccessibleName("Commands")
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
        layout.setSpacing(SPACE_PX)
        title = text_label("What you can say", "title")
        for widget in (title, self.explanation, self.problems, self.filter):
            layout.addWidget(widget)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row(self.open_file, self.open_folder))
        layout.addWidget(self.try_line)
        layout.addWidget(self.meaning)

    def _connect(self) -> None:
        self.arrived.connect(self._take_news)
        self.filter.textChanged.connect(self._apply_filter)
        self.try_line.textChanged.connect(self._try)
        self.tree.currentItemChanged.connect(self._show_selection)
        self.open_file.clicked.connect(self._open_selected)
        self.open_folder.clicked.connect(self._open_user_folder)

    def _add(self, command: CommandExamples) -> None:
        item = QTreeWidgetItem(
            self.tree, [intent_words(command.intent), "" if command.file is None else command.file.name]
        )
        item.setToolTip(0, command.description)
        item.setToolTip(1, str(command.file or ""))
        item.setData(0, _FILE, command.file)
        item.setForeground(1, self.palette().placeholderText())
        bold = item.font(0)
        bold.setBold(True)
        item.setFont(0, bold)
        if command.example:
            item.addChild(QTreeWidgetItem([f"“{command.example}”   {command.description}".strip()]))
        for sentence in command.sentences:
            child = QTreeWidgetItem(item, [sentence])
            child.setForeground(0, self.palette().placeholderText())

    def tell_problems(self) -> None:
        """Send word of what is wrong, if anything is, to whoever does not look at this page."""
        if self.problems.text:
            self.news.emit(_MISTAKE)

    def _take_news(self, view: CommandView) -> None:
        self.show_view(view)
        self.news.emit(_MISTAKE if view.problems else "The commands have changed and are in use.")

    def _apply_filter(self) -> None:
        wanted = self.filter.text().casefold().strip()
        for index in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(index)
            if item is None:
                continue
            whole = any(wanted in text.casefold() for text in (item.text(0), item.text(1), item.toolTip(0)))
            children = [child for number in range(item.childCount()) if (child := item.child(number)) is not None]
            for child in children:
                child.setHidden(not whole and wanted not in child.text(0).casefold())
            item.setHidden(not whole and all(child.isHidden() for child in children))

    def _selected_file(self) -> Path | None:
        item = self.tree.currentItem()
        while item is not None and item.parent() is not None:
            item = item.parent()
        found = None if item is None else item.data(0, _FILE)
        return found if isinstance(found, Path) else None

    def _show_selection(self) -> None:
        self.open_file.setEnabled(self._selected_file() is not None)

    def _open_selected(self) -> None:
        path = self._selected_file()
        if path is not None:
            self.open(path)

    def _open_user_folder(self) -> None:
        try:
            self._user_folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.news.emit(f"The folder {self._user_folder} cannot be made: {error.strerror}")
            return
        self.open(self._user_folder)

    def _try(self) -> None:
        text = self.try_line.text().strip()
        self.meaning.setVisible(bool(text) and self._understand is not None)
        if self._understand is None or not text:
            return
        found = self._understand(text)
        words = (
            _NO_MATCH
            if found is None
            else ": ".join(part for part in (intent_words(found.command.intent), ", ".join(slot_words(found))) if part)
        )
        self.meaning.setText(words)
        set_tone(self.meaning, "warn" if found is None else "good")


def _explanation(view: CommandView) -> str:
    if not view.commands:
        return "There are no commands. Put command files into your commands folder."
    return (
        "Words in [brackets] may be left out, (one | of these) is chosen, {braces} stand for a name or a number. "
        "Files in your commands folder are used as soon as they are saved."
    )
