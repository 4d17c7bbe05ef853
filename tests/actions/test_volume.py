"""Volume commands on a real sound server, watched from outside."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from soundserver import SoundServer

from voiceassist.actions.registry import ActionRegistry
from voiceassist.errors import ActionError


@pytest.mark.parametrize(("percent", "reached"), [(40, 40), (0, 0), (100, 100), (150, 100), (-3, 0), (33.4, 33)])
def test_the_volume_is_set(speakers: SoundServer, registry: ActionRegistry, percent: float, reached: int) -> None:
    outcome = registry.run("volume.set", {}, {"percent": percent})
    assert speakers.volume_percent() == reached
    assert outcome.message == f"Volume is at {reached} %."


@pytest.mark.parametrize(
    ("arguments", "slots", "reached"),
    [
        ({"delta_percent": 10}, {}, 80),
        ({"delta_percent": -10}, {}, 60),
        ({"delta_percent": -10}, {"percent": 5}, 65),
        ({"delta_percent": 10}, {"percent": 90}, 100),
        ({"delta_percent": -10}, {"percent": 90}, 0),
        ({"delta_percent": -10}, {"factor": 0.5}, 35),
        ({}, {"factor": 3}, 100),
    ],
)
def test_the_volume_is_changed(
    speakers: SoundServer,
    registry: ActionRegistry,
    arguments: dict[str, int],
    slots: dict[str, int],
    reached: int,
) -> None:
    registry.run("volume.change", arguments, slots)
    assert speakers.volume_percent() == reached


def test_how_loud_it_is_is_told(speakers: SoundServer, registry: ActionRegistry) -> None:
    assert registry.run("volume.level", {}, {}).message == "Volume is at 70 %."
    speakers.pactl("set-sink-mute", "speakers", "1")
    assert registry.run("volume.level", {}, {}).message == "The sound is off, volume is at 70 %."


def test_an_amplified_output_does_not_drop_when_told_to_rise(speakers: SoundServer, registry: ActionRegistry) -> None:
    speakers.pactl("set-sink-volume", "speakers", "120%")
    registry.run("volume.change", {"delta_percent": 10}, {})
    assert speakers.volume_percent() == 120


def test_mute_and_its_undo(speakers: SoundServer, registry: ActionRegistry) -> None:
    assert registry.run("volume.mute", {}, {}).message == "The sound is off, volume is at 70 %."
    assert speakers.muted()
    assert registry.run("undo", {}, {}).message == "Volume is at 70 % again."
    assert not speakers.muted()


def test_sound_comes_back_on(speakers: SoundServer, registry: ActionRegistry) -> None:
    speakers.pactl("set-sink-mute", "speakers", "1")
    registry.run("volume.mute", {"muted": False}, {})
    assert not speakers.muted()


def test_undo_puts_every_channel_back(speakers: SoundServer, registry: ActionRegistry) -> None:
    speakers.pactl("set-sink-volume", "speakers", "20001", "40003")
    registry.run("volume.set", {}, {"percent": 50})
    registry.undo_last()
    volume = speakers.pactl("get-sink-volume", "speakers")
    assert "20001" in volume
    assert "40003" in volume


def test_undo_reaches_the_output_that_was_changed(speakers: SoundServer, registry: ActionRegistry) -> None:
    module = speakers.pactl("load-module", "module-null-sink", "sink_name=headphones").strip()
    registry.run("volume.set", {}, {"percent": 25})
    speakers.pactl("set-default-sink", "headphones")
    registry.undo_last()
    assert speakers.volume_percent() == 70
    speakers.pactl("set-default-sink", "speakers")
    speakers.pactl("unload-module", module)


def test_undoing_twice_goes_back_two_steps(speakers: SoundServer, registry: ActionRegistry) -> None:
    registry.run("volume.set", {}, {"percent": 30})
    registry.run("volume.set", {}, {"percent": 90})
    registry.undo_last()
    assert speakers.volume_percent() == 30
    registry.undo_last()
    assert speakers.volume_percent() == 70


@pytest.mark.parametrize(
    ("action", "slots"),
    [("volume.set", {"percent": "loud"}), ("volume.set", {}), ("volume.change", {}), ("volume.mute", {"muted": "x"})],
)
def test_nonsense_changes_nothing(
    speakers: SoundServer, registry: ActionRegistry, action: str, slots: dict[str, str]
) -> None:
    with pytest.raises(ActionError, match=action):
        registry.run(action, {}, slots)
    assert speakers.volume_percent() == 70


def test_without_a_sound_server(
    speakers: SoundServer, registry: ActionRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("PIPEWIRE_REMOTE", f"{tmp_path}/nobody")
    with pytest.raises(ActionError, match="no sound server answers") as caught:
        registry.run("volume.set", {}, {"percent": 40})
    assert "PipeWire" in caught.value.hint


# wpctl needs a whole PipeWire with WirePlumber; this program keeps a volume and speaks as wpctl 0.4 and 0.5 do.
WPCTL = """#!/bin/sh
cd "{folder}" || exit 1
case "$1" in
  inspect) echo "id 47, type PipeWire:Interface:Node" ;;
  get-volume) [ "$2" = 47 ] || exit 3; echo "Volume: $(cat volume)$(cat muted)" ;;
  set-volume) case "$3" in *%) echo "0.${{3%\\%}}" >volume ;; *) echo "$3" >volume ;; esac ;;
  set-mute) if [ "$3" = 1 ]; then echo ' [MUTED]' >muted; else : >muted; fi ;;
esac
"""


def test_wireplumber_is_used_where_pulseaudio_does_not_answer(
    registry: ActionRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "wpctl"
    program.write_text(WPCTL.format(folder=tmp_path), encoding="utf-8")
    program.chmod(stat.S_IRWXU)
    (tmp_path / "volume").write_text("0.55\n", encoding="utf-8")
    (tmp_path / "muted").touch()
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    assert registry.run("volume.set", {}, {"percent": 40}).message == "Volume is at 40 %."
    assert registry.run("volume.mute", {}, {}).message == "The sound is off, volume is at 40 %."
    registry.undo_last()
    assert registry.undo_last().message == "Volume is at 55 % again."
    assert (tmp_path / "volume").read_text(encoding="utf-8") == "0.55\n"
