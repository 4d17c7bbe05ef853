"""The settings: a TOML file with a version, checked when read and written atomically."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path
from typing import Any, Literal

import tomli_w

from voiceassist.config.combination import is_combination, parse_combination
from voiceassist.config.files import locked, read_untrusted, write_atomically
from voiceassist.errors import ConfigError
from voiceassist.validation import Problems

VERSION = 1
MAX_FILE_BYTES = 1 << 20
MAX_THREADS = 64

LISTEN_MODES = ("push", "toggle", "open", "wake")
THEME_NAMES = ("system", "light", "dark", "contrast")
TEXT_PERCENTS = (80, 100, 125, 150, 200)
MAX_STAY_OPEN_S = 60

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has chosen.

    Attributes:
        microphone: name of the input device, or part of it; ``None`` follows the system.
        model: name of the pack that listens.
        listen_mode: ``push`` to talk, ``toggle`` for one command, an ``open`` microphone, or one that is open for
            what begins with the ``wake`` phrase.
        wake_phrase: the words that call the program where it listens for them; they are just text.
        stay_open_s: how long the microphone stays open for more after a command (not with ``push``).
        push_key: the key to hold while the window has the focus.
        hotkey: the key combination that does the same in every window; empty for none.
        tray_hint: say once that the program goes on in the tray when the window is closed.
        act: carry out what was understood, or only show it.
        threads: how many threads recognition may use.
        command_files: command files to use instead of those in the commands folder.
        click_toggles: a short click listens for one command instead of asking to hold the button.
        theme: ``system``, ``light``, ``dark`` or ``contrast``.
        text_percent: size of the text in the window.
        language: of the window: ``system``, or the code of a language.
        overlay: show what is heard and done in a small window while the main window is not in front.
        history: keep what was said and done on this computer.
        introduced: the first steps were taken or skipped.
        sounds: play a short sound when the microphone opens and when something was understood, or not.
        speech: have the system's speech synthesiser read answers out.
        close_microphone: open the microphone only while the key is held or a command is awaited after a press.
        missing_told: programs and folders of command files that this machine does not have, as the user was told.
    """

    microphone: str | None = None
    model: str = "shared-int8"
    listen_mode: Literal["push", "toggle", "open", "wake"] = "push"
    wake_phrase: str = "hey computer"
    stay_open_s: float = 6.0
    push_key: str = "F9"
    hotkey: str = "ctrl+alt+space"
    tray_hint: bool = True
    act: bool = True
    threads: int = 1
    command_files: tuple[str, ...] = ()
    click_toggles: bool = False
    theme: str = "system"
    text_percent: int = 100
    language: str = "system"
    overlay: bool = True
    history: bool = True
    introduced: bool = False
    sounds: bool = False
    speech: bool = False
    close_microphone: bool = False
    missing_told: tuple[str, ...] = ()


def load(path: Path) -> Settings:
    """Read the settings; the defaults where there is no file yet. Unknown keys are logged and left out.

    Of a file that a newer program has written, everything that this one understands is read.

    Raises:
        ConfigError: the file cannot be read or holds a value that is not allowed; it says where.
    """
    text, table = _read(path)
    version = table.pop("version", VERSION)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        place = _place("version", text, path)
        raise ConfigError(f"{place}: version must be a whole number from 1, not {version!r}", hint=f"write {VERSION}")
    if version > VERSION:
        _log.warning("%s: written by a newer program; what this one knows is used, the rest is kept", path)
    for key in sorted(table.keys() - _CHECKS.keys()):
        _log.warning("%s: unknown setting '%s' is left out", path, key)
    problems = Problems("", hint="correct it, or remove the line to get the default")
    values: dict[str, Any] = {}
    for key in (key for key in table if key in _CHECKS):
        value, (fits, wanted) = table[key], _CHECKS[key]
        if fits(value):
            values[key] = tuple(value) if isinstance(value, list) else value
        elif version > VERSION:
            _log.warning("%s: %s is left out: this version does not know such a value", path, key)
        else:
            problems.add(f"{_place(key, text, path)}: {key} must be {wanted}, not {value!r}")
    if problems:
        raise problems.error(ConfigError)
    if values.get("hotkey"):
        values["hotkey"] = str(parse_combination(values["hotkey"]))
    return Settings(**values)


