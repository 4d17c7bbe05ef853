"""Transcripts by a real encoder and decoder with a cache: small ONNX graphs of Moonshine's inputs and outputs."""

from __future__ import annotations

import csv
import math
import subprocess
from pathlib import Path

import numpy as np
import onnx
import pytest
import soundfile
from onnx import TensorProto, helper, numpy_helper

from voiceassist.errors import DataError
from voiceassist.train.__main__ import main
from voiceassist.train.data.pseudo_labels import MoonshineTranscriber, label_recordings, read_tokens, utterances
from voiceassist.train.data.readers import read_corpus

HIDDEN, HEADS, WIDTH = 4, 1, 1
TOKENS = [
    b"<unk>",
    b"<s>",
    b"</s>",
    b"\xe2\x96\x81open",
    b"\xe2\x96\x81the",
    b"\xe2\x96\x81do",
    b"or",
    b"\xe2\x96\x81five",
]
SAID = [3, 4, 5, 6, 2]
"""``open the door`` and its end."""
SURE, UNSURE = 6.0, 2.0
"""Logits of the right token for loud and for soft speech."""


def encoder_model() -> onnx.ModelProto:
    """Frames that hold the level of the sound."""
    nodes = [
        helper.make_node("Abs", ["input_values"], ["level"]),
        helper.make_node("ReduceMax", ["level"], ["loudest"], keepdims=1),
        helper.make_node("Reshape", ["loudest", "shape"], ["one"]),
        helper.make_node("Expand", ["one", "size"], ["last_hidden_state"]),
    ]
    return model_of(
        nodes,
        {"shape": np.array([1, 1, 1]), "size": np.array([1, 1, HIDDEN])},
        [("input_values", TensorProto.FLOAT, [1, "n"]), ("attention_mask", TensorProto.INT64, [1, "n"])],
        [("last_hidden_state", TensorProto.FLOAT, [1, "frames", HIDDEN])],
    )


def decoder_model() -> onnx.ModelProto:
    """Token number n of a sentence at step n, as sure as the level that only the first step's cross-attention sees."""
    nodes = [
        helper.make_node("Shape", ["past_key_values.0.decoder.key"], ["past"], start=2, end=3),
        helper.make_node("Gather", ["said", "past"], ["token"]),
        helper.make_node("Slice", ["encoder_hidden_states", "zeros", "ones", "axes"], ["hidden"]),
        helper.make_node("Reshape", ["hidden", "cache_shape"], ["fresh"]),
        helper.make_node("ReduceSum", ["past_key_values.0.encoder.key"], ["remembered"], keepdims=0),
        helper.make_node("ReduceSum", ["fresh"], ["seen"], keepdims=0),
        helper.make_node("Where", ["use_cache_branch", "remembered", "seen"], ["level"]),
        helper.make_node("Greater", ["level", "half"], ["loud"]),
        helper.make_node("Where", ["loud", "sure", "unsure"], ["logit"]),
        helper.make_node("OneHot", ["token", "depth", "off_on"], ["hot"]),
        helper.make_node("Mul", ["hot", "logit"], ["row"]),
        helper.make_node("Reshape", ["row", "logits_shape"], ["logits"]),
        helper.make_node("Concat", ["past_key_values.0.decoder.key", "step"], ["present.0.decoder.key"], axis=2),
        helper.make_node("Concat", ["past_key_values.0.decoder.value", "step"], ["present.0.decoder.value"], axis=2),
        helper.make_node("Identity", ["fresh"], ["present.0.encoder.key"]),
        helper.make_node("Identity", ["fresh"], ["present.0.encoder.value"]),
    ]
    constants = {
        "said": np.array(SAID), "zeros": np.array([0]), "ones": np.array([1]), "axes": np.array([2]),
        "cache_shape": np.array([1, HEADS, 1, WIDTH]), "half": np.array(0.3, np.float32),
        "sure": np.array(SURE, np.float32), "unsure": np.array(UNSURE, np.float32), "depth": np.array(len(TOKENS)),
        "off_on": np.array([0, 1], np.float32), "logits_shape": np.array([1, 1, len(TOKENS)]),
        "step": np.zeros((1, HEADS, 1, WIDTH), np.float32),
    }  # fmt: skip
    kinds = [f"0.{side}.{kind}" for side in ("decoder", "encoder") for kind in ("key", "value")]
    return model_of(
        nodes,
        constants,
        [
            ("encoder_attention_mask", TensorProto.INT64, [1, "n"]),
            ("input_ids", TensorProto.INT64, [1, 1]),
            ("encoder_hidden_states", TensorProto.FLOAT, [1, "frames", HIDDEN]),
            *((f"past_key_values.{kind}", TensorProto.FLOAT, [1, HEADS, "past", WIDTH]) for kind in kinds),
            ("use_cache_branch", TensorProto.BOOL, [1]),
        ],
        [
            ("logits", TensorProto.FLOAT, [1, 1, len(TOKENS)]),
            *((f"present.{kind}", TensorProto.FLOAT, [1, HEADS, "now", WIDTH]) for kind in kinds),
        ],
    )


