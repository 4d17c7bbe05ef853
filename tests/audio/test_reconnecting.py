"""A microphone that is lost is found again, and said to be lost once."""

from __future__ import annotations

import numpy as np
import pytest

from voiceassist.audio.health import MicrophoneHealth
from voiceassist.audio.reconnecting import SLEEP_S, ReconnectingMicrophone, SystemClocks
from voiceassist.errors import DeviceError

SOUND = np.ones(160, dtype=np.float32)


class Plug:
    """A place to plug a microphone in."""

    def __init__(self) -> None:
        self.plugged = True
        self.sound = SOUND
        self.started = 0
        self.open = 0

    def __call__(self):
        return PluggedMicrophone(self)


class PluggedMicrophone:
    def __init__(self, plug: Plug) -> None:
        self._plug = plug

    def _check(self) -> None:
        if not self._plug.plugged:
            raise DeviceError("gone", hint="plug it in")

    @property
    def condition(self) -> MicrophoneHealth:
        return MicrophoneHealth("plugged")

    def start(self) -> None:
        self._plug.started += 1
        self._check()
        self._plug.open += 1

    def read(self):
        self._check()
        return self._plug.sound

    def close(self) -> None:
        self._plug.open -= 1


class SetClocks(SystemClocks):
    """SystemClocks that tell what they are set to."""

    def __init__(self) -> None:
        self.running = self.wall = 1000.0

    def running_s(self) -> float:
        return self.running

    def wall_s(self) -> float:
        return self.wall

    def wait(self, duration_s: float, *, asleep: bool = False) -> None:
        self.wall += duration_s
        self.running += 0 if asleep else duration_s


@pytest.fixture
def plug():
    return Plug()


@pytest.fixture
def lost():
    return []


@pytest.fixture
def clocks():
    return SetClocks()


@pytest.fixture
def microphone(plug, lost, clocks):
    return ReconnectingMicrophone(plug, on_lost=lost.append, retry_s=1.0, settle_s=2.0, clocks=clocks)


def test_opens_at_the_first_read_and_closes(microphone, plug):
    assert np.array_equal(microphone.read(), SOUND)
    assert plug.open == 1
    microphone.close()
    assert plug.open == 0


def test_comes_back_after_an_outage_that_is_told_once(microphone, plug, lost, clocks):
    microphone.read()
    plug.plugged = False
    while plug.started < 4:
        assert microphone.read() is None
        clocks.wait(0.1)
    assert not microphone.settled
    assert [error.message for error in lost] == ["gone"]
    assert plug.open == 0
    plug.plugged = True
    clocks.wait(1.0)
    assert microphone.read() is not None
    assert microphone.settled
    assert plug.open == 1
    plug.plugged = False
    microphone.read()
    assert len(lost) == 2


def test_does_not_try_more_often_than_told(microphone, plug, clocks):
    plug.plugged = False
    for _ in range(100):
        microphone.read()
        clocks.wait(0.0625)  # 6.25 s in all
    assert plug.started == 7


def test_zeros_count_as_signal_only_after_a_while(microphone, plug, clocks):
    plug.sound = np.zeros(160, dtype=np.float32)
    microphone.read()
    clocks.wait(1.9)
    microphone.read()
    assert not microphone.settled
    clocks.wait(0.2)
    microphone.read()
    assert microphone.settled


def test_is_not_settled_before_the_first_sample(microphone, plug, clocks):
    plug.sound = SOUND[:0]
    microphone.read()
    clocks.wait(3.0)
    microphone.read()
    assert not microphone.settled


def test_after_the_machine_has_slept_the_microphone_is_opened_anew(plug, lost, clocks):
    microphone = ReconnectingMicrophone(plug, on_lost=lost.append, clocks=clocks)
    microphone.read()
    clocks.wait(3600)
    microphone.read()
    assert plug.started == 1
    clocks.wait(SLEEP_S + 1, asleep=True)
    assert microphone.read() is not None
    assert (plug.started, plug.open) == (2, 1)
    assert lost == [None]  # the stream has a hole, but nothing is wrong


def test_a_microphone_that_is_gone_after_sleep_is_told(plug, lost, clocks):
    microphone = ReconnectingMicrophone(plug, on_lost=lost.append, clocks=clocks)
    microphone.read()
    plug.plugged = False
    clocks.wait(8 * 3600, asleep=True)
    assert microphone.read() is None
    assert [error and error.message for error in lost] == [None, "gone"]
    plug.plugged = True
    clocks.wait(1.1)
    assert microphone.read() is not None
    assert microphone.settled


def test_the_condition_is_of_the_microphone_that_is_open(microphone, plug):
    assert microphone.condition == MicrophoneHealth()
    plug.sound = np.ones(16_000, dtype=np.float32)
    for _ in range(3):
        microphone.read()
    assert microphone.condition == MicrophoneHealth("plugged", clipped=True)
    microphone.close()
    assert microphone.condition == MicrophoneHealth()


def test_a_microphone_that_is_read_when_it_gets_louder(plug, lost, clocks):
    louder = []

    class Calm(PluggedMicrophone):
        calm = True

        def on_louder(self) -> None:
            raise AssertionError("nobody else listens")

    opened = []

    def make():
        opened.append(Calm(plug))
        return opened[-1]

    microphone = ReconnectingMicrophone(make, on_lost=lost.append, on_louder=lambda: louder.append(1), clocks=clocks)
    assert not microphone.calm
    microphone.read()
    assert microphone.calm
    opened[-1].on_louder()
    assert louder == [1]
    microphone.close()
    assert not microphone.calm


def test_any_other_microphone_is_never_calm(microphone):
    microphone.read()
    assert not microphone.calm
