"""The window: the only place where the command line meets Qt."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.registry import ActionRegistry
from voiceassist.audio.capture import Microphone, list_devices
from voiceassist.bench.suite import measure
from voiceassist.cli.assembly import Assembly
from voiceassist.config.settings import Settings, save
from voiceassist.engine.hooks import Hooks
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.runner import Runner
from voiceassist.grammar.commands import CommandSet
from voiceassist.gui.app import run
from voiceassist.gui.services import CommandExamples, GuiServices, PipelineLike, RunnerLike


def open_window(options: argparse.Namespace) -> int:
    """Opens the window, or the tray icon alone with ``--hidden``."""
    assembly = Assembly()
    announcer = Announcer()
    with closing(default_registry(announcer)) as actions:
        return run(
            make_services(assembly, assembly.commands(), actions, announcer),
            hidden=options.hidden,
            smoke_test=options.smoke_test,
        )


class Announcer:
    """Hands what actions say later (a timer that rings) to the window, once there is one."""

    def __init__(self) -> None:
        self._listener: Callable[[str], None] | None = None

    def __call__(self, text: str) -> None:
        if self._listener is not None:
            self._listener(text)

    def listen(self, listener: Callable[[str], None]) -> None:
        self._listener = listener


def make_services(
    assembly: Assembly, commands: CommandSet, actions: ActionRegistry, announcer: Announcer
) -> GuiServices:
    """Everything that the window needs, from the parts of this installation."""

    def make_pipeline(model: str) -> Pipeline:
        return assembly.pipeline(commands, model=model, actions=actions)

    def make_runner(pipeline: PipelineLike, hooks: Hooks, settings: Settings) -> RunnerLike:
        return Runner(
            pipeline, microphone_factory=lambda: Microphone(settings.microphone), act=settings.act, hooks=hooks
        )

    return GuiServices(
        settings=assembly.settings,
        paths=assembly.paths,
        make_pipeline=make_pipeline,
        make_runner=make_runner,
        pack_store=assembly.packs,
        list_devices=list_devices,
        measure=measure,
        save_settings=lambda settings: save(settings, assembly.paths.settings_file),
        commands=_examples(commands),
        listen_to_announcements=announcer.listen,
    )


def _examples(commands: CommandSet) -> tuple[CommandExamples, ...]:
    """What the Commands page shows: the templates as they were written."""
    return tuple(
        CommandExamples(
            intent, tuple(sentence.template.text for sentence in sentences), group=commands.intents[intent].action or ""
        )
        for intent, sentences in commands.sentences.items()
    )
