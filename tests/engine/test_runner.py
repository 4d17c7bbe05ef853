"""The listening thread: with a scripted microphone in virtual time, and with real microphones."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voiceassist.action_spec import ActionOutcome, Risk
from voiceassist.actions.registry import ActionRegistry
from voiceassist.audio.capture import Microphone
from voiceassist.audio.files import read_sound
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.audio.reconnecting import SystemClocks
from voiceassist.domain import (
    SAMPLE_RATE_HZ,
    CommandSpec,
    Decision,
    Interpretation,
    Recognition,
    RejectReason,
    Utterance,
    Verdict,
)
from voiceassist.engine.activation import ListenMode, ModeConfig
from voiceassist.engine.endpoint import PartialResult, Preview
from voiceassist.engine.listener import ListenerConfig
from voiceassist.engine.runner import MAX_FAULTS, Hooks, ListenState, Runner, RunnerConfig
from voiceassist.errors import DeviceError, PackError, VoiceAssistError

sys.path.append(str(Path(__file__).parent.parent))

from soundserver import SoundServer

WAIT_S = 20.0


def recognition(text: str, audio_ms: float = 0.0) -> Recognition:
    decision = Decision(Verdict.REJECT, RejectReason.NO_MATCH)
    return Recognition(text, text, None, (), decision, model="test", audio_ms=audio_ms, latency_ms=0.0)


class ScriptedPipeline:
    """Says what it was asked; can be slow, and can fail."""

    def __init__(self, name: str = "first") -> None:
        self.name = name
        self.seen: dict[float, Utterance] = {}
        self.closed = 0
        self.error: Exception | None = None
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.threads: set[str] = set()

    @property
    def utterances(self) -> list[Utterance]:
        """As they were when they were looked at last."""
        return list(self.seen.values())

    def recognize(self, utterance: Utterance) -> Recognition:
        self.seen[utterance.start_s] = utterance
        audio_ms = 1000 * utterance.samples.size / SAMPLE_RATE_HZ
        return self._answer(recognition(f"{self.name} heard", audio_ms))

    def glance(self, utterance: Utterance) -> PartialResult:
        return PartialResult(self.recognize(utterance), could_continue=True)

    def preview(self, utterance: Utterance) -> Preview:
        return Preview("so far")

    def parse(self, text: str) -> Recognition:
        return self._answer(recognition(f"{self.name} read {text}"))

    def close(self) -> None:
        self.closed += 1

    def _answer(self, answer: Recognition) -> Recognition:
        assert not self.closed
        self.threads.add(threading.current_thread().name)
        assert self.may_answer.wait(WAIT_S)
        if self.error is not None:
            raise self.error
        return answer


class VirtualTime(SystemClocks):
    """Time that goes on when the test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def running_s(self) -> float:
        return self.now_s

    def wall_s(self) -> float:
        return self.now_s

    def advance(self, duration_s: float) -> None:
        self.now_s += duration_s


class RecordedMicrophone:
    """Delivers a recording at the pace of the clock, then silence; can be pulled out."""

    def __init__(self, sound: np.ndarray, clock: VirtualTime) -> None:
        self.sound = sound
        self.plugged = True
        self.opened = 0
        self.closed = 0
        self.is_open = threading.Event()
        self._clock = clock
        self._started_at_s = 0.0
        self._delivered = 0

    @property
    def condition(self) -> MicrophoneHealth:
        return MicrophoneHealth("scripted")

    def start(self) -> None:
        self._check()
        self.opened += 1
        self._started_at_s, self._delivered = self._clock.now_s, 0
        self.is_open.set()

    def read(self) -> np.ndarray:
        self._check()
        until = round((self._clock.now_s - self._started_at_s) * SAMPLE_RATE_HZ)
        block = np.full(max(0, until - self._delivered), 1e-6, dtype=np.float32)
        part = self.sound[self._delivered : until]
        block[: part.size] = part
        self._delivered = max(until, self._delivered)
        return block

    def close(self) -> None:
        self.closed += 1
        self.is_open.clear()

    def _check(self) -> None:
        if not self.plugged:
            raise DeviceError("The microphone is gone", hint="plug it in")


class LoudIsSpeech:
    def __call__(self, frame, /) -> float:
        return float(np.abs(frame).max() > 0.1)

    def reset(self) -> None:
        pass


