"""The language of the window: sentences are written in English and looked up in a Qt translation."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from voiceassist.i18n import Marked, mark

__all__ = ["LANGUAGES", "decimal", "install_translation", "language_of", "mark", "shown", "tr"]

CONTEXT = "voiceassist"
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Language codes and the names that the languages have for themselves."""


def tr(text: str, /, **values: object) -> str:
    """The sentence in the language of the window, with ``{names}`` filled in; a marked one knows its own values.

    Sentences are collected from the source by ``packaging/translations``, so ``text`` is a literal wherever it can be.
    """
    if isinstance(text, Marked):
        known = {name: tr(value) if isinstance(value, Marked) else value for name, value in text.values.items()}
        text, values = text.template, known | values
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format(**values) if values else translated


def shown(text: str) -> str:
    """An answer of an action in the language of the window; what users and other programs wrote stays as it is."""
    return tr(text) if isinstance(text, Marked) else text


def decimal(value: float, digits: int = 1) -> str:
    """A number with the decimal point, or comma, of the window's language."""
    return f"{value:.{digits}f}".replace(".", tr("."))


def language_of(setting: str) -> str:
    """The language code for a setting: itself, or the desktop's language for ``system``; English if unknown."""
    code = QLocale.system().name()[:2] if setting == "system" else setting
    return code if code in LANGUAGES else "en"


def install_translation(app: QCoreApplication, setting: str, assets: Path) -> bool:
    """Translate what is built from now on; ``False`` where the window stays English."""
    code = language_of(setting)
    if code == "en":
        return False
    ours, qt = QTranslator(app), QTranslator(app)
    if not ours.load(str(assets / "translations" / f"voiceassist_{code}.qm")):
        return False
    if qt.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qt)
    app.installTranslator(ours)
    return True
