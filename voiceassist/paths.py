"""Where things live on disk. Nothing else in the package knows a folder by name."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "voiceassist"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one installation and one user.

    Attributes:
        config: settings and the user's command files.
        data: installed packs.
        shipped_models: the packs that came with the program (read only).
        assets: icons, samples and default commands that came with the program (read only).
        cache: what can be computed again.
    """

    config: Path
    data: Path
    shipped_models: Path
    assets: Path
    cache: Path

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.toml"

    @property
    def user_commands(self) -> Path:
        return self.config / "commands"

    @property
    def user_models(self) -> Path:
        return self.data / "models"

    @property
    def log_file(self) -> Path:
        return self.data / "voiceassist.log"

    @property
    def history_file(self) -> Path:
        return self.data / "history.jsonl"

    @property
    def window_file(self) -> Path:
        return self.data / "window"

    @property
    def measurements_file(self) -> Path:
        return self.data / "measurements.json"

    @property
    def compiled_commands(self) -> Path:
        return self.cache / "commands"

    @property
    def default_commands(self) -> Path:
        return self.assets / "commands"

    @property
    def letter_model(self) -> Path:
        return self.assets / "letters.bin"

    @property
    def samples(self) -> Path:
        return self.assets / "samples"


def default_paths() -> Paths:
    """The folders of the platform, or those below ``VOICEASSIST_HOME`` where it is set."""
    checkout = Path(__file__).resolve().parent.parent
    if frozen := getattr(sys, "_MEIPASS", None):  # the frozen app's folder
        shipped = Path(frozen)
    else:  # the repository, or what lies beside a wheel
        shipped = checkout if (checkout / "models").is_dir() else Path(sys.prefix) / "share" / APP_NAME
    home = os.environ.get("VOICEASSIST_HOME")
    if home:
        base = Path(home)
        config, data, cache = base / "config", base / "data", base / "cache"
    else:
        config = Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))
        data = Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))
        cache = Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))
    return Paths(config, data, shipped / "models", shipped / "assets", cache)
