"""Typed commands: the grammar without a model."""

from __future__ import annotations

from voiceassist.domain import Interpretation
from voiceassist.grammar.compiler.graph_builder import build_word_graph
from voiceassist.grammar.compiler.parser import WordParser
from voiceassist.grammar.files.command_set import CommandSet


class TextParser:
    """Understands typed sentences of a command set."""

    def __init__(self, commands: CommandSet) -> None:
        self._understanding = WordParser(build_word_graph(commands), commands.intents, commands.skip_words)

    def parse(self, text: str) -> Interpretation | None:
        """What a typed text means, ``None`` if it is none of the sentences."""
        return self._understanding.parse_text(text)
