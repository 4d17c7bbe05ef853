"""The pipeline with a real pack of random weights: what it says does not matter, what it does with it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from packfactory import make_pack

from voiceassist.action_spec import ActionOutcome
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.asr.ctc import greedy
from voiceassist.asr.ranking import ALTERNATIVES
from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.segmenter import SegmenterConfig
from voiceassist.audio.utterance_detector import UtteranceDetector
from voiceassist.domain import SAMPLE_RATE_HZ, Recognition, RejectReason, Samples, Utterance, Verdict
from voiceassist.engine.answers import Question
from voiceassist.engine.endpoint import Preview
from voiceassist.engine.events import Hooks, StateNotifier
from voiceassist.engine.execution import confirmed, execute
from voiceassist.engine.listener import Listener, ListenerConfig
from voiceassist.engine.pipeline import Pipeline
from voiceassist.errors import ActionError, UsageError
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.merge import load_commands
from voiceassist.packs.calibration import Calibration
from voiceassist.packs.pack import Pack, open_pack

COMMANDS = """
intents:
  Greet: {sentences: ["hello [there|you]"], action: greet}
  Paint: {sentences: ["paint it {colour}"], action: paint, arguments: {layers: 2}}
  Erase: {sentences: ["erase everything"], action: erase, risk: destroys}
  Report: ["what time is it"]
  Fail: {sentences: ["just fail"], action: fail}
lists:
  colour: {values: [red, blue]}
"""
ALWAYS = Calibration(prior_weight=0.0, slope=0.0, intercept=100.0, act_prob=0.0, ask_prob=0.0)
NEVER = replace(ALWAYS, intercept=-100.0, act_prob=1.0, ask_prob=1.0)
SOUND = np.random.default_rng(1).standard_normal(32_000).astype(np.float32) * 0.1

Make = Callable[[Calibration], Pipeline]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return open_pack(make_pack(tmp_path_factory.mktemp("packs") / "tiny"))


@pytest.fixture
def done() -> list[ActionCall]:
    return []


@pytest.fixture
def actions(done: list[ActionCall]) -> ActionRegistry:
    def note(call: ActionCall) -> ActionOutcome:
        done.append(call)
        return ActionOutcome(done=True, message="Done.")

    def fail(call: ActionCall) -> ActionOutcome:
        done.append(call)
        raise ActionError("it cannot be done", hint="try another day")

    registry = ActionRegistry()
    for name in ("greet", "paint", "erase"):
        registry.register(name, note)
    registry.register("fail", fail)
    return registry


@pytest.fixture
def make(pack: Pack, tmp_path: Path) -> Make:
    commands = tmp_path / "commands.yaml"
    commands.write_text(COMMANDS)

    def build(calibration: Calibration) -> Pipeline:
        recognizer = Recognizer(Pack(pack.folder, replace(pack.manifest, calibration=calibration)))
        return Pipeline(recognizer, compile_automaton(load_commands([commands]), recognizer.pronounce))

    return build


def test_sound_becomes_a_sentence_of_the_grammar_which_execute_carries_out(
    make: Make, actions: ActionRegistry, done: list[ActionCall]
) -> None:
    with make(ALWAYS) as pipeline:
        shown = pipeline.recognize(Utterance(SOUND), file="x.wav")
        assert shown.best is not None
        assert not done
        assert shown.outcome is None
        assert pipeline.parse(shown.best.text).best is not None
        acted = execute(shown, actions)
        expected = int(acted.decision.verdict is Verdict.ACT and shown.best.command.action is not None)
        assert len(done) == expected
    json = shown.to_json()
    assert (json["file"], json["audio_ms"], json["model"]) == ("x.wav", 2000, pipeline.model)


def test_alternatives_mean_something_else(make: Make) -> None:
    with make(ALWAYS) as pipeline:
        found = pipeline.recognize(Utterance(SOUND[:8_000]))  # short: no sentence is far ahead of the others
    assert found.best is not None
    meanings = [(one.command.intent, *one.slots.items()) for one in (found.best, *found.alternatives)]
    assert len(set(meanings)) == len(meanings) == 1 + ALTERNATIVES
    assert found.best.score >= found.alternatives[0].score


def test_what_is_rejected_shows_what_was_heard_and_no_slots(
    make: Make, actions: ActionRegistry, done: list[ActionCall]
) -> None:
    with make(NEVER) as pipeline:
        found = execute(pipeline.recognize(Utterance(SOUND)), actions)
    assert found.decision.reject_reason is RejectReason.NO_MATCH
    assert found.text == found.heard
    assert found.to_json()["intent"]["name"] == ""
    assert not done


@pytest.mark.parametrize("calibration", [ALWAYS, NEVER])
def test_what_was_heard_is_written_with_the_letter_model_unless_something_is_done(
    make: Make, pack: Pack, calibration: Calibration
) -> None:
    with make(calibration) as pipeline, Recognizer(pack) as recognizer:
        found = pipeline.recognize(Utterance(SOUND))
        pieces = recognizer.hear(SOUND).pieces
        at_a_pause = pipeline.glance(Utterance(SOUND))
        plain = recognizer.decode(greedy(pieces, recognizer.blank))
        written = recognizer.transcribe(pieces)
    assert plain, "there is something to write"
    assert found.heard == (plain if found.decision.verdict is Verdict.ACT else written or plain)
    assert (found.decision.verdict is Verdict.REJECT) == (calibration is NEVER)
    assert at_a_pause.recognition.heard == plain
    assert at_a_pause.result().heard == found.heard, "what is said to a microphone ends like this"


def test_a_preview_runs_half_the_layers_and_shows_the_best_sentence_or_the_transcript(make: Make, pack: Pack) -> None:
    with make(ALWAYS) as sure, make(NEVER) as unsure, Recognizer(pack) as recognizer:
        half = recognizer.hear(SOUND, max(1, pack.manifest.layers // 2)).pieces
        best = sure.recognize(Utterance(SOUND), depth=max(1, pack.manifest.layers // 2)).best
        assert best is not None
        assert sure.preview(Utterance(SOUND)) == Preview(best.text, best.woken, best.command.action, fits=True)
        assert unsure.preview(Utterance(SOUND)).text == recognizer.decode(greedy(half, recognizer.blank))


def test_too_short_to_hold_any_sentence_is_no_match(make: Make) -> None:
    with make(ALWAYS) as pipeline:
        found = pipeline.recognize(Utterance(SOUND[:800]))
    assert found.best is None
    assert found.decision.reject_reason is RejectReason.NO_MATCH


def test_typed_text_runs_its_action_with_slots_and_arguments(
    make: Make, actions: ActionRegistry, done: list[ActionCall]
) -> None:
    with make(NEVER) as pipeline:
        painted = execute(pipeline.parse("Paint it BLUE!"), actions)
        reported = execute(pipeline.parse("what time is it"), actions)
    (call,) = done
    assert (call.name, call.slots, call.arguments) == ("paint", {"colour": "blue"}, {"layers": 2})
    assert painted.outcome == ActionOutcome(done=True, message="Done.")
    assert reported.decision.verdict is Verdict.ACT
    assert reported.outcome is None


def test_what_destroys_waits_for_a_yes(make: Make, actions: ActionRegistry, done: list[ActionCall]) -> None:
    with make(ALWAYS) as pipeline:
        asked = execute(pipeline.parse("erase everything"), actions)
        assert asked.decision.verdict is Verdict.ASK
        assert not done
        assert execute(confirmed(asked), actions).outcome is not None
    assert [call.name for call in done] == ["erase"]


def test_a_failing_action_says_why(make: Make, actions: ActionRegistry) -> None:
    with make(ALWAYS) as pipeline:
        outcome = execute(pipeline.parse("just fail"), actions).outcome
    assert outcome == ActionOutcome(done=False, message="it cannot be done (try another day)")


def test_the_answers_to_a_question_are_compiled_once(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with make(ALWAYS) as pipeline:
        pronounced: list[str] = []
        pronounce = pipeline.pronounce
        monkeypatch.setattr(pipeline, "pronounce", lambda word: (pronounced.append(word), pronounce(word))[1])
        question = Question(pipeline.recognize(Utterance(SOUND)))
        first = pipeline.recognize_answer(Utterance(SOUND), question.commands)
        compiled = len(pronounced)
        again = pipeline.recognize_answer(Utterance(SOUND), question.commands)
        assert (again.text, again.best) == (first.text, first.best)
        assert len(pronounced) == compiled > 0
        pipeline.recognize_answer(Utterance(SOUND), Question(pipeline.parse("just fail")).commands)
        assert len(pronounced) > compiled


def test_too_many_layers_are_refused(make: Make) -> None:
    with make(ALWAYS) as pipeline, pytest.raises(UsageError):
        pipeline.recognize(Utterance(SOUND), depth=99)


class LoudIsSpeech:
    """The detector's part: what is loud is speech."""

    def __call__(self, frame: Samples, /) -> float:
        return float(np.abs(frame).max() > 0.1)

    def reset(self) -> None: ...


