"""Composition root: builds packs, commands, pipelines and registries from the settings of this installation."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from voiceassist.actions.context import active_application_names, context_lists
from voiceassist.asr.recognizer import Recognizer
from voiceassist.config.settings import Settings, SettingsFile
from voiceassist.config.trust import TRUST_FILE, TrustStore
from voiceassist.engine.hot_reload import LiveCommands
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.policy import ActiveApplication
from voiceassist.errors import ConfigError
from voiceassist.grammar.compiler.automaton import Automaton, Compiler, compile_automaton
from voiceassist.grammar.compiler.compiled_store import CompiledStore
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.file_cache import FileCache
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.files.program_lists import Programs
from voiceassist.grammar.values.lists import TextList, is_speakable
from voiceassist.packs.store import Pack, PackStore
from voiceassist.paths import Paths, default_paths

log = logging.getLogger(__name__)


class Assembly:
    """Settings, packs and commands of this installation, and the objects built from them."""

    def __init__(
        self, paths: Paths | None = None, *, settings: SettingsFile | None = None, trust: TrustStore | None = None
    ) -> None:
        self.paths = paths or default_paths()
        self._file = settings or SettingsFile(self.paths.settings_file)
        self.trust = trust or TrustStore(self.paths.data / TRUST_FILE)
        self.compiled = CompiledStore(self.paths.compiled_commands, changing_lists=("window",))
        self.packs = PackStore(
            self.paths.shipped_models,
            self.paths.user_models,
            self._try_pack,
        )
        if self._file.problem is not None:
            log.warning("%s", self._file.problem)

    def _try_pack(self, pack: Pack) -> None:
        from voiceassist.bench.trial import try_pack  # noqa: PLC0415 - only who installs a pack needs it

        try_pack(pack, _yaml_files(self.paths.default_commands), self.paths.samples)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._file.now

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._file.now = settings

    def commands(self, files: Sequence[Path] | None = None) -> CommandSet:
        """The command set of the given files, else of the settings, else the default commands and the user's.

        A mistake in one of the given files is an error. Of the others, a broken one is left out with a warning.

        Raises:
            GrammarError: a file has a mistake; the message says where.
        """
        chosen = files or self.command_files()
        if not chosen:
            raise ConfigError(
                f"there are no command files in {self.paths.default_commands}", hint="install voiceassist again"
            )
        if files:
            return load_commands(chosen, lists=self.lists(), programs=Programs(may_run=self.trust.is_agreed))
        loaded = FileCache(self.trust.is_agreed).read(chosen, self.lists(), lambda _: None)
        for problem in loaded.problems:
            log.warning("%s; it is left out", problem)
        return loaded.commands

    def lists(self) -> dict[str, TextList]:
        """The lists that depend on this machine, such as its applications."""
        found = context_lists()
        for problem in unspeakable_names(found):
            log.info("%s", problem)
        return {name: TextList.of(spoken) for name, spoken in found.items()}

    def command_files(self) -> list[Path]:
        """The files of the settings, else the default files and then the user's own, which take precedence."""
        named = [Path(name) for name in self.settings.command_files]
        return named or [*_yaml_files(self.paths.default_commands), *_yaml_files(self.paths.user_commands)]

    def live_commands(self, files: Sequence[Path] | None = None) -> LiveCommands:
        """Commands that are reloaded when their files change; the caller starts and closes them.

        Raises:
            GrammarError: one of the given files has a mistake, or none of the others is valid.
        """
        live = LiveCommands(
            lambda: files or self.command_files(),
            self.lists,
            compile_commands=self._compile,
            may_run=self.trust.is_agreed,
            also_watched=[self.paths.data / TRUST_FILE],
        )
        if files and live.now.problems:
            raise live.now.problems[0]
        return live

    def _compile(self, compiler: Compiler, commands: CommandSet) -> Automaton:
        """Compiles the commands, with the wake phrase if it is in use."""
        phrase = self.settings.wake_phrase if self.settings.listen_mode == "wake" else None
        return compiler.compile(commands, None if phrase is None else WakePrefix(phrase), store=self.compiled)

    def store(self, settings: Settings) -> None:
        """Apply settings and save them.

        Raises:
            ConfigError: they cannot be written.
        """
        self._file.store(settings)

    def pipeline(
        self, commands: CommandSet, *, model: str | None = None, acts: bool = False, kept: bool = True
    ) -> Pipeline:
        """A pipeline with the given model, else that of the settings; the caller closes it.

        Args:
            commands: the command set.
            model: a pack's name or folder.
            acts: recognised commands are carried out, so that the active window matters.
            kept: the compiled commands are kept for the next run of the program.

        Raises:
            PackError: the pack is missing or damaged.
        """
        recognizer = self.recognizer(model)
        try:
            automaton = compile_automaton(commands, recognizer.pronounce, store=self.compiled if kept else None)
            return Pipeline(recognizer, automaton, _active_application(acts))
        except BaseException:
            recognizer.close()
            raise

    def live_pipeline(self, live: LiveCommands, *, model: str | None = None, acts: bool = False) -> Pipeline:
        """The same with commands that are reloaded while it listens."""
        recognizer = self.recognizer(model)
        try:
            pipeline = Pipeline(recognizer, live.compile(recognizer.pronounce), _active_application(acts))
        except BaseException:
            recognizer.close()
            raise
        live.add(pipeline)
        return pipeline

    def recognizer(self, model: str | None = None) -> Recognizer:
        """The recognizer of the given model, else of that in the settings; the caller closes it.

        Raises:
            PackError: the pack is missing or damaged.
        """
        pack = self.packs.get(model) if model else self.packs.get_or_shipped(self.settings.model, Settings().model)
        return Recognizer(pack, threads=self.settings.threads)


def unspeakable_names(lists: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Names on this machine that cannot be spoken, such as a window title of hundreds of letters; they are left out."""
    return [
        f"'{name[:60]}' of the list '{list_name}' is left out: it cannot be spoken"
        for list_name, names in lists.items()
        for name in names
        if not is_speakable(name)
    ]


def _active_application(acts: bool) -> ActiveApplication | None:
    """The active window, which matters only if commands are carried out."""
    return active_application_names if acts else None


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in {".yaml", ".yml"} and path.name[0] != ".")
