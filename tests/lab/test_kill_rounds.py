"""A few rounds of what ``lab kill-rounds`` does two hundred times."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from packfactory import make_pack

from voiceassist.lab.kill_rounds import MAX_LIFE_S, kill_rounds


def test_nothing_acknowledged_is_lost_and_nothing_is_left(tmp_path: Path):
    pack = make_pack(tmp_path / "tiny", quantize=True)
    acknowledged: Counter[str] = Counter()
    for seed in range(6):  # on a busy machine little may be done before the end comes
        found = kill_rounds(tmp_path / f"work {seed}", pack, rounds=12, seed=seed, max_life_s=MAX_LIFE_S * 2**seed)
        assert found["problems"] == []
        acknowledged.update(found["acknowledged"])
        if min(acknowledged[kind] for kind in found["acknowledged"]) > 0:
            return
    pytest.fail(f"something was never done: {acknowledged}")
