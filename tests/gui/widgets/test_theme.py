"""Colours that can be told apart, by the contrast ratio of WCAG 2."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from voiceassist.gui.widgets.theme import THEMES, Theme

READ = 4.5
SEEN = 3.0
WRITING = [
    *((ink, paper) for ink in ("text", "quiet", "good", "warn", "bad", "accent") for paper in ("card", "window")),
    ("text", "field"),
    ("text", "accent_soft"),
    ("text", "bad_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_bad", "bad"),
]


def ratio(one: str, other: str) -> float:
    high, low = sorted((_luminance(QColor(colour)) for colour in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3])
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize(("ink", "paper"), WRITING)
def test_writing_can_be_read(theme: Theme, ink: str, paper: str) -> None:
    assert ratio(getattr(theme, ink), getattr(theme, paper)) >= READ


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_a_button_that_is_off_can_be_read_and_a_bar_is_told_from_its_groove(theme: Theme) -> None:
    assert ratio(theme.quiet, theme.groove) >= SEEN
    assert ratio(theme.accent, theme.groove) >= SEEN


def test_high_contrast_deserves_its_name() -> None:
    theme = THEMES["contrast"]
    assert all(ratio(getattr(theme, ink), getattr(theme, paper)) >= 7 for ink, paper in WRITING)
    assert ratio(theme.line, theme.card) >= 7
