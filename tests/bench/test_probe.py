"""Packs are measured in processes that end with the call."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import psutil
import pytest
from packfactory import make_pack

from voiceassist.bench.measurement import Spread
from voiceassist.bench.memory import private_bytes
from voiceassist.bench.probe import BenchCancelledError, child_command, main, probe
from voiceassist.bench.suite import measure
from voiceassist.errors import BenchError, UsageError
from voiceassist.packs.pack import Pack, open_pack

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> list[Pack]:
    root = tmp_path_factory.mktemp("bench")
    return [
        open_pack(make_pack(root / "shared", layers=4, blocks=1)),
        open_pack(make_pack(root / "unshared", layers=4, blocks=4)),
    ]


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def _says(text: str, status: int = 0) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.stdout.write({text!r}); sys.exit({status})"]


def test_a_fresh_process_measures_a_pack(packs: list[Pack], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = _children()
    result = probe(packs[1].folder)
    assert result.load_ms > 0
    assert 0 < result.private_mb < 100
    assert result.private_10s_mb >= result.private_mb / 2
    assert list(result.latency_ms) == ["2", "4", "10"]
    assert 0 < result.latency_ms["2"] < result.latency_ms["10"]
    assert list(result.wait_ms) == ["detection", "encoder", "search", "ranking"]
    assert min(result.wait_ms.values()) > 0
    assert _children() == before


def test_packs_are_measured_beside_each_other(packs: list[Pack]) -> None:
    seen: list[tuple[str, float]] = []
    shared, unshared = measure(packs, repeats=2, depth=2, progress=lambda name, part: seen.append((name, part)))
    assert seen == [("shared", 0), ("unshared", 0.25), ("shared", 0.5), ("unshared", 0.75), ("", 1)]
    assert shared.size_bytes < unshared.size_bytes
    assert shared.private_mb.median < unshared.private_mb.median, "shared weights must be shared in memory"
    assert (shared.layers, shared.blocks, shared.depth) == (4, 1, 2)
    plain = json.loads(json.dumps(shared.to_json()))
    assert plain["latency_ms"]["4"]["low"] <= plain["latency_ms"]["4"]["median"] <= plain["latency_ms"]["4"]["high"]


def test_the_child_writes_one_line(packs: list[Pack], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(packs[0].folder), "1"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line).keys() == {"load_ms", "private_mb", "private_10s_mb", "latency_ms", "wait_ms"}


@pytest.mark.parametrize("argv", [[], ["pack", "deep"], ["pack", "1", "2"], ["/nowhere/pack"]])
def test_the_child_says_what_went_wrong(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"]
    assert answer["hint"]


def test_a_broken_pack_is_told_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no model pack") as caught:
        probe(tmp_path / "missing")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (_says("no json"), "said nothing"),
        (_says("{}"), "status 0"),
        (_says("[1]"), "status 0"),
        (_says("", 3), "status 3"),
        ([sys.executable, "-c", "raise SystemExit('it broke')"], "it broke"),
        (["/nowhere/python"], "cannot be started"),
    ],
)
def test_a_child_that_makes_no_sense_is_an_error(command: list[str], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=complaint):
        probe(tmp_path, command=command)


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    before = _children()
    with pytest.raises(BenchError, match="longer than"):
        probe(tmp_path, command=SLEEPER, timeout_s=0.3)
    assert _children() == before


def test_cancelling_ends_the_child_at_once(tmp_path: Path) -> None:
    before, start_s = _children(), time.monotonic()
    with pytest.raises(BenchCancelledError):
        probe(tmp_path, command=SLEEPER, cancelled=lambda: time.monotonic() > start_s + 0.3)
    assert time.monotonic() < start_s + 50
    assert _children() == before


def test_an_error_in_the_callback_ends_the_child(tmp_path: Path) -> None:
    before = _children()
    with pytest.raises(ZeroDivisionError):
        probe(tmp_path, command=SLEEPER, cancelled=lambda: bool(1 / 0))
    assert _children() == before


def test_a_cancelled_suite_stops(packs: list[Pack]) -> None:
    before = _children()
    with pytest.raises(BenchCancelledError):
        measure(packs, cancelled=lambda: True)
    assert _children() == before


@pytest.mark.parametrize(("repeats", "depth"), [(0, None), (1, 0)])
def test_nothing_to_measure_is_refused(packs: list[Pack], repeats: int, depth: int | None) -> None:
    with pytest.raises(UsageError):
        measure(packs, repeats=repeats, depth=depth)


def test_a_frozen_app_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, "_probe"]


def test_private_memory_sees_what_is_allocated() -> None:
    before = private_bytes()
    block = bytearray(b"x") * 20_000_000
    assert 18_000_000 < private_bytes() - before < 24_000_000
    del block
    assert abs(private_bytes() - before) < 4_000_000


def test_spread_holds_its_values() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