class Events:
    """What the hooks told, to wait for."""

    def __init__(self) -> None:
        self.recognitions: queue.Queue[Recognition] = queue.Queue()
        self.errors: queue.Queue[VoiceAssistError] = queue.Queue()
        self.states: list[ListenState] = []
        self.levels: list[float] = []
        self.conditions: list[MicrophoneHealth] = []
        self._news = threading.Condition()
        self.hooks = Hooks(
            on_state=lambda state: self._note(self.states, state),
            on_level=lambda level_db: self._note(self.levels, level_db),
            on_recognition=self.recognitions.put,
            on_error=self.errors.put,
            on_condition=lambda condition: self._note(self.conditions, condition),
        )

    def _note(self, told: list, news: object) -> None:
        with self._news:
            told.append(news)
            self._news.notify_all()

    def wait_for(self, holds) -> None:
        with self._news:
            assert self._news.wait_for(holds, WAIT_S), f"{self.states} {self.conditions}"

    def wait_for_state(self, state: ListenState) -> None:
        self.wait_for(lambda: self.states and self.states[-1] is state)


def loud(duration_s: float) -> np.ndarray:
    return np.full(int(duration_s * SAMPLE_RATE_HZ), 0.5, dtype=np.float32)


def pause(duration_s: float) -> np.ndarray:
    return np.zeros(int(duration_s * SAMPLE_RATE_HZ), dtype=np.float32) + np.float32(1e-6)


def loud_s(utterance: Utterance) -> float:
    return int((np.abs(utterance.samples) > 0.1).sum()) / SAMPLE_RATE_HZ


@pytest.fixture
def pipeline():
    return ScriptedPipeline()


@pytest.fixture
def events():
    return Events()


@pytest.fixture
def clock():
    return VirtualTime()


@pytest.fixture
def start(pipeline, events, clock):
    """Starts a runner on a microphone that is ready, and closes it after the test."""
    runners = []

    def start_runner(microphone, calm_poll_ms=2.0, **options):
        runner = Runner(
            pipeline,
            microphone_factory=lambda: microphone,
            config=RunnerConfig(poll_ms=2, resting_poll_ms=2, calm_poll_ms=calm_poll_ms, retry_s=0.1),
            hooks=events.hooks,
            make_detector=LoudIsSpeech,
            clocks=clock,
            **options,
        )
        runners.append(runner)
        runner.start()
        if microphone.plugged:
            assert microphone.is_open.wait(WAIT_S)
            clock.advance(0.01)
            events.wait_for_state(ListenState.IDLE)
        return runner

    yield start_runner
    for runner in runners:
        runner.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "voiceassist-runner"]


def test_the_open_microphone_recognises_each_utterance(start, pipeline, events, clock):
    sound = np.concatenate([pause(0.3), loud(0.4), pause(0.8), loud(0.3)])
    start(RecordedMicrophone(sound, clock)).listen(True)
    events.wait_for_state(ListenState.LISTENING)
    clock.advance(4)
    first = events.recognitions.get(timeout=WAIT_S)
    events.recognitions.get(timeout=WAIT_S)
    assert first.text == "first heard"
    assert [loud_s(utterance) for utterance in pipeline.utterances] == pytest.approx([0.4, 0.3])
    assert pipeline.threads == {"voiceassist-runner"}
    shown = [state for state in events.states if state is not ListenState.IDLE]
    hearing = [ListenState.LISTENING, ListenState.HEARING, ListenState.THINKING]
    assert shown[0] is ListenState.STARTING
    assert [state for state in shown[1:] if state is ListenState.THINKING] == [ListenState.THINKING] * 2
    assert set(shown[1:]) <= set(hearing)


def test_the_level_is_told(start, events, clock):
    start(RecordedMicrophone(loud(60), clock))
    events.wait_for(lambda: events.levels)
    assert events.levels[0] == pytest.approx(-6, abs=0.1)


def test_without_listening_nothing_is_recognised(start, pipeline, events, clock):
    runner = start(RecordedMicrophone(loud(0.5), clock))
    clock.advance(3)
    runner.parse("after all of that was heard")
    events.recognitions.get(timeout=WAIT_S)
    assert pipeline.utterances == []
    assert ListenState.HEARING not in events.states


