"""The ring buffer against a list: nothing lost without being counted, nothing out of order."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.audio.ringbuffer import RingBuffer

steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 40)), st.tuples(st.just("read"), st.integers(0, 40) | st.none())
    )
)


@given(capacity_samples=st.integers(1, 30), steps=steps)
def test_behaves_like_a_bounded_list(capacity_samples, steps):
    ring, model, dropped, next_value = RingBuffer(capacity_samples), [], 0, 0
    for what, count in steps:
        if what == "write":
            block = np.arange(next_value, next_value + count, dtype=np.float32)
            next_value += count
            room = capacity_samples - len(model)
            model += block[:room].tolist()
            assert ring.write(block) == max(0, count - room)
            dropped += max(0, count - room)
        else:
            taken = model[:count] if count is not None else model[:]
            model = model[len(taken) :]
            assert ring.read(count).tolist() == taken
        assert ring.available_samples == len(model)
        assert ring.dropped_samples == dropped


def test_what_was_read_does_not_change_when_more_is_written():
    ring = RingBuffer(4)
    ring.write(np.array([1, 2, 3], dtype=np.float32))
    samples = ring.read()
    ring.write(np.array([7, 8, 9, 10], dtype=np.float32))
    assert samples.tolist() == [1, 2, 3]


def test_a_writing_and_a_reading_thread_keep_the_order():
    total = 40_000
    ring = RingBuffer(1024)

    def write():
        at = 0
        while at < total:
            free = ring.capacity_samples - ring.available_samples
            block = np.arange(at, min(total, at + min(free, 97)), dtype=np.float32)
            assert ring.write(block) == 0
            at += block.size

    writer = threading.Thread(target=write)
    writer.start()
    parts = []
    while sum(part.size for part in parts[-1:]) or writer.is_alive() or ring.available_samples:
        parts.append(ring.read(113))
    writer.join()
    assert np.array_equal(np.concatenate(parts), np.arange(total, dtype=np.float32))


def test_needs_room_for_something():
    with pytest.raises(ValueError, match="at least one sample"):
        RingBuffer(0)
