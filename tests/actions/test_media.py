"""Media commands on a real player, on a bus of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from private_desktop import PrivateBus, need, until

from voiceassist.actions.media import MediaActions
from voiceassist.actions.platforms.linux import LinuxDesktop
from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError

PATH, PLAYER = "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2.Player"
PLUGIN = Path("/usr/lib/mpv-mpris/mpris.so")


class Mpv:
    """The player mpv with two pieces of a minute each, seen from outside."""

    def __init__(self, bus: PrivateBus, folder: Path) -> None:
        need("mpv")
        assert PLUGIN.exists(), "mpv-mpris is needed"
        self.bus, self.service = bus, "org.mpris.MediaPlayer2.mpv"
        names = [self._piece(folder, name) for name in ("First Piece", "Second Piece")]
        options = ["--no-config", "--load-scripts=no", f"--script={PLUGIN}", "--vo=null", "--ao=null", "--no-terminal"]
        bus.start(["mpv", *options, *names], self.service, HOME=str(folder))
        until(lambda: self.get("PlaybackStatus") == "Playing" and self.title() == "First Piece", "mpv plays")

    def get(self, name: str) -> str:
        return self.bus.get(self.service, PATH, PLAYER, name).strip("(<>,)").strip("'")

    def title(self) -> str:
        return next(iter(self.get("Metadata").partition("'xesam:title': <'")[2].split("'")), "")

    def position_s(self) -> float:
        return int(self.get("Position").split()[-1]) / 1e6

    @staticmethod
    def _piece(folder: Path, title: str) -> str:
        file = folder / f"{title}.flac"
        with soundfile.SoundFile(file, "w", 8_000, 1) as sound:
            sound.title, sound.artist = title, "Nobody"
            sound.write(np.zeros(60 * 8_000, np.float32))
        return str(file)


@pytest.fixture
def mpv(bus: PrivateBus, tmp_path: Path) -> Mpv:
    return Mpv(bus, tmp_path)


@pytest.fixture
def media() -> ActionRegistry:
    registry = ActionRegistry()
    MediaActions(registry, LinuxDesktop().player)
    return registry


def test_pause_play_and_their_undo(mpv: Mpv, media: ActionRegistry) -> None:
    assert media.run("media.play", {}, {}).message == "mpv is playing already."
    assert media.run("media.pause", {}, {}).message == "mpv is paused."
    until(lambda: mpv.get("PlaybackStatus") == "Paused", "it is paused")
    assert media.run("media.pause", {}, {}).message == "Nothing is playing."
    media.undo_last()
    until(lambda: mpv.get("PlaybackStatus") == "Playing", "it plays again")
    media.run("media.pause", {}, {})
    until(lambda: mpv.get("PlaybackStatus") == "Paused", "it is paused")
    assert media.run("media.play", {}, {}).message == "mpv plays."
    until(lambda: mpv.get("PlaybackStatus") == "Playing", "it plays")


def test_next_previous_and_what_is_playing(mpv: Mpv, media: ActionRegistry) -> None:
    assert media.run("media.what", {}, {}).message == "First Piece by Nobody."
    media.run("media.next", {}, {})
    until(lambda: mpv.title() == "Second Piece", "the second")
    media.undo_last()
    until(lambda: mpv.title() == "First Piece", "the first")
    media.run("media.next", {}, {})
    until(lambda: mpv.title() == "Second Piece", "the second")
    media.run("media.previous", {}, {})
    until(lambda: mpv.title() == "First Piece", "the first")


def test_skip_ahead_and_back(mpv: Mpv, media: ActionRegistry) -> None:
    media.run("media.pause", {}, {})
    until(lambda: mpv.get("PlaybackStatus") == "Paused", "it is paused")
    assert media.run("media.seek", {"offset_s": 10}, {"duration": 30}).message == "30 seconds ahead."
    until(lambda: mpv.position_s() > 29, "half way")
    assert media.run("media.seek", {"offset_s": -10}, {}).message == "10 seconds back."
    until(lambda: 15 < mpv.position_s() < 29, "ten seconds back")
    media.undo_last()
    until(lambda: mpv.position_s() > 29, "half way again")


def test_shuffle_and_back(bus: PrivateBus, media: ActionRegistry, tmp_path: Path) -> None:
    """On a stand-in: the plug-in of mpv 0.7 always says that it shuffles."""
    service = "org.mpris.MediaPlayer2.boxed"
    bus.mock(service, PATH, PLAYER, name=service, log=tmp_path / "mock.log")
    for name, value in (("PlaybackStatus", "<'Playing'>"), ("Shuffle", "<false>")):
        bus.gdbus(service, PATH, "org.freedesktop.DBus.Mock.AddProperty", PLAYER, name, value)
    assert media.run("media.shuffle", {}, {}).message == "Shuffle is on."
    assert bus.get(service, PATH, PLAYER, "Shuffle") == "(<true>,)"
    assert media.undo_last().message == "Shuffle is off again."
    assert bus.get(service, PATH, PLAYER, "Shuffle") == "(<false>,)"


def test_a_player_that_cannot_shuffle_or_go_on(bus: PrivateBus, media: ActionRegistry, tmp_path: Path) -> None:
    service = "org.mpris.MediaPlayer2.boxed"
    bus.mock(service, PATH, PLAYER, name=service, log=tmp_path / "mock.log")
    for name, value in (("PlaybackStatus", "<'Playing'>"), ("CanGoNext", "<false>"), ("Metadata", "<@a{sv} {}>")):
        bus.gdbus(service, PATH, "org.freedesktop.DBus.Mock.AddProperty", PLAYER, name, value)
    for action, said in (
        ("shuffle", "has no shuffle"),
        ("next", "cannot do that now"),
        ("what", "does not report the track"),
    ):
        with pytest.raises(ActionError, match=f"Boxed {said}"):
            media.run(f"media.{action}", {}, {})


def test_a_player_that_is_closed_between_two_calls(bus: PrivateBus, tmp_path: Path) -> None:
    service = "org.mpris.MediaPlayer2.boxed"
    bus.mock(service, PATH, PLAYER, name=service, log=tmp_path / "mock.log")
    bus.gdbus(service, PATH, "org.freedesktop.DBus.Mock.AddProperty", PLAYER, "PlaybackStatus", "<'Playing'>")
    player = LinuxDesktop().player()
    bus.stop_services()
    assert player.state() == "stopped"
    calls = (lambda: player.send("next"), player.track, lambda: player.seek(5), player.shuffle,
             lambda: player.set_shuffle(True))  # fmt: skip
    for call in calls:
        with pytest.raises(ActionError, match="Boxed has been closed"):
            call()


@pytest.mark.parametrize(("artist", "shown"), [("['Ann', 'Bob']", "Ann, Bob"), ("'Ann'", "Ann")])
def test_an_artist_may_be_a_list_or_a_text(
    bus: PrivateBus, media: ActionRegistry, tmp_path: Path, artist: str, shown: str
) -> None:
    service = "org.mpris.MediaPlayer2.boxed"
    bus.mock(service, PATH, PLAYER, name=service, log=tmp_path / "mock.log")
    metadata = f"<{{'xesam:title': <'Song'>, 'xesam:artist': <{artist}>}}>"
    for name, value in (("PlaybackStatus", "<'Playing'>"), ("Metadata", metadata)):
        bus.gdbus(service, PATH, "org.freedesktop.DBus.Mock.AddProperty", PLAYER, name, value)
    assert media.run("media.what", {}, {}).message == f"Song by {shown}."


def test_nobody_seeks_by_more_than_a_day(mpv: Mpv, media: ActionRegistry) -> None:
    with pytest.raises(ActionError, match="needs at most 24 hours as duration"):
        media.run("media.seek", {"offset_s": -10}, {"duration": 1e30})


def test_stop(mpv: Mpv, media: ActionRegistry) -> None:
    media.run("media.stop", {}, {})
    until(lambda: is_gone_or_silent(mpv), "it does not play")


def is_gone_or_silent(mpv: Mpv) -> bool:
    """With nothing left to play mpv ends, which can happen between two looks."""
    try:
        return mpv.get("PlaybackStatus") != "Playing"
    except AssertionError:
        return mpv.service not in mpv.bus.names()


def test_of_several_players_the_playing_one_is_meant(mpv: Mpv, bus: PrivateBus, tmp_path: Path) -> None:
    silent = "org.mpris.MediaPlayer2.aaa"
    bus.mock(silent, PATH, PLAYER, name=silent, log=tmp_path / "mock.log")
    assert LinuxDesktop().player().name == "mpv"  # the other one does not even say what it does
    bus.gdbus(silent, PATH, "org.freedesktop.DBus.Mock.AddProperty", PLAYER, "PlaybackStatus", "<'Paused'>")
    assert LinuxDesktop().player().name == "mpv"
    LinuxDesktop().player().send("pause")
    until(lambda: mpv.get("PlaybackStatus") == "Paused", "it is paused")
    assert LinuxDesktop().player().name == "Aaa"


def test_without_a_player_or_a_bus(
    bus: PrivateBus, media: ActionRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ActionError, match="no music or video player is open"):
        media.run("media.play", {}, {})
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    with pytest.raises(ActionError, match="session bus cannot be reached"):
        media.run("media.play", {}, {})
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(ActionError, match="session bus cannot be reached"):
        media.run("media.play", {}, {})


def test_a_player_that_never_answers_does_not_hang(
    bus: PrivateBus, media: ActionRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voiceassist.desktop.bus.TIMEOUT_S", 3.0)
    service = "org.mpris.MediaPlayer2.stuck"
    bus.mock(service, PATH, PLAYER, name=service, log=tmp_path / "mock.log")
    bus.gdbus(service, PATH, "org.freedesktop.DBus.Mock.AddProperty", PLAYER, "PlaybackStatus", "<'Playing'>")
    player = LinuxDesktop().player()
    code = "import time; time.sleep(60)"
    bus.gdbus(service, PATH, "org.freedesktop.DBus.Mock.AddMethod", PLAYER, "Stop", "", "", code)
    with pytest.raises(ActionError, match="did not answer"):
        player.send("stop")
