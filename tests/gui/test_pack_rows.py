"""What the Models page says of packs."""

from __future__ import annotations

from dataclasses import replace

from gui_parts import BROKEN, INSTALLED, MEASURED, SHARED, UNSHARED, around, listing, manifest

from voiceassist.gui.pack_rows import comparable_pair, comparison_words, details_of, rows_of, sharing_words

ALL = (BROKEN, UNSHARED, INSTALLED, SHARED)


def test_rows_are_sorted_from_most_shared_to_broken() -> None:
    names = [row.name for row in rows_of(ALL, {})]
    assert names == ["shared-int8", "grouped-int8", "unshared-int8", "half-copied"]


def test_only_installed_packs_can_be_removed() -> None:
    assert {row.name for row in rows_of(ALL, {}) if row.installed} == {"grouped-int8", "half-copied"}


def test_sharing_is_told_in_blocks_and_layers() -> None:
    assert sharing_words(manifest("a")) == "1 block for 16 layers"
    assert sharing_words(manifest("a", blocks=4)) == "4 blocks for 16 layers, cycle"
    assert sharing_words(manifest("a", blocks=16)) == "16 blocks, unshared"


def test_without_measurements_the_sentence_asks_for_them() -> None:
    words = comparison_words(rows_of(ALL, {}))
    assert words.startswith("Measure")
    assert "does not save arithmetic" in words


def test_the_sentence_has_the_measured_ratios_and_the_cost() -> None:
    words = comparison_words(rows_of(ALL, MEASURED))
    for part in ("3.2 MB of memory against 33.2 (10.4 times less)", "1.9 MB on disk against 25.5 (13.4 times less)"):
        assert part in words
    assert "loads in 61 ms against 140" in words
    assert "Arithmetic is not saved" in words
    assert "2 s of speech take 8.7 ms against 11.3" in words
    assert "10 s of speech take 43.4 ms against 44.0" in words


def test_it_does_not_flatter_sharing() -> None:
    worse = MEASURED | {"shared-int8": replace(MEASURED["shared-int8"], private_mb=around(66.4))}
    assert "66.4 MB of memory against 33.2 (2.0 times more)" in comparison_words(rows_of(ALL, worse))
    same = MEASURED | {"shared-int8": replace(MEASURED["shared-int8"], private_mb=around(33.0))}
    assert "(about the same)" in comparison_words(rows_of(ALL, same))


def test_like_is_compared_with_like() -> None:
    other = listing(manifest("unshared-float32", blocks=16, quantization="float32"))
    measured = MEASURED | {"unshared-float32": replace(MEASURED["unshared-int8"], name="unshared-float32")}
    pair = comparable_pair(rows_of((other, *ALL), measured))
    assert pair is not None
    assert [row.name for row in pair] == ["shared-int8", "unshared-int8"]
    unlike = comparison_words(rows_of((other, SHARED), measured))
    assert "differ in quantization" in unlike


def test_details_hold_licence_attribution_and_metrics_or_the_problem() -> None:
    shared, *_, broken = rows_of(ALL, {})
    details = dict(details_of(shared))
    assert details["Licence"] == "Apache-2.0"
    assert details["Made from"] == "Made by its makers"
    assert details["Measured in training"] == "dev wer: 0.4124"
    assert details_of(broken) == [("Problem", "model.onnx was changed")]