def load_or_default(path: Path) -> tuple[Settings, ConfigError | None]:
    """Read the settings; where they are broken, keep the file aside as ``.broken`` and go on with the defaults.

    Returns:
        The settings, and what was wrong with the file.
    """
    try:
        return load(path), None
    except ConfigError as error:
        names = (path.with_name(f"{path.name}.broken{'' if number == 1 else f'-{number}'}") for number in count(1))
        aside = next(name for name in names if not name.exists())  # an older broken file is not overwritten
        try:
            path.replace(aside)
            kept = f"it was kept as {aside.name}"
        except OSError as failure:
            _log.warning("%s could not be moved away: %s", path, failure)
            kept = "it could not be moved away"
        return Settings(), ConfigError(error.message, hint=f"{kept}, and the defaults are in force: {error.hint}")


def save(settings: Settings, path: Path, *, before: Settings | None = None) -> None:
    """Write the settings. What the file holds beside them, as from a newer program, stays.

    Args:
        settings: to be written.
        path: of the file.
        before: what this process had read or written last. Then only what differs from it is written, so that
            another process that changed something else meanwhile loses nothing.

    Raises:
        ConfigError: the file cannot be written.
    """
    try:
        with locked(path):
            table: dict[str, Any] = {}
            with suppress(ConfigError):  # of a broken file nothing can be kept
                table = _read(path)[1]
            table.setdefault("version", VERSION)
            for field in fields(settings):
                value = getattr(settings, field.name)
                if before is not None and value == getattr(before, field.name):
                    continue
                if value is None:  # TOML has no null: what is missing has its default
                    table.pop(field.name, None)
                else:
                    table[field.name] = list(value) if isinstance(value, tuple) else value
            write_atomically(path, tomli_w.dumps(table).encode("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path}: the settings cannot be written: {error.strerror}", hint="check the folder and the space on disk"
        ) from error


class SettingsFile:
    """The settings in force, and the file that they are kept in.

    Attributes:
        now: the settings in force.
        problem: what was wrong with the file when it was read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now, self.problem = load_or_default(path)

    def store(self, settings: Settings) -> None:
        """Put settings in force and save them.

        Raises:
            ConfigError: they cannot be written.
        """
        before, self.now = self.now, settings
        save(settings, self._path, before=before)


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = read_untrusted(path, MAX_FILE_BYTES).decode("utf-8-sig")
        return text, tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return "", {}
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not a text in UTF-8: {error.reason}", hint="correct or remove the file") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", hint="check its permissions") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}", hint="correct that line, or remove the file") from error


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: object, low: int, high: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


_CHECKS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "microphone": (_is_name, "the name of a microphone"),
    "model": (_is_name, "the name of a model"),
    "listen_mode": (lambda value: value in LISTEN_MODES, '"push", "toggle", "open" or "wake"'),
    "wake_phrase": (_is_name, "the words that call the program"),
    "stay_open_s": (
        lambda value: _is_number(value, 0, MAX_STAY_OPEN_S),
        f"a number of seconds from 0 to {MAX_STAY_OPEN_S}",
    ),
    "push_key": (_is_name, "the name of a key"),
    "hotkey": (is_combination, 'a key combination such as "ctrl+alt+space", or "" for none'),
    "threads": (
        lambda value: isinstance(value, int) and _is_number(value, 1, MAX_THREADS),
        f"a whole number from 1 to {MAX_THREADS}",
    ),
    "command_files": (lambda value: isinstance(value, list) and all(map(_is_name, value)), "a list of file names"),
    "missing_told": (lambda value: isinstance(value, list) and all(map(_is_name, value)), "a list of messages"),
    "theme": (lambda value: value in THEME_NAMES, '"system", "light", "dark" or "contrast"'),
    "text_percent": (lambda value: value in TEXT_PERCENTS, "80, 100, 125, 150 or 200"),
    "language": (_is_name, 'the code of a language, or "system"'),
    **{
        item.name: (lambda value: isinstance(value, bool), "true or false")
        for item in fields(Settings)
        if item.type == "bool"
    },
}


def _place(key: str, text: str, path: Path) -> str:
    """``file:line`` of a key; the parser does not tell."""
    found = re.search(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*[=.]""", text, flags=re.MULTILINE)
    return f"{path}:{text.count(chr(10), 0, found.start()) + 1}" if found else str(path)
