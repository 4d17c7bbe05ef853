"""The letter model's estimation, compared with its formula written out."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.asr.letter_model import ALPHABET, NATS_PER_STEP
from voiceassist.errors import VoiceAssistError
from voiceassist.train.export.letter_model import WeightedText, bigram_texts, estimate

ARPA = """\\data\\
ngram 1=5
ngram 2={pairs}
ngram 3=1

\\1-grams:
-0.1 </s> 0.0
-99 <s> -0.5
-1.0 buy -0.1
-2.0 milk -0.1
-1.0 ph.d -0.1

\\2-grams:
-0.5 <s> buy 0.0
-0.3 buy milk 0.0
-0.3 buy ph.d 0.0
-0.3 milk </s>

\\3-grams:
-0.1 <s> buy milk
"""


def witten_bell(texts: list[str], context: str, letter: str) -> float:
    """The share of a letter after a context, smoothed by that after the context one letter shorter."""
    lower = witten_bell(texts, context[1:], letter) if context else 1 / len(ALPHABET)
    after = Counter(
        text[place]
        for text in texts
        for place in range(max(1, len(context)), len(text))
        if text[:place].endswith(context)
    )
    if not after:
        return lower
    return (after[letter] + len(after) * lower) / (sum(after.values()) + len(after))


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(st.text("abc'", min_size=1, max_size=6), min_size=1, max_size=8),
    context=st.text(" abc'", max_size=3),
    letter=st.sampled_from(" abcz"),
)
def test_every_row_is_the_formula(words: list[str], context: str, letter: str) -> None:
    texts = [f" {word} " for word in words]
    model = estimate([WeightedText(text, 1, 1.0) for text in texts], context=3, min_weight=0.0, min_gain=-math.inf)
    wanted = -math.log(witten_bell(texts, context, letter))
    assert model.cost(context, letter) == pytest.approx(wanted, abs=NATS_PER_STEP)


def test_contexts_that_add_nothing_are_not_stored() -> None:
    texts = [WeightedText(f" {first}{second} ", 1, 50.0) for first in "abcd" for second in "efgh"]
    contexts = {int(key) for key in estimate(texts, context=4, min_gain=20.0).contexts}
    everything = {int(key) for key in estimate(texts, context=4, min_gain=-math.inf).contexts}
    assert contexts < everything
    assert 0 in contexts


def test_weights_count_as_so_many_texts() -> None:
    once = estimate([WeightedText(" ab ", 1, 3.0), WeightedText(" cd ", 1, 1.0)], context=2, min_gain=-math.inf)
    often = estimate([WeightedText(" ab ", 1, 1.0)] * 3 + [WeightedText(" cd ", 1, 1.0)], context=2, min_gain=-math.inf)
    assert (once.contexts == often.contexts).all()
    assert (once.costs == often.costs).all()


def test_bigrams_of_an_arpa_file() -> None:
    texts = bigram_texts(iter(ARPA.format(pairs=4).splitlines()))
    pairs = {text.text: text for text in texts if text.text.count(" ") == 3}
    assert set(pairs) == {" buy milk "}
    assert pairs[" buy milk "].text[pairs[" buy milk "].begin :] == "milk "
    starts = [text for text in texts if text.text == " buy " and text.begin == 1]
    assert len(starts) == 2, "at the start of a sentence, and by itself"
    ratio = 0.1 * 10**-0.3 / (10**-0.1 * 10**-0.5)
    assert pairs[" buy milk "].weight / starts[0].weight == pytest.approx(ratio)


def test_a_file_without_its_bigrams_is_refused() -> None:
    with pytest.raises(VoiceAssistError, match="incomplete"):
        bigram_texts(iter(ARPA.format(pairs=4000).splitlines()))


def test_words_whose_probabilities_do_not_add_up_to_one_are_refused() -> None:
    with pytest.raises(VoiceAssistError, match="add up"):
        bigram_texts(iter(ARPA.format(pairs=4).replace("-1.0 buy", "-22667841107169500.0 buy").splitlines()))
