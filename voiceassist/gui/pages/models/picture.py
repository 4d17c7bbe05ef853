"""The picture of what sharing is: one block used many times, beside many blocks used once."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from voiceassist.gui.translation import mark, tr
from voiceassist.gui.widgets.theme import current_theme

SHARING = mark(
    "A model is a chain of blocks through which the sound passes. A shared model passes it through one and the same "
    "block again and again, so it needs only a fraction of the file and the memory; the computing stays the same."
)
_HEIGHT_PX = 118
_BLOCK_PX = 44


class SharingPicture(QWidget):
    """Drawn from the number of layers, so that it is true for the models that are installed."""

    def __init__(self, layers: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = layers
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_layers(layers)

    def set_layers(self, layers: int) -> None:
        """How many times the shared block is used, and how many blocks the other model has."""
        self._layers = max(2, layers)
        words = tr(
            "Left: one block that is used {layers} times. Right: {layers} blocks, each used once.", layers=self._layers
        )
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Wide and flat."""
        return QSize(640, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """It can be narrow."""
        return QSize(260, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002
        """Draw both models side by side."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self.width() * 0.36
        self._paint_shared(painter, QRectF(0, 0, half, self.height()))
        area = QRectF(half, 0, self.width() - half, self.height())
        theme = current_theme()
        gap = 6.0
        side = min(_BLOCK_PX, (area.width() - 24 - gap * (self._layers - 1)) / self._layers)
        width = side * self._layers + gap * (self._layers - 1)
        left = area.center().x() - width / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.quiet))
        for number in range(self._layers):
            painter.drawRoundedRect(QRectF(left + number * (side + gap), 52 - side / 2, side, side), 5, 5)
        self._caption(painter, area, tr("{layers} blocks", layers=self._layers))
        painter.end()

    def _paint_shared(self, painter: QPainter, area: QRectF) -> None:
        theme = current_theme()
        middle = QPointF(area.center().x(), 52)
        block = QRectF(middle.x() - _BLOCK_PX / 2, middle.y() - _BLOCK_PX / 2, _BLOCK_PX, _BLOCK_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(block, 8, 8)
        loop = QPainterPath()
        ring = QRectF(middle.x() - 38, middle.y() - 38, 76, 76)
        loop.arcMoveTo(ring, 40)
        loop.arcTo(ring, 40, 280)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(loop)
        end = loop.currentPosition()
        painter.setBrush(QColor(theme.accent))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(QPolygonF([end + QPointF(8, -3), end + QPointF(-7, -7), end + QPointF(-2, 8)]))
        painter.setPen(QColor(theme.on_accent))
        painter.drawText(block, Qt.AlignmentFlag.AlignCenter, f"{self._layers}\N{MULTIPLICATION SIGN}")
        self._caption(painter, area, tr("one shared block"))

    @staticmethod
    def _caption(painter: QPainter, area: QRectF, words: str) -> None:
        painter.setPen(QColor(current_theme().text))
        painter.drawText(
            QRectF(area.left(), 94, area.width(), 24), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words
        )
