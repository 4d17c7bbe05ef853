"""The letter model: what it stores, what it answers, and what it refuses."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voiceassist.asr.letter_model import ALPHABET, MAX_CONTEXT, NATS_PER_STEP, LetterModel, context_key
from voiceassist.errors import VoiceAssistError
from voiceassist.paths import default_paths

contexts = st.text(ALPHABET, max_size=MAX_CONTEXT)


def model_of(rows: dict[str, dict[str, int]], otherwise: int = 100) -> LetterModel:
    """A model with the given steps for some letters after some contexts, and the same for all others."""
    rows = {"": {}, **rows}
    ordered = sorted(rows, key=context_key)
    costs = [[rows[context].get(letter, otherwise) for letter in ALPHABET] for context in ordered]
    return LetterModel(np.array([context_key(one) for one in ordered], np.uint64), np.array(costs, np.uint8))


@given(contexts, contexts)
def test_each_context_has_its_own_key(first: str, second: str) -> None:
    assert (context_key(first) == context_key(second)) == (first == second)


def test_the_longest_stored_context_answers() -> None:
    model = model_of({"b": {"c": 30}, "ab": {"c": 10}, "zzab": {"c": 1}})
    assert [model.cost(context, "c") / NATS_PER_STEP for context in ("", "xb", "xxab", "zzab")] == [100, 30, 10, 1]


@given(st.lists(contexts, min_size=1, max_size=6), contexts)
def test_no_longer_context_is_stored_than_the_one_that_answers(stored: list[str], context: str) -> None:
    costs = {text: {"e": number} for number, text in enumerate(dict.fromkeys(stored), 1)}
    longest = max((text for text in costs if context.endswith(text)), key=len, default=None)
    wanted = 100 if longest is None else costs[longest]["e"]
    assert model_of(costs).cost(context, "e") == pytest.approx(wanted * NATS_PER_STEP)


def test_letters_become_context_of_those_after_them() -> None:
    model = model_of({"a": {"b": 20}, "ab": {"c": 5}}, otherwise=50)
    assert model.cost("", "abc") == pytest.approx((50 + 20 + 5) * NATS_PER_STEP)
    assert model.cost("a", "bc") == model.cost("", "abc") - model.cost("", "a")


@given(
    context=contexts,
    letters=st.text(ALPHABET, max_size=12),
    rows=st.dictionaries(contexts, st.just({"e": 3}), max_size=8),
)
def test_a_text_costs_the_sum_of_its_letters(context: str, letters: str, rows: dict[str, dict[str, int]]) -> None:
    model = model_of(rows)
    one_by_one = sum(model.cost(context + letters[:n], letter) for n, letter in enumerate(letters))
    assert model.cost(context, letters) == pytest.approx(one_by_one)


def test_a_foreign_letter_costs_most_and_ends_the_context() -> None:
    model = model_of({"a": {"b": 1}})
    assert model.cost("", "aéb") == pytest.approx((100 + 255 + 100) * NATS_PER_STEP)


def test_a_model_without_contexts() -> None:
    assert model_of({}, otherwise=7).cost("anything", "ab") == 14 * NATS_PER_STEP


def test_it_is_read_as_it_was_saved(tmp_path: Path) -> None:
    model = model_of({"b": {"c": 30}, "ab": {"c": 10}})
    (tmp_path / "letters.bin").write_bytes(model.to_bytes())
    read = LetterModel.load(tmp_path / "letters.bin")
    assert (read.contexts == model.contexts).all()
    assert (read.costs == model.costs).all()
    assert read.order == 2


@pytest.mark.parametrize(
    ("keys", "rows"),
    [([0, 5, 5], 3), ([5, 3], 2), ([3], 1), ([], 0), ([0, 3], 1), ([0, 29**MAX_CONTEXT], 2)],
    ids=["twice", "order", "no empty one", "nothing", "rows missing", "too long"],
)
def test_arrays_that_do_not_fit_are_refused(keys: list[int], rows: int) -> None:
    with pytest.raises(ValueError, match="context"):
        LetterModel(np.array(keys, np.uint64), np.zeros((rows, len(ALPHABET)), np.uint8))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), cut=st.integers(0, 2000), place=st.integers(0, 2000))
def test_a_damaged_file_is_told(tmp_path: Path, data: bytes, cut: int, place: int) -> None:
    whole = model_of({"ab": {"c": 10}}).to_bytes()
    file = tmp_path / "letters.bin"
    for damaged in (data, whole[: min(cut, len(whole) - 1)], whole[:place] + data + whole[place + len(data) :]):
        file.write_bytes(damaged)
        try:
            LetterModel.load(file)
        except VoiceAssistError as error:
            assert error.hint == "install voiceassist again"  # noqa: PT017  a change may also be harmless
    with pytest.raises(VoiceAssistError, match="no letter model"):
        LetterModel.load(tmp_path / "missing.npz")


@pytest.fixture(scope="module")
def shipped() -> LetterModel:
    return LetterModel.load(default_paths().letter_model)


@given(context=contexts)
def test_the_shipped_model_gives_probabilities(shipped: LetterModel, context: str) -> None:
    assert sum(math.exp(-shipped.cost(context, letter)) for letter in ALPHABET) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        ("buy milk and eggs", "by milc n eggz"),
        ("call my mother at five", "caul mai muther adfive"),
        ("don't forget", "dont' forgte"),
    ],
)
def test_the_shipped_model_knows_english(shipped: LetterModel, likely: str, unlikely: str) -> None:
    assert shipped.cost(" ", f"{likely} ") + 5 < shipped.cost(" ", f"{unlikely} ")