def assert_whole_press(runner, events, clock):
    """The sound before a press of half a second and after its release is heard, too."""
    runner.press()
    events.wait_for_state(ListenState.HEARING)
    clock.advance(0.5)
    runner.release()
    clock.advance(1.0)
    answer = events.recognitions.get(timeout=WAIT_S)
    assert answer.audio_ms == pytest.approx(400 + 500 + 200, abs=70)  # whole frames of 32 ms at each end
    events.wait_for_state(ListenState.IDLE)


def test_push_to_talk_has_the_sound_before_the_press_and_after_the_release(start, events, clock):
    runner = start(RecordedMicrophone(loud(60), clock))
    clock.advance(0.7)
    assert_whole_press(runner, events, clock)


def test_where_nobody_sees_the_level_it_is_not_read_until_the_key_is_pressed(start, events, clock):
    runner = start(RecordedMicrophone(loud(60), clock), calm_poll_ms=3_600_000)
    runner.watch_level(False)
    runner.parse("after that")
    events.recognitions.get(timeout=WAIT_S)
    told = len(events.levels)
    clock.advance(0.7)
    time.sleep(0.05)  # many polls of a level that is watched
    assert len(events.levels) == told
    assert_whole_press(runner, events, clock)
    runner.watch_level(True)
    told = len(events.levels)
    clock.advance(0.1)
    events.wait_for(lambda: len(events.levels) > told)


def test_an_open_microphone_is_read_though_nobody_sees_the_level(start, events, clock):
    runner = start(RecordedMicrophone(np.concatenate([pause(0.3), loud(0.4)]), clock), calm_poll_ms=3_600_000)
    runner.listen(True)
    runner.watch_level(False)
    events.wait_for_state(ListenState.LISTENING)
    clock.advance(4)
    assert events.recognitions.get(timeout=WAIT_S).text == "first heard"


class CalmMicrophone(RecordedMicrophone):
    """Says that it is calm until the test says otherwise."""

    calm = True

    def on_louder(self) -> None:
        raise AssertionError("the runner has to listen")

    def rise(self) -> None:
        self.calm = False
        self.on_louder()


def test_in_calm_an_open_microphone_is_read_when_it_gets_louder(start, events, clock):
    microphone = CalmMicrophone(np.concatenate([pause(0.3), loud(0.4)]), clock)
    runner = start(microphone, calm_poll_ms=3_600_000)
    runner.listen(True)
    events.wait_for_state(ListenState.LISTENING)
    clock.advance(0.5)
    told = len(events.levels)
    time.sleep(0.05)  # many polls of a microphone that is not calm
    assert len(events.levels) == told
    microphone.rise()
    events.wait_for_state(ListenState.HEARING)
    clock.advance(4)
    assert events.recognitions.get(timeout=WAIT_S).text == "first heard"


def test_a_command_that_is_waited_for_is_not_waited_for_longer_in_calm(start, events, clock):
    runner = start(CalmMicrophone(pause(60), clock), calm_poll_ms=3_600_000)
    runner.toggle()
    events.wait_for_state(ListenState.LISTENING)
    clock.advance(20)
    events.wait_for_state(ListenState.IDLE)


def test_a_key_pressed_while_thinking_counts_from_when_it_was_pressed(start, pipeline, events, clock):
    runner = start(RecordedMicrophone(loud(60), clock))
    pipeline.may_answer.clear()
    runner.press()
    runner.release()
    clock.advance(0.5)
    events.wait_for_state(ListenState.THINKING)
    clock.advance(0.5)
    runner.press()  # the worker is busy and reads nothing
    clock.advance(0.6)
    runner.release()
    clock.advance(0.6)
    pipeline.may_answer.set()
    events.recognitions.get(timeout=WAIT_S)
    second = events.recognitions.get(timeout=WAIT_S)
    assert second.audio_ms == pytest.approx(400 + 600 + 200, abs=70)


