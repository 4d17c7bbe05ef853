"""The Commands page: what can be said, own commands on top, and a line to try a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QListView, QScrollArea, QWidget

from voiceassist.domain import Interpretation
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.messages import intent_words, slot_words
from voiceassist.gui.pages.commands.file_actions import FileActions
from voiceassist.gui.pages.commands.list_model import CommandListModel, CommandRow, rows_of
from voiceassist.gui.pages.commands.problems import CommandProblems
from voiceassist.gui.services.command_views import CommandView
from voiceassist.gui.services.interfaces import EngineServices
from voiceassist.gui.services.own_commands import OwnCommand, OwnCommands
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import (
    choose_file,
    make_clearable,
    page_layout,
    push_button,
    row,
    scrolled,
    set_tone,
    text_label,
)
from voiceassist.gui.widgets.flow_layout import FlowLayout
from voiceassist.gui.widgets.two_lines import TwoLineDelegate
from voiceassist.paths import Paths

if TYPE_CHECKING:  # a dialog is loaded when it is opened
    from voiceassist.gui.pages.commands.editor import CommandEditor
    from voiceassist.gui.pages.commands.file_editor import FileEditor
    from voiceassist.gui.pages.commands.review import ReviewDialog


class CommandsPage(QScrollArea):
    """A list that follows the command files; own commands can be made, changed, switched off and deleted."""

    news = Signal(str)
    failed = Signal(object)
    testing = Signal(bool)
    """The microphone listens to a trial: what is said meanwhile is not meant as a command."""
    open_wanted = Signal(object)
    """A file or folder to open in the desktop's program for it."""

    def __init__(
        self, services: EngineServices, paths: Paths, tasks: TaskThread, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services, self._paths, self._tasks = services, paths, tasks
        self.own = OwnCommands(paths.user_commands)
        self._view = services.commands
        self.files = FileActions(self.own, services.command_tools, tasks, self)
        self._tried = self._trying = 0
        self.problems = CommandProblems(self.show_file)
        self.filter = QLineEdit()
        self.model = CommandListModel(self)
        self.list = QListView()
        self.details = text_label(selectable=True)
        self.new_button = push_button(tr("New command…"), "primary")
        self.edit_button = push_button(tr("Edit…"))
        self.copy_button = push_button(tr("Copy"))
        self.switch_button = push_button(tr("Switch off"))
        self.delete_button = push_button(tr("Delete"))
        self.undelete_button = push_button(tr("Put back"))
        self.file_button = push_button(tr("Show file"))
        self.folder_button = push_button(tr("My commands folder"))
        self.import_button = push_button(tr("Import…"))
        self.export_button = push_button(tr("Export mine…"))
        self.review_button = push_button(tr("Check all…"))
        self.try_line = QLineEdit()
        self._saved = ""
        self.meaning = text_label(selectable=True)
        self._buttons = FlowLayout()
        self._lay_out()
        self._connect()
        self.show_view(self._view)

    def show_view(self, view: CommandView) -> None:
        """Show other commands; what is searched for and tried stays."""
        self._view = view
        chosen = self.selected()
        self.problems.show_problems(view.problems)
        self.model.show_rows(rows_of(view.commands, self.own.folder, self.own.switched_off()))
        titles = [shown.title for shown in self.model.rows]
        if chosen is not None and chosen.title in titles:
            self.list.setCurrentIndex(self.model.index(titles.index(chosen.title)))
        for number, shown in enumerate(self.model.rows):
            if shown.own and shown.command.intent == self._saved:
                self._saved = ""
                self.list.setCurrentIndex(self.model.index(number))
        self._refresh()
        self._try()

    @property
    def saving(self) -> bool:
        """A command was saved here, and is not in use yet."""
        return bool(self._saved)

    def selected(self) -> CommandRow | None:
        """The command whose row is chosen."""
        return self.model.row_at(self.list.currentIndex())

    def open_editor(self, command: OwnCommand | None = None, path: Path | None = None) -> CommandEditor | None:
        """Make a command, or change one."""
        from voiceassist.gui.pages.commands.editor import CommandEditor

        if self._services.command_tools is None:
            return None
        editor = CommandEditor(self._services.actions, self._services.command_tools, command, self)
        editor.finished_command.connect(lambda made: self._save(made, path))
        editor.testing.connect(self.testing)
        editor.open()
        editor.sentences.setFocus(Qt.FocusReason.OtherFocusReason)
        return editor

    def close_page(self) -> None:
        """Close the dialogs, and with them their threads."""
        for dialog in self.findChildren(QDialog):
            dialog.done(0)

    def show_file(self, path: Path, line: int = 0) -> FileEditor | None:
        """Show a command file as a text, to be changed unless it came with the program."""
        from voiceassist.gui.pages.commands.file_editor import FileEditor

        if self._services.command_tools is None:
            self.open_wanted.emit(path)
            return None
        shipped = path.parent == self._paths.default_commands
        editor = FileEditor(path, self._services.command_tools, shipped=shipped, line=line, parent=self)
        editor.save_wanted.connect(lambda text, before: self.files.save_text(path, text, before))
        editor.open_wanted.connect(self.open_wanted)
        editor.open()
        return editor

    def open_review(self) -> ReviewDialog | None:
        """Look for sentences that sound alike, and run tests, in a dialog."""
        from voiceassist.gui.pages.commands.review import ReviewDialog

        if self._services.command_tools is None:
            return None
        dialog = ReviewDialog(self._services.command_tools, self.own.folder, self)
        dialog.open()
        return dialog

    def _lay_out(self) -> None:
        for line, words in (
            (self.filter, tr("Find a command")),
            (self.try_line, tr("Try a sentence: nothing is done")),
        ):
            line.setPlaceholderText(words)
            line.setAccessibleName(words)
            make_clearable(line)
            line.setMaxLength(500)
        self.try_line.setVisible(self._services.understand is not None)
        self.new_button.setVisible(self._services.command_tools is not None)
        self.review_button.setVisible(self._services.command_tools is not None)
        self.list.setModel(self.model)
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(tr("Commands"))
        self.list.setMinimumHeight(180)
        layout = page_layout()
        title = text_label(tr("What you can say"), "title")
        title.setWordWrap(False)
        layout.addLayout(row(title, self.new_button))
        layout.addWidget(self.problems)
        layout.addWidget(self.filter)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.details)
        layout.addLayout(self._buttons)
        layout.addWidget(self.try_line)
        layout.addWidget(self.meaning)
        scrolled(layout, self, wide=True)

    def _connect(self) -> None:
        self.files.news.connect(self.news)
        self.files.failed.connect(self._fail)
        self.files.changed.connect(self._show_files)
        self.filter.textChanged.connect(self.model.search)
        self.filter.textChanged.connect(self._refresh)
        self.try_line.textChanged.connect(self._try)
        self.list.selectionModel().currentChanged.connect(self._refresh)
        self.list.doubleClicked.connect(self._edit)
        self.new_button.clicked.connect(lambda _checked: self.open_editor())
        pattern = tr("Commands ({pattern})", pattern="*.zip *.yaml *.yml")
        for button, function in (
            (self.edit_button, self._edit),
            (self.copy_button, lambda: self._with_own_file(self.files.copy)),
            (self.switch_button, self._switch),
            (self.delete_button, lambda: self._with_own_file(self.files.delete)),
            (self.undelete_button, self.files.undelete),
            (self.file_button, self._show_chosen_file),
            (self.folder_button, lambda: self.files.make_folder(self.open_wanted.emit)),
            (self.import_button, lambda: choose_file(self, tr("Import commands"), pattern, self.files.import_pack)),
            (self.export_button, self._export),
            (self.review_button, self.open_review),
        ):
            button.clicked.connect(lambda _checked=False, call=function: call())
            self._buttons.addWidget(button)

    def _refresh(self) -> None:
        chosen = self.selected()
        own = chosen is not None and chosen.own
        for button in (self.edit_button, self.copy_button, self.switch_button, self.delete_button):
            button.setVisible(own)
        self.edit_button.setEnabled(own and chosen is not None and not chosen.off)
        self.switch_button.setText(tr("Switch on") if own and chosen is not None and chosen.off else tr("Switch off"))
        self.undelete_button.setVisible(self.files.has_deleted)
        self.file_button.setEnabled(chosen is not None and chosen.command.file is not None)
        templates = () if chosen is None else chosen.command.sentences[:4]
        self.details.setText(tr("It is written like this:") + "\n" + "\n".join(templates))
        self.details.setVisible(chosen is not None and templates not in ((), (chosen.command.example,)))

    def _save(self, made: OwnCommand, path: Path | None) -> None:
        self._saved = made.name
        self.files.save(made, path)

    def _fail(self, error: VoiceAssistError) -> None:
        self._saved = ""
        self.failed.emit(error)

    def _edit(self) -> None:
        chosen = self.selected()
        path = None if chosen is None or not chosen.own or chosen.off else chosen.command.file
        if path is None:
            return

        def edit(found: OwnCommand | None) -> None:
            if found is None:
                self.news.emit(tr("This file holds more than the editor can show, so it opens as a text."))
                self.show_file(path)
            else:
                self.open_editor(found, path)

        self._tasks.submit(lambda: self.own.read(path), done=edit, failed=self.failed.emit)

    def _with_own_file(self, change: Callable[[Path], None]) -> None:
        chosen = self.selected()
        if chosen is not None and chosen.own and chosen.command.file is not None:
            change(chosen.command.file)

    def _switch(self) -> None:
        chosen = self.selected()
        on = chosen is not None and chosen.off
        self._with_own_file(lambda path: self.files.switch(path, on=on))

    def _show_files(self) -> None:
        self.model.show_rows(rows_of(self._view.commands, self.own.folder, self.own.switched_off()))
        self._refresh()

    def _show_chosen_file(self) -> None:
        chosen = self.selected()
        if chosen is not None and chosen.command.file is not None:
            self.show_file(chosen.command.file)

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Export my commands"), "my-commands.zip", tr("Commands ({pattern})", pattern="*.zip")
        )
        if name:
            self.files.export(Path(name))

    def _try(self) -> None:
        """Understand what is typed, beside the main thread; of several only the last counts."""
        text, understand = self.try_line.text().strip(), self._services.understand
        self.meaning.setVisible(bool(text) and understand is not None)
        self._tried += 1
        if understand is None or not text or self._trying:
            return
        self._trying = number = self._tried
        self._tasks.submit(
            lambda: understand(text), done=lambda found: self._show_meaning(number, found), failed=self.failed.emit
        )

    def _show_meaning(self, number: int, found: Interpretation | None) -> None:
        self._trying = 0
        if number != self._tried:
            self._try()
            return
        if found is None:
            self.meaning.setText(tr("No command reads like this."))
        else:
            parts = (intent_words(found.command.intent), ", ".join(slot_words(found)))
            self.meaning.setText(": ".join(filter(None, parts)))
        set_tone(self.meaning, "warn" if found is None else "good")
