"""A listener at a scripted microphone: each word is a loudness, and a script says what words mean."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from voiceassist.action_spec import ActionOutcome, Risk
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.domain import (
    SAMPLE_RATE_HZ,
    Addressing,
    CommandSpec,
    Decision,
    Interpretation,
    Latency,
    Recognition,
    RejectReason,
    Utterance,
    Verdict,
)
from voiceassist.engine.activation import ListenMode, ModeConfig
from voiceassist.engine.endpoint import PartialResult, Preview
from voiceassist.engine.events import Hooks, ListenState, StateNotifier
from voiceassist.engine.listener import Listener, ListenerConfig
from voiceassist.errors import PackError, VoiceAssistError
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet

WORDS = ("wake", "lights", "timer", "ten", "sleep", "up", "erase", "mumble", "yes", "no")
WORD_S = 0.32
SCRIPT = {
    ("lights",): ("LightsOn", "lights.on", False),
    ("timer",): ("Timer", "timer.start", True),
    ("timer", "ten"): ("Timer", "timer.start", False),
    ("sleep",): ("Sleep", "listening.sleep", False),
    ("up",): ("WakeUp", "listening.wake", False),
    ("erase",): ("Erase", "disk.erase", False),
}


def say(*words: str) -> np.ndarray:
    """The sound of words."""
    levels = [0.2 + 0.1 * WORDS.index(word) for word in words]
    return np.repeat(np.array(levels, np.float32), round(WORD_S * SAMPLE_RATE_HZ))


def hum(*words: str) -> np.ndarray:
    """Noise that the model takes for words, and the detector hardly for speech."""
    samples = say(*words)
    samples[::100] = -0.9
    return samples


def pause(duration_s: float) -> np.ndarray:
    return np.full(round(duration_s * SAMPLE_RATE_HZ), 1e-4, np.float32)


def words_in(samples: np.ndarray) -> tuple[str, ...]:
    """What is said in a sound."""
    levels = np.round(samples[samples > 0.15], 1)
    changed = np.flatnonzero(np.diff(levels, prepend=-1.0))
    return tuple(WORDS[round(10 * float(level)) - 2] for level in levels[changed])


class LoudIsSpeech:
    def __call__(self, frame, /) -> float:
        return 0.5 if frame.min() < -0.5 else float(np.abs(frame).max() > 0.1)

    def reset(self) -> None:
        pass


@dataclass
class ScriptedPipeline:
    """Understands `SCRIPT`, with or without the wake word before it."""

    looked: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    addressings: list[Addressing] = field(default_factory=list)
    broken: bool = False
    latency: Latency = field(default_factory=Latency)
    closed: bool = False

    def recognize(self, utterance: Utterance) -> Recognition:
        return self.glance(utterance).recognition

    def glance(self, utterance: Utterance) -> PartialResult:
        return self._understood(utterance, passing=False)

    def preview(self, utterance: Utterance) -> Preview:
        found = self._understood(utterance, passing=True)
        best = found.recognition.best
        action = None if best is None else best.command.action
        return Preview(found.recognition.text, found.woken, action, fits=best is not None)

    def _understood(self, utterance: Utterance, *, passing: bool) -> PartialResult:
        if self.broken:
            raise PackError("the model is broken", hint="choose another")
        said = words_in(utterance.samples)
        self.looked.append((said, passing))
        self.addressings.append(utterance.addressing)
        woken = said[:1] == ("wake",)
        rest = said[1:] if woken else said
        if woken and not rest:
            return PartialResult(self._timed(_recognition(said, "WakePhrase", None)), True, woken=True, wake_only=True)
        intent, action, more = SCRIPT.get(rest, ("", None, True))
        return PartialResult(self._timed(_recognition(rest, intent, action)), more, woken=woken)

    def _timed(self, recognition: Recognition) -> Recognition:
        return replace(recognition, latency=self.latency, latency_ms=self.latency.total)

    def recognize_answer(self, utterance: Utterance, answers: CommandSet) -> Recognition:
        said = words_in(utterance.samples)
        found = TextParser(answers).parse(" ".join(said))
        return _recognition(said, "" if found is None else found.command.intent, None)

    def parse(self, text: str) -> Recognition:
        intent, action, _ = SCRIPT.get(tuple(text.split()), ("", None, True))
        return _recognition(tuple(text.split()), intent, action)

    def close(self) -> None:
        self.closed = True


def _recognition(words: tuple[str, ...], intent: str, action: str | None) -> Recognition:
    text = " ".join(words)
    risk = Risk.DESTROYS if action == "disk.erase" else Risk.SAFE
    best = Interpretation(text, CommandSpec(intent, action, risk=risk)) if intent else None
    verdict = Verdict.REJECT if best is None else Verdict.ASK if risk is Risk.DESTROYS else Verdict.ACT
    decision = Decision(verdict, RejectReason.NO_MATCH if best is None else None)
    return Recognition(text, text, best, (), decision, "script", 0.0, 0.0)


class Scene:
    """A listener at a scripted microphone, and all that it tells."""

    def __init__(self, mode: ListenMode, *, act: bool = True, stay_open_s: float = 3.0) -> None:
        self.pipeline = ScriptedPipeline()
        self.done: list[str] = []
        self.actions = ActionRegistry()
        for _, name, _ in SCRIPT.values():
            if name not in self.actions.names():
                self.actions.register(name, self._do)
        self.states: list[ListenState] = []
        self.recognitions: list[Recognition] = []
        self.partials: list[str] = []
        self.errors: list[VoiceAssistError] = []
        self.asking: list[bool] = []
        hooks = Hooks(
            on_state=self.states.append,
            on_recognition=self.recognitions.append,
            on_partial=self.partials.append,
            on_error=self.errors.append,
            on_question=self.asking.append,
        )
        self.state_line = StateNotifier(hooks)
        self.state_line.ready = True
        self.listener = Listener(
            self.pipeline,
            config=ListenerConfig(ModeConfig(mode, stay_open_s=stay_open_s, wait_s=5.0)),
            actions=self.actions if act else None,
            hooks=hooks,
            state_line=self.state_line,
            make_detector=LoudIsSpeech,
        )
        self.heard_s = 0.0
        self.answered_s: list[float] = []

    def hear(self, *sounds: np.ndarray) -> None:
        """In blocks as a microphone gives them."""
        for sound in sounds:
            for start in range(0, sound.size, 400):
                block = sound[start : start + 400]
                self.listener.hear(block)
                self.heard_s += block.size / SAMPLE_RATE_HZ
                self.state_line.show(self.listener.state)
                self.answered_s += [self.heard_s] * (len(self.recognitions) - len(self.answered_s))

    def _do(self, call: ActionCall) -> ActionOutcome:
        self.done.append(call.name)
        return ActionOutcome(True, "done")

    @property
    def understood(self) -> list[str]:
        return [item.text for item in self.recognitions]
