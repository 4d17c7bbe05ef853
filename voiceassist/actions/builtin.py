"""The actions that come with voiceassist, and the registry that holds them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import platformdirs

from voiceassist.action_spec import ActionOutcome
from voiceassist.actions.alarm_actions import AlarmActions, RingActions
from voiceassist.actions.applications import Application, register_open
from voiceassist.actions.brightness import BrightnessActions
from voiceassist.actions.call import ActionCall
from voiceassist.actions.clipboard import ClipboardActions
from voiceassist.actions.clock import register_clock
from voiceassist.actions.clocks import Clocks, SystemClocks, local_now
from voiceassist.actions.consent import AskConsent, ConsentGuard
from voiceassist.actions.http_call import HttpActions
from voiceassist.actions.keys import KeyActions
from voiceassist.actions.listening import register_listening
from voiceassist.actions.lists import ListActions
from voiceassist.actions.media import MediaActions
from voiceassist.actions.notes import NoteActions
from voiceassist.actions.notifications import Notifier
from voiceassist.actions.open_uri import OpenUriActions
from voiceassist.actions.output import OutputHandler
from voiceassist.actions.platforms import Desktop, current_desktop
from voiceassist.actions.programs import ProgramActions
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.ringer import Ringer
from voiceassist.actions.schedule_store import Entry, ScheduleStore
from voiceassist.actions.scheduler import Scheduler
from voiceassist.actions.screenshots import ScreenshotActions
from voiceassist.actions.session import register_session
from voiceassist.actions.shortcuts import register_shortcuts, register_tab
from voiceassist.actions.sounds import SoundPlayer
from voiceassist.actions.steps import StepActions
from voiceassist.actions.switches import register_switches
from voiceassist.actions.system_info import register_system_info
from voiceassist.actions.timer_actions import StopwatchActions, TimerActions
from voiceassist.actions.volume import VolumeActions
from voiceassist.actions.window_names import active_application
from voiceassist.actions.windows import WindowActions
from voiceassist.config.trust import TRUST_FILE, TrustStore
from voiceassist.errors import ActionError
from voiceassist.grammar.files.when import current_system
from voiceassist.i18n import mark
from voiceassist.paths import default_paths

EXAMPLES = (
    "set a timer for ten minutes",
    "what time is it",
    "turn the volume down",
    "take a note buy milk",
    "next window",
    "take a screenshot",
    "undo that",
)
"""Default commands that a new user wants first, one for each area."""


def default_registry(
    announce: Callable[[str], None],
    *,
    desktop: Desktop | None = None,
    now: Callable[[], datetime] | None = None,
    data: Path | None = None,
    ask_consent: AskConsent | None = None,
    rings: bool = True,
) -> ActionRegistry:
    """All built-in actions on this machine.

    Args:
        announce: called with a message when a timer or an alarm rings. Thread: the scheduler's.
        desktop: windows, mixer and other services of the desktop; by default those of this machine.
        now: the wall clock.
        data: the folder for notes, lists, timers and consents; the program's data folder by default.
        ask_consent: asks at once whether a command file may run a program; without it the action is not carried out,
            and its outcome has what to agree to.
        rings: timers ring in this process; a short-lived one leaves that to the window.
    """
    data = data or default_paths().data
    registry = ActionRegistry(guard=ConsentGuard(TrustStore(data / TRUST_FILE), ask_consent))
    desktop = desktop or current_desktop()
    now = now or local_now
    registry.own(desktop.close)
    notifier = Notifier()
    registry.own(notifier.close)
    _register_desktop(registry, desktop, now, notifier)
    ListActions(registry, data / "lists")
    NoteActions(registry, data / "notes.md", now, desktop.open_uri)
    store = ScheduleStore(data / "schedule.sqlite3")
    _register_schedule(registry, store, SystemClocks(now), notifier, announce, rings=rings)
    register_clock(registry, now)
    register_system_info(registry)
    register_listening(registry)
    _register_meta(registry)
    return registry


def _register_schedule(
    registry: ActionRegistry,
    store: ScheduleStore,
    clocks: Clocks,
    notifier: Notifier,
    announce: Callable[[str], None],
    *,
    rings: bool,
) -> None:
    """Adds timers, alarms and reminders; what was missed while nothing ran rings now."""
    player = SoundPlayer()
    registry.own(player.close)

    def snooze(entry: Entry, after_s: float) -> None:
        if entry.kind == "alarm":
            scheduler.add_at("alarm", clocks.local() + timedelta(seconds=after_s), entry.name)
        else:
            scheduler.add_timer(after_s, entry.name, entry.kind)

    ringer = Ringer(announce, clocks, player, notifier, snooze)
    scheduler = Scheduler(store, clocks, ringer.ring, rings=rings)
    registry.own(scheduler.close)
    TimerActions(registry, scheduler, ringer.stop)
    StopwatchActions(registry, scheduler)
    AlarmActions(registry, scheduler, ringer.stop)
    RingActions(registry, ringer)
    scheduler.start()


def _register_desktop(
    registry: ActionRegistry, desktop: Desktop, now: Callable[[], datetime], notifier: Notifier
) -> None:
    register_open(registry, desktop.applications, desktop.launch)
    WindowActions(registry, desktop.windows, desktop.applications)
    VolumeActions(registry, desktop.mixer)
    BrightnessActions(registry, desktop.backlight)
    MediaActions(registry, desktop.player)
    keys = KeyActions(registry, desktop.keyboard)
    register_shortcuts(registry, keys)
    register_tab(registry, keys, lambda: active_application(desktop.windows, desktop.applications))
    OpenUriActions(registry, desktop.open_uri)
    ClipboardActions(registry, desktop.clipboard)
    output = OutputHandler(
        lambda text: desktop.keyboard().type_text(text),
        lambda text: desktop.clipboard().write(text),
        lambda text: notifier.show("voiceassist", text),
    )
    ProgramActions(registry, output)
    HttpActions(registry, output)
    StepActions(registry, lambda: active_application(desktop.windows, desktop.applications), current_system())
    ScreenshotActions(registry, desktop.camera, screenshot_folder, now)
    register_session(registry, desktop.session)
    register_switches(registry, desktop.switch)


def _register_meta(registry: ActionRegistry) -> None:
    """Adds ``help.show`` and the actions on the last action."""

    def show_help(_call: ActionCall) -> ActionOutcome:
        examples = "; ".join(EXAMPLES)
        return ActionOutcome(
            True, mark("Say for example: {examples}. The page Commands lists everything.", examples=examples)
        )

    def repeat_answer(_call: ActionCall) -> ActionOutcome:
        if not registry.last_message:
            raise ActionError(mark("there is no answer to repeat"), hint=mark("say a command first"))
        return ActionOutcome(True, registry.last_message)

    registry.register("help.show", show_help, description="Tells what can be said.")
    registry.register("undo", lambda _call: registry.undo_last(), description="Undoes the last action.")
    registry.register("action.repeat", lambda _call: registry.repeat_last(), description="Repeats the last action.")
    registry.register("answer.repeat", repeat_answer, description="Repeats the last answer.")


def installed_applications() -> list[Application]:
    """The applications that ``app.open`` can start, by name."""
    return current_desktop().applications()


def screenshot_folder() -> Path:
    """The folder of the user's screenshots."""
    return Path(platformdirs.user_pictures_dir()) / "Screenshots"
