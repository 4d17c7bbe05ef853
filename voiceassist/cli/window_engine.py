"""The engine of the window, loaded after the window is drawn: recognition, commands, actions, models, microphones."""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from voiceassist.action_spec import ActionSpec
from voiceassist.actions.builtin import default_registry
from voiceassist.actions.context import active_application_names
from voiceassist.actions.notifications import Buttons, Notifier
from voiceassist.audio.capture import Microphone, list_devices
from voiceassist.audio.selftest import SelfTest, assess, record
from voiceassist.audio.vad import SpeechDetector
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.command_tools import CommandTools
from voiceassist.cli.feedback import make_feedback, with_feedback
from voiceassist.cli.window import Installation
from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition, Utterance
from voiceassist.engine.events import Hooks
from voiceassist.engine.execution import execute
from voiceassist.engine.hot_reload import CommandsNow
from voiceassist.engine.pipeline import Pipeline, parse_text
from voiceassist.engine.runner import PipelineLike, Runner, RunnerConfig
from voiceassist.errors import ActionError, MissingError
from voiceassist.grammar.compiler.canonical_example import canonical_sentence
from voiceassist.grammar.files.action_checks import action_problems
from voiceassist.gui.services.command_views import ANYTHING, CommandExamples, CommandView
from voiceassist.gui.services.interfaces import EngineServices, RunnerLike, TestMicrophone
from voiceassist.gui.services.samples import first_sample
from voiceassist.hotkeys import make_hotkey

log = logging.getLogger(__name__)

_FREE = re.compile(r"\(\*?\w+\)")
"""Where an example has free text, or a value that is not there now."""
_SUGGESTED = ("TellTime", "TimerStart", "SetVolume", "TellDate")


def connect(installation: Installation, opened: ExitStack) -> EngineServices:
    """Builds the engine of this installation; what has to be closed goes onto the stack.

    Raises:
        GrammarError: no command file is valid.
    """
    assembly = Assembly(installation.paths, settings=installation.file, trust=installation.trust)
    announcer = installation.announcer
    feedback = announcer.feedback = opened.enter_context(closing(make_feedback(assembly.settings)))
    actions = opened.enter_context(closing(default_registry(announcer)))
    live = opened.enter_context(assembly.live_commands())
    tools = CommandTools(assembly, actions.specs())
    notifier = opened.enter_context(closing(Notifier()))
    newest: list[Pipeline] = []

    def make_pipeline(model: str) -> Pipeline:
        first = not newest
        newest[:] = [assembly.live_pipeline(live, model=model, acts=True)]
        if first:
            opened.callback(gc.unfreeze)
            gc.freeze()  # what the program has made so far stays: no collection needs to look at it again
        return newest[0]

    def make_runner(pipeline: PipelineLike, hooks: Hooks, settings: Settings) -> RunnerLike:
        hooks = with_feedback(hooks, feedback)
        show_partial = hooks.on_partial

        def partial(text: str) -> None:
            if not text or any(made.automaton.begins(text) for made in newest):
                show_partial(text)  # a partial word that begins no command would only confuse the user

        return Runner(
            pipeline,
            microphone_factory=lambda: Microphone(settings.microphone),
            config=RunnerConfig.of(settings),
            actions=actions if settings.act else None,
            hooks=replace(hooks, on_partial=partial),
        )

    def do_typed(text: str, acting: bool) -> Recognition:
        if not acting:
            return parse_text(text, live)
        return execute(parse_text(text, live, active_application_names), actions)

    return EngineServices(
        make_pipeline=make_pipeline,
        make_runner=make_runner,
        pack_store=assembly.packs,
        list_devices=list_devices,
        measure=lambda *packs, **options: import_module("voiceassist.bench.suite").measure(*packs, **options),
        commands=_view(live.now, actions.specs()),
        understand=live.parse,
        recompile=live.recompile,
        follow_commands=lambda listener: live.listen(lambda now: listener(_view(now, actions.specs()))),
        undo=actions.undo,
        notify=lambda title, text, buttons: _notify(notifier, title, text, buttons),
        make_hotkey=make_hotkey,
        test_microphone=_microphone_test,
        suggestions=_suggestions(live.now),
        do_typed=do_typed,
        actions=tuple(actions.specs().values()),
        command_tools=tools,
        record_voice=tools.record,
        open_depth_trial=lambda model: _DepthTrial(make_pipeline(model), first_sample(assembly.paths.samples)),
    )


def _notify(notifier: Notifier, title: str, text: str, buttons: Buttons) -> None:
    """Show a notification; a desktop that shows none is only logged."""
    try:
        notifier.show(title, text, buttons)
    except ActionError as error:
        log.warning("what was heard cannot be shown: %s", error)


class _DepthTrial:
    """A pipeline that recognises one recording at different depths."""

    def __init__(self, pipeline: Pipeline, utterance: Utterance) -> None:
        self._pipeline, self._utterance = pipeline, utterance

    def hear(self, depth: int) -> Recognition:
        return self._pipeline.recognize(self._utterance, depth=depth)

    def close(self) -> None:
        self._pipeline.close()


def _microphone_test(name: str | None) -> TestMicrophone:
    def test(on_level: Callable[[float], None], cancelled: Callable[[], bool]) -> SelfTest:
        samples, condition = record(Microphone(name), on_level=on_level, cancelled=cancelled)
        return assess(samples, condition, SpeechDetector())

    return test


def _suggestions(now: CommandsNow) -> tuple[str, ...]:
    """A few harmless commands as suggestions for a new user."""
    found = (canonical_sentence(now.commands, intent) for intent in _SUGGESTED if intent in now.commands.intents)
    return tuple(filter(None, found))


def _view(now: CommandsNow, actions: Mapping[str, ActionSpec]) -> CommandView:
    """What the Commands page shows: the templates as they were written, by intent and file, and all mistakes."""
    commands, found = now.commands, dict[tuple[str, str], list[str]]()
    for intent, sentences in commands.sentences.items():
        for sentence in sentences:
            found.setdefault((intent, sentence.template.place.file), []).append(sentence.template.text)
    wrong_actions = action_problems(commands, actions)
    missing = {problem.intent: problem.what for problem in wrong_actions if isinstance(problem, MissingError)}
    examples = (
        CommandExamples(
            intent,
            tuple(texts),
            group=commands.intents[intent].action or "",
            description=commands.descriptions.get(intent, ""),
            file=Path(file),
            example=_FREE.sub(ANYTHING, canonical_sentence(commands.of_file(Path(file)), intent)),
            missing=missing.get(intent, ""),
        )
        for (intent, file), texts in found.items()
    )
    broken = {one.file for problem in now.problems for one in (problem, *problem.others)}  # told from an older version
    return CommandView(
        tuple(examples), (*now.problems, *(problem for problem in wrong_actions if problem.file not in broken))
    )
