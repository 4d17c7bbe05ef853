"""A ring that is heard at the sound server, shown by a real notification daemon with buttons, and survives kill -9."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from dunst import Dunst
from private_desktop import PrivateBus, Screen, until
from soundserver import SPEAKERS, SoundServer

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.notifications import Notifier
from voiceassist.actions.registry import ActionRegistry
from voiceassist.actions.sounds import RATE_HZ, SoundPlayer, player_command, wave_bytes
from voiceassist.errors import ActionError

PROGRAM = Path(__file__).parent / "ringing_program.py"
RING_HZ = (880.0, 1174.7)


@pytest.fixture
def dunst(bus: PrivateBus, screen: Screen, tmp_path: Path) -> Dunst:
    return Dunst(bus, screen.display, tmp_path)


@pytest.fixture
def ringing(said: list[str], tmp_path: Path, speakers: SoundServer) -> Iterator[ActionRegistry]:
    """A registry on a sound server, in which a timer rings already."""
    registry = default_registry(said.append, data=tmp_path / "data")
    registry.run("timer.start", {}, {"duration": 1, "name": "tea"})
    until(lambda: said == ["The tea timer for 1 second is over."], "it rings")
    yield registry
    registry.close()


def heard(server: SoundServer, length_s: float = 0.8) -> float:
    """The share of the power of a recording of the loudspeakers that is at the ring's tones; 0 for silence."""
    command = ["parec", f"--device={SPEAKERS}.monitor", "--raw", "--channels=1", "--rate=22050", "--format=float32le"]
    with subprocess.Popen(command, env=server.env(), stdout=subprocess.PIPE) as recorder:
        assert recorder.stdout is not None
        samples = np.frombuffer(recorder.stdout.read(round(length_s * RATE_HZ) * 4), np.float32)
        recorder.terminate()
    power = np.abs(np.fft.rfft(samples * np.hanning(samples.size))) ** 2
    if samples.max() < 1e-3:
        return 0.0
    hz = np.fft.rfftfreq(samples.size, 1 / RATE_HZ)
    near = np.min([np.abs(hz - tone * harmonic) for tone in RING_HZ for harmonic in (1, 2)], axis=0) < 30
    return float(power[near].sum() / power.sum())


def test_the_ring_is_heard_until_it_is_stopped(ringing: ActionRegistry, speakers: SoundServer) -> None:
    until(lambda: heard(speakers) > 0.8, "the loudspeakers carry the ring")
    assert ringing.run("ring.stop", {}, {}).message == "Stopped."
    until(lambda: heard(speakers) == 0.0, "it is silent")
    with pytest.raises(ActionError, match="nothing is ringing"):
        ringing.run("ring.stop", {}, {})


def test_closing_the_program_ends_the_ring(ringing: ActionRegistry, speakers: SoundServer) -> None:
    until(lambda: "voiceassist" in speakers.pactl("list", "sink-inputs"), "it plays")
    ringing.close()
    until(lambda: "voiceassist" not in speakers.pactl("list", "sink-inputs"), "it is silent")


def test_a_notification_has_buttons_that_work(
    dunst: Dunst, ringing: ActionRegistry, speakers: SoundServer, said: list[str]
) -> None:
    until(lambda: dunst.shown() == 1, "the notification is shown")
    assert sorted(dunst.press("Five")) == ["Five more minutes", "Stop"]
    until(lambda: "tea timer for 5 minutes has" in ringing.run("timer.status", {}, {}).message, "it rings again later")
    until(lambda: dunst.shown() == 0, "the notification is gone")
    until(lambda: heard(speakers) == 0.0, "it is silent")
    with pytest.raises(ActionError, match="nothing is ringing"):
        ringing.run("ring.stop", {}, {})


def test_the_stop_button(dunst: Dunst, ringing: ActionRegistry, speakers: SoundServer) -> None:
    until(lambda: dunst.shown() == 1, "the notification is shown")
    dunst.press("Stop")
    until(lambda: heard(speakers) == 0.0, "it is silent")
    assert ringing.run("timer.status", {}, {}).message == "No timer is running."


def test_closing_the_notification_stops_the_ring(dunst: Dunst, ringing: ActionRegistry, speakers: SoundServer) -> None:
    until(lambda: dunst.shown() == 1, "the notification is shown")
    dunst.ask("close")
    until(lambda: heard(speakers) == 0.0, "it is silent")
    assert ringing.run("timer.status", {}, {}).message == "No timer is running."
    with pytest.raises(ActionError, match="nothing is ringing"):
        ringing.run("ring.stop", {}, {})


def test_snooze_by_voice(ringing: ActionRegistry) -> None:
    assert ringing.run("ring.snooze", {}, {"duration": 120}).message == "It rings again in 2 minutes."
    assert "tea timer for 2 minutes has" in ringing.run("timer.status", {}, {}).message


def test_without_sound_and_notifications_it_is_still_said(
    said: list[str], bus: PrivateBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with closing(default_registry(said.append, data=tmp_path / "data")) as registry:
        registry.run("timer.start", {}, {"duration": 1})
        until(lambda: len(said) == 1, "it is said")
        until(lambda: registry.run("timer.status", {}, {}).message == "No timer is running.", "it is over")
        registry.run("ring.stop", {}, {})
    with pytest.raises(ActionError, match="no program that plays sounds"):
        player_command()
    notifier = Notifier()
    with pytest.raises(ActionError, match="refused"):
        notifier.show("Hello")
    notifier.close()


def test_the_sounds_differ_and_do_not_clip(speakers: SoundServer) -> None:
    sounds = [wave_bytes(name) for name in ("listening", "understood", "not_understood", "ring")]
    assert len({sound[44:] for sound in sounds}) == 4
    for sound in sounds:
        samples = np.frombuffer(sound[44:], "<i2")
        assert 0.2 < np.abs(samples).max() / 32767 <= 0.5
        assert abs(int(samples[0])) < 400
        assert samples.size < RATE_HZ * 1.5
    player = SoundPlayer()
    for name in ("listening", "understood", "not_understood"):
        player.play(name)
    until(lambda: all(process.poll() == 0 for process in player._playing), "they were played")
    player.close()


def start(folder: Path, log: Path, duration_s: float) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(folder), str(log), str(duration_s)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "set\n"
    return process


def end(process: subprocess.Popen[str], how: signal.Signals) -> None:
    process.send_signal(how)
    process.wait(timeout=20)
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.timeout(600)
def test_killed_at_any_moment_it_rings_once_after_the_restart(tmp_path: Path) -> None:
    rounds, folder, log = int(os.environ.get("VOICEASSIST_KILLS", "8")), tmp_path / "data", tmp_path / "log"
    for number in range(1, rounds + 1):
        process = start(folder, log, 1.0)
        time.sleep(random.uniform(0.0, 0.9))  # noqa: S311 - no secret
        end(process, signal.SIGKILL)
        # On a slow machine it may have rung before it was killed; then the restart has nothing left to ring.
        assert number - 1 <= len(log.read_text().splitlines() if log.exists() else []) <= number
        with closing(sqlite3.connect(folder / "schedule.sqlite3")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        process = start(folder, log, 0)
        until(lambda number=number: log.exists() and len(log.read_text().splitlines()) >= number, "it rings")
        end(process, signal.SIGTERM)
    process = start(folder, log, 0)
    time.sleep(0.5)
    end(process, signal.SIGTERM)
    assert log.read_text().splitlines() == ["The killed timer for 1 second is over."] * rounds
