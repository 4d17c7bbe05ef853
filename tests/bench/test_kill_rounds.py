"""A few rounds of what ``lab kill-rounds`` does two hundred times."""

from __future__ import annotations

from pathlib import Path

from packfactory import make_pack

from voiceassist.lab.kill_rounds import kill_rounds


def test_nothing_acknowledged_is_lost_and_nothing_is_left(tmp_path: Path):
    found = kill_rounds(tmp_path / "work", make_pack(tmp_path / "tiny", quantize=True), rounds=12, seed=3)
    assert found["problems"] == []
    assert min(found["acknowledged"].values()) > 0
