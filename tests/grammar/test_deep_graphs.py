"""Long words and long sentences build graphs without recursion: the depth of the call stack does not depend on them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voiceassist.grammar.compiler.automaton import Compiler
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import TextList

SPARE_FRAMES = 90
"""Enough for the parser and the compiler; a call for each word or phone would need hundreds."""


@contextmanager
def little_stack() -> Iterator[None]:
    frame, depth = sys._getframe(), 0
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + SPARE_FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def spell(word: str) -> tuple[tuple[int, ...], ...]:
    return (tuple(ord(letter) - ord("a") + 1 for letter in word if letter.isalpha()),)


def compile_file(path: Path, text: str, **lists: TextList):
    path.write_text(text, encoding="utf-8")
    commands = load_commands([path], lists=lists)
    with little_stack():
        return Compiler(spell).compile(commands)


def test_long_sentences_with_the_same_beginning(tmp_path: Path):
    beginning = " ".join(["go"] * 200)
    text = (
        f"intents:\n  Go:\n    - {beginning} left\n    - {beginning} [and] right\n    - {beginning} [{{number}}] back\n"
    )
    automaton = compile_file(tmp_path / "long.yaml", text)
    found = automaton.parse(f"{beginning} and right")
    assert found is not None
    assert found.command.intent == "Go"


def test_words_of_hundreds_of_letters(tmp_path: Path):
    words = ["a" * 600 + ending for ending in "bcd"]
    text = "intents:\n  Say:\n" + "".join(f"    - say {word}\n" for word in words)
    automaton = compile_file(tmp_path / "wide.yaml", text)
    assert all(automaton.parse(f"say {word}") is not None for word in words)
