"""How the window looks: two palettes, one accent, one style sheet made from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

SPACE_PX = 8
"""The unit of all distances: margins and gaps are multiples of it."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colours by what they mean. The name is that of the icons drawn for it."""

    name: str
    window: str
    card: str
    field: str
    text: str
    quiet: str
    line: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    good: str
    warn: str
    bad: str
    bad_soft: str
    on_bad: str


LIGHT = Look(
    name="light",
    window="#f4f5f7",
    card="#ffffff",
    field="#ffffff",
    text="#1d2330",
    quiet="#5d6675",
    line="#d9dde4",
    accent="#1f6f78",
    accent_hover="#185a62",
    accent_soft="#e1eff0",
    on_accent="#ffffff",
    good="#1f7a4d",
    warn="#8a5a00",
    bad="#b3362b",
    bad_soft="#fbe9e7",
    on_bad="#ffffff",
)

DARK = Look(
    name="dark",
    window="#181b20",
    card="#22262d",
    field="#1c2026",
    text="#e8ebf0",
    quiet="#9ba4b2",
    line="#363c46",
    accent="#5cc0c7",
    accent_hover="#7dd0d6",
    accent_soft="#23393d",
    on_accent="#0f1a1c",
    good="#6fcf9b",
    warn="#e6b450",
    bad="#f28b80",
    bad_soft="#40282a",
    on_bad="#2a0f0c",
)


def system_look() -> Look:
    """Dark where the desktop says so, or where its window colour is dark."""
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme is Qt.ColorScheme.Unknown:
        window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
        return DARK if window.lightness() < 128 else LIGHT
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def current_look() -> Look:
    """The look that is in force, told from the palette, for widgets that paint themselves."""
    return DARK if QGuiApplication.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window) else LIGHT


def apply_look(app: QApplication, look: Look, assets: Path) -> None:
    """Dress the whole application; ticks and arrows are drawings among the assets."""
    app.setStyle("Fusion")
    app.setPalette(_palette(look))
    app.setStyleSheet(style_sheet(look, assets))


def _palette(look: Look) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: look.window,
        role.WindowText: look.text,
        role.Base: look.field,
        role.AlternateBase: look.window,
        role.Text: look.text,
        role.PlaceholderText: look.quiet,
        role.Button: look.card,
        role.ButtonText: look.text,
        role.ToolTipBase: look.card,
        role.ToolTipText: look.text,
        role.Highlight: look.accent,
        role.HighlightedText: look.on_accent,
        role.Accent: look.accent,
        role.Link: look.accent,
        role.Mid: look.line,
    }
    palette = QPalette(QColor(look.window))
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(look.quiet))
    return palette


