"""The ways to listen, the ends of utterances, sleep: all without a microphone and faster than real time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scripted_listener import WORDS, Scene, hum, pause, say

from voiceassist.domain import Addressing, Latency, RejectReason, Verdict
from voiceassist.engine.activation import ListenMode
from voiceassist.engine.events import ListenState

QUIET = pause(1.5)


def test_holding_hears_what_is_said_between_press_and_release_and_nothing_else():
    scene = Scene(ListenMode.PUSH)
    scene.hear(say("timer"), QUIET)
    assert scene.pipeline.looked == []
    scene.listener.press()
    scene.hear(say("lights"), pause(2))
    assert scene.understood == []  # silence ends nothing while the key is held
    scene.listener.release()
    scene.hear(pause(0.5), say("timer"), QUIET)
    assert scene.understood == ["lights"]
    assert scene.done == ["lights.on"]
    assert scene.states == [ListenState.IDLE, ListenState.HEARING, ListenState.THINKING, ListenState.IDLE]


def test_toggle_opens_for_one_command_and_a_while_after_it():
    scene = Scene(ListenMode.TOGGLE, stay_open_s=3)
    scene.listener.toggle()
    scene.hear(pause(1))
    assert scene.listener.state is ListenState.LISTENING
    scene.hear(say("lights"), pause(1), say("timer", "ten"), QUIET)
    assert scene.understood == ["lights", "timer ten"]
    scene.hear(pause(3))
    assert scene.listener.state is ListenState.IDLE
    scene.hear(say("lights"), QUIET)
    assert len(scene.understood) == 2


def test_toggle_without_staying_open_closes_after_the_command():
    scene = Scene(ListenMode.TOGGLE, stay_open_s=0)
    scene.listener.toggle()
    scene.hear(say("lights"), pause(1), say("timer"), QUIET)
    assert scene.understood == ["lights"]


def test_toggle_gives_up_when_nobody_speaks():
    scene = Scene(ListenMode.TOGGLE)
    scene.listener.toggle()
    scene.hear(pause(4.8))
    assert scene.listener.state is ListenState.LISTENING
    scene.hear(pause(0.5))
    assert scene.listener.state is ListenState.IDLE


def test_toggling_again_ends_the_command_at_once_or_gives_up():
    scene = Scene(ListenMode.TOGGLE)
    scene.listener.toggle()
    scene.hear(pause(0.5), say("timer"))
    scene.listener.toggle()
    assert scene.understood == ["timer"]
    scene.listener.cancel()
    scene.listener.toggle()
    scene.hear(pause(0.5))
    scene.listener.toggle()
    assert scene.listener.state is ListenState.IDLE
    assert scene.understood == ["timer"]


def test_the_wake_phrase_before_a_command_or_by_itself():
    scene = Scene(ListenMode.WAKE)
    scene.hear(pause(0.5))
    assert scene.listener.state is ListenState.WAITING
    scene.hear(say("wake", "lights"), pause(5))
    assert scene.understood == ["lights"]
    assert scene.listener.state is ListenState.WAITING
    scene.hear(say("wake"), pause(1.5))
    assert scene.listener.state is ListenState.LISTENING
    scene.hear(say("timer", "ten"), QUIET)
    assert scene.understood == ["lights", "timer ten"]


def test_what_is_said_to_others_is_heard_cheaply_and_forgotten():
    scene = Scene(ListenMode.WAKE)
    scene.hear(say("lights"), QUIET, say("mumble", "timer", "ten"), QUIET)
    assert scene.understood == []
    assert scene.partials == []
    assert scene.states == [ListenState.WAITING]
    assert all(economical for _, economical in scene.pipeline.looked)


def test_after_a_command_more_may_follow_without_the_wake_phrase():
    scene = Scene(ListenMode.WAKE, stay_open_s=3)
    scene.hear(say("wake", "lights"), pause(1), say("timer", "ten"), pause(4.5), say("lights"), QUIET)
    assert scene.understood == ["lights", "timer ten"]


def test_a_complete_command_is_done_after_a_fifth_of_a_second():
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("timer", "ten"))
    ended_s = scene.heard_s
    scene.hear(QUIET)
    assert scene.answered_s[0] - ended_s == pytest.approx(0.2, abs=0.06)


def test_a_command_that_could_go_on_is_given_more_time():
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("timer"))
    ended_s = scene.heard_s
    scene.hear(QUIET)
    waited_s = scene.answered_s[0] - ended_s
    assert 0.3 < waited_s < 0.5
    scene.hear(say("timer"), pause(0.25), say("ten"), QUIET)
    assert scene.understood == ["timer", "timer ten"]


def test_what_is_no_command_yet_is_waited_for_longest():
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("mumble"))
    ended_s = scene.heard_s
    scene.hear(QUIET)
    assert scene.answered_s[0] - ended_s == pytest.approx(0.6, abs=0.06)
    assert scene.recognitions[0].decision.verdict is Verdict.REJECT


def test_what_destroys_is_asked_as_quickly():
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("erase"), pause(0.3))
    assert scene.recognitions[0].decision.verdict is Verdict.ASK
    assert scene.done == []


def test_partial_results_come_while_speaking_and_are_taken_back():
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("timer", "ten", "mumble"))
    assert scene.partials[-2:] == ["timer ten", "timer ten mumble"]
    scene.listener.cancel()
    assert scene.partials[-1] == ""
    economical = [economical for _, economical in scene.pipeline.looked]
    assert all(economical)
    assert len(economical) <= 6


def test_nothing_that_is_heard_asleep_is_told():
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("sleep"), pause(1))
    assert scene.understood == ["sleep"]
    assert scene.recognitions[0].outcome is not None
    assert scene.listener.state is ListenState.ASLEEP
    told = len(scene.states), len(scene.partials)
    scene.hear(say("lights"), QUIET, say("timer", "ten"), QUIET, say("wake", "lights"), QUIET)
    assert scene.understood == ["sleep"]
    assert (len(scene.states), len(scene.partials)) == told
    assert scene.done == []
    scene.hear(say("up"), QUIET)
    assert scene.understood == ["sleep", "up"]
    scene.hear(say("lights"), QUIET)
    assert scene.done == ["lights.on"]


@pytest.mark.parametrize("mode", list(ListenMode))
def test_the_key_ends_sleep(mode):
    scene = Scene(mode)
    scene.listener.sleep()
    assert scene.listener.state is ListenState.ASLEEP
    scene.listener.press()
    scene.hear(say("lights"))
    scene.listener.release()
    scene.hear(QUIET)
    assert scene.done == ["lights.on"]
    assert not scene.listener.asleep


@pytest.mark.parametrize("mode", list(ListenMode))
def test_toggle_ends_sleep(mode):
    scene = Scene(mode)
    scene.listener.sleep()
    scene.listener.toggle()
    scene.hear(pause(0.1), say("lights"), QUIET)
    assert scene.done == ["lights.on"]


def test_toggle_at_the_open_microphone_pauses_it():
    scene = Scene(ListenMode.OPEN)
    scene.listener.toggle()
    assert scene.listener.asleep
    scene.listener.toggle()
    assert not scene.listener.asleep


def test_cancel_drops_what_is_being_said():
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("lights"))
    scene.listener.cancel()
    scene.hear(QUIET)
    assert scene.understood == []
    scene.listener.press()
    scene.hear(say("lights"))
    scene.listener.cancel()
    scene.listener.release()
    scene.hear(QUIET)
    assert scene.understood == []


def test_typed_words_about_listening_are_heeded_too():
    scene = Scene(ListenMode.OPEN)
    scene.listener.read("sleep")
    assert scene.listener.asleep
    scene.listener.read("up")
    assert not scene.listener.asleep
    assert all(item.outcome is not None for item in scene.recognitions)


def test_a_listener_that_was_closed_no_longer_sleeps_on_command():
    scene = Scene(ListenMode.OPEN)
    scene.listener.close()
    assert scene.actions.run("listening.sleep", {}, {}).message == "done"
    assert not scene.listener.asleep


def test_what_was_asked_about_is_done_once_confirmed():
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("erase"), QUIET)
    assert scene.done == []
    scene.listener.confirm(scene.recognitions[0])
    assert scene.done == ["disk.erase"]
    assert scene.recognitions[1].outcome is not None


def test_without_acting_one_can_still_send_it_to_sleep_and_wake_it():
    scene = Scene(ListenMode.OPEN, act=False)
    scene.hear(pause(1), say("sleep"), QUIET)
    assert scene.listener.asleep
    scene.hear(say("up"), QUIET)
    assert not scene.listener.asleep


def test_without_acting_nothing_is_done():
    scene = Scene(ListenMode.OPEN, act=False)
    scene.hear(pause(1), say("lights"), QUIET)
    assert scene.understood == ["lights"]
    assert scene.done == []


@pytest.mark.parametrize(
    ("mode", "addressing"),
    [(ListenMode.OPEN, Addressing.OPEN), (ListenMode.WAKE, Addressing.WAKE), (ListenMode.TOGGLE, Addressing.HELD),
     (ListenMode.PUSH, Addressing.HELD)],
)  # fmt: skip
def test_who_listens_tells_how_sure_it_is_that_speech_is_meant_for_us(mode, addressing):
    scene = Scene(mode)
    scene.hear(pause(1))
    if mode is ListenMode.TOGGLE:
        scene.listener.toggle()
    if mode is ListenMode.PUSH:
        scene.listener.press()
    scene.hear(*[say("wake", "lights")] if mode is ListenMode.WAKE else [say("lights")])
    scene.listener.release()
    scene.hear(QUIET)
    assert scene.pipeline.addressings[-1] is addressing
    scene.listener.press()
    scene.hear(say("lights"))
    scene.listener.release()
    scene.hear(QUIET)
    assert scene.pipeline.addressings[-1] is Addressing.HELD


def asked(mode: ListenMode = ListenMode.OPEN) -> Scene:
    scene = Scene(mode)
    scene.hear(pause(1), say("erase"), QUIET)
    assert scene.recognitions[-1].decision.verdict is Verdict.ASK
    assert scene.asking == [True]
    return scene


@pytest.mark.parametrize(("word", "done"), [("yes", ["disk.erase"]), ("no", [])])
def test_a_question_is_answered_by_voice(word, done):
    scene = asked()
    scene.hear(say(word), QUIET)
    assert scene.done == done
    assert scene.asking == [True, False]
    reason = None if done else RejectReason.DECLINED
    assert scene.recognitions[-1].decision.reject_reason is reason
    scene.hear(say("yes"), QUIET)
    assert scene.done == done


def test_while_a_question_is_open_only_answers_are_understood_and_for_a_few_seconds_only():
    scene = asked()
    scene.hear(say("lights"), QUIET)
    assert scene.done == []
    assert scene.recognitions[-1].best is None
    scene.hear(pause(8))
    assert scene.asking == [True, False]
    scene.hear(say("lights"), QUIET)
    assert scene.done == ["lights.on"]


def test_a_key_or_typed_text_answers_too_also_later():
    for answer in (lambda scene: scene.listener.answer(0), lambda scene: scene.listener.read("yes please")):
        scene = asked()
        scene.hear(pause(20))
        answer(scene)
        assert scene.done == ["disk.erase"]
        answer(scene)
        assert scene.done == ["disk.erase"]


def test_no_and_answers_that_do_not_exist_do_nothing():
    scene = asked()
    scene.listener.answer(7)
    assert scene.asking == [True]
    scene.listener.answer(None)
    scene.listener.answer(0)
    assert scene.done == []


def test_typed_commands_that_are_no_answer_are_done_and_end_the_question():
    scene = asked()
    scene.listener.read("lights")
    assert scene.done == ["lights.on"]
    scene.listener.answer(0)
    assert scene.done == ["lights.on"]


def test_the_microphone_opens_for_the_answer_but_not_where_a_key_is_held():
    scene = Scene(ListenMode.TOGGLE, stay_open_s=0)
    scene.listener.toggle()
    scene.hear(pause(1), say("erase"), pause(2))
    assert scene.listener.state is ListenState.LISTENING
    scene.hear(say("yes"), QUIET)
    assert scene.done == ["disk.erase"]
    scene = Scene(ListenMode.PUSH)
    scene.listener.press()
    scene.hear(say("erase"))
    scene.listener.release()
    scene.hear(pause(1))
    assert scene.listener.state is ListenState.IDLE
    scene.listener.press()
    scene.hear(say("yes"))
    scene.listener.release()
    scene.hear(pause(1))
    assert scene.done == ["disk.erase"]


def test_a_broken_model_is_told_once_for_an_utterance():
    scene = Scene(ListenMode.OPEN)
    scene.pipeline.broken = True
    scene.hear(pause(1), say("timer", "ten", "lights"), QUIET)
    assert [error.message for error in scene.errors] == ["the model is broken"]
    scene.pipeline.broken = False
    scene.hear(say("lights"), QUIET)
    assert scene.understood == ["lights"]


def test_a_busy_machine_spares_itself_the_partial_results():
    scene = Scene(ListenMode.OPEN)
    scene.listener.hear(np.concatenate([pause(1), say("timer", "ten", "mumble", "ten"), pause(2)]))
    assert all(not economical for _, economical in scene.pipeline.looked)
    assert scene.understood == ["timer ten mumble ten"]


@given(
    mode=st.sampled_from(list(ListenMode)),
    deeds=st.lists(
        st.sampled_from(["press", "release", "toggle", "cancel", "sleep", "wake", *WORDS, "pause", "long"]), max_size=25
    ),
)
@example(mode=ListenMode.OPEN, deeds=["erase", "pause"])  # a question nobody answers
def test_whatever_happens_nothing_is_done_in_sleep_and_it_can_be_talked_to_afterwards(mode, deeds):
    scene = Scene(mode)
    for deed in deeds:
        done = len(scene.done)
        asleep = scene.listener.asleep
        if deed in WORDS:
            scene.hear(say(deed))
        elif deed in ("pause", "long"):
            scene.hear(pause(0.3 if deed == "pause" else 2.0))
        else:
            getattr(scene.listener, deed)()
        if asleep and scene.listener.asleep:
            assert len(scene.done) == done
    scene.listener.cancel()
    scene.listener.wake()
    scene.hear(pause(1))  # or the press would hear the last word, too
    scene.listener.cancel()
    scene.listener.press()
    scene.hear(say("lights"))
    scene.listener.release()
    scene.hear(pause(1))
    assert scene.done[-1] == "lights.on"


@pytest.mark.parametrize("mode", [ListenMode.OPEN, ListenMode.PUSH])
def test_nobody_waits_for_what_was_understood_in_the_silence_before_the_end(mode: ListenMode) -> None:
    scene = Scene(mode)
    scene.pipeline.latency = Latency(encoder=20.0, search=10.0, ranking=5.0)
    if mode is ListenMode.PUSH:
        scene.listener.press()
    scene.hear(pause(1), say("mumble"), pause(0.55))
    full = [said for said, passing in scene.pipeline.looked if not passing]
    assert full[-1] == ("mumble",)
    scene.listener.release()
    scene.hear(QUIET)
    assert [said for said, passing in scene.pipeline.looked if not passing] == full, "it is not understood twice"
    (told,) = scene.recognitions
    assert told.latency_ms == 0.0
    assert told.latency == Latency()


def test_what_is_rejected_at_a_pause_is_understood_once_more_at_the_end_and_not_in_between() -> None:
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("mumble"), QUIET, say("timer"), QUIET)
    full = [said for said, passing in scene.pipeline.looked if not passing]
    assert full == [("mumble",), ("mumble",), ("timer",), ("timer",)]
    assert scene.understood == ["mumble", "timer"]


def test_a_command_is_understood_a_little_before_its_pause_is_long_enough() -> None:
    scene = Scene(ListenMode.OPEN)
    scene.pipeline.latency = Latency(encoder=50.0, search=30.0)
    scene.hear(pause(1), say("timer", "ten"), pause(0.13))
    assert ("timer", "ten") in [said for said, passing in scene.pipeline.looked if not passing]
    assert scene.understood == []
    scene.hear(QUIET)
    (told,) = scene.recognitions
    assert told.text == "timer ten"
    assert told.latency_ms == pytest.approx(16.0), "two frames of 32 ms were enough for most of it"
    assert told.latency == Latency(search=pytest.approx(16.0))


def test_what_was_understood_in_a_short_pause_is_forgotten_when_more_is_said() -> None:
    scene = Scene(ListenMode.OPEN)
    scene.hear(pause(1), say("timer", "ten"), pause(0.13), say("mumble"), QUIET)
    assert scene.understood == ["timer ten mumble"]


def test_what_is_understood_after_the_end_is_waited_for() -> None:
    scene = Scene(ListenMode.PUSH)
    scene.pipeline.latency = Latency(encoder=20.0, search=10.0, ranking=5.0)
    scene.listener.press()
    scene.hear(pause(1), say("mumble"))
    scene.listener.release()
    scene.hear(QUIET)
    (told,) = scene.recognitions
    assert told.latency_ms == 35.0


def test_a_word_after_a_long_pause_counts() -> None:
    scene = Scene(ListenMode.PUSH)
    scene.listener.press()
    scene.hear(pause(1), say("timer"), pause(1), say("ten"), pause(1))
    scene.listener.release()
    scene.hear(QUIET)
    assert scene.understood == ["timer ten"]


def test_a_long_utterance_is_shown_less_often() -> None:
    short, long = Scene(ListenMode.PUSH), Scene(ListenMode.PUSH)
    for scene, repeats in ((short, 3), (long, 21)):
        scene.listener.press()
        scene.hear(say(*["mumble", "ten"] * repeats))
    assert len(long.pipeline.looked) < 5 * len(short.pipeline.looked)


@pytest.mark.parametrize("mode", [ListenMode.OPEN, ListenMode.WAKE])
def test_noise_is_not_looked_at_unless_a_key_is_held(mode: ListenMode) -> None:
    scene = Scene(mode)
    scene.hear(pause(0.5), hum("wake", "lights"), QUIET)
    assert scene.pipeline.looked == []
    scene.hear(say("wake", "lights"), QUIET)
    scene.listener.press()
    scene.hear(hum("timer", "ten"))
    scene.listener.release()
    scene.hear(QUIET)
    assert scene.understood == ["lights", "timer ten"]
