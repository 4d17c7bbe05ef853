"""Ends a process by force again and again while it writes; what it had said was done must be there afterwards."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from voiceassist.actions.call import ActionCall
from voiceassist.actions.notes import NoteActions
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.schedule_store import Entry, ScheduleStore
from voiceassist.config.settings import Settings, load, load_or_default, save
from voiceassist.gui.services.history import HistoryEntry, HistoryFile
from voiceassist.packs.archive import pack_to_vapack
from voiceassist.packs.store import PackStore

MAX_LIFE_S = 0.8
_KINDS = ("settings", "notes", "timers", "history", "pack")


def kill_rounds(folder: Path, pack: Path, rounds: int, seed: int = 0, max_life_s: float = MAX_LIFE_S) -> dict[str, Any]:
    """Fork a process that writes settings, notes, timers, history and packs, kill it at a random moment, and look.

    Args:
        folder: an empty folder to work in.
        pack: folder of a pack.
        rounds: how often.
        seed: of the moments.
        max_life_s: latest moment.

    Returns:
        how many of each was acknowledged, and what was wrong afterwards, which should be nothing.
    """
    rng = random.Random(seed)  # noqa: S311 - moments, not secrets
    shipped = folder / "shipped"
    shutil.copytree(pack, shipped / pack.name)
    vapack = pack_to_vapack(pack, folder / "pack.vapack")
    acknowledged = dict.fromkeys(_KINDS, 0)
    problems: list[str] = []
    for number in range(rounds):
        work = partial(_work, folder, vapack, number)
        told = list(_killed(work, rng.uniform(0, max_life_s)))
        for kind, _identity in told:
            acknowledged[kind] += 1
        found = [*_lost(folder, told, number), *_state(folder, shipped, pack.name, number)]
        problems += [f"round {number}: {problem}" for problem in found]
    return {"rounds": rounds, "acknowledged": acknowledged, "problems": problems}


def _killed(work: Callable[[Callable[[str, str], object]], None], life_s: float) -> Iterator[tuple[str, str]]:
    """Run work in a child that is killed, and give what it acknowledged."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # From Python 3.12 on a fork beside threads is warned of: the child may find locks held. This one uses none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(lambda kind, identity: os.write(writer, f"{kind} {identity}\n".encode()))
        finally:
            os._exit(1)
    os.close(writer)
    time.sleep(life_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as pipe:
        lines = pipe.read().decode().splitlines(keepends=True)
    for line in lines:
        if line.endswith("\n"):
            kind, _, identity = line.strip().partition(" ")
            yield kind, identity


def _work(folder: Path, vapack: Path, number: int, done: Callable[[str, str], object]) -> None:
    notes, timers, history = _notes(folder), ScheduleStore(folder / "timers.sqlite"), _history(folder)
    store = PackStore(folder / "shipped", folder / "models")
    for step in range(10_000):
        identity = f"{number}-{step}"
        settings = load(folder / "settings.toml")
        save(replace(settings, wake_phrase=identity), folder / "settings.toml", before=settings)
        done("settings", identity)
        notes.add(ActionCall("note.add", {"text": f"note {identity}"}))
        done("notes", identity)
        timers.add(Entry("timer", name=identity, duration_s=60.0))
        done("timers", identity)
        entry = HistoryEntry("2026-03-09T21:30:00", identity, "", "", understood=True)
        history.add(entry)
        done("history", identity)
        history.correct(entry, "corrected")
        store.install(vapack)
        done("pack", identity)


def _lost(folder: Path, told: list[tuple[str, str]], number: int) -> list[str]:
    """What was acknowledged and is not there; a setting may also be the one that was being written."""
    notes = folder / "notes.md"
    kept = {
        "notes": notes.read_text(encoding="utf-8").splitlines() if notes.exists() else [],
        "timers": [entry.name for entry in ScheduleStore(folder / "timers.sqlite").entries()],
        "history": [entry.text for entry in _history(folder).read()],
    }
    found = [
        f"{kind} {identity} is lost"
        for kind, identity in told
        if kind in kept and not any(f" {line}".endswith(f" {identity}") for line in kept[kind])
    ]
    steps = [int(identity.partition("-")[2]) for kind, identity in told if kind == "settings"]
    now = load_or_default(folder / "settings.toml")[0].wake_phrase
    if steps and now not in (f"{number}-{steps[-1]}", f"{number}-{steps[-1] + 1}"):
        found.append(f"settings {number}-{steps[-1]} is lost: {now} is there")
    return found


def _state(folder: Path, shipped: Path, name: str, number: int) -> list[str]:
    """What is wrong after a kill, and whether the next writer clears up what was left."""
    found = []
    problem = load_or_default(folder / "settings.toml")[1]
    if problem is not None:
        found.append(f"settings: {problem.message}")
    store = PackStore(shipped, folder / "models")
    found += [f"pack: {listing.problem}" for listing in store.list() if listing.problem]
    if store.get(name).name != name:
        found.append("there is no working pack")
    expected = {name, "manifests.sha256"}
    save(Settings(wake_phrase=f"after {number}"), folder / "settings.toml")
    _notes(folder).add(ActionCall("note.add", {"text": f"after {number}"}))
    entry = HistoryEntry("2026-03-09T21:30:00", f"after {number}", "", "", understood=True)
    _history(folder).add(entry)
    _history(folder).correct(entry, "corrected")
    models = folder / "models"
    left = {path.name for path in models.iterdir()} - expected if models.is_dir() else set()
    left |= {path.name for path in folder.glob(".*")}
    found += [f"left over: {path}" for path in sorted(left)]
    return found


def _history(folder: Path) -> HistoryFile:
    return HistoryFile(folder / "history.jsonl", max_entries=1_000_000)


def _notes(folder: Path) -> NoteActions:
    return NoteActions(ActionRegistry(), folder / "notes.md", lambda: datetime.now(UTC), lambda _: None)
