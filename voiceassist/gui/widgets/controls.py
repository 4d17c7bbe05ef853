"""Reusable controls: labels, buttons, the talk button, bars and layouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from voiceassist.gui.translation import mark, tr
from voiceassist.gui.widgets.icons import paint_microphone
from voiceassist.gui.widgets.theme import SPACE_PX, current_theme

QUIETEST_DB = -60.0
_BUTTON_PX = 132
_SMALL_BUTTON_PX = 84
_HALO_PX = 12
_COLUMN_PX = 820
_HOLD = mark("Hold while you speak; with the keyboard, hold the space bar.")
_PRESS = mark("Press, then speak; press again to end at once.")


def text_label(text: str = "", role: str = "", *, selectable: bool = False) -> QLabel:
    """A plain-text label that wraps; the role picks its style."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def set_tone(widget: QWidget, tone: str) -> None:
    """Colour a label by meaning: ``good``, ``warn``, ``bad`` or nothing."""
    set_style_property(widget, "tone", tone)


def set_style_property(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property that the style sheet selects on, and restyle the widget."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def push_button(text: str, role: str = "") -> QPushButton:
    """A button in one of the roles of the style sheet."""
    button = QPushButton(text)
    button.setProperty("role", role)
    return button


def make_clearable(line: QLineEdit) -> None:
    """Give a line a button that empties it, with a name for screen readers."""
    line.setClearButtonEnabled(True)
    for button in line.findChildren(QToolButton):
        button.setAccessibleName(tr("Clear"))


def card(layout: QLayout) -> QFrame:
    """A frame around something that belongs together."""
    frame = QFrame()
    frame.setObjectName("card")
    layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
    layout.setSpacing(SPACE_PX)
    frame.setLayout(layout)
    return frame


def in_turns(owner: QObject, steps: Iterator[Callable[[], object]]) -> None:
    """Take a step now and one in each further turn of the loop: all at once would keep the window from drawing."""
    step = next(steps, None)
    if step is not None:
        step()
        QTimer.singleShot(0, owner, lambda: in_turns(owner, steps))


def choose_file(parent: QWidget, title: str, pattern: str, then: Callable[[Path], object]) -> None:
    """Let the user choose a file that is there; nothing follows where none is chosen."""
    name, _ = QFileDialog.getOpenFileName(parent, title, "", pattern)
    if name:
        then(Path(name))


def scrolled(layout: QLayout, area: QScrollArea, *, wide: bool = False) -> None:
    """Make a layout the content of a scroll area, so that nothing is out of reach in a small window.

    Unless it is ``wide``, its column does not grow wider than can be read with ease.
    """
    column = page = QWidget()
    column.setLayout(layout)
    if not wide:
        page = QWidget()
        outer = QHBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        outer.addWidget(column, 1000)
        outer.addStretch(1)
        column.setMaximumWidth(_COLUMN_PX)
    area.setWidget(page)
    area.setWidgetResizable(True)


def page_layout() -> QVBoxLayout:
    """A column with the margins and gaps that all pages have."""
    layout = QVBoxLayout()
    layout.setContentsMargins(2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX, 2 * SPACE_PX)
    layout.setSpacing(SPACE_PX)
    return layout


def fill_dialog(dialog: QDialog, column: QVBoxLayout, buttons: QHBoxLayout, height_px: int) -> None:
    """Lays out a dialog: a column that scrolls, buttons that do not, and no larger than the screen."""
    inner, area = QWidget(), QScrollArea()
    inner.setLayout(column)
    area.setWidget(inner)
    area.setWidgetResizable(True)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 8)
    layout.addWidget(area, 1)
    buttons.setContentsMargins(16, 0, 16, 4)
    layout.addLayout(buttons)
    screen = dialog.screen().availableGeometry()
    dialog.resize(min(640, screen.width() - 40), min(height_px, screen.height() - 60))


