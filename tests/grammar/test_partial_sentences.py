"""Whether words are how a command begins, as partial results ask."""

from __future__ import annotations

import pytest

from voiceassist.grammar.compiler.graph_builder import build_word_graph
from voiceassist.grammar.compiler.parser import WordParser
from voiceassist.grammar.files.merge import load_commands

COMMANDS = """
intents:
  Timer: ["(set|start) [a] timer for {minutes} minutes"]
  Note: ["take a note {text}"]
lists:
  minutes: {range: {from: 1, to: 60}}
  text: {wildcard: true}
"""


@pytest.fixture(scope="module")
def parser(tmp_path_factory: pytest.TempPathFactory) -> WordParser:
    path = tmp_path_factory.mktemp("commands") / "commands.yaml"
    path.write_text(COMMANDS)
    commands = load_commands([path])
    return WordParser(build_word_graph(commands), commands)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("", True),
        ("set", True),
        ("Set a timer", True),
        ("start timer for twenty", True),
        ("set timer for 20 minutes", True),
        ("take a note buy milk and", True),
        ("timer", False),
        ("set the timer", False),
        ("set timer for purple", False),
        ("set timer for 20 minutes please", False),
    ],
)
def test_only_what_begins_a_sentence_counts(parser: WordParser, words: str, begins: bool) -> None:
    assert parser.begins(words) is begins
