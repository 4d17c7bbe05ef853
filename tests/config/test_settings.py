"""Settings survive the way to the disk and back, and a broken file loses nothing."""

from __future__ import annotations

import logging
import os
import stat
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.config.files import write_atomically
from voiceassist.config.settings import (
    LISTEN_MODES,
    MAX_STAY_OPEN_S,
    MAX_THREADS,
    Settings,
    load,
    load_or_default,
    save,
)
from voiceassist.errors import ConfigError

names = st.text(min_size=1)
all_settings = st.builds(
    Settings,
    microphone=st.none() | names,
    model=names,
    listen_mode=st.sampled_from(LISTEN_MODES),
    wake_phrase=names,
    stay_open_s=st.floats(0, MAX_STAY_OPEN_S) | st.integers(0, MAX_STAY_OPEN_S),
    push_key=names,
    act=st.booleans(),
    threads=st.integers(1, MAX_THREADS),
    command_files=st.lists(names, max_size=4).map(tuple),
    missing_told=st.lists(names, max_size=4).map(tuple),
)


@given(all_settings)
def test_what_is_saved_is_loaded(settings):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deep" / "settings.toml"
        save(settings, path)
        assert load(path) == settings
        assert [item.name for item in path.parent.iterdir()] == ["settings.toml"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.toml"


def test_without_a_file_the_defaults_hold(path):
    assert load(path) == Settings()
    assert load_or_default(path) == (Settings(), None)
    assert not path.exists()


def test_what_is_missing_has_its_default(path):
    path.write_bytes(b'\xef\xbb\xbfversion = 1\r\nmodel = "unshared-int8"\r\n')  # an editor on Windows
    assert load(path) == Settings(model="unshared-int8")


def test_unknown_keys_are_left_out_and_logged(path, caplog):
    path.write_text('colour = "blue"\nthreads = 2\n', encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert load(path) == Settings(threads=2)
    assert "unknown setting 'colour'" in caplog.text


BROKEN = [
    ("model = shared\n", r"line 1"),
    ('act = true\nmodel = "a"\nmodel = "b"\n', r"line 3"),
    ("version = 1\n\nthreads = 0\n", r"settings\.toml:3: threads must be a whole number from 1 to 64, not 0"),
    ("threads = true\n", r":1: threads must be"),
    ("threads = 2.0\n", r":1: threads must be"),
    (
        '# note\nlisten_mode = "always"\n',
        r""":2: listen_mode must be "push", "toggle", "open" or "wake", not 'always'""",
    ),
    ('act = "yes"\n', r":1: act must be true or false"),
    ('model = ""\n', r":1: model must be the name"),
    ("microphone = 3\n", r":1: microphone must be"),
    ('command_files = "a.yaml"\n', r":1: command_files must be a list"),
    ('command_files = ["a.yaml", 3]\n', r":1: command_files must be a list"),
    ("act = 1\nthreads = 99\n", r":1: act must .*; .*:2: threads must"),
    ('version = "1"\n', r":1: version must be"),
    ("version = 0\n", r":1: version must be"),
    ("[model]\nx = 1\n", r"model must be the name"),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_a_mistake_is_named_with_its_line(path, text, words):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words) as caught:
        load(path)
    assert str(path) in caught.value.message
    assert caught.value.hint


def test_settings_of_a_newer_program_are_read_as_far_as_possible_and_kept(path, caplog):
    newer = 'version = 7\nthreads = 3\nlisten_mode = "telepathy"\nfuture = {colour = "blue"}\n'
    path.write_text(newer, encoding="utf-8")
    before, problem = load_or_default(path)
    assert (before, problem) == (Settings(threads=3), None)
    assert "written by a newer program" in caplog.text
    save(replace(before, act=False), path, before=before)
    assert load(path) == Settings(threads=3, act=False)
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    assert kept == {**tomllib.loads(newer), "act": False}


def test_two_programs_that_change_different_settings_lose_nothing(path):
    save(Settings(), path)
    one, other = load(path), load(path)
    save(replace(one, threads=2), path, before=one)
    save(replace(other, microphone="webcam"), path, before=other)
    assert load(path) == Settings(threads=2, microphone="webcam")


def test_a_setting_that_goes_back_to_none_is_none_on_disk_too(path):
    before = Settings(microphone="webcam")
    save(before, path)
    save(replace(before, microphone=None), path, before=before)
    assert load(path).microphone is None


def test_a_symbolic_link_stays_one(tmp_path, path):
    elsewhere = tmp_path / "dotfiles" / "voiceassist.toml"
    elsewhere.parent.mkdir()
    elsewhere.write_text("threads = 2\n", encoding="utf-8")
    path.symlink_to(elsewhere)
    save(replace(load(path), act=False), path)
    assert path.is_symlink()
    assert load(elsewhere) == Settings(threads=2, act=False)


def test_only_the_user_can_read_what_is_written_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        save(Settings(), tmp_path / "new" / "folder" / "settings.toml")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(item.stat().st_mode) for item in sorted((tmp_path / "new").rglob("*"))]
    assert modes == [0o700, 0o600]
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_what_is_no_text_is_named(path):
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(path)


def test_what_cannot_be_read_is_named(path):
    path.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load(path)


def test_below_a_file_there_are_no_settings_yet(tmp_path):
    (tmp_path / "home").write_text("", encoding="utf-8")
    assert load_or_default(tmp_path / "home" / "config" / "settings.toml") == (Settings(), None)


def test_choosing_the_defaults_keeps_every_broken_file(path):
    for number, text in enumerate(("threads = 0\n", "nonsense\n"), start=1):
        path.write_text(text, encoding="utf-8")
        settings, error = load_or_default(path)
        kept = path.with_name("settings.toml.broken" if number == 1 else "settings.toml.broken-2")
        assert settings == Settings()
        assert kept.name in error.hint
        assert kept.read_text(encoding="utf-8") == text
        assert not path.exists()


def test_where_nothing_can_be_written_the_error_says_so(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written"):
        save(Settings(), blocked / "settings.toml")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(path, monkeypatch):
    save(Settings(threads=3), path)

    def disk_full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"half")
    assert load(path) == Settings(threads=3)
    assert [item.name for item in path.parent.iterdir()] == ["settings.toml"]
