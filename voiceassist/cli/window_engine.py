"""The engine of the window, loaded after the window is drawn: recognition, commands, actions, models, microphones."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.consent import consent_for
from voiceassist.actions.context import active_application_names
from voiceassist.actions.registry import ActionRegistry
from voiceassist.audio.capture import Microphone, list_devices
from voiceassist.audio.selftest import SelfTest, assess, record
from voiceassist.audio.vad import SpeechDetector
from voiceassist.bench.suite import measure
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.feedback import make_feedback, with_feedback
from voiceassist.cli.window import Installation
from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition, Utterance
from voiceassist.engine.events import Hooks
from voiceassist.engine.execution import execute
from voiceassist.engine.hot_reload import CommandsNow
from voiceassist.engine.pipeline import Pipeline, parse_text
from voiceassist.engine.runner import PipelineLike, Runner, RunnerConfig
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.canonical_example import canonical_sentence
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.action_checks import action_problems
from voiceassist.grammar.files.merge import load_commands
from voiceassist.gui.services.interfaces import (
    CommandCheck,
    CommandExamples,
    CommandView,
    EngineServices,
    RunnerLike,
    TestMicrophone,
)
from voiceassist.gui.services.samples import first_sample
from voiceassist.hotkeys import make_hotkey

_SENTENCE_S = 4.0
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
    newest: list[Pipeline] = []

    def make_pipeline(model: str) -> Pipeline:
        newest[:] = [assembly.live_pipeline(live, model=model, acts=True)]
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
        measure=measure,
        commands=_view(live.now),
        understand=live.parse,
        recompile=live.recompile,
        follow_commands=lambda listener: live.listen(lambda now: listener(_view(now))),
        undo=actions.undo,
        make_hotkey=make_hotkey,
        test_microphone=_microphone_test,
        suggestions=_suggestions(live.now),
        do_typed=do_typed,
        actions=tuple(actions.specs().values()),
        check_command=lambda text, tried: _check_command(assembly, actions, text, tried),
        agree_to_command=lambda action, arguments: _agree_to_command(assembly, action, arguments),
        record_voice=lambda on_level, cancelled: record(
            Microphone(assembly.settings.microphone), duration_s=_SENTENCE_S, on_level=on_level, cancelled=cancelled
        )[0],
        open_depth_trial=lambda model: _DepthTrial(make_pipeline(model), first_sample(assembly.paths.samples)),
    )


def _check_command(assembly: Assembly, actions: ActionRegistry, text: str, tried: str) -> CommandCheck:
    """Read a command file that is not saved yet, in the same way as after saving."""
    with tempfile.TemporaryDirectory(prefix="voiceassist-") as folder:
        path = Path(folder) / "draft.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            commands = load_commands([path], lists=assembly.lists())
            parser = TextParser(commands)
        except GrammarError as error:
            return CommandCheck(((error.line or 0, f"{_without_place(error)} ({error.hint})"),))
    problems = action_problems(commands, actions.specs())
    requests = [
        consent_for(command.action, command.arguments)
        for command in commands.intents.values()
        if command.action is not None
    ]
    return CommandCheck(
        tuple((problem.line or 0, f"{_without_place(problem)} ({problem.hint})") for problem in problems),
        bool(tried) and parser.parse(tried) is not None,
        tuple(line for request in requests if request is not None for line in request.lines),
    )


def _without_place(error: GrammarError) -> str:
    """The message of a mistake in a draft, without the temporary file's name."""
    return error.message.removeprefix(error.file or "").lstrip(":0123456789").strip()


def _agree_to_command(assembly: Assembly, action: str, arguments: Mapping[str, Any]) -> None:
    request = consent_for(action, arguments)
    if request is not None:
        assembly.trust.agree(request)


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


def _view(now: CommandsNow) -> CommandView:
    """What the Commands page shows: the templates as they were written, by intent and file."""
    commands, found = now.commands, dict[tuple[str, str], list[str]]()
    for intent, sentences in commands.sentences.items():
        for sentence in sentences:
            found.setdefault((intent, sentence.template.place.file), []).append(sentence.template.text)
    examples = (
        CommandExamples(
            intent,
            tuple(texts),
            group=commands.intents[intent].action or "",
            description=commands.descriptions.get(intent, ""),
            file=Path(file),
            example=canonical_sentence(commands.of_file(Path(file)), intent),
        )
        for (intent, file), texts in found.items()
    )
    return CommandView(tuple(examples), now.problems)