def model_of(
    nodes: list[onnx.NodeProto], constants: dict[str, np.ndarray], inputs: list[tuple], outputs: list[tuple]
) -> onnx.ModelProto:
    weights = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    sides = [[helper.make_tensor_value_info(*one) for one in side] for side in (inputs, outputs)]
    graph = helper.make_graph(nodes, "toy", *sides, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny-en"
    folder.mkdir()
    onnx.save(encoder_model(), folder / "encoder_model.onnx")
    onnx.save(decoder_model(), folder / "decoder_model_merged.onnx")
    (folder / "tokenizer.bin").write_bytes(b"".join(bytes([len(token)]) + token for token in TOKENS))
    return folder


@pytest.fixture
def transcriber(models: Path) -> MoonshineTranscriber:
    return MoonshineTranscriber(models / "encoder_model.onnx", models / "decoder_model_merged.onnx")


def mean_log_prob(logit: float) -> float:
    return logit - math.log(math.exp(logit) + len(TOKENS) - 1)


def test_a_transcript_comes_step_by_step_with_its_confidence(transcriber: MoonshineTranscriber) -> None:
    loud, soft = (np.full(16_000, level, np.float32) for level in (0.9, 0.1))
    assert transcriber.transcribe(loud).text == transcriber.transcribe(soft).text == "open the door"
    assert transcriber.transcribe(loud).log_prob == pytest.approx(mean_log_prob(SURE), abs=1e-4)
    assert transcriber.transcribe(soft).log_prob == pytest.approx(mean_log_prob(UNSURE), abs=1e-4)


def test_a_vocabulary_has_lengths_in_one_byte_or_two(tmp_path: Path) -> None:
    long = b"a" * 300
    (tmp_path / "t.bin").write_bytes(bytes([2]) + b"ab" + bytes([128 + 300 % 128, 300 // 128]) + long + bytes([0]))
    assert read_tokens(tmp_path / "t.bin") == [b"ab", long, b""]
    with pytest.raises(DataError, match="tokenizer"):
        read_tokens(tmp_path / "missing.bin")


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A loud recording of two utterances in a folder below, and a soft one of one utterance."""
    folder = tmp_path / "hours"
    (folder / "monday").mkdir(parents=True)
    wav = tmp_path / "speech.wav"
    subprocess.run(["flite", "-voice", "slt", "-t", "please open the kitchen window", "-o", str(wav)], check=True)
    speech, rate_hz = soundfile.read(wav)
    speech, pause = 0.9 * speech / np.abs(speech).max(), np.zeros(2 * rate_hz)
    soundfile.write(folder / "monday" / "loud.flac", np.concatenate([pause, speech, pause, speech, pause]), rate_hz)
    soundfile.write(folder / "soft.wav", np.concatenate([pause, 0.2 * speech, pause]), rate_hz)
    return folder


def test_recordings_are_cut_into_utterances(recordings: Path) -> None:
    found = list(utterances([recordings / "monday" / "loud.flac"]))
    assert len(found) == 2
    (_, first_s, first), (_, second_s, _) = found
    assert first_s == pytest.approx(1.7, abs=0.4)
    assert second_s - first_s == pytest.approx(len(first) / 16_000 + 1.2, abs=0.6)


def test_labels_become_a_corpus_of_those_that_are_sure(models: Path, recordings: Path) -> None:
    encoder, decoder = models / "encoder_model.onnx", models / "decoder_model_merged.onnx"
    assert main(["label", str(encoder), str(decoder), str(recordings), "--licence", "CC0-1.0"]) == 0
    with (recordings / "speech" / "train.tsv").open(newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    assert [(row["path"], row["text"], row["label"], row["licence"]) for row in rows] == [
        ("monday/loud.flac", "open the door", "pseudo", "CC0-1.0")
    ] * 2
    clips = read_corpus(recordings, "train")
    assert [clip.text for clip in clips] == ["open the door"] * 2
    assert len({clip.key for clip in clips}) == 2
    assert clips[0].path.samefile(recordings / "monday" / "loud.flac")


def test_a_lower_bound_keeps_more_and_nothing_is_overwritten(
    transcriber: MoonshineTranscriber, recordings: Path
) -> None:
    label_recordings(recordings, transcriber, licence="", min_log_prob=-9.0)
    assert len(read_corpus(recordings, "train")) == 3
    with pytest.raises(DataError, match="exists already"):
        label_recordings(recordings, transcriber, licence="")


def test_bad_files_are_clear_errors(models: Path, transcriber: MoonshineTranscriber, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no recordings"):
        label_recordings(tmp_path / "empty", transcriber, licence="")
    (models / "encoder_model.onnx").write_bytes(b"no graph")
    with pytest.raises(DataError, match="loaded"):
        MoonshineTranscriber(models / "encoder_model.onnx", models / "decoder_model_merged.onnx")
