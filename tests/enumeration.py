"""Tiny models and everything that could have been said, in every way: what the search is compared with."""

from __future__ import annotations

import itertools

import numpy as np
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_sentence
from hypothesis import strategies as st

from voiceassist.asr.ctc import Scores
from voiceassist.domain import CommandSpec
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet, Scope, SentenceSpec
from voiceassist.grammar.language.templates import parse_template
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.grammar.language.yaml_nodes import SourcePosition

BLANK = 0
VOCABULARY = 4
WAYS = {
    "a": [(1,)], "b": [(2,)], "c": [(1, 1)], "d": [(2, 1)], "e": [(3,)], "f": [(3, 2, 1)], "g": [(2, 3), (3,)],
}  # fmt: skip
"""The ways to say each word; one of those of ``g`` is another word's, too."""


def templates() -> st.SearchStrategy[str]:
    """Random templates, in which at least one word must be said."""
    parts = st.recursive(
        st.sampled_from(sorted(WAYS)),
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(" ".join),
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]};{pair[1]})"),
            inner.map(lambda part: f"[{part}]"),
        ),
        max_leaves=5,
    )
    return st.tuples(parts, st.sampled_from(sorted(WAYS))).map(" ".join)


def automaton_of(*sentences: str, wake: WakePrefix | None = None) -> Automaton:
    scope = Scope({}, {})
    parsed = [parse_template(sentence, lambda offset: SourcePosition("test", 1, offset + 1)) for sentence in sentences]
    specs = {f"I{number}": (SentenceSpec(template, scope, {}),) for number, template in enumerate(parsed)}
    commands = CommandSet({name: CommandSpec(name) for name in specs}, specs, {}, {})
    return compile_automaton(commands, WAYS.__getitem__, wake)


def random_scores(frames: int, seed: int) -> Scores:
    noise = np.random.default_rng(seed).normal(size=(frames, VOCABULARY)) * 2
    return (noise - np.log(np.exp(noise).sum(axis=1, keepdims=True))).astype(np.float32)


def collapsed(alignment: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(token for token, _ in itertools.groupby(alignment) if token != BLANK)


def best_of_each(scores: Scores) -> dict[tuple[int, ...], float]:
    """The score of the best alignment of every token sequence."""
    best: dict[tuple[int, ...], float] = {}
    for alignment in itertools.product(range(VOCABULARY), repeat=len(scores)):
        score = float(sum(scores[frame, token] for frame, token in enumerate(alignment)))
        tokens = collapsed(alignment)
        best[tokens] = max(score, best.get(tokens, -np.inf))
    return best


def sentences_of(template: str) -> set[tuple[str, ...]]:
    return {tuple(normalize(text)) for text in sample_sentence(parse_sentence(template))}


def encoded(words: tuple[str, ...]) -> set[tuple[int, ...]]:
    """The token sequences that say the words."""
    return {tuple(itertools.chain(*ways)) for ways in itertools.product(*(WAYS[word] for word in words))}


def best_score(words: tuple[str, ...], possible: dict[tuple[int, ...], float]) -> float:
    """Of the best alignment of the best way to say the words; minus infinity where none fits."""
    return max(possible.get(tokens, -np.inf) for tokens in encoded(words))
