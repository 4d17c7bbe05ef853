"""The Commands page: what can be said, to read and to search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from voiceassist.gui.look import SPACE_PX
from voiceassist.gui.services import CommandExamples
from voiceassist.gui.widgets import text_label
from voiceassist.gui.words import intent_words


class CommandsPage(QWidget):
    """A read-only tree of intents and example sentences with a filter."""

    def __init__(self, commands: Sequence[CommandExamples], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find a command")
        self.filter.setAccessibleName("Find a command")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._apply_filter)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Commands")
        self.tree.setRootIsDecorated(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
        layout.setSpacing(SPACE_PX)
        layout.addWidget(text_label("What you can say", "title"))
        layout.addWidget(text_label(_explanation(commands), "quiet"))
        layout.addWidget(self.filter)
        layout.addWidget(self.tree, 1)
        self._fill(commands)

    def _fill(self, commands: Sequence[CommandExamples]) -> None:
        for command in commands:
            item = QTreeWidgetItem(self.tree, [intent_words(command.intent)])
            bold = item.font(0)
            bold.setBold(True)
            item.setFont(0, bold)
            item.addChildren([QTreeWidgetItem([sentence]) for sentence in command.sentences])
        self.tree.expandAll()

    def _apply_filter(self, text: str) -> None:
        wanted = text.casefold().strip()
        for index in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(index)
            if item is None:
                continue
            whole = wanted in item.text(0).casefold()
            children = [child for number in range(item.childCount()) if (child := item.child(number)) is not None]
            for child in children:
                child.setHidden(not whole and wanted not in child.text(0).casefold())
            item.setHidden(not whole and all(child.isHidden() for child in children))


def _explanation(commands: Sequence[CommandExamples]) -> str:
    if not commands:
        return "There are no commands. Put command files into the configuration folder and start again."
    return "Words in [brackets] may be left out, (one | of these) is chosen, {braces} stand for a name or a number."
