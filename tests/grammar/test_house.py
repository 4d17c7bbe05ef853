"""A house in hassil's layout: fifty files with shared rules, contexts, free text and three hundred names."""

from pathlib import Path

import pytest

from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.files.test_cases import read_test_file
from voiceassist.grammar.values.lists import TextList

GRAMMARS = Path(__file__).parents[1] / "grammars"
FILES = sorted((GRAMMARS / "house").rglob("*.yaml"))
CASES = read_test_file(GRAMMARS / "house-tests.yaml").cases
MIN_RIGHT = 0.98


@pytest.fixture(scope="module")
def house() -> CommandSet:
    return load_commands(FILES)


def test_the_house_is_as_large_as_it_should_be(house: CommandSet) -> None:
    names = house.lists["name"]
    assert isinstance(names, TextList)
    assert len(FILES) >= 50
    assert len(names.values) >= 300
    assert len(CASES) >= 500


def test_sentences_of_the_house_are_understood(house: CommandSet) -> None:
    parser = TextParser(house)
    wrong = []
    for case in CASES:
        found = parser.parse(case.text)
        meaning = (None, {}) if found is None else (found.command.intent, found.slots)
        if meaning != (case.intent, dict(case.slots or {})):
            wrong.append(f"{case.text}: {meaning}")
    assert len(wrong) <= (1 - MIN_RIGHT) * len(CASES), wrong


def test_what_the_house_does_not_know_is_left_out_and_told(house: CommandSet) -> None:
    needing = [warning for warning in house.warnings if "needs the context" in warning]
    assert len(needing) == 1
    assert "climate/SetTemperature.yaml:12:14: this sentence was left out: it needs the context 'floor'" in needing[0]
    assert TextParser(house).parse("set the temperature to 20 degrees") is None
