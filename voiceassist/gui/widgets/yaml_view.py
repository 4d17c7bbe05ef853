"""A command file as experts see it: highlighted, with mistakes at their line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtGui import QColor, QFontDatabase, QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from voiceassist.gui.widgets.theme import current_theme

_RULES = (
    (re.compile(r"^[\s-]*[\w.'\"-]+(?=:)"), "accent"),
    (re.compile(r"\{[^}]*\}|<[^>]*>"), "warn"),
    (re.compile(r"[\[\]()|]"), "good"),
    (re.compile(r"#.*$"), "quiet"),
)


class YamlView(QPlainTextEdit):
    """Shows or edits a file; lines with mistakes are marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self._highlighter = _Highlighter(self)

    def mark_lines(self, lines: Iterable[int]) -> None:
        """Mark lines with mistakes, counted from 1."""
        marks = []
        for line in lines:
            block = self.document().findBlockByNumber(line - 1)
            if not block.isValid():
                continue
            mark = QTextEdit.ExtraSelection()
            mark.format.setBackground(QColor(current_theme().bad_soft))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(block)
            marks.append(mark)
        self.setExtraSelections(marks)


class _Highlighter(QSyntaxHighlighter):
    def __init__(self, view: QPlainTextEdit) -> None:
        super().__init__(view.document())

    def highlightBlock(self, text: str) -> None:  # noqa: N802 (Qt's name)
        """Colour keys, values that are said, template signs and comments."""
        theme = current_theme()
        for pattern, colour in _RULES:
            style = QTextCharFormat()
            style.setForeground(QColor(getattr(theme, colour)))
            for found in pattern.finditer(text):
                self.setFormat(found.start(), found.end() - found.start(), style)
