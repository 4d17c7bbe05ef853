"""Free text at the end of sentences, against enumeration of everything that could have been said."""

import numpy as np
import pytest
from enumeration import (
    BLANK,
    VOCABULARY,
    WAYS,
    automaton_of,
    best_of_each,
    best_score,
    encoded,
    random_scores,
    sentences_of,
    templates,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.asr.ctc import GrammarPath, Scores, Search, greedy

PRICE = 0.7
Said = tuple[tuple[str, ...], bool]
"""Words, and whether free text follows them."""


def found_in(scores: Scores, *sentences: str, price: float = PRICE) -> list[GrammarPath]:
    return list(Search(scores, automaton_of(*sentences), blank=BLANK, phone_price=price).paths())


def best_of_each_sentence(scores: Scores, closed: list[str], free: list[str]) -> dict[Said, float]:
    """The best score of every sentence, free text with its price."""
    possible = best_of_each(scores)
    expected: dict[Said, float] = {}
    for words in set().union(*map(sentences_of, closed)):
        if np.isfinite(best_score(words, possible)):
            expected[words, False] = best_score(words, possible)
    for words in set().union(*map(sentences_of, free)):
        scored = [
            score - PRICE * (len(tokens) - len(before))
            for before in encoded(words)
            for tokens, score in possible.items()
            if len(tokens) > len(before) and tokens[: len(before)] == before
        ]
        if scored:
            expected[words, True] = max(scored)
    return expected


@settings(max_examples=100, deadline=None)
@given(
    st.lists(templates(), max_size=2),
    st.lists(templates(), min_size=1, max_size=2),
    st.integers(0, 5),
    st.integers(0, 2**32 - 1),
)
def test_the_search_finds_what_enumeration_finds(closed: list[str], free: list[str], frames: int, seed: int) -> None:
    scores = random_scores(frames, seed)
    expected = best_of_each_sentence(scores, closed, free)
    paths = found_in(scores, *closed, *(f"{sentence} {{*text}}" for sentence in free))
    found: dict[Said, float] = {}
    for path in paths:  # a word that is said in two ways comes twice
        found.setdefault((path.words, path.tail_frame is not None), path.log_prob)
    assert found == {said: pytest.approx(score, abs=1e-3) for said, score in expected.items()}
    assert [path.log_prob for path in paths] == sorted((path.log_prob for path in paths), reverse=True)


@settings(max_examples=60, deadline=None)
@given(templates(), st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_the_words_before_free_text_are_scored_by_themselves(sentence: str, frames: int, seed: int) -> None:
    scores = random_scores(frames, seed)
    automaton = automaton_of(f"{sentence} {{*text}}")
    for path in Search(scores, automaton, blank=BLANK, phone_price=PRICE).paths():
        assert path.tail_frame is not None
        assert path.alignment.spans[-1].end_frame == path.tail_frame < frames
        before = best_of_each(scores[: path.tail_frame])[tuple(automaton.phone[list(path.states)].tolist())]
        free = scores[path.tail_frame :]
        assert path.log_prob - before <= float(free.max(axis=1).sum()) - PRICE + 1e-3


def spoken(*tokens: int) -> Scores:
    return np.log(np.eye(VOCABULARY, dtype=np.float32)[list(tokens)] + 0.001)


def test_free_text_needs_a_token_and_has_its_price() -> None:
    heard = spoken(1, 0, 2, 0, 3, 0)
    (path,) = found_in(heard, "a {*text}", price=2.0)
    assert path.words == ("a",)
    assert path.log_prob == pytest.approx(float(heard.max(axis=1).sum()) - 2 * 2.0, abs=1e-3)
    assert greedy(heard[path.tail_frame :], BLANK) == [2, 3]
    assert found_in(spoken(1), "a {*text}") == []


def test_a_command_wins_against_free_text_that_costs_more_than_it_gains() -> None:
    # The command's second word fits a little worse than another token.
    heard = spoken(1, 0, 3, 0)
    heard[2, 2] = heard[2, 3] - 1.0
    sentences = ("a b", "a {*text}")
    assert found_in(heard, *sentences, price=0.5)[0].tail_frame is not None
    assert found_in(heard, *sentences, price=2.0)[0].words == ("a", "b")


def test_free_text_does_not_begin_with_what_is_still_the_last_word() -> None:
    # The token of "a" is said for two frames, then nothing: no second "a" was heard.
    assert WAYS["a"] == [(1,)]
    heard = spoken(1, 1, 0)
    (path,) = found_in(heard, "a {*text}", price=0.0)
    assert path.log_prob < float(heard.max(axis=1).sum()) - 5


def best_of_each_split(scores: Scores, before: str, after: str) -> dict[tuple[str, ...], float]:
    """The best score of the words before and after free text of at least one phone."""
    expected: dict[tuple[str, ...], float] = {}
    possible = best_of_each(scores)
    for first in sentences_of(before):
        for second in sentences_of(after):
            scored = [
                score - PRICE * (len(phones) - len(begin) - len(end))
                for begin in encoded(first)
                for end in encoded(second)
                for phones, score in possible.items()
                if len(phones) > len(begin) + len(end)
                and phones[: len(begin)] == begin
                and phones[len(phones) - len(end) :] == end
            ]
            if scored:
                words = first + second
                expected[words] = max(*scored, expected.get(words, -np.inf))
    return expected


@settings(max_examples=100, deadline=None)
@given(templates(), templates(), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_free_text_before_words_is_found_as_enumeration_finds_it(
    before: str, after: str, frames: int, seed: int
) -> None:
    scores = random_scores(frames, seed)
    expected = best_of_each_split(scores, before, after)
    found: dict[tuple[str, ...], float] = {}
    paths = found_in(scores, f"{before} {{*text}} {after}")
    for path in paths:
        (span,) = path.inner
        assert 0 <= span.first_frame < span.end_frame <= frames
        assert len(path.words) > span.words_before
        found.setdefault(path.words, path.log_prob)
    assert found == {words: pytest.approx(score, abs=1e-3) for words, score in expected.items()}
    assert [path.log_prob for path in paths] == sorted((path.log_prob for path in paths), reverse=True)


def test_free_text_in_the_middle_stands_where_it_was_said() -> None:
    heard = spoken(1, 0, 3, 3, 0, 2, 2, 0)
    path = found_in(heard, "a {*text} b", "b {*text} a")[0]
    assert path.words == ("a", "b")
    (span,) = path.inner
    assert (span.words_before, span.first_frame, span.end_frame) == (1, 2, 4)
    assert path.log_prob == pytest.approx(float(heard.max(axis=1).sum()) - PRICE, abs=1e-3)
