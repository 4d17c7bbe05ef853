"""Fakes for the tests of the window: recognitions, model packs, a scripted pipeline, a quiet microphone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

import voiceassist
from voiceassist.action_spec import ActionOutcome, Risk
from voiceassist.actions.call import ActionCall
from voiceassist.actions.registry import ActionRegistry
from voiceassist.audio.capture import InputDevice
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.bench.measurement import PackMeasurement, Spread
from voiceassist.config.combination import Combination
from voiceassist.config.settings import Settings
from voiceassist.domain import (
    CommandSpec,
    Decision,
    Entity,
    Interpretation,
    Recognition,
    RejectReason,
    Samples,
    Utterance,
    Verdict,
)
from voiceassist.engine.endpoint import PartialResult, Preview
from voiceassist.engine.execution import execute
from voiceassist.engine.runner import Hooks, PipelineLike, Runner
from voiceassist.errors import ActionError, GrammarError, PackError
from voiceassist.gui.services.command_views import (
    CommandCheck,
    CommandExamples,
    CommandReview,
    CommandTests,
    CommandToolsLike,
    CommandView,
)
from voiceassist.gui.services.interfaces import DepthTrial, EngineServices, GuiServices, MakeMicrophoneTest, RecordVoice
from voiceassist.hotkeys.hotkey import HotkeyEvents
from voiceassist.packs.calibration import Calibration
from voiceassist.packs.manifest import FileEntry, Manifest
from voiceassist.packs.store import Pack, PackListing
from voiceassist.paths import Paths

ASSETS = Path(voiceassist.__file__).parent.parent / "assets"
TIMER = Interpretation(
    "set a timer for ten minutes",
    CommandSpec("TimerStart", "timer.start"),
    (Entity("duration", 600, "ten minutes", 16, 27),),
    confidence=0.97,
)
SHUT_DOWN = Interpretation(
    "shut down the computer", CommandSpec("ShutDown", "power.off", risk=Risk.DESTROYS), confidence=0.81
)
CALENDAR = Interpretation("show the calendar", CommandSpec("OpenApplication", "app.open"), confidence=0.4)
RINGS = ActionOutcome(True, "The timer rings in 10 minutes.")


def recognition(
    best: Interpretation | None,
    verdict: Verdict,
    *,
    reason: RejectReason | None = None,
    outcome: ActionOutcome | None = None,
    alternatives: tuple[Interpretation, ...] = (),
    heard: str = "what was heard",
    model: str = "shared-int8",
) -> Recognition:
    """One utterance of two seconds."""
    text = best.text if best is not None else heard
    decision = Decision(verdict, reason)
    return Recognition(text, heard, best, alternatives, decision, model, 2310, 14.2, outcome=outcome)


class ScriptedPipeline:
    """Answers by name of the model: understands one sentence, counts what it was asked."""

    def __init__(self, model: str = "shared-int8", *, broken: bool = False, answer: Recognition | None = None) -> None:
        self.model, self.broken = model, broken
        self.answer = answer or recognition(TIMER, Verdict.ACT)
        self.typed: list[str] = []
        self.heard: list[Utterance] = []
        self.threads: set[str] = set()
        self.closed = 0

    def recognize(self, utterance: Utterance) -> Recognition:
        self.heard.append(utterance)
        if self.broken:
            raise PackError("The model does not run.", hint="Install it again.")
        return replace(self.answer, model=self.model)

    def glance(self, utterance: Utterance) -> PartialResult:
        return PartialResult(self.recognize(utterance), could_continue=True)

    def preview(self, utterance: Utterance) -> Preview:
        return Preview(self.answer.text)

    def parse(self, text: str) -> Recognition:
        self.typed.append(text)
        self.threads.add(threading.current_thread().name)
        if text != TIMER.text:
            return recognition(None, Verdict.REJECT, reason=RejectReason.NO_MATCH, heard=text, model="text")
        return recognition(TIMER, Verdict.ACT, heard=text, model="text")

    def close(self) -> None:
        self.closed += 1


class QuietRoomMicrophone:
    """A microphone in a quiet room, at the speed of a real one."""

    def __init__(self) -> None:
        self._read_at_s = time.monotonic()
        self._noise = np.random.default_rng(1)

    @property
    def condition(self) -> MicrophoneHealth:
        return MicrophoneHealth("Faint")

    def start(self) -> None:
        self._read_at_s = time.monotonic()

    def read(self) -> Samples:
        now = time.monotonic()
        count = int((now - self._read_at_s) * 16_000)
        self._read_at_s = now
        return self._noise.normal(0, 0.01, count).astype(np.float32)

    def close(self) -> None:
        pass


def manifest(name: str, *, blocks: int = 1, layers: int = 16, quantization: str = "int8", mb: float = 1.9) -> Manifest:
    """A manifest whose figures can be recognised on the page."""
    return Manifest(
        name=name,
        title=name.title(),
        layers=layers,
        blocks=blocks,
        order="cycle",
        dim=256,
        parameters=1_650_000 * blocks,
        quantization=quantization,
        sample_rate_hz=16_000,
        frame_ms=40.0,
        tokens=2,
        blank=0,
        licence="Apache-2.0",
        attribution=("Made by its makers",),
        phones=("SIL", "AA"),
        log_prior=(-0.5, -1.0),
        calibration=Calibration(0.7, 1.0, 0.0, 0.8, 0.5),
        files={"model.onnx": FileEntry("0" * 64, round(mb * 1e6))},
        metrics={"dev_wer": 0.41237},
    )


def listing(made: Manifest, *, shipped: bool = True) -> PackListing:
    """A whole pack as the store lists it."""
    folder = Path("packs") / made.name
    return PackListing(made.name, folder, shipped, Pack(folder, made), None)


SHARED = listing(manifest("shared-int8"))
UNSHARED = listing(manifest("unshared-int8", blocks=16, mb=25.5))
INSTALLED = listing(manifest("grouped-int8", blocks=4, mb=6.6), shipped=False)
BROKEN = PackListing("half-copied", Path("packs/half-copied"), False, None, "model.onnx was changed")


def measurement(made: Manifest, load_ms: float, mb: float, mb_10s: float, *latency_ms: float) -> PackMeasurement:
    """What the bench would say of a pack."""
    return PackMeasurement(
        name=made.name,
        title=made.title,
        layers=made.layers,
        blocks=made.blocks,
        parameters=made.parameters,
        quantization=made.quantization,
        depth=made.layers,
        size_bytes=made.size_bytes,
        load_ms=around(load_ms),
        private_mb=around(mb),
        private_10s_mb=around(mb_10s),
        latency_ms=dict(zip(("2", "4", "10"), map(around, latency_ms), strict=True)),
    )


def around(value: float) -> Spread:
    """A median with something on both sides."""
    return Spread(value, value - 1, value + 1)


MEASURED = {
    "shared-int8": measurement(manifest("shared-int8"), 61.0, 3.2, 18.1, 8.7, 16.5, 43.4),
    "unshared-int8": measurement(manifest("unshared-int8", blocks=16), 140.0, 33.2, 48.9, 11.3, 18.8, 44.0),
}


class InMemoryPackStore:
    """A store in memory."""

    def __init__(self, listings: Sequence[PackListing] = (SHARED, UNSHARED, INSTALLED, BROKEN)) -> None:
        self.listings = list(listings)

    def list(self) -> Sequence[PackListing]:
        return tuple(self.listings)

    def get(self, name_or_path: str) -> Pack:
        return next(item.pack for item in self.listings if item.name == name_or_path and item.pack)

    def install(self, vapack: Path) -> Pack:
        if not vapack.stem.islower():
            raise PackError(f"{vapack.name} is no model pack", hint="Choose a .vapack file.")
        added = listing(manifest(vapack.stem), shipped=False)
        self.listings = [item for item in self.listings if item.name != added.name] + [added]
        assert added.pack is not None
        return added.pack

    def remove(self, name: str) -> None:
        self.listings = [item for item in self.listings if item.name != name]


def measure_quickly(
    packs: Sequence[Pack],
    *,
    repeats: int = 1,
    progress: Callable[[str, float], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Sequence[PackMeasurement]:
    """Known figures, with progress."""
    for index, pack in enumerate(packs):
        if progress is not None:
            progress(pack.manifest.name, index / len(packs))
    return [MEASURED[pack.manifest.name] for pack in packs if pack.manifest.name in MEASURED]


class ScriptedCommandTools:
    """Finds fault with lines that say 'bad', and hears what it is told to hear."""

    def __init__(self) -> None:
        self.agreed: list[str] = []
        self.heard: Recognition | None = None
        self.found = CommandReview()
        self.tests = CommandTests(0)
        self.go_on = threading.Event()
        self.go_on.set()

    def check(self, text: str, tried: str = "", path: Path | None = None) -> CommandCheck:
        lines = text.splitlines()
        wrong = tuple(
            GrammarError("that is bad", hint="write something else", line=number)
            for number, line in enumerate(lines, 1)
            if "bad" in line
        )
        return CommandCheck(wrong, bool(tried) and tried in text, ("rm -r {folder}",) if "rm" in text else ())

    def agree(self, action: str, arguments: Mapping[str, Any]) -> None:
        self.agreed.append(action)

    def agree_to_text(self, text: str) -> None:
        self.agreed.append(text)

    def hear_draft(
        self, text: str, on_level: Callable[[float], None], cancelled: Callable[[], bool]
    ) -> Recognition | None:
        on_level(-20.0)
        while not self.go_on.wait(0.01):
            if cancelled():
                return None
        return self.heard

    def review(self, own_folder: Path, cancelled: Callable[[], bool]) -> CommandReview:
        return self.found

    def run_tests(self, file: Path) -> CommandTests:
        return self.tests


class FakeHotkey:
    """A hotkey whose keys the test presses."""

    def __init__(self, combination: Combination, events: HotkeyEvents) -> None:
        self.combination, self.events = combination, events
        self.started = self.closed = 0

    def start(self) -> None:
        self.started += 1
        self.events.ready(self.combination.words)

    def close(self) -> None:
        self.closed += 1


@dataclass
class FakeServices:
    """Fake services around the window that record what the window asked of them."""

    home: Path
    settings: Settings = field(default_factory=lambda: Settings(introduced=True))
    pack_store: InMemoryPackStore = field(default_factory=InMemoryPackStore)
    measure: Callable[..., Sequence[PackMeasurement]] = measure_quickly
    pipelines: list[ScriptedPipeline] = field(default_factory=list)
    broken_models: set[str] = field(default_factory=set)
    missing_models: set[str] = field(default_factory=set)
    answer: Recognition | None = None
    saved: list[Settings] = field(default_factory=list)
    announce: list[Callable[[str], None] | None] = field(default_factory=list)
    notify: Callable[..., object] | None = None
    command_tools: CommandToolsLike | None = None
    followers: list[Callable[[CommandView], None]] = field(default_factory=list)
    command_problems: tuple[GrammarError, ...] = ()
    runners: int = 0
    hooks: list[Hooks] = field(default_factory=list)
    hotkeys: list[FakeHotkey] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    recompiled: list[str] = field(default_factory=list)
    registries: list[ActionRegistry] = field(default_factory=list)
    test_microphone: MakeMicrophoneTest | None = None
    record_voice: RecordVoice | None = None
    open_depth_trial: Callable[[str], DepthTrial] | None = None

    def make_pipeline(self, model: str) -> ScriptedPipeline:
        if model in self.missing_models:
            raise PackError(f"There is no model {model}.", hint="Choose another on the Models page.")
        pipeline = ScriptedPipeline(model, broken=model in self.broken_models, answer=self.answer)
        self.pipelines.append(pipeline)
        return pipeline

    def make_hotkey(self, combination: Combination, events: HotkeyEvents) -> FakeHotkey:
        self.hotkeys.append(FakeHotkey(combination, events))
        return self.hotkeys[-1]

    def undo(self, token: str) -> ActionOutcome:
        self.undone.append(token)
        if len(self.undone) > 1:
            raise ActionError("that cannot be undone any more", hint="it was undone already")
        return ActionOutcome(True, "The timer is cancelled.")

    def make_runner(self, pipeline: PipelineLike, hooks: Hooks, settings: Settings) -> Runner:
        self.runners += 1
        self.hooks.append(hooks)
        return Runner(
            pipeline,
            microphone_factory=QuietRoomMicrophone,
            actions=self.actions() if settings.act else None,
            hooks=hooks,
        )

    def actions(self) -> ActionRegistry:
        """Does everything, and keeps it in ``done``."""
        registry = ActionRegistry()
        self.registries.append(registry)
        for best in (TIMER, SHUT_DOWN, CALENDAR):
            registry.register(str(best.command.action), self._do)
        return registry

    def follow_commands(self, follower: Callable[[CommandView], None]) -> Callable[[], None]:
        self.followers.append(follower)
        return lambda: self.followers.remove(follower)

    def do_typed(self, text: str, acting: bool) -> Recognition:
        understood = ScriptedPipeline().parse(text)
        return execute(understood, self.actions()) if acting else understood

    def _do(self, call: ActionCall) -> ActionOutcome:
        self.done.append(call.name)
        return RINGS if call.name == TIMER.command.action else ActionOutcome(True, f"Did: {call.name}")

    def services(self) -> GuiServices:
        return GuiServices(
            settings=self.settings,
            paths=self.paths(),
            save_settings=self.saved.append,
            connect=self.engine,
            listen_to_announcements=self.announce.append,
        )

    def engine(self) -> EngineServices:
        return EngineServices(
            make_pipeline=self.make_pipeline,
            make_runner=self.make_runner,
            pack_store=self.pack_store,
            list_devices=lambda: [InputDevice("Desk microphone", True, 48_000, 1, 0)],
            measure=self.measure,
            commands=CommandView(
                (
                    CommandExamples("TimerStart", ("set a timer for {duration}",)),
                    CommandExamples("TellTime", ("what time is it", "tell me the time")),
                ),
                self.command_problems,
            ),
            follow_commands=self.follow_commands,
            undo=self.undo,
            notify=self.notify,
            command_tools=self.command_tools,
            make_hotkey=self.make_hotkey,
            test_microphone=self.test_microphone,
            record_voice=self.record_voice,
            open_depth_trial=self.open_depth_trial,
            suggestions=("what time is it", TIMER.text),
            do_typed=self.do_typed,
            recompile=lambda: self.recompiled.append(self.saved[-1].wake_phrase),
        )

    def paths(self) -> Paths:
        return Paths(self.home, self.home, self.home, ASSETS, self.home)