def test_swapping_the_model_closes_the_old_one_after_its_utterance(start, pipeline, events, clock):
    second = ScriptedPipeline("second")
    runner = start(RecordedMicrophone(loud(60), clock))
    pipeline.may_answer.clear()
    runner.press()
    runner.release()
    clock.advance(0.5)
    events.wait_for_state(ListenState.THINKING)
    runner.use(second)
    runner.press()
    runner.release()
    clock.advance(0.5)
    assert pipeline.closed == 0
    pipeline.may_answer.set()
    assert [events.recognitions.get(timeout=WAIT_S).text for _ in range(2)] == ["first heard", "second heard"]
    assert (pipeline.closed, second.closed) == (1, 0)
    runner.close()
    assert (pipeline.closed, second.closed) == (1, 1)


def test_typed_and_confirmed_commands_take_the_same_way(start, pipeline, events, clock):
    actions = ActionRegistry()
    actions.register("window.close", lambda _call: ActionOutcome(True, "closed"))
    runner = start(RecordedMicrophone(pause(1), clock), actions=actions)
    runner.parse("stop")
    assert events.recognitions.get(timeout=WAIT_S).text == "first read stop"
    best = Interpretation("close it", CommandSpec("Close", "window.close", risk=Risk.DESTROYS))
    runner.confirm(Recognition("close it", "close it", best, (), Decision(Verdict.ASK), "test", 0.0, 0.0))
    assert events.recognitions.get(timeout=WAIT_S).outcome == ActionOutcome(True, "closed")
    assert pipeline.threads == {"voiceassist-runner"}
    actions.close()


def test_a_model_that_fails_is_told_and_the_work_goes_on(start, pipeline, events, clock):
    runner = start(RecordedMicrophone(pause(1), clock))
    pipeline.error = PackError("the model does not run", hint="install it again")
    runner.parse("volume up")
    assert events.errors.get(timeout=WAIT_S) is pipeline.error
    pipeline.error = None
    runner.parse("volume up")
    assert events.recognitions.get(timeout=WAIT_S).text == "first read volume up"


def test_a_lost_microphone_is_told_once_and_found_again(start, pipeline, events, clock):
    microphone = RecordedMicrophone(loud(60), clock)
    runner = start(microphone)
    runner.press()
    events.wait_for_state(ListenState.HEARING)
    microphone.plugged = False
    assert events.errors.get(timeout=WAIT_S).message == "The microphone is gone"
    events.wait_for_state(ListenState.STARTING)
    clock.advance(0.4)
    microphone.plugged = True
    clock.advance(0.2)
    assert microphone.is_open.wait(WAIT_S)
    clock.advance(0.1)
    events.wait_for_state(ListenState.HEARING)  # the key is still held
    runner.release()
    clock.advance(1)
    events.recognitions.get(timeout=WAIT_S)
    assert len(pipeline.utterances) == 1  # half a command is not acted upon
    assert events.errors.empty()
    assert microphone.opened == 2


def test_started_without_a_microphone_it_waits_for_one(start, pipeline, events, clock):
    microphone = RecordedMicrophone(np.concatenate([pause(0.2), loud(0.4)]), clock)
    microphone.plugged = False
    start(microphone).listen(True)
    events.errors.get(timeout=WAIT_S)
    assert events.states == [ListenState.STARTING]
    microphone.plugged = True
    clock.advance(0.2)
    assert microphone.is_open.wait(WAIT_S)
    clock.advance(3)
    events.recognitions.get(timeout=WAIT_S)
    assert loud_s(pipeline.utterances[0]) == pytest.approx(0.4)


def test_closing_closes_everything_once(start, pipeline, events, clock):
    microphone = RecordedMicrophone(pause(1), clock)
    runner = start(microphone)
    runner.close()
    runner.close()
    assert (microphone.closed, pipeline.closed) == (1, 1)
    assert events.states[-1] is ListenState.STOPPED
    late = ScriptedPipeline("late")
    runner.use(late)
    runner.press()
    assert late.closed == 1


def test_the_pipeline_is_handed_over_to_another_runner(start, pipeline, events, clock):
    microphone = RecordedMicrophone(pause(1), clock)
    assert start(microphone).hand_over() is pipeline
    assert (microphone.closed, pipeline.closed) == (1, 0)
    pipeline.close()


def test_closed_before_it_was_started(pipeline, events, clock):
    runner = Runner(pipeline, microphone_factory=lambda: RecordedMicrophone(pause(1), clock), hooks=events.hooks)
    late = ScriptedPipeline("late")
    runner.use(late)
    runner.close()
    runner.start()
    assert (pipeline.closed, late.closed) == (1, 1)
    assert events.states == [ListenState.STOPPED]


