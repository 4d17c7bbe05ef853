"""False accepts, and the command line of the laboratory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.engine.activation import ListenMode
from voiceassist.grammar.files.merge import load_commands
from voiceassist.lab.__main__ import main
from voiceassist.lab.false_accepts import measure_false_accepts, mixed_sound, room_tone, simulated_day
from voiceassist.packs.pack import open_pack

ROOT = Path(__file__).parents[2]
PACK = ROOT / "models" / "shared-int8"
DRAW = np.random.default_rng(0)


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
    result = counts.to_json()
    assert sum(result["seconds"].values()) >= 5
    assert set(result["processor_percent"]) == {"silence", "speech", "noise"}
    assert result["private_mb"]


def test_a_day_has_a_command_every_ten_minutes():
    command = room_tone(1, DRAW)
    kinds = [segment.kind for segment in simulated_day([("stop", command)], 3600)]
    assert (kinds.count("command"), kinds.count("silence")) == (6, 60)


def test_the_command_writes_a_result_with_its_circumstances(data, tmp_path):
    out = tmp_path / "accepts.json"
    (tmp_path / "x.yaml").write_text("intents: {A: ['a']}\n")
    arguments = ["--data", str(data), "--model", str(PACK), "--grammar", str(tmp_path / "x.yaml"), "--hours", "0.001"]
    assert main(["false-accepts", *arguments, "--mode", "open", "--out", str(out)]) == 0
    result = json.loads(out.read_text())
    assert result["measured"] == "false-accepts"
    assert result["processors"] >= 1
    assert result["code"]
    assert main(["false-accepts", *arguments, "--model", str(tmp_path / "nothing")]) == 1


def test_a_day_has_a_slope_and_counts_descriptors_and_threads(tmp_path, capsys):
    (tmp_path / "x.yaml").write_text("intents: {A: ['a']}\n")
    arguments = ["day", "--model", str(PACK), "--grammar", str(tmp_path / "x.yaml"), "--hours", "0.02"]
    assert main([*arguments, str(tmp_path)]) == 1
    assert f"no recordings (.opus) in {tmp_path}" in capsys.readouterr().err
    sound = np.random.default_rng(1).normal(scale=0.1, size=16_000)
    soundfile.write(tmp_path / "noise.opus", sound, 16_000, format="OGG", subtype="OPUS")
    assert main([*arguments, str(tmp_path)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["seconds"]["silence"] == 60.0
    assert result["descriptors"][0] > 0
    assert result["threads"][0] > 0
