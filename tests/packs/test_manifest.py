"""A manifest is read back as it was written, and a bad one says all that is wrong."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.errors import PackError
from voiceassist.packs.calibration import (
    ACT_FLOOR_PROB,
    ASK_FLOOR_PROB,
    GAP_INPUTS,
    VALUE_PROB,
    WORD_INPUTS,
    Calibration,
    EvidenceCurve,
)
from voiceassist.packs.manifest import FileEntry, Manifest, is_pack_name

FINITE = st.floats(-1e6, 1e6, allow_nan=False)
PROB = st.floats(0, 1, allow_nan=False)
LINE = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | FINITE | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
POSITIVE = st.floats(1e-6, 1e6)
ENTRY = st.builds(FileEntry, st.text("0123456789abcdef", min_size=64, max_size=64), st.integers(1, 1 << 20))


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    phones = draw(st.lists(LINE, min_size=2, max_size=6))
    blocks, tokens = draw(st.integers(1, 12)), draw(st.integers(2, 20))
    ask_prob, act_prob = sorted([max(ASK_FLOOR_PROB, draw(PROB)), max(ACT_FLOOR_PROB, draw(PROB))])
    calibration = Calibration(
        draw(st.floats(0, 2)), draw(POSITIVE), draw(FINITE), max(ACT_FLOOR_PROB, act_prob), ask_prob, draw(POSITIVE)
    )
    if draw(st.booleans()):
        words, gaps = (
            EvidenceCurve(tuple(draw(st.lists(FINITE, min_size=1, max_size=n))), draw(FINITE), draw(POSITIVE))
            for n in (WORD_INPUTS, GAP_INPUTS)
        )
        calibration = replace(
            calibration, words=words, gaps=gaps, value_slope=draw(POSITIVE), value_prob=draw(st.floats(0, 1))
        )
    return Manifest(
        name=draw(st.from_regex(r"[a-z][a-z0-9-]{3,20}", fullmatch=True)),
        title=draw(LINE),
        layers=blocks * draw(st.integers(1, 4)),
        blocks=blocks,
        order=draw(st.sampled_from(["cycle", "sequence"])),
        dim=draw(st.integers(1, 512)),
        parameters=draw(st.integers(1, 1 << 30)),
        quantization=draw(st.sampled_from(["int8", "float32"])),
        sample_rate_hz=16_000,
        frame_ms=draw(st.floats(1, 100)),
        tokens=tokens,
        blank=draw(st.integers(0, tokens - 1)),
        licence=draw(LINE),
        attribution=tuple(draw(st.lists(LINE, max_size=3))),
        phones=tuple(phones),
        log_prior=tuple(draw(st.lists(FINITE, min_size=len(phones), max_size=len(phones)))),
        calibration=calibration,
        files={"model.onnx": draw(ENTRY), "tokens.model": draw(ENTRY), "pronunciations.npy": draw(ENTRY)},
        provenance=draw(st.dictionaries(LINE, PLAIN, max_size=3)),
        metrics=draw(st.dictionaries(LINE, PLAIN, max_size=3)),
    )


def _good() -> dict[str, Any]:
    entry = {"sha256": "0" * 64, "bytes": 10}
    calibration = {
        "prior_weight": 0.7,
        "slope": 4,
        "intercept": 2,
        "act_prob": 0.8,
        "ask_prob": 0.4,
        "margin_slope": 1.0,
    }
    return {
        "schema": 2, "name": "good", "title": "Good", "layers": 6, "blocks": 1, "order": "cycle", "dim": 192,
        "parameters": 1000, "quantization": "int8", "sample_rate_hz": 16000, "frame_ms": 40, "tokens": 2, "blank": 0,
        "licence": "Apache-2.0", "attribution": ["us"], "provenance": {}, "metrics": {},
        "phones": ["SIL", "AA"], "log_prior": [-1, -2.5], "calibration": calibration,
        "files": dict.fromkeys(("model.onnx", "tokens.model", "pronunciations.npy"), entry),
    }  # fmt: skip


def _set(raw: Any, path: str, value: Any) -> Any:
    *parents, last = path.split("/")
    inner = raw
    for key in parents:
        inner = inner[key]
    inner[last] = value
    return raw


@settings(deadline=None)
@given(manifests())
def test_what_is_written_is_read_back(manifest: Manifest) -> None:
    text = manifest.to_json()
    assert Manifest.from_json(text) == manifest
    assert Manifest.from_json(text.encode()).to_json() == text


@settings(deadline=None)
@given(manifests(), st.data())
def test_a_mangled_manifest_is_refused_or_read_and_nothing_else(manifest: Manifest, data: st.DataObject) -> None:
    raw = json.loads(manifest.to_json())
    target = raw
    for _ in range(data.draw(st.integers(1, 2))):
        key = data.draw(st.sampled_from(sorted(target)))
        inner = target[key]
        if isinstance(inner, dict) and inner and data.draw(st.booleans()):
            target = inner
            continue
        if data.draw(st.booleans()):
            del target[key]
        else:
            target[key] = data.draw(PLAIN | st.sampled_from([10**400, float("inf"), float("nan"), "\ud800"]))
        break
    with suppress(PackError):
        read = Manifest.from_json(json.dumps(raw))
        assert Manifest.from_json(read.to_json()) == read


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(PackError):
        Manifest.from_json(data)


@settings(deadline=None)
@given(manifests(), st.integers(0, 5_000), st.binary(min_size=1, max_size=3))
def test_overwritten_bytes_never_crash(manifest: Manifest, at: int, patch: bytes) -> None:
    data = bytearray(manifest.to_json().encode())
    at %= len(data)
    data[at : at + len(patch)] = patch
    with suppress(PackError):
        Manifest.from_json(bytes(data))


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("layers", "six", "layers is not a whole number"),
        ("layers", True, "layers is not a whole number"),
        ("layers", 0, "layers is 0"),
        ("blocks", 4, "6 layers cannot share 4 blocks evenly"),
        ("blocks", 7, "blocks is 7, it must be from 1 to 6"),
        ("order", "random", "order is 'random', it must be one of cycle, sequence"),
        ("name", "../evil", "is not a pack name"),
        ("name", "nul", "is not a pack name"),
        ("sample_rate_hz", 8000, "sample_rate_hz is 8000, it must be 16000"),
        ("blank", 2, "blank is 2, it must be from 0 to 1"),
        ("log_prior", [-1], "log_prior has 1 numbers, it must have 2"),
        ("log_prior", [-1, None], "log_prior is not a list of finite numbers"),
        ("title", "two\nlines", "title is not a text of one line"),
        ("attribution", "us", "attribution is not a list of texts"),
        ("metrics", [], "metrics: is not an object"),
        ("calibration/slope", 10**400, "calibration: slope is not a finite number"),
        ("calibration/ask_prob", 0.9, "calibration: ask_prob is above act_prob"),
        ("files/model.onnx", {"sha256": "x", "bytes": 1}, "files: model.onnx: sha256 is not 64 hexadecimal digits"),
        ("files/../../passwd", {}, ""),
        ("files", {}, "files: 'model.onnx' is missing; files: 'tokens.model' is missing"),
        ("files/pronunciations.npy", None, "files: pronunciations.npy"),
        ("phones", ["SIL"], "log_prior has 2 numbers, it must have 1"),
        ("surprise", 1, "'surprise' is unknown"),
        ("schema", 1, "its schema is 1, this version reads 2"),
    ],
)
def test_what_is_wrong_is_named(path: str, value: Any, complaint: str) -> None:
    raw = _good()
    if ".." in path:
        raw["files"]["../../passwd"], complaint = value, "files: '../../passwd' does not belong in a pack"
    else:
        raw = _set(raw, path, value)
    with pytest.raises(PackError) as caught:
        Manifest.from_json(json.dumps(raw))
    assert complaint in caught.value.message


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_no_number_that_is_none(constant: str) -> None:
    text = json.dumps(_good()).replace('"slope": 4', f'"slope": {constant}')
    with pytest.raises(PackError, match="is not a number"):
        Manifest.from_json(text)


def test_all_problems_are_told_at_once() -> None:
    raw = _good() | {"layers": "x", "order": 3, "calibration": {"slope": None}}
    del raw["title"]
    with pytest.raises(PackError) as caught:
        Manifest.from_json(json.dumps(raw))
    for part in ("layers", "order", "title is missing", "slope is missing", "act_prob is missing"):
        assert part in caught.value.message


def test_a_manifest_with_values_that_json_lacks_is_not_written() -> None:
    good = Manifest.from_json(json.dumps(_good()))
    for metrics in ({"wer": float("nan")}, {"wer": object()}):
        with pytest.raises(PackError):
            replace(good, metrics=metrics).to_json()


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", "A", "con", "lpt1.x", "a.", "a..b", "-a", "x" * 65, "ä"]
)
def test_names_that_are_no_folder_everywhere(name: str) -> None:
    assert not is_pack_name(name)
    assert is_pack_name("shared-int8.v2_a")


def test_no_pack_can_lower_the_thresholds_below_their_floor() -> None:
    raw = _good()
    raw["calibration"].update(act_prob=0.0, ask_prob=0.0)
    calibration = Manifest.from_json(json.dumps(raw)).calibration
    assert (calibration.act_prob, calibration.ask_prob) == (ACT_FLOOR_PROB, ASK_FLOOR_PROB)


def test_a_pack_without_evidence_acts_on_values_as_before() -> None:
    calibration = Manifest.from_json(json.dumps(_good())).calibration
    assert (calibration.words, calibration.gaps, calibration.value_prob) == (None, None, VALUE_PROB)


@pytest.mark.parametrize("count", [0, WORD_INPUTS + 1])
def test_curves_with_no_slopes_or_too_many_are_refused(count: int) -> None:
    raw = _good()
    curve = {"slopes": [1.0] * count, "intercept": 0.0, "weight": 1.0}
    raw["calibration"]["evidence"] = {"words": curve, "gaps": curve, "value_slope": 0.3, "value_prob": 0.8}
    with pytest.raises(PackError, match=r"evidence: words: slopes.*evidence: gaps: slopes"):
        Manifest.from_json(json.dumps(raw))


@pytest.mark.parametrize("slope", [0, -1.0])
def test_confidence_rises_with_the_score(slope: float) -> None:
    raw = _good()
    raw["calibration"]["slope"] = slope
    with pytest.raises(PackError, match="slope"):
        Manifest.from_json(json.dumps(raw))


@pytest.mark.parametrize(
    "metrics",
    [
        {"dev": 10**400},
        {"dev": [[[[[[[[[[1]]]]]]]]]]},
        {"dev": [0] * 10_000},
        {"dev": {"a": {"b": [1e300]}}},
    ],
    ids=["huge", "deep", "many", "large"],
)
def test_metrics_that_are_too_much_are_refused(metrics: dict[str, Any]) -> None:
    with pytest.raises(PackError, match="metrics"):
        Manifest.from_json(json.dumps({**_good(), "metrics": metrics}))
