"""Measuring models on this machine, with progress and cancel, and the figures kept from one start to the next."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from voiceassist.bench.measurement import PackMeasurement, Spread
from voiceassist.config.files import read_untrusted, write_atomically
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.services.interfaces import Measure
from voiceassist.gui.services.tasks import TaskThread
from voiceassist.gui.translation import tr
from voiceassist.gui.widgets.controls import push_button, text_label
from voiceassist.packs.pack import Pack

_LOG = logging.getLogger(__name__)
_MAX_BYTES = 1 << 20
_SPREADS = ("load_ms", "private_mb", "private_10s_mb")
_REPEATS = 3


class MeasurePanel(QWidget):
    """Shows how far a measurement is; its buttons stand where the page puts them."""

    changed = Signal()
    """It begins, or ends and there may be other figures."""
    failed = Signal(object)
    news = Signal(str)
    _progress = Signal(str, float)

    def __init__(self, measure: Measure, file: Path, tasks: TaskThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measure, self._file, self._tasks = measure, file, tasks
        self._cancelled = threading.Event()
        self.measured = load_measurements(file)
        self.measuring = False
        self.line = text_label(role="quiet")
        self.bar = QProgressBar()
        self.measure_button = push_button(tr("Measure on this machine"), "primary")
        self.cancel_button = push_button(tr("Cancel"))
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(tr("Progress of the measurement"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)
        layout.addWidget(self.bar)
        self._progress.connect(self._show_progress)
        self.cancel_button.clicked.connect(self.cancel)
        self._set_measuring(False)

    def measure(self, packs: Sequence[Pack]) -> None:
        """Measure packs beside the main thread and in fresh processes."""
        if not packs or self._tasks.busy:
            return
        self._cancelled.clear()
        self._set_measuring(True)
        self._show_progress("", 0.0)
        # thread: the task's
        self._tasks.submit(
            lambda: self._measure(
                packs, repeats=_REPEATS, progress=self._progress.emit, cancelled=self._cancelled.is_set
            ),
            done=self._show_measured,
            failed=self._show_failure,
        )

    def cancel(self) -> None:
        """Stop measuring, if it goes on."""
        self._cancelled.set()

    def forget(self, name: str) -> None:
        """Another model has this name now."""
        self.measured.pop(name, None)

    def _set_measuring(self, measuring: bool) -> None:
        self.measuring = measuring
        self.setVisible(measuring)
        self.cancel_button.setVisible(measuring)
        self.changed.emit()

    def _show_progress(self, name: str, fraction: float) -> None:
        self.bar.setValue(round(1000 * fraction))
        self.line.setText(tr("Measuring {model} in fresh processes", model=name) if name else tr("Measuring…"))

    def _show_measured(self, measured: Sequence[PackMeasurement]) -> None:
        self.measured |= {measurement.name: measurement for measurement in measured}
        keep_measurements(self._file, self.measured)
        self._set_measuring(False)

    def _show_failure(self, error: VoiceAssistError) -> None:
        self._set_measuring(False)
        if self._cancelled.is_set():
            self.news.emit(tr("The measurement was stopped."))
        else:
            self.failed.emit(error)


def load_measurements(file: Path) -> dict[str, PackMeasurement]:
    """What was kept; nothing where there is no file, or one that cannot be understood."""
    try:
        kept = json.loads(read_untrusted(file, _MAX_BYTES))
        return {name: _from_json(fields) for name, fields in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        _LOG.warning("the measurements in %s are left out: %s", file, error)
        return {}


def keep_measurements(file: Path, measured: Mapping[str, PackMeasurement]) -> None:
    """Write what was measured. A file that cannot be written is only logged."""
    text = json.dumps({name: asdict(measurement) for name, measurement in measured.items()}, indent=1)
    try:
        write_atomically(file, text.encode())
    except OSError as error:
        _LOG.warning("the measurements cannot be kept in %s: %s", file, error)


def _from_json(fields: Mapping[str, Any]) -> PackMeasurement:
    values = dict(fields)
    for name in _SPREADS:
        values[name] = Spread(**values[name])
    for name in ("latency_ms", "wait_ms"):  # the second is missing in what older versions measured
        values[name] = {part: Spread(**spread) for part, spread in values.get(name, {}).items()}
    return PackMeasurement(**values)
