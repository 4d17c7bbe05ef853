"""What the window needs from the rest of the program, handed in by whoever starts it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from voiceassist.audio.capture import InputDevice
from voiceassist.bench.suite import PackMeasurement
from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition
from voiceassist.engine.runner import Hooks, PipelineLike
from voiceassist.packs.store import Pack, PackListing
from voiceassist.paths import Paths

__all__ = ["CommandExamples", "GuiServices", "Measure", "PackShelf", "PipelineLike", "RunnerLike"]


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

    def listen(self, always: bool) -> None:
        """Open or close the microphone for good."""
        ...

    def parse(self, text: str) -> None:
        """Understand a typed command."""
        ...

    def confirm(self, recognition: Recognition) -> None:
        """Carry out what was asked about."""
        ...

    def use(self, pipeline: PipelineLike) -> None:
        """Go on with another pipeline; the old one is closed after the current utterance."""
        ...

    def close(self) -> None:
        """Join the worker, close the microphone and the pipeline."""
        ...


class PackShelf(Protocol):
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


@dataclass(frozen=True, slots=True)
class CommandExamples:
    """What can be said for one intent, for the Commands page."""

    intent: str
    sentences: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class GuiServices:
    """Everything that the window is given.

    Attributes:
        settings: as they were loaded.
        paths: where things live.
        make_pipeline: loads a model by name, with the default commands and actions. Thread: any.
        make_runner: a runner, not yet started, with the microphone of the settings.
        pack_store: the installed and shipped packs.
        list_devices: the microphones; raises ``DeviceError``. Thread: any.
        measure: measures packs in fresh processes. Thread: any.
        save_settings: writes the settings.
        commands: what can be said.
        listen_to_announcements: takes a function that gets what the actions announce later (a timer that rings);
            it is called from any thread.
    """

    settings: Settings
    paths: Paths
    make_pipeline: Callable[[str], PipelineLike]
    make_runner: Callable[[PipelineLike, Hooks, Settings], RunnerLike]
    pack_store: PackShelf
    list_devices: Callable[[], Sequence[InputDevice]]
    measure: Measure
    save_settings: Callable[[Settings], None]
    commands: tuple[CommandExamples, ...] = ()
    listen_to_announcements: Callable[[Callable[[str], None]], None] | None = None
