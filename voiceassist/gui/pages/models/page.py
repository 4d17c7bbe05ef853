"""The Models page: what sharing is, what each model costs on this machine, and which of them listens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import QDialog, QMessageBox, QScrollArea, QVBoxLayout, QWidget

from voiceassist.gui.pages.models.depth import DepthDial
from voiceassist.gui.pages.models.measuring import MeasurePanel
from voiceassist.gui.pages.models.picture import SHARING, SharingPicture
from voiceassist.gui.pages.models.rows import (
    PackRow,
    comparable_pair,
    comparison_words,
    details_of,
    recommended,
    rows_of,
    was_busy,
)
from voiceassist.gui.pages.models.table import PackTableModel, StretchingTable
from voiceassist.gui.pages.models.voice_test import VoiceTest
from voiceassist.gui.services.interfaces import EngineServices
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import (
    card,
    choose_file,
    clear_layout,
    in_turns,
    page_layout,
    push_button,
    row,
    scrolled,
    text_label,
)
from voiceassist.packs.pack import Pack
from voiceassist.packs.store import PackListing
from voiceassist.paths import Paths

_SUFFIX = ".vapack"


@dataclass
class _State:
    """What the page knows."""

    active: str
    previous: str = ""
    listings: Sequence[PackListing] = ()
    switching: bool = False
    laid_out: bool = False  # what is shown before it has its place would be a window of its own


class ModelsPage(QScrollArea):
    """Lists, measures, installs and removes packs. Switching is the window's business: it owns the pipeline."""

    use_wanted = Signal(str)
    failed = Signal(object)
    news = Signal(str)
    testing = Signal(bool)

    def __init__(
        self, services: EngineServices, paths: Paths, active: str, tasks: TaskThread, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._services, self._store, self._tasks = services, services.pack_store, tasks
        self._state = _State(active)
        self.measuring = MeasurePanel(services.measure, paths.measurements_file, tasks)
        self.picture = SharingPicture()
        self.packs = PackTableModel(self)
        self.table = StretchingTable()
        self._details_box = QWidget()
        self.details = QVBoxLayout(self._details_box)
        self.details_button = push_button(tr("Details of the chosen model"), "link")
        self.comparison = text_label(selectable=True)
        self.busy_note = text_label(
            tr("The machine was busy while it was measured: the times differ widely. Measure again when it is quiet.")
        )
        self.measure_button, self.cancel_button = self.measuring.measure_button, self.measuring.cancel_button
        self.use_button = push_button(tr("Use this model"), "primary")
        self.back_button = push_button(tr("Back to the previous one"))
        self.install_button = push_button(tr("Install model…"))
        self.remove_button = push_button(tr("Remove…"))
        self.voice_button = push_button(tr("Test on my voice…"))
        trial = services.open_depth_trial
        self.dial = None if trial is None else DepthDial(trial, tasks)
        self.setAcceptDrops(True)
        self._column = page_layout()
        self._column.addWidget(text_label(tr("Models"), "title"))
        scrolled(self._column, self, wide=True)
        in_turns(self, iter((self._add_sharing, self._add_table, self._add_figures, self._begin)))

    def reload(self) -> None:
        """Read the packs again, beside the main thread."""
        self._tasks.submit(self._store.list, done=self._show_listings, failed=self.failed.emit)

    def set_active(self, name: str) -> None:
        """Mark the pack that listens."""
        if name != self._state.active:
            self._state.previous, self._state.active = self._state.active, name
        self._show_rows()

    def set_switching(self, switching: bool) -> None:
        """A model is being loaded: no second one may be asked for."""
        self._state.switching = switching
        self._refresh()

    def install(self, path: Path) -> None:
        """Install a ``.vapack`` file, beside the main thread."""
        self._tasks.submit(lambda: self._store.install(path), done=self._show_installed, failed=self.failed.emit)

    def remove(self, name: str) -> None:
        """Remove an installed pack, beside the main thread."""

        def forget(_: None) -> None:
            self.measuring.forget(name)
            if self._state.previous == name:
                self._state.previous = ""
            self.news.emit(tr("{model} is removed.", model=name))
            self.reload()

        self._tasks.submit(lambda: self._store.remove(name), done=forget, failed=self.failed.emit)

    def measure(self) -> None:
        """Measure all packs that are whole."""
        self.measuring.measure([listing.pack for listing in self._state.listings if listing.pack is not None])

    def close_page(self) -> None:
        """Close dialogs and free what the dial has loaded; the tasks have ended."""
        for dialog in self.findChildren(QDialog):
            dialog.done(0)
        if self.dial is not None:
            self.dial.close_now()

    def selected(self) -> PackRow | None:
        """The pack whose line is chosen."""
        index = self.table.currentIndex()
        return self.packs.rows[index.row()] if index.isValid() else None

    def open_voice_test(self) -> VoiceTest | None:
        """Let all models listen to the user's own voice, in a dialog."""
        if self._services.record_voice is None:
            return None
        models = [(pack.name, pack.plain_name) for pack in self.packs.rows if pack.manifest is not None]
        dialog = VoiceTest(models, self._services.record_voice, self._services.make_pipeline, parent=self)
        dialog.testing.connect(self.testing)
        dialog.open()
        return dialog

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Take packs that are dragged here from a file manager."""
        if _dropped_packs(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Install what was dropped."""
        for path in _dropped_packs(event):
            self.install(path)
        event.acceptProposedAction()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Free the model that the dial has loaded."""
        if self.dial is not None:
            self.dial.release()
        super().hideEvent(event)

    def _add_sharing(self) -> None:
        about = QVBoxLayout()
        about.addWidget(text_label(tr(SHARING)))
        about.addWidget(self.picture)
        self._column.addWidget(card(about))

    def _add_table(self) -> None:
        self.table.setModel(self.packs)
        self.table.setAccessibleName(tr("Models"))
        self._column.addWidget(self.table)
        self._column.addLayout(row(self.use_button, self.back_button, self.install_button, self.remove_button))
        self._column.addLayout(row(self.measure_button, self.cancel_button, self.voice_button))
        self.voice_button.setVisible(self._services.record_voice is not None)

    def _add_figures(self) -> None:
        self.busy_note.setProperty("tone", "warn")
        for widget in (self.measuring, self.busy_note, self.comparison):
            self._column.addWidget(widget)
        if self.dial is not None:
            column = QVBoxLayout()
            column.addWidget(text_label(tr("Depth: how many layers are run"), "heading"))
            column.addWidget(self.dial)
            self._column.addWidget(card(column))
        self.details_button.setCheckable(True)
        self._details_box.hide()
        self._column.addLayout(row(self.details_button))
        self._column.addWidget(self._details_box)
        self._column.addStretch(1)

    def _begin(self) -> None:
        self._state.laid_out = True
        self.measuring.changed.connect(self._show_rows)
        self.measuring.failed.connect(self.failed)
        self.measuring.news.connect(self.news)
        self._tasks.busy_changed.connect(self._refresh)
        self.table.selectionModel().currentRowChanged.connect(self._refresh)
        self.table.doubleClicked.connect(self._use_selected)
        self.packs.modelReset.connect(self._refresh)
        self.measure_button.clicked.connect(self.measure)
        self.use_button.clicked.connect(self._use_selected)
        self.back_button.clicked.connect(lambda: self.use_wanted.emit(self._state.previous))
        pattern = tr("Models ({pattern})", pattern=f"*{_SUFFIX}")
        self.install_button.clicked.connect(lambda: choose_file(self, tr("Install a model"), pattern, self.install))
        self.remove_button.clicked.connect(self._ask_to_remove)
        self.voice_button.clicked.connect(self.open_voice_test)
        self.details_button.toggled.connect(self._details_box.setVisible)
        if self.dial is not None:
            self.dial.failed.connect(self.failed)
        self._show_rows()

    def _use_selected(self) -> None:
        pack = self.selected()
        if pack is not None and self.use_button.isEnabled():
            self.use_wanted.emit(pack.name)

    def _ask_to_remove(self) -> None:
        if (pack := self.selected()) is None:
            return
        name = pack.name
        question = QMessageBox(self)
        question.setWindowTitle(tr("Remove a model"))
        question.setText(tr("Remove {model} from this computer?", model=name))
        question.setInformativeText(tr("Its files are deleted. To have it again, install it again."))
        question.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        remove = question.addButton(tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        question.buttonClicked.connect(lambda button: self.remove(name) if button is remove else None)
        question.open()

    def _show_installed(self, pack: Pack) -> None:
        name = pack.manifest.name
        self.measuring.forget(name)
        self.reload()
        if name == self._state.active:
            self.use_wanted.emit(name)  # the loaded model is the one that was just replaced on disk
        else:
            self.news.emit(tr("{model} is installed. Choose it and press “Use this model”.", model=name))

    def _show_listings(self, listings: Sequence[PackListing]) -> None:
        self._state.listings = listings
        self._show_rows()

    def _show_rows(self) -> None:
        if not self._state.laid_out:
            return
        chosen = self.selected()
        name = self._state.active if chosen is None else chosen.name
        rows = rows_of(self._state.listings, self.measuring.measured)
        self.packs.show_rows(rows, self._state.active, recommended(rows))
        # A line may not break between a figure and its unit.
        self.comparison.setText(re.sub(r"(?<=\d) (?=MB|ms|%)", "\N{NO-BREAK SPACE}", comparison_words(rows)))
        self.busy_note.setVisible(was_busy(rows))
        for pack in comparable_pair(rows) or rows:
            if pack.manifest is not None:
                self.picture.set_layers(pack.manifest.layers)
        if rows:
            names = [pack.name for pack in rows]
            self.table.selectRow(names.index(name) if name in names else 0)
        QTimer.singleShot(0, self.table, self.table.fill)

    def _refresh(self) -> None:
        state, pack, busy = self._state, self.selected(), self._tasks.busy
        free = not busy and not state.switching
        self.measure_button.setEnabled(free and any(listing.pack for listing in state.listings))
        for button in (self.install_button, self.voice_button, self.back_button):
            button.setEnabled(free)
        is_other = pack is not None and pack.name != state.active
        self.use_button.setEnabled(free and is_other and pack is not None and pack.manifest is not None)
        self.remove_button.setEnabled(free and is_other and pack is not None and pack.installed)
        self.back_button.setVisible(state.laid_out and bool(state.previous))
        clear_layout(self.details)
        if pack is None:
            return
        for heading, text in details_of(pack):
            self.details.addWidget(text_label(heading, "quiet"))
            self.details.addWidget(text_label(text, selectable=True))
        if pack.manifest is None:
            self.details_button.setChecked(True)
        elif self.dial is not None:
            self.dial.show_model(pack.name, pack.manifest.layers)


def _dropped_packs(event: QDropEvent) -> list[Path]:
    return [path for url in event.mimeData().urls() if (path := Path(url.toLocalFile())).suffix == _SUFFIX]
