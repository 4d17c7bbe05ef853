"""Key combinations: any way to write them is read, one way is written, and none is in the way of typing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.config.combination import KEYS, Combination, is_combination, parse_combination
from voiceassist.config.settings import load
from voiceassist.errors import ConfigError
from voiceassist.keys import MODIFIERS

combinations = st.builds(
    Combination,
    st.sets(st.sampled_from(MODIFIERS)).map(lambda chosen: tuple(name for name in MODIFIERS if name in chosen)),
    st.sampled_from(sorted(KEYS)),
)


@given(combinations.filter(lambda made: set(made.modifiers) - {"shift"}), st.randoms())
def test_what_is_written_is_read_in_any_order_and_case(made, random):
    modifiers = list(made.modifiers)
    random.shuffle(modifiers)
    text = " + ".join(random.choice([str.upper, str.title, str.lower])(name) for name in (*modifiers, made.key))
    assert parse_combination(text) == made
    assert parse_combination(str(made)) == made
    assert parse_combination(made.words.replace(" ", "")) == made


@given(st.text())
def test_any_other_text_is_refused_in_words(text):
    if is_combination(text) and text:
        assert str(parse_combination(text)) == str(parse_combination(str(parse_combination(text))))
    else:
        with pytest.raises(ConfigError):
            parse_combination(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Strg+Win+Return", "ctrl+super+return"),
        ("shift + Control+PgUp", "ctrl+shift+pageup"),
        ("ctrl+page_up", "ctrl+pageup"),
        ("F13", "f13"),
    ],
)
def test_other_names_of_keys_are_known(text, written):
    assert str(parse_combination(text)) == written


@pytest.mark.parametrize("text", ["a", "space", "shift+b", "tab", "shift+return"])
def test_what_types_needs_a_modifier(text):
    with pytest.raises(ConfigError, match="in the way of typing"):
        parse_combination(text)


@pytest.mark.parametrize("text", ["ctrl+", "ctrl", "hyper+a", "ctrl+ctrl2+a", "+", "", "ctrl+alt+del+space"])
def test_a_mistake_is_named(text):
    with pytest.raises(ConfigError, match="not a key combination"):
        parse_combination(text)


def test_the_settings_hold_it_in_one_way(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('hotkey = "Alt + CTRL + Spacebar"\n', encoding="utf-8")
    assert load(path).hotkey == "ctrl+alt+space"
    path.write_text('hotkey = ""\n', encoding="utf-8")
    assert load(path).hotkey == ""
    path.write_text('\nhotkey = "space"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r":2: hotkey must be a key combination"):
        load(path)
