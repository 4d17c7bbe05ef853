"""What the window needs from the rest of the program, handed in by whoever starts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from voiceassist.action_spec import ActionOutcome, ActionSpec
from voiceassist.config.settings import Settings
from voiceassist.config.trust import TrustStore
from voiceassist.domain import Interpretation, Recognition, Samples
from voiceassist.engine.activation import ListenMode
from voiceassist.engine.events import Hooks
from voiceassist.errors import VoiceAssistError
from voiceassist.gui.services.autostart import Autostart
from voiceassist.gui.services.command_views import CommandToolsLike, CommandView
from voiceassist.ipc.messages import Answer
from voiceassist.paths import Paths

if TYPE_CHECKING:  # the window is drawn before any of this is loaded
    from voiceassist.audio.capture import InputDevice
    from voiceassist.audio.selftest import SelfTest
    from voiceassist.bench.measurement import PackMeasurement
    from voiceassist.config.combination import Combination
    from voiceassist.engine.streaming import PipelineLike
    from voiceassist.hotkeys.hotkey import Hotkey, HotkeyEvents
    from voiceassist.packs.store import Pack, PackListing

__all__ = ["EngineServices", "GuiServices", "Measure", "PackStoreLike", "RunnerLike"]


class RunnerLike(Protocol):
    """The part of ``engine.runner.Runner`` that the window calls. None of it blocks, except ``close``."""

    def start(self) -> None:
        """Start the worker."""
        ...

    def press(self) -> None:
        """Begin an utterance."""
        ...

    def release(self) -> None:
        """End the utterance."""
        ...

    def toggle(self) -> None:
        """Listen for one command, or end it; where the microphone is always open: sleep and wake."""
        ...

    def cancel(self) -> None:
        """Drop what is being said."""
        ...

    def watch_level(self, watched: bool) -> None:
        """Whether anybody looks at the level."""
        ...

    def sleep(self) -> None:
        """Understand nothing but "wake up"."""
        ...

    def wake(self) -> None:
        """Listen again."""
        ...

    def set_mode(self, mode: ListenMode) -> None:
        """Listen in another way."""
        ...

    def parse(self, text: str) -> None:
        """Understand a typed command."""
        ...

    def confirm(self, recognition: Recognition) -> None:
        """Carry out what was asked about."""
        ...

    def answer(self, choice: int | None) -> None:
        """Answer the last question: with one of its choices, or ``None`` for no."""
        ...

    def use(self, pipeline: PipelineLike) -> None:
        """Go on with another pipeline; the old one is closed after the current utterance."""
        ...

    def hand_over(self) -> PipelineLike:
        """Join the worker, close the microphone, and give the pipeline back to be used further."""
        ...

    def close(self) -> None:
        """Join the worker, close the microphone and the pipeline."""
        ...


class PackStoreLike(Protocol):
    """The part of ``packs.store.PackStore`` that the Models page calls."""

    def list(self) -> Sequence[PackListing]:
        """All packs, the broken ones with their problem."""
        ...

    def get(self, name_or_path: str) -> Pack:
        """One pack, verified."""
        ...

    def install(self, vapack: Path) -> Pack:
        """Verify and unpack a ``.vapack`` file."""
        ...

    def remove(self, name: str) -> None:
        """Delete an installed pack."""
        ...


class DepthTrial(Protocol):
    """A model of its own that listens to one recording at any depth. Thread: one at a time."""

    def hear(self, depth: int) -> Recognition:
        """Recognise the recording with so many layers."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


class Measure(Protocol):
    """``bench.suite.measure``."""

    def __call__(
        self,
        packs: Sequence[Pack],
        *,
        repeats: int = ...,
        progress: Callable[[str, float], None] | None = ...,
        cancelled: Callable[[], bool] = ...,
    ) -> Sequence[PackMeasurement]:
        """Measure packs on this machine, each in fresh processes."""
        ...


TestMicrophone: TypeAlias = "Callable[[Callable[[float], None], Callable[[], bool]], SelfTest]"
"""Listens for seconds, reports each level, asks whether it was cancelled; raises ``DeviceError``. Thread: any."""

