"""The benchmark of large grammars and its plot."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from voiceassist.lab import grammar_growth
from voiceassist.lab.__main__ import main


def test_every_size_is_measured_stored_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, plot = tmp_path / "size.json", tmp_path / "size.svg"
    assert main(["grammar-growth", "--sizes", "10", "300", "--out", str(out), "--plot", str(plot)]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    stored = json.loads(out.read_text(encoding="utf-8"))
    assert stored["sizes"] == printed
    assert [row["phrases"] for row in printed] == [0, 10, 300]
    assert printed[2]["states"] > printed[1]["states"] > 0
    assert all(row["compile_s"] > 0 and row["decode_3s_ms"] > 0 for row in printed)
    assert ET.parse(plot).getroot().tag.endswith("svg")  # noqa: S314 - our own file


def test_phrases_are_the_same_for_the_same_seed() -> None:
    words = ["red", "green", "blue"]
    assert grammar_growth.random_phrases(20, words) == grammar_growth.random_phrases(20, words)
    assert grammar_growth.random_phrases(20, words) != grammar_growth.random_phrases(20, words, seed=1)
    assert {len(phrase.split()) for phrase in grammar_growth.random_phrases(200, words)} == {2, 3, 4, 5}


@pytest.mark.parametrize("sizes", [[10], [10, 100_000]])
def test_the_drawing_has_a_point_for_every_value(sizes: list[int]) -> None:
    rows = [
        {"phrases": size, "load_s": 0.0, "compile_s": size / 1e5, "decode_3s_ms": size / 10, "private_mb": 3.0}
        for size in sizes
    ]
    image = grammar_growth.plot(rows)
    assert image == grammar_growth.plot(rows), "the same data gives the same bytes"
    drawn = ET.fromstring(image)  # noqa: S314 - our own text
    lines = [group for group in drawn.iter() if group.get("id", "").startswith("line2d")]
    points = [use for group in lines for use in group.iter() if use.tag.endswith("use")]
    assert len(points) >= 3 * len(sizes)
    labels = {element.text for element in drawn.iter() if element.tag.endswith("text")}
    assert {"load and compile, s", "decode 3 s of sound, ms", "private memory, MB"} <= labels
