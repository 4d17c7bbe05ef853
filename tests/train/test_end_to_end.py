"""From a folder of recordings to a judged pack, with the commands that README names."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from pocketsphinx import get_model_path

from voiceassist.packs.pack import open_pack
from voiceassist.train.__main__ import main
from voiceassist.train.data.g2p_training import learn_tree, read_dictionary
from voiceassist.train.evaluation import synthetic_near_misses
from voiceassist.train.model.checkpoint import load_encoder

TRAIN = [
    "open the big kitchen window before you go",
    "what time is it in the living room",
    "please set the volume to forty percent",
    "just put a quick fuzzy jazz quiz in the box",
]
DEV = [
    "can you open the window in the living room",
    "set the time before you go to the kitchen",
    "please open the kitchen window",
    "what time is it before you go",
]
COMMANDS = {"open_the_window": ("open the window", "yes"), "lunch": ("we had soup for lunch", "no")}


def speak(path: Path, text: str) -> float:
    path.parent.mkdir(parents=True, exist_ok=True)
    wav = path.with_suffix(".wav")
    subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", str(wav)], check=True)
    return float(soundfile.info(wav).duration)


def table(path: Path, *rows: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(rows[0]), *("\t".join(map(str, row.values())) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    for split, texts in (("train", TRAIN), ("dev", DEV)):
        rows = [
            {
                "path": f"speech/{split}-{n}.wav",
                "start_s": 0,
                "seconds": speak(folder / "speech" / f"{split}-{n}", text),
                "speaker": f"voice {n}",
                "source": "flite",
                "id": f"{split}-{n}",
                "text": text,
            }
            for n, text in enumerate(texts)
        ]
        table(folder / "speech" / f"{split}.tsv", *rows)
    noise = np.random.default_rng(0).normal(0, 0.1, 48_000)
    (folder / "noise").mkdir()
    soundfile.write(folder / "noise" / "n.wav", noise, 16_000)
    spans = [
        {"path": "noise/n.wav", "start_s": n * 0.5, "seconds": 0.5, "author": "us", "category": "n"} for n in range(6)
    ]
    table(folder / "noise" / "noise.tsv", *spans)
    for name, (text, _) in COMMANDS.items():
        speak(folder / "commands" / name, text)
    rows = [
        {"path": f"commands/{name}.wav", "origin": origin, "is_command": is_command, "spoken": text}
        for name, (text, is_command) in COMMANDS.items()
        for origin in ("human", "synthetic voice")
    ]
    table(folder / "commands" / "commands.tsv", *rows)
    for word in ("window", "kitchen"):
        speak(folder / "words" / word, word)
    words = [{"path": f"words/{word}.wav", "word": word} for word in ("window", "kitchen")]
    table(folder / "words" / "words.tsv", *words)
    monkeypatch.setenv("VOICEASSIST_DATA", str(folder))
    return folder


def write_pronunciations(prepared: Path) -> None:
    """A tree of some of the dictionary and the words of this test; that of the whole dictionary takes a minute."""
    prepared.mkdir()
    said = {word for text in (*TRAIN, *DEV, *(text for text, _ in COMMANDS.values())) for word in text.split()}
    dictionary = read_dictionary(Path(get_model_path("en-us/cmudict-en-us.dict")))
    chosen = [entry for entry in dictionary if len(entry[0]) < 3 or entry[0] in said]
    np.save(prepared / "pronunciations.npy", learn_tree(dictionary[::100] + chosen))


@pytest.fixture
def few_near_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence of each kind in two voices; all of them take minutes."""
    some = {kind: texts[:1] for kind, texts in synthetic_near_misses.SENTENCES.items()}
    monkeypatch.setattr(synthetic_near_misses, "SENTENCES", some)
    monkeypatch.setattr(synthetic_near_misses, "VOICES", synthetic_near_misses.VOICES[2:4])


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("data", "few_near_misses")
def test_prepare_fit_export_and_evaluate(tmp_path: Path) -> None:
    prepared, run, pack = tmp_path / "prepared", tmp_path / "run", tmp_path / "tiny-int8"
    write_pronunciations(prepared)
    assert main(["prepare", "--folder", str(prepared), "--pieces", "40", "--synthetic", "4"]) == 0
    index = [json.loads(line) for line in (prepared / "train" / "index.jsonl").read_text().splitlines()]
    assert len(index) == len(TRAIN)
    aligned = next(item for item in index if item["words"])
    assert [word for word, _, _ in aligned["words"]] == aligned["text"].split()
    assert len((prepared / "noise-test" / "index.jsonl").read_text().splitlines()) == 2  # every fifth of six

    config = tmp_path / "tiny.toml"
    config.write_text(
        f'name = "tiny"\ndata = "{prepared}"\nsteps = 3\nwarmup_steps = 1\nfree_steps = 1\n'
        "[model]\ntokens = 40\ndim = 32\nlayers = 2\nheads = 2\nff_mult = 2\n"
    )
    assert main(["fit", str(config), "--folder", str(run)]) == 0
    assert np.float64(5e-324) * np.float64(1.0) > 0, "flushing of tiny numbers outlives the training that asked for it"
    plain = load_encoder(run / "checkpoint.pt")
    few = ["--excerpts", "8", "--passes", "2", "--context", "16", "--threads", "1"]
    assert main(["contrast", str(config), "--folder", str(run), *few]) == 0
    changed = load_encoder(run / "checkpoint.pt")
    assert (plain.config.phone_context, changed.config.phone_context) == (0, 16)
    assert torch.equal(changed.head.weight, plain.head.weight)
    assert not torch.equal(changed.phone_head.weight, plain.phone_head.weight)
    assert main(["export", str(config), "--folder", str(run), "--pack", str(pack)]) == 0
    grammar = tmp_path / "commands.yaml"
    grammar.write_text("intents:\n  Open: ['open the (window|door)']\n  Tell: ['what time is it']\n")
    evaluate = ["evaluate", str(pack), "--data", str(prepared), "--grammar", str(grammar), "--results", str(tmp_path)]
    assert main(evaluate) == 0

    manifest = open_pack(pack).manifest
    assert set(manifest.metrics["dev_wer_percent"]) == {"1", "2"}
    assert sum(np.exp(manifest.log_prior)) == pytest.approx(1, abs=0.01)
    assert manifest.calibration.ask_prob <= manifest.calibration.act_prob
    result = json.loads((tmp_path / "commands-human-tiny-int8.json").read_text())
    assert (result["commands"], result["others"]) == (1, 1)
    assert result["code"]

    measured = ["--data", str(prepared), "--grammar", str(grammar), "--results", str(tmp_path)]
    assert main(["benchmark", str(pack), *measured]) == 0
    found = json.loads((tmp_path / "tiny-int8-benchmark.json").read_text())
    assert set(found) == {"pack", "wer", "phrases", "words", "commands", "noise", "rejection", "near_misses", "cost"}
    assert found["wer"]["greedy_percent"] == manifest.metrics["dev_wer_percent"]
    assert found["wer"]["written_percent"] == manifest.metrics["dev_written_wer_percent"]
    assert found["words"]["words"] == 2
    assert set(found["phrases"]["percent"]) == set(found["noise"]["phrases"]["percent"]) == {"1", "2"}
    assert found["commands"]["human"]["2"]["commands"] == 1
    assert found["near_misses"]["synthetic"]["negation"]["spoken"] == 2
    assert set(found["cost"]["half_depth_time_share"]) == {"2", "4", "10"}
    assert all(0 < share["low"] <= share["median"] for share in found["cost"]["half_depth_time_share"].values())
    assert main(["card", str(pack), "--results", str(tmp_path)]) == 0
    assert str(found["wer"]["greedy_percent"]["2"]) in (open_pack(pack).folder / "README.md").read_text()


def test_missing_data_is_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("VOICEASSIST_DATA", str(tmp_path / "nowhere"))
    assert main(["prepare", "--folder", str(tmp_path / "out")]) == 1
    assert "VOICEASSIST_DATA" in capsys.readouterr().err
