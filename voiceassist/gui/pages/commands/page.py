"""The Commands page: what can be said, own commands on top, and a line to try a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView, QScrollArea, QWidget

from voiceassist.domain import Interpretation
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.messages import intent_words, slot_words
from voiceassist.gui.pages.commands.editor import CommandEditor
from voiceassist.gui.pages.commands.list_model import CommandListModel, CommandRow, TwoLineDelegate, rows_of
from voiceassist.gui.pages.commands.problems import CommandProblems
from voiceassist.gui.services.interfaces import CommandView, EngineServices
from voiceassist.gui.services.own_commands import OwnCommand, OwnCommands
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import make_clearable, page_layout, push_button, row, set_tone, text_label
from voiceassist.gui.widgets.flow_layout import FlowLayout
from voiceassist.paths import Paths


class CommandsPage(QScrollArea):
    """A list that follows the command files; own commands can be made, changed, switched off and deleted."""

    news = Signal(str)
    failed = Signal(object)
    open_wanted = Signal(object)
    """A file or folder to open in the desktop's program for it."""

    def __init__(
        self, services: EngineServices, paths: Paths, tasks: TaskThread, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services, self._tasks = services, tasks
        self.own = OwnCommands(paths.user_commands)
        self._view = services.commands
        self._deleted: tuple[Path, bytes] | None = None
        self._tried = self._trying = 0
        self.problems = CommandProblems(self.open_wanted.emit)
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
        self.file_button = push_button(tr("Open file"))
        self.folder_button = push_button(tr("My commands folder"))
        self.import_button = push_button(tr("Import…"))
        self.export_button = push_button(tr("Export mine…"))
        self.try_line = QLineEdit()
        self.meaning = text_label(selectable=True)
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
        self._refresh()
        self._try()

    def selected(self) -> CommandRow | None:
        """The command whose row is chosen."""
        return self.model.row_at(self.list.currentIndex())

    def open_editor(self, command: OwnCommand | None = None, path: Path | None = None) -> CommandEditor | None:
        """Make a command, or change one."""
        if self._services.check_command is None:
            return None
        editor = CommandEditor(self._services.actions, self._services.check_command, command, self)
        editor.finished_command.connect(lambda made: self.save(made, path))
        editor.open()
        editor.sentences.setFocus(Qt.FocusReason.OtherFocusReason)
        return editor

    def save(self, command: OwnCommand, path: Path | None = None) -> None:
        """Write a command, beside the main thread. Who wrote it here has agreed to what it runs."""
        agree = self._services.agree_to_command

        def write() -> Path:
            if agree is not None:
                agree(command.action, command.arguments)
            return self.own.save(command, path)

        self._change(write, lambda _: self.news.emit(tr("Saved. Say “{words}”.", words=command.sentences[0])))

    def undelete(self) -> None:
        """Put back what was deleted last."""
        if self._deleted is None:
            return
        (path, content), self._deleted = self._deleted, None
        self._change(
            lambda: self.own.restore(path, content), lambda _: self.news.emit(tr("{file} is back.", file=path.name))
        )

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
        self.new_button.setVisible(self._services.check_command is not None)
        self.list.setModel(self.model)
        self.list.setItemDelegate(TwoLineDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(tr("Commands"))
        self.list.setMinimumHeight(180)
        top = row(text_label(tr("What you can say"), "title"), self.new_button)
        more = FlowLayout()
        for button in (
            self.edit_button,
            self.copy_button,
            self.switch_button,
            self.delete_button,
            self.undelete_button,
            self.file_button,
            self.folder_button,
            self.import_button,
            self.export_button,
        ):
            more.addWidget(button)
        layout = page_layout()
        layout.addLayout(top)
        for widget in (self.problems, self.filter):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.details)
        layout.addLayout(more)
        layout.addWidget(self.try_line)
        layout.addWidget(self.meaning)
        inner = QWidget()
        inner.setLayout(layout)
        self.setWidget(inner)
        self.setWidgetResizable(True)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._search)
        self.try_line.textChanged.connect(self._try)
        self.list.selectionModel().currentChanged.connect(self._refresh)
        self.list.doubleClicked.connect(self._edit)
        for button, function in (
            (self.new_button, self.open_editor),
            (self.edit_button, self._edit),
            (self.copy_button, self._copy),
            (self.switch_button, self._switch),
            (self.delete_button, self._delete),
            (self.undelete_button, self.undelete),
            (self.file_button, self._open_file),
            (self.folder_button, self._open_folder),
            (self.import_button, self._import),
            (self.export_button, self._export),
        ):
            button.clicked.connect(lambda _checked=False, call=function: call())

    def _search(self, text: str) -> None:
        self.model.search(text)
        self._refresh()

    def _refresh(self) -> None:
        chosen = self.selected()
        own = chosen is not None and chosen.own
        for button in (self.edit_button, self.copy_button, self.switch_button, self.delete_button):
            button.setVisible(own)
        self.edit_button.setEnabled(own and chosen is not None and not chosen.off)
        self.switch_button.setText(tr("Switch on") if own and chosen is not None and chosen.off else tr("Switch off"))
        self.undelete_button.setVisible(self._deleted is not None)
        self.file_button.setEnabled(chosen is not None and chosen.command.file is not None)
        self.details.setVisible(chosen is not None and bool(chosen.command.sentences))
        if chosen is not None:
            templates = "\n".join(chosen.command.sentences[:4])
            self.details.setText(tr("It is written like this:") + f"\n{templates}")

    def _edit(self) -> None:
        chosen = self.selected()
        path = None if chosen is None or not chosen.own or chosen.off else chosen.command.file
        if path is None:
            return
        self._tasks.submit(
            lambda: self.own.read(path), done=lambda found: self._edit_or_open(found, path), failed=self._fail
        )

    def _edit_or_open(self, found: OwnCommand | None, path: Path) -> None:
        if found is None:
            self.news.emit(tr("This file holds more than the editor can show, so it opens as a text."))
            self.open_wanted.emit(path)
        else:
            self.open_editor(found, path)

    def _with_own_file(self, change: Callable[[Path], object], told: str) -> None:
        chosen = self.selected()
        path = None if chosen is None or not chosen.own else chosen.command.file
        if path is not None:
            self._change(lambda: change(path), lambda _: self.news.emit(told))

    def _copy(self) -> None:
        self._with_own_file(self.own.copy, tr("Copied. Change the copy with Edit."))

    def _switch(self) -> None:
        chosen = self.selected()
        on = chosen is not None and chosen.off
        self._with_own_file(
            lambda path: self.own.switch(path, on=on), tr("Switched on.") if on else tr("Switched off.")
        )

    def _delete(self) -> None:
        chosen = self.selected()
        path = None if chosen is None or not chosen.own else chosen.command.file
        if path is not None:
            self._change(lambda: self.own.delete(path), lambda content: self._show_deleted(path, content))

    def _show_deleted(self, path: Path, content: bytes) -> None:
        self._deleted = path, content
        self._refresh()
        self.news.emit(tr("{file} is deleted. “Put back” brings it back.", file=path.name))

    def _change(self, change: Callable[[], object], done: Callable[..., None]) -> None:
        """Change files beside the main thread, and show what has become of them."""

        def changed() -> object:
            try:
                return change()
            except OSError as error:
                raise VoiceAssistError(
                    tr("The command file cannot be changed: {why}", why=error.strerror or error),
                    hint=tr("Check the folder {folder} and the space on the disk.", folder=self.own.folder),
                ) from error

        def show(result: object) -> None:
            self.model.show_rows(rows_of(self._view.commands, self.own.folder, self.own.switched_off()))
            self._refresh()
            done(result)

        self._tasks.submit(changed, done=show, failed=self._fail)

    def _fail(self, error: VoiceAssistError) -> None:
        self.failed.emit(error)

    def _open_file(self) -> None:
        chosen = self.selected()
        if chosen is not None and chosen.command.file is not None:
            self.open_wanted.emit(chosen.command.file)

    def _open_folder(self) -> None:
        self._change(
            lambda: self.own.folder.mkdir(parents=True, exist_ok=True), lambda _: self.open_wanted.emit(self.own.folder)
        )

    def _import(self) -> None:
        pattern = tr("Commands ({pattern})", pattern="*.zip *.yaml *.yml")
        name, _ = QFileDialog.getOpenFileName(self, tr("Import commands"), "", pattern)
        if name:
            self.import_pack(Path(name))

    def import_pack(self, file: Path) -> None:
        """Add the commands of a pack; what they would run is asked about when they are first said."""
        self._change(
            lambda: len(self.own.import_pack(file)),
            lambda count: self.news.emit(
                tr("{count} command files imported. Before one of them runs a program, you are asked.", count=count)
            ),
        )

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Export my commands"), "my-commands.zip", tr("Commands ({pattern})", pattern="*.zip")
        )
        if name:
            self._change(
                lambda: self.own.export(Path(name)),
                lambda count: self.news.emit(tr("{count} command files exported.", count=count)),
            )

    def _try(self) -> None:
        """Understand what is typed, beside the main thread; of several only the last counts."""
        text, understand = self.try_line.text().strip(), self._services.understand
        self.meaning.setVisible(bool(text) and understand is not None)
        self._tried += 1
        if understand is None or not text or self._trying:
            return
        self._trying = number = self._tried
        self._tasks.submit(
            lambda: understand(text), done=lambda found: self._show_meaning(number, found), failed=self._fail
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
