"""When the microphone is open, and to whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.config.settings import LISTEN_MODES, Settings
from voiceassist.engine.activation import ActivationState, ListenMode, ModeConfig
from voiceassist.engine.runner import RunnerConfig

ALWAYS = {ListenMode.OPEN, ListenMode.WAKE}
TIMES = st.floats(0, 1e6)


@pytest.mark.parametrize("mode", list(ListenMode))
def test_what_opens_the_microphone(mode):
    activation = ActivationState(ModeConfig(mode, stay_open_s=6, wait_s=8))
    assert activation.hears_speech(0) is (mode in ALWAYS)
    assert activation.needs_wake_phrase(0) is (mode is ListenMode.WAKE)
    activation.open_for_command(10)
    assert activation.hears_speech(17.9)
    assert not activation.needs_wake_phrase(17.9)
    assert activation.hears_speech(18) is (mode in ALWAYS)
    assert activation.needs_wake_phrase(18) is (mode is ListenMode.WAKE)


@pytest.mark.parametrize("mode", list(ListenMode))
@pytest.mark.parametrize("stay_open_s", [0, 6])
def test_after_a_command_there_may_be_more(mode, stay_open_s):
    activation = ActivationState(ModeConfig(mode, stay_open_s=stay_open_s))
    activation.open_for_command(0)
    activation.stay_open(1)
    stays = stay_open_s > 0 and mode in (ListenMode.TOGGLE, ListenMode.WAKE)
    assert activation.called(6.9) is stays
    assert not activation.called(7.1)


@given(mode=st.sampled_from(list(ListenMode)), now_s=TIMES, later_s=TIMES)
def test_sleep_closes_what_was_open_and_waking_does_not_open_it_again(mode, now_s, later_s):
    activation = ActivationState(ModeConfig(mode))
    activation.open_for_command(now_s)
    activation.sleep()
    assert activation.asleep
    activation.wake()
    assert not activation.asleep
    assert not activation.called(later_s)


@given(before=st.sampled_from(list(ListenMode)), after=st.sampled_from(list(ListenMode)), now_s=TIMES)
def test_another_mode_begins_closed(before, after, now_s):
    activation = ActivationState(ModeConfig(before))
    activation.open_for_command(now_s)
    activation.set_mode(after)
    assert activation.mode is after
    assert not activation.called(now_s)


@pytest.mark.parametrize("wrong", [{"stay_open_s": -1}, {"wait_s": 0}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match="must"):
        ModeConfig(**wrong)


@pytest.mark.parametrize("mode", LISTEN_MODES)
def test_settings_become_modes(mode):
    modes = RunnerConfig.of(Settings(listen_mode=mode, stay_open_s=3)).listener.modes
    assert (modes.mode, modes.stay_open_s) == (ListenMode(mode), 3)
