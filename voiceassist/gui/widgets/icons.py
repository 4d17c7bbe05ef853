"""The icon: the drawing that came with the program, or the same idea painted here where that is missing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from voiceassist.gui.widgets.theme import LIGHT

_ICON_PX = 128


def application_icon(assets: Path) -> QIcon:
    """``icons/voiceassist.svg`` of the assets if it can be drawn, else a painted one."""
    drawing = assets / "icons" / "voiceassist.svg"
    if drawing.is_file():
        icon = QIcon(str(drawing))
        if not icon.pixmap(32, 32).isNull():
            return icon
    pixmap = QPixmap(_ICON_PX, _ICON_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.accent))
    painter.drawEllipse(QRectF(4, 4, _ICON_PX - 8, _ICON_PX - 8))
    paint_microphone(painter, QPointF(_ICON_PX / 2, _ICON_PX / 2), QColor(LIGHT.on_accent))
    painter.end()
    return QIcon(pixmap)


def tray_icon(assets: Path, state: str) -> QIcon:
    """The icon of the tray in a state of listening; the application's own where there is none for it."""
    drawing = assets / "icons" / f"tray-{state}.svg"
    return QIcon(str(drawing)) if drawing.is_file() else application_icon(assets)


def paint_microphone(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """Draw the microphone of button and icon, about 60 pixels high."""
    x, y = centre.x(), centre.y()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(x - 10, y - 31, 20, 38), 10, 10)
    bow = QPainterPath()
    bow.arcMoveTo(QRectF(x - 19, y - 23, 38, 38), 180)
    bow.arcTo(QRectF(x - 19, y - 23, 38, 38), 180, 180)
    bow.moveTo(x, y + 15)
    bow.lineTo(x, y + 26)
    bow.moveTo(x - 10, y + 26)
    bow.lineTo(x + 10, y + 26)
    pen = QPen(colour, 4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.strokePath(bow, pen)
