"""The Models page: the packs, what they cost on this machine, and which of them listens."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QProgressBar,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from voiceassist.bench.suite import PackMeasurement
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.pages.models.rows import PackRow, comparison_words, details_of, rows_of
from voiceassist.gui.pages.models.table import PackTableModel, StretchingTable
from voiceassist.gui.services.interfaces import Measure, PackStoreLike
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.widgets.controls import clear_layout, push_button, row, text_label
from voiceassist.gui.widgets.theme import SPACE_PX
from voiceassist.packs.store import Pack, PackListing

_REPEATS = 3
_SUFFIX = ".vapack"
_TABLE_SHARE = 600
_WIDE_PX = 1240


class ModelsPage(QWidget):
    """Lists, measures, installs and removes packs. Switching is the window's business: it owns the pipeline."""

    use_wanted = Signal(str)
    failed = Signal(object)
    news = Signal(str)
    _progress = Signal(str, float)

    def __init__(
        self, pack_store: PackStoreLike, measure: Measure, active: str, tasks: TaskThread, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pack_store, self._measure, self._tasks = pack_store, measure, tasks
        self._active = active
        self._measured: dict[str, PackMeasurement] = {}
        self._listings: Sequence[PackListing] = ()
        self._cancelled = threading.Event()
        self._switching = self._measuring = False
        self.packs = PackTableModel(self)
        self.table = StretchingTable()
        self.details = QVBoxLayout()
        self.comparison = text_label(selectable=True)
        self.progress = QProgressBar()
        self.progress_line = text_label(role="quiet")
        self.measure_button = push_button("Measure on this machine", "primary")
        self.cancel_button = push_button("Cancel")
        self.use_button = push_button("Use this model")
        self.install_button = push_button("Install model…")
        self.remove_button = push_button("Remove")
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._refresh()

    def reload(self) -> None:
        """Read the packs again, beside the main thread."""
        self._tasks.submit(self._pack_store.list, done=self._show_listings, failed=self.failed.emit)

    def set_active(self, name: str) -> None:
        """Mark the pack that listens."""
        self._active = name
        self._show_rows()

    def set_switching(self, switching: bool) -> None:
        """A model is being loaded: no second one may be asked for."""
        self._switching = switching
        self._refresh()

    def install(self, path: Path) -> None:
        """Install a ``.vapack`` file, beside the main thread."""
        self._tasks.submit(lambda: self._pack_store.install(path), done=self._show_installed, failed=self.failed.emit)

    def measure(self) -> None:
        """Measure all packs that are whole, beside the main thread and in fresh processes."""
        packs = [listing.pack for listing in self._listings if listing.pack is not None]
        if not packs or self._tasks.busy:
            return
        self._cancelled.clear()
        self._measuring = True
        self._show_progress("", 0.0)
        self._tasks.submit(lambda: self._measure_all(packs), done=self._show_measured, failed=self._show_failure)

    def cancel(self) -> None:
        """Stop measuring, if it goes on."""
        self._cancelled.set()

    def selected(self) -> PackRow | None:
        """The pack whose line is chosen."""
        index = self.table.currentIndex()
        return self.packs.rows[index.row()] if index.isValid() else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take packs that are dragged here from a file manager."""
        if _dropped_packs(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Install what was dropped."""
        for path in _dropped_packs(event):
            self.install(path)
        event.acceptProposedAction()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the details below the table where there is no room beside it."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE_PX
        orientation = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if orientation is not self.splitter.orientation():
            self.splitter.setOrientation(orientation)
            self._share_room()

    def _measure_all(self, packs: Sequence[Pack]) -> Sequence[PackMeasurement]:
        """Thread: the task's."""
        return self._measure(packs, repeats=_REPEATS, progress=self._progress.emit, cancelled=self._cancelled.is_set)

    def _lay_out(self) -> None:
        self.table.setModel(self.packs)
        self.table.setAccessibleName("Model packs")
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName("Progress of the measurement")
        pane = QWidget()
        pane.setLayout(self.details)
        self.details.setContentsMargins(SPACE_PX, SPACE_PX, SPACE_PX, 0)
        scroll = QScrollArea()
        scroll.setWidget(pane)
        scroll.setWidgetResizable(True)
        scroll.setMinimumWidth(200)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(scroll)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
        layout.setSpacing(SPACE_PX)
        layout.addWidget(text_label("Models", "title"))
        layout.addWidget(self.comparison)
        layout.addLayout(row(self.measure_button, self.cancel_button))
        layout.addWidget(self.progress_line)
        layout.addWidget(self.progress)
        layout.addWidget(self.splitter, 1)
        layout.addLayout(row(self.use_button, self.install_button, self.remove_button))

    def _connect(self) -> None:
        self._progress.connect(self._show_progress)
        self._tasks.busy_changed.connect(self._refresh)
        self.table.selectionModel().currentRowChanged.connect(self._refresh)
        self.table.doubleClicked.connect(self._use_selected)
        self.packs.modelReset.connect(self._refresh)
        self.measure_button.clicked.connect(self.measure)
        self.cancel_button.clicked.connect(self.cancel)
        self.use_button.clicked.connect(self._use_selected)
        self.install_button.clicked.connect(self._choose_file)
        self.remove_button.clicked.connect(self._remove_selected)

    def _use_selected(self) -> None:
        pack = self.selected()
        if pack is not None and self.use_button.isEnabled():
            self.use_wanted.emit(pack.name)

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Install a model", "", f"Model packs (*{_SUFFIX})")
        if path:
            self.install(Path(path))

    def _remove_selected(self) -> None:
        pack = self.selected()
        if pack is None:
            return
        name = pack.name
        self._tasks.submit(
            lambda: self._pack_store.remove(name), done=lambda _: self._show_removed(name), failed=self.failed.emit
        )

    def _show_installed(self, pack: Pack) -> None:
        self._measured.pop(pack.manifest.name, None)
        name = pack.manifest.name
        self.reload()
        if name == self._active:
            self.use_wanted.emit(name)  # the loaded model is the one that was just replaced on disk
        else:
            self.news.emit(f"{name} is installed. Choose it and press “Use this model” to listen with it.")

    def _show_removed(self, name: str) -> None:
        self._measured.pop(name, None)
        self.news.emit(f"{name} is removed.")
        self.reload()

    def _show_listings(self, listings: Sequence[PackListing]) -> None:
        self._listings = listings
        self._show_rows()

    def _show_measured(self, measured: Sequence[PackMeasurement]) -> None:
        self._end_measuring()
        self._measured |= {measurement.name: measurement for measurement in measured}
        self._show_rows()

    def _show_failure(self, error: VoiceAssistError) -> None:
        self._end_measuring()
        if self._cancelled.is_set():
            self.news.emit("The measurement was stopped.")
        else:
            self.failed.emit(error)

    def _show_rows(self) -> None:
        chosen = self.selected()
        name = self._active if chosen is None else chosen.name
        rows = rows_of(self._listings, self._measured)
        self.packs.show_rows(rows, self._active)
        self.comparison.setText(comparison_words(rows))
        names = [pack.name for pack in rows]
        self.table.fill()
        self._share_room()
        if rows:
            self.table.selectRow(names.index(name) if name in names else 0)

    def _share_room(self) -> None:
        """Beside each other by a fixed part; one above the other the table gets what it needs, but not all."""
        if self.splitter.orientation() is Qt.Orientation.Horizontal:
            self.splitter.setSizes([_TABLE_SHARE, 1000 - _TABLE_SHARE])
            return
        room = self.splitter.height()
        table = min(self.table.needed_height(), room * _TABLE_SHARE // 1000)
        self.splitter.setSizes([table, room - table])

    def _end_measuring(self) -> None:
        self._measuring = False
        self._refresh()

    def _show_progress(self, name: str, fraction: float) -> None:
        self.progress.setValue(round(1000 * fraction))
        self.progress_line.setText(f"Measuring {name} in fresh processes" if name else "Measuring…")

    def _refresh(self) -> None:
        pack, busy = self.selected(), self._tasks.busy
        for widget in (self.progress, self.progress_line, self.cancel_button):
            widget.setVisible(self._measuring)
        free = not busy and not self._switching
        self.measure_button.setEnabled(free and any(listing.pack for listing in self._listings))
        self.install_button.setEnabled(free)
        is_other = pack is not None and pack.name != self._active
        self.use_button.setEnabled(free and is_other and pack is not None and pack.manifest is not None)
        self.remove_button.setEnabled(free and is_other and pack is not None and pack.installed)
        self._show_details(pack)

    def _show_details(self, pack: PackRow | None) -> None:
        clear_layout(self.details)
        if pack is None:
            return
        title = pack.name if pack.manifest is None else pack.manifest.title
        self.details.addWidget(text_label(title, "heading", selectable=True))
        for heading, text in details_of(pack):
            self.details.addWidget(text_label(heading, "quiet"))
            self.details.addWidget(text_label(text, selectable=True))
        self.details.addStretch(1)


def _dropped_packs(event: QDropEvent) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix == _SUFFIX]
