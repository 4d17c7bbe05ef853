"""The themes of the window: light, dark and high contrast, and the style sheet made from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

SPACE_PX = 8
"""The unit of all distances: margins and gaps are multiples of it."""
_BASE_PT = "voiceassistBasePointSize"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they mean.

    Attributes:
        name: of the theme, as the settings hold it.
        icons: which icons fit: ``light`` or ``dark``.
    """

    name: str
    icons: str
    window: str
    card: str
    field: str
    text: str
    quiet: str
    line: str
    groove: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    good: str
    warn: str
    bad: str
    bad_soft: str
    on_bad: str


_COLOURS = {
    "window": ("#f4f5f7", "#181b20", "#000000"),
    "card": ("#ffffff", "#22262d", "#000000"),
    "field": ("#ffffff", "#1c2026", "#000000"),
    "text": ("#1d2330", "#e8ebf0", "#ffffff"),
    "quiet": ("#5d6675", "#9ba4b2", "#e6e6e6"),
    "line": ("#d9dde4", "#363c46", "#ffffff"),
    "groove": ("#d9dde4", "#363c46", "#4d4d4d"),
    "accent": ("#1f6f78", "#5cc0c7", "#ffd84d"),
    "accent_hover": ("#185a62", "#7dd0d6", "#ffe68a"),
    "accent_soft": ("#e1eff0", "#23393d", "#3d3300"),
    "on_accent": ("#ffffff", "#0f1a1c", "#000000"),
    "good": ("#1f7a4d", "#6fcf9b", "#7dff9b"),
    "warn": ("#8a5a00", "#e6b450", "#ffd84d"),
    "bad": ("#b3362b", "#f28b80", "#ff9a8c"),
    "bad_soft": ("#fbe9e7", "#40282a", "#3d0a05"),
    "on_bad": ("#ffffff", "#2a0f0c", "#000000"),
}
"""Each colour in the light, the dark and the high-contrast theme."""

LIGHT, DARK, CONTRAST = (
    Theme(name=name, icons=icons, **{key: colours[index] for key, colours in _COLOURS.items()})
    for index, (name, icons) in enumerate((("light", "light"), ("dark", "dark"), ("contrast", "dark")))
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}


def theme_of(name: str) -> Theme:
    """The theme of that name; ``system`` and unknown names follow the desktop."""
    return THEMES.get(name) or system_theme()


