"""A small language in three phones, its speller, and sound in which it is heard clearly."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from enumeration import BLANK, VOCABULARY, WAYS
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.ctc import Scores
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.files.merge import load_commands

LETTERS = {1: " a", 2: " b", 3: " e"}


class Spelled:
    """Writes each token as a letter; token 3 alone writes nothing where ``mute`` is set."""

    def __init__(self, mute: int = -1) -> None:
        self.blank = BLANK
        self._mute = mute

    def decode(self, tokens: Sequence[int]) -> str:
        return "".join(LETTERS[token] for token in tokens if token != self._mute).strip()

    def transcribe(self, pieces: NDArray[np.float32]) -> str:
        return self.decode(ctc.greedy(pieces, self.blank))

    def starts_word(self, token: int) -> bool:
        return LETTERS[token].startswith(" ")

    def spell(self, words: Sequence[str]) -> list[int]:
        return [
            token
            for word in words
            for token in (WAYS["f"] if word == "fff" else [(2,)] if word == "g" else WAYS[word])[0]
        ]


def compiled(folder: Path, text: str) -> Automaton:
    file = folder / "commands.yaml"
    file.write_text(text.replace("'f ", "'fff "), encoding="utf-8")
    return compile_automaton(load_commands([file]), {**WAYS, "fff": WAYS["f"]}.__getitem__)


def heard(*tokens: int, doubt: float = 0.001) -> Scores:
    """Frames in which one token each is nearly certain."""
    probs = np.eye(VOCABULARY)[list(tokens)] + doubt
    return np.log(probs / probs.sum(axis=1, keepdims=True)).astype(np.float32)
