"""Parses typed commands without an acoustic model."""

from __future__ import annotations

from voiceassist.domain import Interpretation
from voiceassist.grammar.compiler.parser import WordParser
from voiceassist.grammar.files.command_set import CommandSet


class TextParser:
    """Parses typed sentences of a command set."""

    def __init__(self, commands: CommandSet) -> None:
        # What compiles is only imported if something is to be compiled.
        from voiceassist.grammar.compiler.graph_builder import build_word_graph  # noqa: PLC0415

        self._parser = WordParser(build_word_graph(commands), commands)

    def parse(self, text: str) -> Interpretation | None:
        """Parse typed text; ``None`` if it is not a sentence of the commands."""
        return self._parser.parse_text(text)
