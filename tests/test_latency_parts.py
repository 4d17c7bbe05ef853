"""The parts of the latency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.domain import Latency

times_ms = st.floats(0, 1000)


@given(st.builds(Latency, times_ms, times_ms, times_ms, times_ms), times_ms)
def test_time_that_has_passed_is_taken_off_the_first_parts(latency: Latency, elapsed_ms: float) -> None:
    left = latency.after(elapsed_ms)
    assert left.total == pytest.approx(max(latency.total - elapsed_ms, 0.0), abs=1e-6)
    for part in ("detection", "encoder", "search", "ranking"):
        assert -1e-9 <= getattr(left, part) <= getattr(latency, part) + 1e-6
    assert left.detection == pytest.approx(max(latency.detection - elapsed_ms, 0.0), abs=1e-6)
