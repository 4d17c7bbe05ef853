"""Random sentences, and the plainest ones."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.grammar.compiler.canonical_example import canonical_sentence
from voiceassist.grammar.compiler.sampling import Sampler
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import TextList

ROOT = Path(__file__).parents[2]
APPS = TextList.of({"Firefox": "firefox", "Text Editor": "gedit"})
GRAMMARS = {
    "assistant": [ROOT / "tests/grammars/assistant.yaml"],
    "railway": [ROOT / "tests/grammars/railway.yaml"],
    "clock": [ROOT / "assets/commands/clock.yaml"],
    "timers": [ROOT / "assets/commands/timers.yaml"],
}


@pytest.fixture(scope="module", params=GRAMMARS)
def commands(request: pytest.FixtureRequest) -> CommandSet:
    return load_commands(GRAMMARS[request.param], lists={"app": APPS})


@settings(max_examples=4)
@given(seed=st.integers(0, 1_000_000))
def test_what_is_drawn_is_understood_as_it_says(commands: CommandSet, seed: int) -> None:
    grammar = TextParser(commands)
    for found in Sampler(commands, seed=seed).draw_many(16):
        parsed = grammar.parse(found.text)
        assert parsed is not None, found.text
        assert (parsed.command.intent, parsed.slots) == (found.command.intent, found.slots), found.text


def test_the_same_seed_draws_the_same(commands: CommandSet) -> None:
    first, second, third = ([one.text for one in Sampler(commands, seed=n).draw_many(12)] for n in (1, 1, 2))
    assert first == second != third


def test_every_intent_is_drawn_when_asked_for(commands: CommandSet) -> None:
    sampler = Sampler(commands, seed=3)
    for intent in commands.intents:
        found = sampler.draw(intent)
        assert found is not None, intent
        assert found.command.intent == intent


def test_what_another_intent_takes_away_is_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("intents: {A: [go, stay], B: ['(go|stay)'], C: ['(go|leave)']}")
    sampler = Sampler(load_commands([path]), seed=1)
    assert sampler.draw("B") is None
    assert {found.text for found in sampler.draw_many(20, ["B", "C"])} == {"leave"}


def test_the_plainest_sentence_is_one(commands: CommandSet) -> None:
    grammar = TextParser(commands)
    for intent in commands.intents:
        found = grammar.parse(canonical_sentence(commands, intent))
        assert found is not None, intent
        assert found.command.intent == intent


def test_the_plainest_sentence_keeps_articles_and_drops_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("intents: {A: ['[please] set [the] (timer|clock) to {0..10} [now]'], B: ['mute [the] [sound]']}")
    commands = load_commands([path])
    assert canonical_sentence(commands, "A") == "set the timer to five"
    assert canonical_sentence(commands, "B") == "mute"
