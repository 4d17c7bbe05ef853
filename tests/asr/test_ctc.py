"""The search against enumeration of everything that could have been said, in every way."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from enumeration import (
    BLANK,
    VOCABULARY,
    WAYS,
    automaton_of,
    best_of_each,
    best_score,
    collapsed,
    random_scores,
    sentences_of,
    templates,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.asr.ctc import GrammarPath, Scores, Search, adjust, greedy
from voiceassist.asr.state_layout import StateLayout, lay_out
from voiceassist.grammar.compiler.automaton import NO_WORD, Automaton, compile_automaton
from voiceassist.grammar.files.command_set import CommandSet


def search(scores: Scores, automaton: Automaton, layout: StateLayout | None = None, most: int = 3) -> list[GrammarPath]:
    """The best sentences that all say something else, best first."""
    paths: dict[tuple[str, ...], GrammarPath] = {}
    for path in Search(scores, automaton, blank=BLANK, layout=layout).paths():
        paths.setdefault(path.words, path)
        if len(paths) >= most:
            break
    return list(paths.values())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(templates(), min_size=1, max_size=3),
    st.integers(0, 5),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 100]),
)
def test_the_search_finds_what_enumeration_finds(sentences: list[str], frames: int, seed: int, fewest: int) -> None:
    scores = random_scores(frames, seed)
    possible = best_of_each(scores)
    allowed = set().union(*(sentences_of(sentence) for sentence in sentences))
    expected = sorted(filter(np.isfinite, (best_score(words, possible) for words in allowed)), reverse=True)
    # In large automata states are laid out in chains and ranks; here also in small ones.
    automaton = automaton_of(*sentences)
    found = search(scores, automaton, lay_out(automaton, fewest, fewest), most=4)
    assert [path.log_prob for path in found] == pytest.approx(expected[:4], abs=1e-3)
    assert len({path.words for path in found}) == len(found)
    for path in found:
        assert path.words in allowed
        assert path.log_prob == pytest.approx(best_score(path.words, possible), abs=1e-3)
        states = list(path.states)
        assert [0, *automaton.target[states[:-1]]] == automaton.source[states].tolist()
        assert automaton.accepting[automaton.target[states[-1]]]


@settings(max_examples=100, deadline=None)
@given(st.lists(templates(), min_size=1, max_size=4), st.sampled_from([1, 100]))
def test_merged_states_have_the_phones_and_nodes_of_their_states(sentences: list[str], fewest: int) -> None:
    automaton = automaton_of(*sentences, "a {*text} b")
    layout = lay_out(automaton, fewest, fewest)
    states = layout.states
    assert sorted(states.arcs.tolist()) == list(range(automaton.states))
    merged = np.repeat(np.arange(len(states)), np.diff(states.first_arc))
    assert (states.phone[merged] == automaton.phone[states.arcs]).all()
    assert (states.target[merged] == automaton.target[states.arcs]).all()
    assert len(set(zip(merged.tolist(), automaton.word[states.arcs].tolist(), strict=True))) == len(states)
    for state, source in enumerate(layout.source.tolist()):
        single = source < len(states)
        nodes = [states.target[layout.order[source]]] if single else layout.nodes_before(source)
        assert nodes == automaton.source[states.arcs[merged == state]].tolist()


def alignments_within(tokens: tuple[int, ...], frames: int) -> Iterator[tuple[int, ...]]:
    """The alignments of a word that fill its span: they begin and end with a token."""
    for alignment in itertools.product(range(VOCABULARY), repeat=frames):
        if collapsed(alignment) == tokens and BLANK not in (alignment[0], alignment[-1]):
            yield alignment


def ways_said(path: GrammarPath, automaton: Automaton) -> list[tuple[int, ...]]:
    """The tokens of each word of a path."""
    ways: list[tuple[int, ...]] = [()]
    for state in path.states:
        ways[-1] += (int(automaton.phone[state]),)
        if automaton.word[state] != NO_WORD:
            ways.append(())
    return ways[:-1]


def score_of_spans(path: GrammarPath, automaton: Automaton, scores: Scores) -> float:
    """The score with every word in its span and blank everywhere else."""
    silent = np.ones(len(scores), bool)
    total = 0.0
    for span, way in zip(path.alignment.spans, ways_said(path, automaton), strict=True):
        silent[span.first_frame : span.end_frame] = False
        inside = scores[span.first_frame : span.end_frame]
        total += max(
            float(sum(inside[frame, token] for frame, token in enumerate(alignment)))
            for alignment in alignments_within(way, len(inside))
        )
    return total + float(scores[silent, BLANK].sum())


@settings(max_examples=60, deadline=None)
@given(templates(), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_words_are_where_the_best_alignment_has_them(sentence: str, frames: int, seed: int) -> None:
    scores = random_scores(frames, seed)
    automaton = automaton_of(sentence)
    for path in search(scores, automaton):
        ends = [0, *(span.end_frame for span in path.alignment.spans)]
        assert all(span.first_frame >= end for span, end in zip(path.alignment.spans, ends, strict=False))
        assert ends[-1] <= frames
        assert score_of_spans(path, automaton, scores) == pytest.approx(path.log_prob, abs=1e-3)


def test_too_few_frames_give_no_path() -> None:
    assert search(random_scores(2, 0), automaton_of("f")) == []
    assert search(random_scores(0, 0), automaton_of("a")) == []


def test_nothing_to_say_gives_no_path() -> None:
    empty = compile_automaton(CommandSet({}, {}, {}, {}), WAYS.__getitem__)
    assert empty.states == 0
    assert search(random_scores(3, 0), empty) == []


def test_a_repeated_token_needs_a_blank_in_between() -> None:
    scores = np.full((3, VOCABULARY), -10.0, np.float32)
    scores[:, 1] = 0.0
    (path,) = search(scores, automaton_of("a a"))
    assert path.log_prob == pytest.approx(-10.0)
    assert [(span.first_frame, span.end_frame) for span in path.alignment.spans] == [(0, 1), (2, 3)]


def test_alternatives_never_say_the_same() -> None:
    scores = random_scores(4, 3)
    found = search(scores, automaton_of("(a|a|[b] a)", "a", "(a;b)"), most=10)
    assert sorted(path.words for path in found) == [("a",), ("a", "b"), ("b", "a")]


def test_greedy_joins_repeats_and_leaves_blanks_out() -> None:
    order = [0, 1, 1, 0, 1, 2, 2, 0]
    log_probs = np.log(np.eye(VOCABULARY, dtype=np.float32)[order] + 0.01)
    assert greedy(log_probs, BLANK) == [1, 1, 2]
    assert greedy(np.empty((0, VOCABULARY), np.float32), BLANK) == []


def test_adjust_takes_the_prior_away() -> None:
    log_probs = random_scores(3, 1)
    prior = np.log(np.array([0.7, 0.1, 0.1, 0.1]))
    adjusted = adjust(log_probs, prior, 0.5)
    assert adjusted.dtype == np.float32
    assert adjusted == pytest.approx(log_probs - 0.5 * prior, abs=1e-6)
