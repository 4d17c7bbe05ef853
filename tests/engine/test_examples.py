"""Tests of commands written as YAML, and grammars whose tests they are."""

from dataclasses import replace
from pathlib import Path

import pytest

from voiceassist.domain import Decision, Interpretation, Recognition, RejectReason, Verdict
from voiceassist.engine.examples import run_examples
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.files.test_cases import read_recording_test, read_test_file

ROOT = Path(__file__).parents[2]
COMMANDS = "intents: {Timer: ['timer for {0..60:minutes} minutes'], Stop: [stop it]}"


@pytest.fixture
def grammar(tmp_path: Path) -> TextParser:
    path = tmp_path / "commands.yaml"
    path.write_text(COMMANDS)
    return TextParser(load_commands([path]))


def heard(found: Interpretation | None, verdict: Verdict) -> Recognition:
    reason = RejectReason.NO_MATCH if verdict is Verdict.REJECT else None
    return Recognition("", "what was heard", found, (), Decision(verdict, reason), "a model", 1000, 10)


def test_another_domain_works_from_yaml_alone() -> None:
    """A model railway: nothing in the program knows of it."""
    tests = read_test_file(ROOT / "tests" / "grammars" / "railway-tests.yaml")
    grammar = TextParser(load_commands(tests.commands))
    report = run_examples(tests.cases, grammar, None)
    assert [result.to_json() for result in report.wrong] == []
    assert report.statistics["num_examples"] >= 25


def test_what_is_right_and_wrong_is_counted(tmp_path: Path, grammar: TextParser) -> None:
    path = tmp_path / "tests.yaml"
    path.write_text(
        """
        - {text: timer for five minutes, intent: Timer, slots: {minutes: 5}}
        - {text: timer for six minutes, intent: Timer, slots: {minutes: 7}}
        - {text: timer for 6 minutes, intent: Timer}
        - {text: stop it, intent: Timer, slots: {minutes: 1}}
        - {text: [hello, timer], intent: null}
        - {text: stop it, intent: null}
        - {text: stop, intent: Stop, slots: {}}
        """
    )
    report = run_examples(read_test_file(path).cases, grammar, None)
    assert report.statistics == {
        "num_examples": 8,
        "num_recordings": 0,
        "correct_intents": 5,
        "correct_intents_and_entities": 4,
        "num_entities": 3,
        "correct_entities": 1,
        "intent_accuracy": 0.625,
        "intent_entity_accuracy": 0.5,
        "entity_accuracy": 0.3333,
    }
    assert [result.example.place.line for result in report.wrong] == [3, 5, 7, 8]
    assert report.wrong[0].to_json()["actual"] == {"intent": "Timer", "slots": {"minutes": 6}}


def test_recordings_are_listened_to_and_what_is_rejected_is_nothing(tmp_path: Path, grammar: TextParser) -> None:
    path = tmp_path / "tests.yaml"
    path.write_text(
        "- {audio: a.wav, intent: Stop}\n- {audio: sub/b.wav, intent: Stop}\n- {audio: c.wav, intent: null}\n"
    )
    stop = grammar.parse("stop it")
    answers = {
        tmp_path / "a.wav": heard(stop, Verdict.ASK),
        tmp_path / "sub" / "b.wav": heard(stop, Verdict.REJECT),
        tmp_path / "c.wav": heard(None, Verdict.REJECT),
    }
    report = run_examples(read_test_file(path).cases, grammar, answers.__getitem__)
    assert [result.right for result in report.results] == [True, False, True]
    assert report.wrong[0].heard == "what was heard"


def test_a_recording_is_described_by_the_json_beside_it(tmp_path: Path, grammar: TextParser) -> None:
    for name, text in {
        "full": '{"text": "x", "intent": {"name": "Timer"}, "slots": {"minutes": 3}}',
        "short": '{"text": "timer for 4 minutes"}',
        "other": '{"text": "good morning"}',
        "nothing": '{"text": "stop it", "intent": null}',
    }.items():
        (tmp_path / f"{name}.json").write_text(text)
    examples = [read_recording_test(tmp_path / f"{name}.wav") for name in ("full", "short", "other", "nothing")]
    report = run_examples(examples, grammar, lambda _: heard(None, Verdict.REJECT))
    expected = [(result.example.intent, result.example.slots) for result in report.results]
    assert expected == [("Timer", {"minutes": 3}), ("Timer", {"minutes": 4}), (None, None), (None, None)]
    four = grammar.parse("timer for 4 minutes")
    right = run_examples(examples[1:2], grammar, lambda _: heard(four, Verdict.ACT))
    assert not right.wrong
    assert four is not None
    wrong = replace(four, entities=())
    assert run_examples(examples[1:2], grammar, lambda _: heard(wrong, Verdict.ACT)).wrong


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- {intent: A}", "has no input"),
        ("- {text: a}", "has no 'intent'"),
        ("- {text: a, intent: A, slot: {}}", "no key 'slot'"),
        ("commands: [x.yaml]", "there are no tests"),
        ("- {text: [], intent: A}", "is empty"),
    ],
)
def test_mistakes_are_pointed_at(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "tests.yaml"
    path.write_text(text)
    with pytest.raises(GrammarError, match=what) as caught:
        read_test_file(path)
    assert caught.value.message.startswith(f"{path}:1:")


def test_a_recording_without_description_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GrammarError, match=r"x\.json: cannot be read"):
        read_recording_test(tmp_path / "x.wav")
    (tmp_path / "x.json").write_text("[")
    with pytest.raises(GrammarError, match="not valid JSON"):
        read_recording_test(tmp_path / "x.wav")
    (tmp_path / "y.json").write_text("[1]")
    with pytest.raises(GrammarError, match="does not describe"):
        read_recording_test(tmp_path / "y.wav")
