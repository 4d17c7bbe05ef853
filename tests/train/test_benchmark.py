"""Benchmarks of packs, their cards and their plot."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packfactory import make_pack

from voiceassist.errors import DataError
from voiceassist.packs.pack import open_pack
from voiceassist.train.__main__ import main
from voiceassist.train.data.store import AudioStore, StoredClip, write_store
from voiceassist.train.evaluation.benchmark import in_noise, speech_level
from voiceassist.train.evaluation.curve import Point, mark_best, read_points
from voiceassist.train.evaluation.evaluation import depths_of
from voiceassist.train.evaluation.phrase_set import halves
from voiceassist.train.export.model_card import render_card, write_card


@pytest.fixture
def noise(tmp_path: Path) -> AudioStore:
    rng = np.random.default_rng(0)
    tracks = [
        (StoredClip(f"noise/{n}", "hum", 0, 0, ""), rng.integers(-3000, 3000, 5_000 + 900 * n).astype(np.int16))
        for n in range(4)
    ]
    write_store(tmp_path / "noise-test", tracks)
    return AudioStore(tmp_path / "noise-test")


@pytest.mark.parametrize("snr_db", [10.0, 0.0])
def test_noise_is_so_far_below_the_speech_whatever_the_pauses(noise: AudioStore, snr_db: float) -> None:
    speech = np.sin(np.arange(8_000, dtype=np.float32) * 0.4) * 0.2
    sound = np.concatenate([np.zeros(16_000, np.float32), speech])
    assert speech_level(sound) == pytest.approx(0.2 / np.sqrt(2), rel=0.02)
    added = in_noise(noise, snr_db, sound, 3) - sound
    assert 20 * np.log10(speech_level(sound) / np.sqrt(np.mean(added**2))) == pytest.approx(snr_db, abs=0.5)


def test_noise_is_the_same_for_the_same_recording_and_another_for_the_next(noise: AudioStore) -> None:
    change = partial(in_noise, noise, 10.0)
    sound = np.ones(4_000, np.float32)
    assert np.array_equal(change(sound, 1), change(sound, 1))
    assert not np.array_equal(change(sound, 1), change(sound, 2))
    assert len(change(np.zeros(0, np.float32), 1)) == 0


@given(st.lists(st.tuples(st.sampled_from(["", "anna", "bert", "carl", "dora"]), st.integers(1, 9)), max_size=40))
def test_no_voice_is_in_both_halves(clips: list[tuple[str, int]]) -> None:
    items = [StoredClip(f"a/{n}", "a", 0, seconds, "", speaker=voice) for n, (voice, seconds) in enumerate(clips)]
    known = {item.key: item.speaker for item in items if item.speaker}
    unnamed = [StoredClip(item.key, "a", 0, item.samples, "") for item in items]
    for one, other in (halves(items, {}), halves(unnamed, known)):
        assert sorted(item.key for item in one + other) == sorted(item.key for item in items)
        voices = [{known.get(item.key, item.key) for item in half} for half in (one, other)]
        assert not voices[0] & voices[1]
    if not known:
        assert abs(sum(item.samples for item in one) - sum(item.samples for item in other)) <= 9


def benchmarks(pack: str, sha256: str) -> dict[str, object]:
    mark = {"code": "1.2.3-abc", "model_sha256": sha256}
    counts = {
        "commands": 31, "right": 25, "right_and_acted": 18, "right_and_asked": 5, "wrong_and_acted": 1,
        "others": 4, "others_rejected": 3,
    }  # fmt: skip
    sizes = {"size_bytes": 1_500_000, "load_ms": 20, "private_mb": 4.2, "private_10s_mb": 5}
    return {
        "pack": pack,
        "wer": mark | {"greedy_percent": {"1": 80.1, "2": 65.5}, "written_percent": {"1": 70.4, "2": 55.2}},
        "phrases": mark | {"phrases": 500, "percent": {"1": 71.2, "2": 91.6}},
        "noise": mark | {"snr_db": 10.0, "phrases": {"phrases": 500, "percent": {"1": 60.3, "2": 85.7}}},
        "commands": mark | {"human": {"2": counts}},
        "cost": mark
        | sizes
        | {
            "latency_ms": {"2": {"10": 28.1}},
            "half_depth_time_share": {"10": {"median": 0.6, "low": 0.584, "high": 0.613}},
        },
    }


def test_a_card_says_what_the_files_say_and_the_pack_stays_whole(tmp_path: Path) -> None:
    pack = open_pack(make_pack(tmp_path / "tiny"))
    sha256 = pack.manifest.files["model.onnx"].sha256
    (tmp_path / "tiny-benchmark.json").write_text(json.dumps(benchmarks("tiny", sha256)))
    before = pack.model_file.read_bytes()
    written = write_card(pack, tmp_path)
    card = (written.folder / "README.md").read_text()
    for figure in (
        "80.1",
        "55.2",
        "91.6",
        "85.7",
        "25 of 31",
        "3 of 4",
        "4.2 MB",
        "MB more for pronunciations",
        "28.1 ms for 10 s",
        "half of the layers take 58 to 61 % of the time of all for 10 s",
        "1.2.3-abc",
        "Apache-2.0",
    ):
        assert figure in card
    assert "README.md" in open_pack(written.folder).manifest.files
    assert written.model_file.read_bytes() == before
    assert write_card(written, tmp_path).manifest == written.manifest


def test_results_of_another_model_file_are_not_on_the_card(tmp_path: Path) -> None:
    manifest = open_pack(make_pack(tmp_path / "tiny")).manifest
    card = render_card(manifest, benchmarks("tiny", "0" * 64))
    assert "91.6" not in card
    assert "25 of 31" not in card


def test_the_best_points_are_those_that_nothing_beats_in_both() -> None:
    points = [
        Point("a", 1, 5.0, 80),
        Point("b", 1, 3.0, 70),
        Point("c", 1, 9.0, 75),
        Point("d", 1, 9.0, 95),
        Point("e", 1, 3.0, 60),
    ]
    assert [(point.pack, point.best) for point in mark_best(points)] == [
        ("b", True), ("e", False), ("a", True), ("d", True), ("c", False),
    ]  # fmt: skip


def test_the_curve_is_drawn_from_stored_results(tmp_path: Path) -> None:
    for name in ("one", "two & more"):
        (tmp_path / f"{name}-benchmark.json").write_text(json.dumps(benchmarks(name, "")))
    picture = tmp_path / "plots" / "curve.svg"
    arguments = ["curve", "models/one", "models/two & more", "--results", str(tmp_path), "--picture", str(picture)]
    assert main(arguments) == 0
    rows = json.loads((tmp_path / "curve.json").read_text())
    assert {(row["pack"], row["depth"], row["phrases_percent"]) for row in rows} >= {
        ("one", 1, 71.2),
        ("two & more", 2, 91.6),
    }
    drawn = ET.fromstring(picture.read_text())  # noqa: S314
    labels = {element.text for element in drawn.iter() if element.tag.endswith("text")}
    assert labels >= {f"{pack}, {depth} layers" for pack in ("one", "two & more") for depth in (1, 2)}
    before = picture.read_bytes()
    assert main(arguments) == 0
    assert picture.read_bytes() == before, "the same results give the same bytes"
    with pytest.raises(DataError, match="benchmark"):
        read_points(tmp_path, ["three"])


def test_a_pack_is_judged_at_the_depths_that_it_was_trained_at(tmp_path: Path) -> None:
    pack = open_pack(make_pack(tmp_path / "tiny", layers=6))
    assert depths_of(pack) == [3, 6]
    manifest = json.loads((pack.folder / "manifest.json").read_text())
    manifest["provenance"] = {"ctc_layers": [2, 4, 6]}
    shutil.copytree(pack.folder, tmp_path / "told")
    (tmp_path / "told" / "manifest.json").write_text(json.dumps(manifest | {"name": "told"}))
    assert depths_of(open_pack(tmp_path / "told")) == [2, 4, 6]
