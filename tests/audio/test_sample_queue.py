"""The queue of captured samples against a list: nothing lost without being counted, nothing out of order."""

from __future__ import annotations

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.audio.capture import SampleQueue

steps = st.lists(st.integers(0, 40) | st.just("read"))


@given(capacity_samples=st.integers(1, 90), steps=steps)
def test_behaves_like_a_bounded_list(capacity_samples, steps):
    queue, model, dropped, next_value = SampleQueue(capacity_samples), [], 0, 0
    for step in [*steps, "read"]:
        if step == "read":
            assert queue.read().tolist() == model
            model = []
            continue
        block = np.arange(next_value, next_value + step, dtype=np.float32)
        next_value += step
        queue.write(block.tobytes())
        if len(model) + step <= capacity_samples:
            model += block.tolist()
        else:
            dropped += step
        assert queue.dropped_samples == dropped


def test_a_writing_and_a_reading_thread_keep_the_order():
    total = 40_000
    queue = SampleQueue(total)

    def write():
        for at in range(0, total, 100):
            queue.write(np.arange(at, at + 100, dtype=np.float32).tobytes())

    writer = threading.Thread(target=write)
    writer.start()
    parts = []
    while writer.is_alive():
        parts.append(queue.read())
    writer.join()
    parts.append(queue.read())
    assert np.array_equal(np.concatenate(parts), np.arange(total, dtype=np.float32))
    assert queue.dropped_samples == 0