def style_sheet(look: Look, assets: Path) -> str:
    """The style sheet in the colours of a look."""
    tick, chevron = ((assets / "icons" / f"{drawing}-{look.name}.svg").as_posix() for drawing in ("tick", "chevron"))
    return f"""
    QTabWidget::pane {{ border: none; }}
    QTabWidget::tab-bar {{ left: 12px; }}
    QTabBar {{ background: transparent; }}
    QTabBar::tab {{ background: transparent; color: {look.quiet}; padding: 10px 14px 8px 14px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {look.text}; border-bottom: 2px solid {look.accent}; }}
    QTabBar::tab:hover {{ color: {look.text}; }}
    QComboBox {{ background: {look.field}; border: 1px solid {look.line}; border-radius: 6px; padding: 5px 10px; }}
    QComboBox:hover, QComboBox:focus, QComboBox:on {{ border-color: {look.accent}; }}
    QComboBox::drop-down {{ border: none; width: 26px; }}
    QComboBox::down-arrow {{ image: url("{chevron}"); width: 14px; height: 14px; }}
    QRadioButton, QCheckBox {{ spacing: 8px; padding: 2px; }}
    QRadioButton::indicator, QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {look.quiet};
        background: {look.field}; }}
    QRadioButton::indicator {{ border-radius: 9px; }}
    QCheckBox::indicator {{ border-radius: 4px; }}
    QRadioButton::indicator:hover, QCheckBox::indicator:hover {{ border-color: {look.accent}; }}
    QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 5px solid {look.accent};
        background: {look.on_accent}; }}
    QCheckBox::indicator:checked {{ background: {look.accent}; border-color: {look.accent}; image: url("{tick}"); }}
    QRadioButton::indicator:disabled, QCheckBox::indicator:disabled {{ border-color: {look.line}; }}
    QRadioButton:focus, QCheckBox:focus {{ color: {look.accent}; }}
    QTabBar::tab:focus {{ color: {look.accent}; }}

    QFrame#card {{ background: {look.card}; border: 1px solid {look.line}; border-radius: 10px; }}
    QFrame#banner {{ background: {look.bad_soft}; border: 1px solid {look.bad}; border-radius: 8px; }}
    QFrame#banner[kind="news"] {{ background: {look.accent_soft}; border-color: {look.accent}; }}

    QLabel[role="title"] {{ font-size: 17pt; font-weight: 600; }}
    QLabel[role="heading"] {{ font-size: 12pt; font-weight: 600; }}
    QLabel[role="strong"] {{ font-weight: 600; }}
    QLabel[role="quiet"] {{ color: {look.quiet}; }}
    QLabel[tone="good"] {{ color: {look.good}; }}
    QLabel[tone="warn"] {{ color: {look.warn}; }}
    QLabel[tone="bad"] {{ color: {look.bad}; }}

    QPushButton {{ background: {look.card}; border: 1px solid {look.line}; border-radius: 6px; padding: 6px 14px; }}
    QPushButton:hover {{ border-color: {look.accent}; }}
    QPushButton:pressed {{ background: {look.accent_soft}; }}
    QPushButton:focus {{ border: 1px solid {look.accent}; }}
    QPushButton:disabled {{ color: {look.quiet}; border-color: {look.line}; background: {look.window}; }}
    QPushButton[role="primary"] {{ background: {look.accent}; border-color: {look.accent}; color: {look.on_accent}; }}
    QPushButton[role="primary"]:hover {{ background: {look.accent_hover}; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {look.text}; padding: 5px 13px; }}
    QPushButton[role="primary"]:disabled {{ background: {look.line}; border-color: {look.line}; color: {look.quiet}; }}
    QPushButton[role="danger"] {{ background: {look.bad}; border-color: {look.bad}; color: {look.on_bad}; }}
    QPushButton[role="danger"]:focus {{ border: 2px solid {look.text}; padding: 5px 13px; }}
    QPushButton[role="flat"] {{ background: transparent; border: 1px solid transparent; padding: 4px 8px; }}
    QPushButton[role="flat"]:focus {{ border-color: {look.accent}; }}

    QLineEdit {{ background: {look.field}; border: 1px solid {look.line}; border-radius: 6px; padding: 7px 10px; }}
    QLineEdit:focus {{ border-color: {look.accent}; }}

    QListView, QTreeView, QTableView {{ background: {look.card}; border: 1px solid {look.line}; border-radius: 8px;
        gridline-color: {look.line}; outline: none; }}
    QListView:focus, QTreeView:focus, QTableView:focus {{ border-color: {look.accent}; }}
    QListView::item {{ padding: 5px 6px; }}
    QTreeView::item {{ padding: 4px 2px; border: none; }}
    QTableView::item {{ padding: 4px 8px; }}
    QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {{
        background: {look.accent_soft}; color: {look.text}; }}
    QHeaderView::section {{ background: {look.card}; color: {look.quiet}; border: none;
        border-bottom: 1px solid {look.line}; padding: 6px 8px; }}
    QHeaderView {{ background: {look.card}; border: none; }}

    QProgressBar {{ background: {look.line}; border: none; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {look.accent}; border-radius: 3px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
    QScrollBar::handle {{ background: {look.line}; border-radius: 3px; min-width: 24px; min-height: 24px; }}
    QScrollBar::handle:hover {{ background: {look.quiet}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QScrollArea {{ border: none; background: transparent; }}
    QSplitter::handle {{ background: transparent; }}
    QToolTip {{ color: {look.text}; background: {look.card}; border: 1px solid {look.line}; padding: 4px; }}
    """