def clear_layout(layout: QLayout) -> None:
    """Take out and delete all widgets of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def buttons_of(layout: QLayout) -> list[QPushButton]:
    """The push buttons of a layout, in its order."""
    items = (layout.itemAt(index) for index in range(layout.count()))
    widgets = (item.widget() for item in items if item is not None)
    return [widget for widget in widgets if isinstance(widget, QPushButton)]


def row(*widgets: QWidget, stretch_last: bool = False) -> QHBoxLayout:
    """Widgets beside each other, kept to the left unless the last one takes the rest."""
    layout = QHBoxLayout()
    layout.setSpacing(SPACE_PX)
    for widget in widgets:
        layout.addWidget(widget)
    if not stretch_last:
        layout.addStretch(1)
    return layout


def level_fraction(level_db: float) -> float:
    """Where a level stands between the quietest that is shown and full scale, 0 to 1; 0 for what is no number."""
    if not level_db > QUIETEST_DB:
        return 0.0
    return min(1.0, 1.0 - level_db / QUIETEST_DB)


class TalkButton(QAbstractButton):
    """The big round push-to-talk button: a microphone in a disc, with a halo as wide as the sound is loud."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._disc_px = _BUTTON_PX
        self._level = 0.0
        self._active = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())
        self.set_held(True)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """A square with room for the halo."""
        return QSize(self._disc_px + 2 * _HALO_PX, self._disc_px + 2 * _HALO_PX)

    def set_held(self, held: bool) -> None:
        """Whether it is held while speaking, or pressed once."""
        self.setAccessibleName(tr("Push to talk") if held else tr("Listen for a command"))
        self.setAccessibleDescription(tr(_HOLD) if held else tr(_PRESS))

    def set_small(self, small: bool) -> None:
        """Take less room, where the window has little."""
        self._disc_px = _SMALL_BUTTON_PX if small else _BUTTON_PX
        self.setFixedSize(self.sizeHint())
        self.update()

    def set_level(self, fraction: float) -> None:
        """How loud it is, 0 to 1."""
        if fraction != self._level:
            self._level = fraction
            if self._active or self.isDown():  # the level is not seen otherwise
                self.update()

    def set_active(self, active: bool) -> None:
        """Whether the engine takes sound in."""
        if active != self._active:
            self._active = active
            self.update()

    def hitButton(self, position: object) -> bool:  # noqa: N802
        """Only the disc is the button, not the corners around it."""
        if not hasattr(position, "x") or not hasattr(position, "y"):
            return False
        centre = self.rect().center()
        across, down = position.x() - centre.x(), position.y() - centre.y()
        return bool(across**2 + down**2 <= (self._disc_px / 2) ** 2)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw halo, disc, focus ring and microphone."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(self.rect().center())
        live = self._active or self.isDown()
        painter.setPen(Qt.PenStyle.NoPen)
        if live:
            halo = self._disc_px / 2 + 3 + (_HALO_PX - 3) * self._level
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawEllipse(centre, halo, halo)
        lit = theme.accent_hover if self.isDown() or self.underMouse() else theme.accent
        painter.setBrush(QColor(lit if self.isEnabled() else theme.groove))
        painter.drawEllipse(centre, self._disc_px / 2 - 4, self._disc_px / 2 - 4)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawEllipse(centre, self._disc_px / 2 - 0.5, self._disc_px / 2 - 0.5)
        paint_microphone(painter, centre, QColor(theme.on_accent if self.isEnabled() else theme.quiet))
        painter.end()


class Bar(QProgressBar):
    """A thin bar that is filled from the left, for levels and probabilities; assistive tools read its value."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fraction = 0.0
        self.setRange(0, 100)
        self.setTextVisible(False)
        self.setFixedHeight(6)
        self.setMinimumWidth(60)
        self.setAccessibleName(name)

    def set_fraction(self, fraction: float) -> None:
        """Fill the bar; a change that nobody could see is not drawn."""
        fraction = min(1.0, max(0.0, fraction))
        drawn = abs(fraction - self._fraction) * self.width() >= 1 or fraction in (0.0, 1.0)
        if fraction == self._fraction or not drawn:
            return
        self._fraction = fraction
        self.setValue(round(100 * fraction))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw the groove and the filled part."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.groove))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        if self._fraction > 0:
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(QRectF(0, 0, max(6.0, self.width() * self._fraction), self.height()), 3, 3)
        painter.end()
