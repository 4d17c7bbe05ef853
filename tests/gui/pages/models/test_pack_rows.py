"""What the Models page says of packs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from gui_fakes import BROKEN, INSTALLED, MEASURED, SHARED, UNSHARED, around, listing, manifest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.bench.measurement import Spread
from voiceassist.gui.pages.models.measuring import keep_measurements, load_measurements
from voiceassist.gui.pages.models.rows import (
    comparable_pair,
    comparison_words,
    details_of,
    recommended,
    rows_of,
    sharing_words,
    was_busy,
)
from voiceassist.packs.store import PackListing

ALL = (BROKEN, UNSHARED, INSTALLED, SHARED)


def test_rows_are_sorted_from_most_shared_to_broken() -> None:
    names = [row.name for row in rows_of(ALL, {})]
    assert names == ["shared-int8", "grouped-int8", "unshared-int8", "half-copied"]


def test_of_packs_that_share_alike_the_plainest_comes_first_and_is_compared() -> None:
    more = listing(replace(manifest("a-shared-deltas-int8"), parameters=1_700_000))
    measured = MEASURED | {"a-shared-deltas-int8": replace(MEASURED["shared-int8"], name="a-shared-deltas-int8")}
    rows = rows_of((more, *ALL), measured)
    assert [row.name for row in rows][:2] == ["shared-int8", "a-shared-deltas-int8"]
    assert [row.plain_name for row in rows][:2] == [
        "Small: one shared block",
        "Small plus: one shared block, adjusted for each layer",
    ]
    pair = comparable_pair(rows)
    assert pair is not None
    assert pair[0].name == "shared-int8"


def test_only_installed_packs_can_be_removed() -> None:
    assert {row.name for row in rows_of(ALL, {}) if row.installed} == {"grouped-int8", "half-copied"}


def test_sharing_is_told_in_blocks_and_layers() -> None:
    assert sharing_words(manifest("a")) == "one block, run 16 times"
    assert sharing_words(manifest("a", blocks=4)) == "4 blocks, run 16 times in all"
    assert sharing_words(manifest("a", blocks=16)) == "16 blocks, each run once"


def test_without_measurements_the_sentence_asks_for_them() -> None:
    words = comparison_words(rows_of(ALL, {}))
    assert words.startswith("Measure")
    assert not any(letter.isdigit() for letter in words)


def test_the_sentence_has_the_measured_ratios_and_the_cost() -> None:
    words = comparison_words(rows_of(ALL, MEASURED))
    for part in (
        "3.2 MB of memory instead of 33.2 (10.4 times less)",
        "1.9 MB on disk instead of 25.5 (13.4 times less)",
    ):
        assert part in words
    assert "61.0 ms to load instead of 140.0 (2.3 times less)" in words
    assert "2 seconds of speech take 8.7 ms instead of 11.3 (1.3 times less)" in words
    assert "just as much" not in words
    alike = replace(MEASURED["shared-int8"], latency_ms={"2": around(11.0)})
    assert "about as much to compute" in comparison_words(rows_of(ALL, MEASURED | {"shared-int8": alike}))


def accurate(name: str, blocks: int, phrases: float, wrong: float, **more: object) -> PackListing:
    """A pack that tells how well it understood."""
    told = {
        "dev_wer_percent": {"8": 71.8, "16": wrong},
        "dev_phrases_percent_by_prior_weight": {"0": 12.0, "0.7": phrases},
        "dev_phrases": 400,
        "code": "1.2.3",
    }
    return listing(replace(manifest(name, blocks=blocks), metrics=told | more))


def test_the_sentence_tells_what_sharing_costs_in_accuracy() -> None:
    both = (accurate("shared-int8", 1, 95.2, 59.4), accurate("unshared-int8", 16, 96.1, 55.44))
    words = comparison_words(rows_of(both, MEASURED))
    assert "it understood 95.2 % of spoken phrases instead of 96.1 %" in words
    assert "it got 59.4 % of the words wrong instead of 55.4 %" in words
    shared = accurate("shared-int8", 1, 95.2, 59.4, dev_written_wer_percent={"16": 37.9})
    unshared = accurate("unshared-int8", 16, 96.1, 55.44, dev_written_wer_percent={"16": 31.5})
    written = comparison_words(rows_of((shared, unshared), MEASURED))
    assert "it got 37.9 % of the words wrong instead of 31.5 %" in written
    mixed = comparison_words(rows_of((shared, both[1]), MEASURED))
    assert "it got 59.4 % of the words wrong instead of 55.4 %" in mixed, "compared as both were measured"
    assert "strangers" not in comparison_words(rows_of((both[0], UNSHARED), MEASURED))
    alike = comparison_words(rows_of((both[0], accurate("unshared-int8", 16, 95.24, 55.44)), MEASURED))
    assert "it understood 95.2 % of spoken phrases, as many as the other" in alike


def test_accuracy_is_told_in_words_and_what_is_not_known_as_it_stands() -> None:
    (row,) = rows_of([accurate("shared-int8", 1, 95.2, 59.4)], {})
    assert dict(details_of(row))["Measured in training"].splitlines() == [
        "Phrases understood: 95.2 % of 400",
        "Words wrong in free dictation, without a model of the language: 71.8 % after 8 layers, 59.4 % after 16 layers",
        "Measured with version: 1.2.3",
    ]


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "dev_wer_percent",
                "dev_written_wer_percent",
                "dev_phrases_percent_by_prior_weight",
                "dev_phrases",
                "code",
                "loss",
            ]
        ),
        st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda few: st.dictionaries(st.text(), few)),
    )
)
def test_no_metrics_of_any_pack_break_the_page(metrics: dict[str, object]) -> None:
    strange = listing(replace(manifest("shared-int8"), metrics=metrics))
    (row, *_) = rows = rows_of((strange, UNSHARED), MEASURED)
    assert "2 seconds of speech" in comparison_words(rows)
    assert "Licence" in dict(details_of(row))


def test_it_does_not_flatter_sharing() -> None:
    worse = MEASURED | {"shared-int8": replace(MEASURED["shared-int8"], private_mb=around(66.4))}
    assert "66.4 MB of memory instead of 33.2 (2.0 times more)" in comparison_words(rows_of(ALL, worse))
    same = MEASURED | {"shared-int8": replace(MEASURED["shared-int8"], private_mb=around(33.0))}
    assert "(about the same)" in comparison_words(rows_of(ALL, same))


def test_like_is_compared_with_like() -> None:
    other = listing(manifest("unshared-float32", blocks=16, quantization="float32"))
    measured = MEASURED | {"unshared-float32": replace(MEASURED["unshared-int8"], name="unshared-float32")}
    pair = comparable_pair(rows_of((other, *ALL), measured))
    assert pair is not None
    assert [row.name for row in pair] == ["shared-int8", "unshared-int8"]
    unlike = comparison_words(rows_of((other, SHARED), measured))
    assert "They differ in more than that" in unlike


def test_details_hold_licence_attribution_and_metrics_or_the_problem() -> None:
    shared, *_, broken = rows_of(ALL, {})
    details = dict(details_of(shared))
    assert details["Licence"] == "Apache-2.0"
    assert details["Made from"] == "Made by its makers"
    assert details["Measured in training"] == "dev wer: 0.4124"
    assert details_of(broken) == [("Problem", "model.onnx was changed")]


def test_the_smallest_of_those_that_understand_as_much_is_recommended() -> None:
    near = (accurate("shared-int8", 1, 95.2, 59.4), accurate("unshared-int8", 16, 96.1, 55.44))
    assert recommended(rows_of(near, {})) == "shared-int8"
    far = (accurate("shared-int8", 1, 91.0, 59.4), accurate("unshared-int8", 16, 96.1, 55.44))
    assert recommended(rows_of(far, {})) == "unshared-int8"
    assert recommended(rows_of(near[:1], {})) == ""
    assert recommended(rows_of(ALL, MEASURED)) == ""


def test_a_busy_machine_is_told_by_the_spread() -> None:
    assert not was_busy(rows_of(ALL, MEASURED))
    wide = replace(MEASURED["shared-int8"], latency_ms={"2": Spread(10.0, 8.0, 31.0)})
    assert was_busy(rows_of(ALL, MEASURED | {"shared-int8": wide}))


def test_measurements_are_kept_and_a_damaged_file_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "kept.json"
    assert load_measurements(file) == {}
    keep_measurements(file, MEASURED)
    assert load_measurements(file) == MEASURED
    for damaged in ("{", "[]", '{"a": {}}', '{"a": 3}'):
        file.write_text(damaged)
        assert load_measurements(file) == {}
    assert len(caplog.records) == 4