MakeMicrophoneTest: TypeAlias = "Callable[[str | None], TestMicrophone]"
"""The test of the microphone of that name; ``None`` is the system's default."""


RecordVoice = Callable[[Callable[[float], None], Callable[[], bool]], Samples]
"""Records a sentence, reports each level and asks whether it was cancelled; raises ``DeviceError``. Thread: any."""

Understand = Callable[[str], Interpretation | None]
"""What a typed sentence means; nothing is done."""


@dataclass(frozen=True, slots=True)
class EngineServices:
    """What takes time to load: recognition, commands, actions, models and microphones.

    Attributes:
        make_pipeline: loads a model by name, with the default commands and actions. Thread: any.
        make_runner: a runner, not yet started, with the microphone of the settings.
        pack_store: the installed and shipped packs.
        list_devices: the microphones; raises ``DeviceError``. Thread: any.
        measure: measures packs in fresh processes. Thread: any.
        commands: what can be said, and what is wrong with command files.
        understand: tells what a sentence would mean.
        recompile: compiles the commands for the wake phrase in force, for the models that are loaded. Thread: any.
        follow_commands: takes a function that gets a `CommandView` whenever command files have changed, on any thread;
            gives back what ends that.
        undo: undoes the action with that token; raises ``ActionError``. Thread: any.
        make_hotkey: a global hotkey for this desktop, not yet started; raises ``HotkeyError``.
        test_microphone: makes the self-test of the microphone of that name; ``None`` is the system's default.
        suggestions: commands to offer to somebody who has said nothing yet.
        do_typed: understands a typed command without a model and, if asked to, carries it out. Thread: any.
        actions: what commands can do.
        command_tools: checks, tries and tests command files.
        notify: shows a notification of the desktop: title, text, and buttons with what they do on any thread. Thread:
            any.
        record_voice: records a sentence with the microphone of the settings.
        open_depth_trial: loads a model by name to try it at different depths. Thread: any.
    """

    make_pipeline: Callable[[str], PipelineLike]
    make_runner: Callable[[PipelineLike, Hooks, Settings], RunnerLike]
    pack_store: PackStoreLike
    list_devices: Callable[[], Sequence[InputDevice]]
    measure: Measure
    commands: CommandView = field(default_factory=CommandView)
    understand: Understand | None = None
    follow_commands: Callable[[Callable[[CommandView], None]], Callable[[], None]] | None = None
    recompile: Callable[[], None] | None = None
    undo: Callable[[str], ActionOutcome] | None = None
    make_hotkey: Callable[[Combination, HotkeyEvents], Hotkey] | None = None
    test_microphone: MakeMicrophoneTest | None = None
    suggestions: tuple[str, ...] = ()
    do_typed: Callable[[str, bool], Recognition] | None = None
    record_voice: RecordVoice | None = None
    open_depth_trial: Callable[[str], DepthTrial] | None = None
    actions: tuple[ActionSpec, ...] = ()
    command_tools: CommandToolsLike | None = None
    notify: Callable[[str, str, Mapping[str, Callable[[], None]]], None] | None = None


@dataclass(frozen=True, slots=True)
class GuiServices:
    """What the window is given when it is made: enough to be seen.

    Attributes:
        settings: as they were loaded.
        paths: where things live.
        save_settings: writes the settings.
        connect: loads everything else. Called once, beside the main thread.
        serve: takes a function that answers requests of other calls of the program, on threads of its own.
        listen_to_announcements: takes a function that gets what the actions announce later (a timer that rings);
            it is called from any thread, and not any more once ``None`` was given.
        autostart: starting with the desktop, where the program can arrange that.
        trust: what the user has agreed that command files may run.
        problem: what was wrong at the start and the user has to know.
    """

    settings: Settings
    paths: Paths
    save_settings: Callable[[Settings], None]
    connect: Callable[[], EngineServices]
    serve: Callable[[Answer], None] | None = None
    listen_to_announcements: Callable[[Callable[[str], None] | None], None] | None = None
    autostart: Autostart | None = None
    trust: TrustStore | None = None
    problem: VoiceAssistError | None = None
