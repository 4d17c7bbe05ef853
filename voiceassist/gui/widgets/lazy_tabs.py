"""Tabs whose pages are built when they are first shown: most of them are never looked at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QWidget

from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import text_label

BuildPage = Callable[[], QWidget | None]
"""Builds a page; ``None`` while it cannot be built yet."""


class LazyTabs(QTabWidget):
    """Each tab holds a placeholder until its page is built."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._builders: dict[QWidget, BuildPage] = {}
        self.currentChanged.connect(self.build_current)

    def add_page(self, title: str, build: BuildPage) -> None:
        """Add a tab at the end."""
        placeholder = text_label(tr("Getting ready…"), "quiet")
        placeholder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._builders[placeholder] = build
        self.addTab(placeholder, title)

    def build_current(self) -> None:
        """Build the page that is shown, where it is not built and can be."""
        self.build(self.currentIndex())

    def build_all(self) -> None:
        """Build every page that can be built."""
        for index in range(self.count()):
            self.build(index)

    def build(self, index: int) -> QWidget | None:
        """The page of a tab, built now where it was not; ``None`` where it cannot be built yet."""
        holder = self.widget(index)
        if holder is None or holder not in self._builders:
            return holder
        page = self._builders[holder]()
        if page is None:
            return None
        del self._builders[holder]
        current, blocked = self.currentIndex(), self.blockSignals(True)
        title = self.tabText(index)
        self.removeTab(index)
        self.insertTab(index, page, title)
        self.setCurrentIndex(current)
        self.blockSignals(blocked)
        holder.deleteLater()
        return page