def system_theme() -> Theme:
    """Dark where the desktop says so, or where its window colour is dark."""
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme is Qt.ColorScheme.Unknown:
        window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
        return DARK if window.lightness() < 128 else LIGHT
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def current_theme() -> Theme:
    """The theme in force, read from the palette, for widgets that paint themselves."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return next((theme for theme in THEMES.values() if window == QColor(theme.window)), LIGHT)


def apply_theme(app: QApplication, theme: Theme, assets: Path, text_percent: int = 100) -> None:
    """Style the whole application.

    Args:
        app: the application.
        theme: its colours.
        assets: where the drawings of ticks and arrows are.
        text_percent: size of all text, relative to the desktop's own font size.
    """
    base_pt = app.property(_BASE_PT)
    if base_pt is None:  # the desktop's own size, kept because the application font is replaced below
        base_pt = max(app.font().pointSizeF(), 9.0)
        app.setProperty(_BASE_PT, base_pt)
    size_pt = float(base_pt) * text_percent / 100
    font = app.font()
    font.setPointSizeF(size_pt)
    app.setStyle("Fusion")
    app.setFont(font)
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme, assets, size_pt))


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.PlaceholderText: theme.quiet,
        role.Button: theme.card,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.card,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.Mid: theme.line,
    }
    palette = QPalette(QColor(theme.window))
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.quiet))
    return palette


def style_sheet(theme: Theme, assets: Path, size_pt: float = 10.0) -> str:
    """The style sheet in the colours of a theme; ``size_pt`` is the size of plain text."""
    tick, chevron = ((assets / "icons" / f"{drawing}-{theme.icons}.svg").as_posix() for drawing in ("tick", "chevron"))
    return f"""
    * {{ font-size: {size_pt:.1f}pt; }}
    QTabWidget::pane {{ border: none; }}
    QTabWidget::tab-bar {{ left: 12px; }}
    QTabBar {{ background: transparent; }}
    QTabBar::tab {{ background: transparent; color: {theme.quiet}; padding: 10px 14px 8px 14px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom: 2px solid {theme.accent}; }}
    QTabBar::tab:selected:focus {{ border-bottom: 5px solid {theme.accent}; padding-bottom: 5px; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QComboBox {{ background: {theme.field}; border: 1px solid {theme.line}; border-radius: 6px; padding: 5px 10px; }}
    QComboBox:hover, QComboBox:focus, QComboBox:on {{ border-color: {theme.accent}; }}
    QComboBox {{ combobox-popup: 0; }}
    QComboBox QAbstractItemView {{ background: {theme.field}; color: {theme.text}; border: 1px solid {theme.line};
        selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; outline: none; padding: 2px; }}
    QComboBox QAbstractItemView::item {{ min-height: 26px; padding: 2px 8px; }}
    QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {{
        background: {theme.accent}; color: {theme.on_accent}; }}
    QComboBox::drop-down {{ border: none; width: 26px; }}
    QComboBox::down-arrow {{ image: url("{chevron}"); width: 14px; height: 14px; }}
    QRadioButton, QCheckBox {{ spacing: 8px; padding: 1px; border: 1px solid transparent; border-radius: 4px; }}
    QRadioButton::indicator, QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {theme.quiet};
        background: {theme.field}; }}
    QRadioButton::indicator {{ border-radius: 9px; }}
    QCheckBox::indicator {{ border-radius: 4px; }}
    QRadioButton::indicator:hover, QCheckBox::indicator:hover {{ border-color: {theme.accent}; }}
    QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 5px solid {theme.accent};
        background: {theme.on_accent}; }}
    QCheckBox::indicator:checked {{ background: {theme.accent}; border-color: {theme.accent}; image: url("{tick}"); }}
    QRadioButton::indicator:disabled, QCheckBox::indicator:disabled {{ border-color: {theme.groove}; }}
    QRadioButton:focus, QCheckBox:focus {{ border-color: {theme.accent}; }}
    QGroupBox {{ border: none; margin: 0; padding: 0; }}

    QFrame#card {{ background: {theme.card}; border: 1px solid {theme.line}; border-radius: 10px; }}
    QFrame#message {{ background: {theme.bad_soft}; border: 1px solid {theme.bad}; border-radius: 8px; }}
    QFrame#message[kind="news"] {{ background: {theme.accent_soft}; border-color: {theme.accent}; }}
    QFrame#overlay {{ background: {theme.card}; border: 1px solid {theme.quiet}; }}

    QLabel[role="display"] {{ font-size: {size_pt * 2.1:.1f}pt; font-weight: 600; }}
    QLabel[role="title"] {{ font-size: {size_pt * 1.6:.1f}pt; font-weight: 600; }}
    QLabel[role="heading"] {{ font-size: {size_pt * 1.2:.1f}pt; font-weight: 600; }}
    QLabel[role="chip"] {{ background: {theme.accent_soft}; color: {theme.text}; border: 1px solid {theme.accent};
        border-radius: 10px; padding: 3px 10px; font-weight: 600; }}
    QLabel[role="badge"] {{ background: {theme.accent_soft}; color: {theme.text}; border-radius: 8px;
        padding: 1px 8px; }}
    QLabel[role="strong"] {{ font-weight: 600; }}
    QLabel[role="quiet"] {{ color: {theme.quiet}; }}
    QLabel[tone="good"] {{ color: {theme.good}; }}
    QLabel[tone="warn"] {{ color: {theme.warn}; }}
    QLabel[tone="bad"] {{ color: {theme.bad}; }}
    QFrame#card[stale="true"] QLabel {{ color: {theme.quiet}; }}
    QFrame#card[stale="true"] QLabel[role="chip"] {{ background: transparent; border-color: {theme.line}; }}

    QPushButton {{ background: {theme.card}; border: 1px solid {theme.line}; border-radius: 6px; padding: 6px 14px; }}
    QPushButton:hover {{ border-color: {theme.accent}; }}
    QPushButton:pressed {{ background: {theme.accent_soft}; }}
    QPushButton:focus {{ border: 2px solid {theme.accent}; padding: 5px 13px; }}
    QPushButton:disabled {{ color: {theme.quiet}; border-color: {theme.groove}; background: {theme.window}; }}
    QPushButton[role="primary"] {{ background: {theme.accent}; border-color: {theme.accent};
        color: {theme.on_accent}; }}
    QPushButton[role="primary"]:hover {{ background: {theme.accent_hover}; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {theme.text}; padding: 5px 13px; }}
    QPushButton[role="primary"]:disabled {{ background: {theme.groove}; border-color: {theme.groove};
        color: {theme.quiet}; }}
    QPushButton[role="danger"] {{ background: {theme.bad}; border-color: {theme.bad}; color: {theme.on_bad}; }}
    QPushButton[role="danger"]:focus {{ border: 2px solid {theme.text}; padding: 5px 13px; }}
    QPushButton[role="flat"] {{ background: transparent; border: 1px solid transparent; padding: 4px 8px; }}
    QPushButton[role="flat"]:focus {{ border: 1px solid {theme.accent}; padding: 4px 8px; }}
    QPushButton[role="link"] {{ background: transparent; border: 1px solid transparent; padding: 3px 1px;
        color: {theme.accent}; text-align: left; }}
    QPushButton[role="link"]:hover {{ border-color: {theme.accent}; }}
    QPushButton[role="link"]:focus {{ border: 1px solid {theme.accent}; padding: 3px 1px; }}
    QPushButton[role="suggestion"] {{ background: {theme.window}; border: 1px solid {theme.line}; border-radius: 11px;
        padding: 5px 14px; text-align: left; }}
    QPushButton[role="suggestion"]:hover {{ border-color: {theme.accent}; }}
    QPushButton[role="suggestion"]:focus {{ border: 2px solid {theme.accent}; padding: 4px 13px; }}
    QPushButton:checked {{ background: {theme.accent_soft}; border-color: {theme.accent}; }}
    QPushButton[role="link"]:checked {{ background: transparent; border-color: transparent; }}

    QPlainTextEdit {{ background: {theme.field}; border: 1px solid {theme.line}; border-radius: 6px; padding: 4px; }}
    QPlainTextEdit:focus {{ border-color: {theme.accent}; }}
    QLineEdit {{ background: {theme.field}; border: 1px solid {theme.line}; border-radius: 6px; padding: 7px 10px; }}
    QLineEdit:focus {{ border-color: {theme.accent}; }}

    QListView, QTreeView, QTableView {{ background: {theme.card}; border: 1px solid {theme.line}; border-radius: 8px;
        gridline-color: {theme.line}; outline: none; }}
    QListView:focus, QTreeView:focus, QTableView:focus {{ border-color: {theme.accent}; }}
    QListView::item {{ padding: 5px 6px; }}
    QTreeView::item {{ padding: 4px 2px; border: none; }}
    QTableView::item {{ padding: 4px 8px; }}
    QListView::item:selected, QTreeView::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
    QTableView {{ selection-background-color: transparent; }}
    QTableView::item:selected {{ background: transparent; color: {theme.text}; }}
    QHeaderView::section {{ background: transparent; color: {theme.quiet}; border: none;
        border-bottom: 1px solid {theme.line}; padding: 6px 8px; }}
    QHeaderView {{ background: transparent; border: none; }}

    QProgressBar {{ background: {theme.groove}; border: none; border-radius: 3px; max-height: 6px; }}
    QProgressBar::chunk {{ background: {theme.accent}; border-radius: 3px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
    QScrollBar::handle {{ background: {theme.line}; border-radius: 3px; min-width: 24px; min-height: 24px; }}
    QScrollBar::handle:hover {{ background: {theme.quiet}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QScrollArea {{ border: none; background: transparent; }}
    QSlider::groove:horizontal {{ height: 6px; border-radius: 3px; background: {theme.groove}; }}
    QSlider::sub-page:horizontal {{ background: {theme.accent}; border-radius: 3px; }}
    QSlider::handle:horizontal {{ width: 18px; height: 18px; margin: -6px 0; border-radius: 9px;
        background: {theme.accent}; border: 2px solid {theme.card}; }}
    QSlider:focus {{ border: 1px solid {theme.accent}; border-radius: 6px; }}
    QSplitter::handle {{ background: transparent; }}
    QToolTip {{ color: {theme.text}; background: {theme.card}; border: 1px solid {theme.line}; padding: 4px; }}
    """