@pytest.mark.parametrize("fault", [KeyError("a mistake"), RecursionError(), OverflowError("too large"), TypeError("x")])
def test_a_fault_in_the_program_is_told_and_the_work_goes_on(start, pipeline, events, clock, fault):
    runner = start(RecordedMicrophone(pause(1), clock))
    pipeline.error = fault
    runner.parse("anything")
    assert "fault in the program" in events.errors.get(timeout=WAIT_S).message
    pipeline.error = None
    runner.parse("the next")
    assert events.recognitions.get(timeout=WAIT_S).text == "first read the next"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_faults_without_end_end_the_thread_and_leave_nothing_open(start, pipeline, events, clock):
    microphone = RecordedMicrophone(pause(1), clock)
    runner = start(microphone)
    pipeline.error = KeyError("a mistake of ours")
    for _ in range(MAX_FAULTS + 1):
        runner.parse("anything")
        assert "fault in the program" in events.errors.get(timeout=WAIT_S).message
    events.wait_for_state(ListenState.STOPPED)
    runner.close()
    assert (microphone.closed, pipeline.closed) == (1, 1)


def test_hooks_that_raise_do_not_end_the_work(pipeline, clock, caplog):
    heard: queue.SimpleQueue[str] = queue.SimpleQueue()

    def fail(event: object) -> None:
        if isinstance(event, Recognition):
            heard.put(event.text)
        raise RecursionError("a hook of somebody else")

    hooks = Hooks(fail, fail, fail, fail, fail, fail, fail)
    with Runner(pipeline, microphone_factory=lambda: RecordedMicrophone(pause(1), clock), hooks=hooks) as runner:
        for text in ("one", "two"):
            runner.parse(text)
            assert heard.get(timeout=WAIT_S) == f"first read {text}"
    assert "a hook failed" in caplog.text


def test_hears_through_a_real_microphone_what_is_said(pipeline, events, tmp_path, monkeypatch):
    wav = tmp_path / "command.wav"
    subprocess.run(["espeak-ng", "-s", "150", "-w", str(wav), "set the volume to forty percent"], check=True)
    with SoundServer() as server:
        for name, value in server.variables().items():
            monkeypatch.setenv(name, value)
        with Runner(pipeline, microphone_factory=Microphone, hooks=events.hooks) as runner:
            runner.listen(True)
            events.wait_for_state(ListenState.LISTENING)
            server.play(wav)
            events.recognitions.get(timeout=WAIT_S)
            server.stop()
            assert "stopped delivering" in events.errors.get(timeout=WAIT_S).message
            server.start()
            events.wait_for_state(ListenState.LISTENING)
            server.play(wav)
            events.recognitions.get(timeout=WAIT_S)
    spoken = loud_s(Utterance(read_sound(wav)))
    assert [loud_s(utterance) for utterance in pipeline.utterances] == pytest.approx([spoken, spoken], rel=0.1)


@pytest.fixture
def server(monkeypatch):
    with SoundServer() as running:
        for name, value in running.variables().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def wav(tmp_path):
    path = tmp_path / "command.wav"
    subprocess.run(["espeak-ng", "-s", "150", "-w", str(path), "set the volume to forty percent"], check=True)
    return path


OPEN = RunnerConfig(ListenerConfig(ModeConfig(ListenMode.OPEN)))


def test_a_microphone_that_vanishes_in_mid_word_and_returns_with_another_rate(server, wav, pipeline, events):
    first = server.plug_in("usb", "USB Microphone", rate_hz=48_000)
    tried = queue.Queue()

    def make() -> Microphone:
        tried.put(None)
        return Microphone("USB Microphone")

    with Runner(pipeline, microphone_factory=make, config=OPEN, hooks=events.hooks):
        events.wait_for_state(ListenState.LISTENING)
        tried.get(timeout=WAIT_S)
        with subprocess.Popen(["paplay", "--device=usb_sink", str(wav)], env=server.env()) as player:
            events.wait_for_state(ListenState.HEARING)
            server.unplug(first)
            error = events.errors.get(timeout=WAIT_S)
            player.kill()
        assert "USB Microphone" in error.message
        events.wait_for_state(ListenState.STARTING)
        tried.get(timeout=WAIT_S)  # others are there, but not the one that was chosen
        tried.get(timeout=WAIT_S)
        assert events.recognitions.empty()
        server.plug_in("usb", "USB Microphone", rate_hz=44_100)
        events.wait_for_state(ListenState.LISTENING)
        server.play(wav, "usb_sink")
        events.recognitions.get(timeout=WAIT_S)
    whole = [item for item in pipeline.utterances if loud_s(item) == pytest.approx(loud_s_of(wav), rel=0.1)]
    assert whole