@pytest.mark.parametrize("calibration", [ALWAYS, NEVER])
@pytest.mark.parametrize("silence_s", [0.1, 0.3, 0.5, 2.0])
def test_what_a_held_key_heard_is_what_a_fresh_recognition_gives(
    make: Make, calibration: Calibration, silence_s: float
) -> None:
    quiet = np.zeros(round(silence_s * SAMPLE_RATE_HZ), np.float32)
    sound = np.concatenate([quiet, SOUND, quiet])
    told: list[Recognition] = []
    fresh: list[Utterance] = []
    ear = UtteranceDetector(LoudIsSpeech, SegmenterConfig(), tail_ms=200.0)
    hooks = Hooks(on_recognition=told.append)
    with make(calibration) as pipeline:
        listener = Listener(
            pipeline,
            config=ListenerConfig(),
            actions=None,
            hooks=hooks,
            state_line=StateNotifier(hooks),
            make_detector=LoudIsSpeech,
        )
        for part in (listener, ear):
            part.press()
        for block in np.split(sound, range(400, len(sound), 400)):
            listener.hear(block)
            fresh += ear.feed(block)
        for part in (listener, ear):
            part.release()
        listener.hear(np.zeros(SAMPLE_RATE_HZ, np.float32))
        fresh += ear.feed(np.zeros(SAMPLE_RATE_HZ, np.float32))
        wanted = [pipeline.recognize(utterance) for utterance in fresh]
        listener.close()
    assert [_untimed(found) for found in told] == [_untimed(found) for found in wanted]
    assert len(told) == 1


def _untimed(found: Recognition) -> Recognition:
    return replace(found, latency=None, latency_ms=0.0)
