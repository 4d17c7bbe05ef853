"""Puts the parts together: the one place that knows them all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from voiceassist.actions.applications import spoken_names
from voiceassist.actions.builtin import installed_applications
from voiceassist.actions.registry import ActionRegistry
from voiceassist.asr.recognizer import Recognizer, check_pack
from voiceassist.config.settings import load_or_default
from voiceassist.engine.pipeline import Pipeline
from voiceassist.errors import ConfigError
from voiceassist.grammar.automaton import compile_automaton
from voiceassist.grammar.commands import CommandSet
from voiceassist.grammar.lists import TextList
from voiceassist.grammar.loader import load_commands
from voiceassist.packs.store import PackStore
from voiceassist.paths import Paths, default_paths

log = logging.getLogger(__name__)


class Assembly:
    """Settings, packs and commands of this installation, and what is built from them."""

    def __init__(self, paths: Paths | None = None) -> None:
        self.paths = paths or default_paths()
        self.settings, self.settings_problem = load_or_default(self.paths.settings_file)
        self.packs = PackStore(self.paths.shipped_models, self.paths.user_models, check_pack)
        if self.settings_problem is not None:
            log.warning("%s", self.settings_problem)

    def commands(self, files: Sequence[Path] | None = None) -> CommandSet:
        """The command set of the given files, else of the settings, else the default commands and the user's.

        Raises:
            GrammarError: a file has a mistake; the message says where.
        """
        chosen = files or [Path(name) for name in self.settings.command_files] or self._command_files()
        return load_commands(chosen, lists={"app": TextList.of(spoken_names(installed_applications()))})

    def _command_files(self) -> list[Path]:
        files = [*sorted(self.paths.default_commands.glob("*.yaml")), *sorted(self.paths.user_commands.glob("*.yaml"))]
        if not files:
            raise ConfigError(
                f"there are no command files in {self.paths.default_commands}", hint="install voiceassist again"
            )
        return files

    def pipeline(
        self, commands: CommandSet, *, model: str | None = None, actions: ActionRegistry | None = None
    ) -> Pipeline:
        """A pipeline with the given or the chosen model; whoever asks for it closes it.

        Raises:
            PackError: the pack is missing or damaged.
        """
        pack = self.packs.get(model or self.settings.model)
        recognizer = Recognizer(pack, threads=self.settings.threads)
        try:
            return Pipeline(recognizer, compile_automaton(commands, recognizer.encode_word), actions)
        except BaseException:
            recognizer.close()
            raise