def loud_s_of(wav: Path) -> float:
    return loud_s(Utterance(read_sound(wav)))


def test_the_default_microphone_follows_the_system_while_it_is_open(server, wav, pipeline, events):
    server.plug_in("usb", "USB Microphone")
    with Runner(pipeline, microphone_factory=Microphone, config=OPEN, hooks=events.hooks):
        events.wait_for_state(ListenState.LISTENING)
        server.pactl("set-default-source", "usb")
        events.wait_for(lambda: events.conditions and events.conditions[-1].device == "USB Microphone")
        server.play(wav, "usb_sink")
        events.recognitions.get(timeout=WAIT_S)


def test_a_muted_microphone_is_told_and_the_word_is_taken_back(server, pipeline, events):
    server.plug_in("usb", "USB Microphone")
    server.pactl("set-source-mute", "usb", "1")
    make = lambda: Microphone("USB Microphone")  # noqa: E731
    with Runner(pipeline, microphone_factory=make, config=OPEN, hooks=events.hooks):
        events.wait_for(lambda: events.conditions and events.conditions[-1].muted)
        assert "muted" in events.conditions[-1].warnings[0]
        server.pactl("set-source-mute", "usb", "0")
        events.wait_for(lambda: not events.conditions[-1].muted)


def test_the_microphone_is_open_only_while_the_key_is_held(server, wav, pipeline, events):
    def wait_for_recordings(count: int) -> None:
        give_up_at_s = time.monotonic() + WAIT_S
        while len(server.pactl("list", "short", "source-outputs").splitlines()) != count:
            assert time.monotonic() < give_up_at_s
            time.sleep(0.05)

    config = RunnerConfig(ListenerConfig(ModeConfig(ListenMode.PUSH)), closes_microphone=True)
    with Runner(pipeline, microphone_factory=Microphone, config=config, hooks=events.hooks) as runner:
        events.wait_for_state(ListenState.IDLE)
        wait_for_recordings(0)
        for _ in range(2):
            runner.press()
            wait_for_recordings(1)
            events.wait_for_state(ListenState.HEARING)
            server.play(wav)
            runner.release()
            events.recognitions.get(timeout=WAIT_S)
            wait_for_recordings(0)
            events.wait_for_state(ListenState.IDLE)
    first, second = (loud_s(utterance) for utterance in pipeline.utterances)
    assert (first, second) == pytest.approx((loud_s_of(wav), loud_s_of(wav)), rel=0.1)


@pytest.mark.parametrize("mode", list(ListenMode))
def test_every_mode_through_a_real_microphone(server, wav, mode, events):
    pipeline = WokenPipeline()
    config = RunnerConfig(ListenerConfig(ModeConfig(mode)))
    with Runner(pipeline, microphone_factory=Microphone, config=config, hooks=events.hooks) as runner:
        events.wait_for_state(RESTING[mode])
        if mode is ListenMode.PUSH:
            runner.press()
        if mode is ListenMode.TOGGLE:
            runner.toggle()
        server.play(wav)
        runner.release()
        events.recognitions.get(timeout=WAIT_S)
    assert loud_s(pipeline.utterances[-1]) == pytest.approx(loud_s_of(wav), rel=0.1)


RESTING = {
    ListenMode.PUSH: ListenState.IDLE,
    ListenMode.TOGGLE: ListenState.IDLE,
    ListenMode.OPEN: ListenState.LISTENING,
    ListenMode.WAKE: ListenState.WAITING,
}


class WokenPipeline(ScriptedPipeline):
    """Hears the wake phrase in everything."""

    def glance(self, utterance: Utterance) -> PartialResult:
        return replace(super().glance(utterance), woken=True)

    def preview(self, utterance: Utterance) -> Preview:
        return replace(super().preview(utterance), woken=True)
