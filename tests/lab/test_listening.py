"""Latency, false accepts and the command line of the lab."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceassist.audio.files import read_sound
from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.engine.activation import ListenMode
from voiceassist.grammar.files.merge import load_commands
from voiceassist.lab.__main__ import main
from voiceassist.lab.false_accepts import measure_false_accepts, mixed_sound, room_tone, simulated_day
from voiceassist.lab.latency import LoopbackRecorder, Response, speech_end, summary
from voiceassist.lab.sound_server import SoundServer
from voiceassist.packs.pack import open_pack

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "assets" / "samples"
PACK = ROOT / "models" / "shared-int8"
DRAW = np.random.default_rng(0)


def test_the_end_of_speech_is_where_the_voice_ends():
    sound = read_sound(SAMPLES / "02-volume.wav")
    loud = int(np.flatnonzero(np.abs(sound) > 0.1 * np.abs(sound).max())[-1])
    late = np.concatenate([sound, room_tone(1.5, DRAW)])
    assert speech_end(late) == pytest.approx(loud, abs=0.15 * SAMPLE_RATE_HZ)


def test_the_loopback_gives_the_arrival_time_of_a_sample(tmp_path):
    sound = (0.3 * DRAW.normal(size=SAMPLE_RATE_HZ)).clip(-1, 1).astype(np.float32)
    soundfile.write(tmp_path / "noise.wav", sound, SAMPLE_RATE_HZ)
    with SoundServer() as server:
        loopback = LoopbackRecorder(server)
        try:
            server.play(tmp_path / "noise.wav")
            first, last = loopback.arrival_s(sound, 0), loopback.arrival_s(sound, sound.size)
        finally:
            loopback.close()
    assert last - first == pytest.approx(1.0, abs=0.15)


def test_the_summary_counts_what_was_done():
    responses = [
        Response("a", "stop", "act", 200.0, 1),
        Response("b", "go", "act", 400.0, 2),
        Response("c", "erase", "ask", 900.0, 1),
        Response("d", "hm", "reject", 700.0, 1),
        Response("e", "", "", None, 0),
    ]
    told = summary(responses)
    assert (told["acted"], told["acted_ms"]["median"], told["understood"], told["fell_apart"]) == (2, 300.0, 3, 1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for folder, header in (("speech", "dev"), ("noise", "noise")):
        (tmp_path / folder).mkdir()
        sound = (0.1 * DRAW.normal(size=4 * SAMPLE_RATE_HZ)).astype(np.float32)
        soundfile.write(tmp_path / folder / "x.ogg", sound, SAMPLE_RATE_HZ)
        rows = f"path\tstart_s\tseconds\ttext\n{folder}/x.ogg\t0.5\t1.5\tone\n{folder}/x.ogg\t2\t1\ttwo\n"
        (tmp_path / folder / f"{header}.tsv").write_text(rows)
    return tmp_path


def test_mixed_sound_is_as_long_as_asked_and_always_the_same(data):
    first, again = (list(mixed_sound(data, 30)) for _ in range(2))
    assert {segment.kind for segment in first} == {"silence", "speech", "noise"}
    assert 30 <= sum(segment.samples.size for segment in first) / SAMPLE_RATE_HZ < 40
    assert all(np.array_equal(one.samples, other.samples) for one, other in zip(first, again, strict=True))


def test_all_kinds_of_audio_are_counted(data, tmp_path):
    pack = open_pack(PACK)
    (tmp_path / "x.yaml").write_text("intents: {A: ['a']}\n")
    counts = measure_false_accepts(pack, load_commands([tmp_path / "x.yaml"]), ListenMode.OPEN, mixed_sound(data, 5))
    told = counts.to_json()
    assert sum(told["seconds"].values()) >= 5
    assert set(told["processor_percent"]) == {"silence", "speech", "noise"}
    assert told["private_mb"]


def test_a_day_has_a_command_every_ten_minutes():
    command = room_tone(1, DRAW)
    kinds = [segment.kind for segment in simulated_day([("stop", command)], 3600)]
    assert (kinds.count("command"), kinds.count("silence")) == (6, 60)


def test_the_command_writes_a_result_with_its_circumstances(data, tmp_path):
    out = tmp_path / "accepts.json"
    (tmp_path / "x.yaml").write_text("intents: {A: ['a']}\n")
    arguments = ["--data", str(data), "--model", str(PACK), "--grammar", str(tmp_path / "x.yaml"), "--hours", "0.001"]
    assert main(["false-accepts", *arguments, "--mode", "open", "--out", str(out)]) == 0
    told = json.loads(out.read_text())
    assert told["measured"] == "false-accepts"
    assert told["processors"] >= 1
    assert told["code"]
    assert main(["false-accepts", *arguments, "--model", str(tmp_path / "nothing")]) == 1
