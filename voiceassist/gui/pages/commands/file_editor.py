"""A command file as a text, for experts: highlighted, checked while one types, with mistakes at their line."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog, QMessageBox, QVBoxLayout, QWidget

from voiceassist.errors import VoiceAssistError
from voiceassist.gui.messages import consent_words, error_words
from voiceassist.gui.pages.commands.problems import mistake_words
from voiceassist.gui.services.command_views import CommandCheck, CommandToolsLike
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import push_button, row, set_tone, text_label
from voiceassist.gui.widgets.theme import SPACE_PX
from voiceassist.gui.widgets.yaml_view import YamlView

_CHECK_AFTER_MS = 400
_MAX_BYTES = 1 << 20
_MAX_SHOWN = 4


class FileEditor(QDialog):
    """Writes nothing itself: ``save_wanted`` carries a text without mistakes, and the one that it replaces."""

    save_wanted = Signal(str, str)
    open_wanted = Signal(object)
    """The file shall be opened in the desktop's program for it."""

    def __init__(
        self,
        path: Path,
        tools: CommandToolsLike,
        *,
        shipped: bool = False,
        line: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """``shipped`` files are only shown; ``line`` is where to begin, counted from 1."""
        super().__init__(parent)
        self._path, self._tools, self._line = path, tools, line
        self._read_only = shipped or not os.access(path, os.W_OK)
        self._tasks = TaskThread("voiceassist-file", self)
        self._before = self._checked = ""
        self.text = YamlView()
        self.status = text_label()
        self.save_button = push_button(tr("Save"), "primary")
        self.close_button = push_button(tr("Close"))
        self.open_button = push_button(tr("Open in another program"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_AFTER_MS)
        self._lay_out()
        self._timer.timeout.connect(self._run_check)
        self.save_button.clicked.connect(self._save)
        self.close_button.clicked.connect(self.reject)
        self.open_button.clicked.connect(lambda: self.open_wanted.emit(path))
        self._tasks.submit(self._read, done=self._show_text, failed=self._show_failure)

    def reject(self) -> None:
        """Close, after a question where something would be lost."""
        if self._read_only or self.text.toPlainText() == self._before:
            super().reject()
            return
        box = QMessageBox(self)
        box.setWindowTitle(tr("Not saved"))
        box.setText(tr("Close without saving what you have changed?"))
        keep = box.addButton(tr("Go on editing"), QMessageBox.ButtonRole.RejectRole)
        drop = box.addButton(tr("Close without saving"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.buttonClicked.connect(lambda button: super(FileEditor, self).reject() if button is drop else None)
        box.open()

    def done(self, result: int) -> None:
        """Join the thread when the dialog goes away."""
        self._timer.stop()
        self._tasks.close()
        super().done(result)

    def _lay_out(self) -> None:
        self.setWindowTitle(self._path.name)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("The command file"))
        self.save_button.setEnabled(False)
        self.save_button.setVisible(not self._read_only)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
        layout.addWidget(text_label(str(self._path), "quiet", selectable=True))
        if self._read_only:
            words = tr("This file comes with the program and cannot be changed here. Commands of your own win over it.")
            layout.addWidget(text_label(words))
        layout.addWidget(self.text, 1)
        layout.addWidget(self.status)
        layout.addLayout(row(self.save_button, self.close_button, self.open_button))
        screen = self.screen().availableGeometry()
        self.resize(min(760, screen.width() - 40), min(620, screen.height() - 60))

    def _read(self) -> str:
        """Thread: the task's."""
        try:
            content = self._path.read_bytes()
            if len(content) > _MAX_BYTES:
                raise VoiceAssistError(
                    tr("{file} is too large to be shown here", file=self._path.name),
                    hint=tr("Open it in another program."),
                )
            return content.decode("utf-8").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError) as error:
            raise VoiceAssistError(
                tr("{file} cannot be read: {why}", file=self._path.name, why=error),
                hint=tr("Open it in another program."),
            ) from error

    def _show_text(self, text: str) -> None:
        self._before = text
        self.text.setPlainText(text)
        self.text.setReadOnly(self._read_only)
        cursor = QTextCursor(self.text.document().findBlockByNumber(max(0, self._line - 1)))
        self.text.setTextCursor(cursor)
        self.text.centerCursor()
        self.text.textChanged.connect(lambda: self.save_button.setEnabled(False))
        self.text.textChanged.connect(self._timer.start)
        self.text.setFocus()
        self._run_check()

    def _run_check(self) -> None:
        text = self.text.toPlainText()
        self._tasks.submit(
            lambda: self._tools.check(text, path=self._path),
            done=lambda found: self._show_check(text, found),
            failed=self._show_failure,
        )

    def _show_check(self, text: str, found: CommandCheck) -> None:
        if text != self.text.toPlainText():
            return  # more was typed meanwhile, and the next check is due
        self.text.mark_lines(problem.line for problem in found.problems if problem.line)
        if found.problems:
            lines = [
                tr("Line {line}: {problem}", line=problem.line, problem=mistake_words(problem))
                if problem.line
                else mistake_words(problem)
                for problem in found.problems[:_MAX_SHOWN]
            ]
            if len(found.problems) > _MAX_SHOWN:
                lines.append(tr("and {count} more", count=len(found.problems) - _MAX_SHOWN))
            self._show_status("\n".join(lines), "bad")
        else:
            words = [tr("✓ This works.")]
            if found.allowed and not self._read_only:
                words.append(tr("Saving it allows this: {what}", what="; ".join(map(consent_words, found.allowed))))
            self._show_status("\n".join(words), "good")
        self._checked = "" if found.problems else text
        self.save_button.setEnabled(not found.problems and text != self._before)

    def _show_failure(self, error: VoiceAssistError) -> None:
        self._show_status("\n".join(error_words(error)), "bad")

    def _show_status(self, words: str, tone: str) -> None:
        self.status.setText(words)
        set_tone(self.status, tone)

    def _save(self) -> None:
        text = self.text.toPlainText()
        if text == self._checked:
            self.save_wanted.emit(text, self._before)
            self._before = text
            self.accept()
