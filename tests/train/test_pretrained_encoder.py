"""Alignments and soft labels from a real ONNX encoder, here one that computes the level of a few bands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from pocketsphinx import get_model_path
from tinydata import TEXTS, write_data

from voiceassist.errors import DataError
from voiceassist.train.data.batches import ResidentClips
from voiceassist.train.data.clip_table import NO_SOFT_LABELS, read_clip_table
from voiceassist.train.data.g2p_training import learn_tree, read_dictionary
from voiceassist.train.data.pretrained_encoder import FRAME_TIMES, PretrainedEncoder, label_phones
from voiceassist.train.data.segments import whole_clips
from voiceassist.train.data.soft_labels import SOFT_LABELS_NAME, SoftLabels, steps_of
from voiceassist.train.data.store import AudioStore
from voiceassist.train.data.word_pieces import Pieces
from voiceassist.train.phones import PHONES

HOP, TAPS, BANDS = 384, 895, 24


def band_encoder(path: Path) -> Path:
    """Inputs, outputs and frame times of the real encoder; its frames are the loudness of a few bands."""
    time_s = (np.arange(TAPS) - TAPS // 2) / 16_000
    tones = [np.exp(2j * np.pi * hz * time_s) * np.hanning(TAPS) for hz in np.geomspace(150, 6000, BANDS)]
    waves = np.array([wave for tone in tones for wave in (tone.real, tone.imag)], np.float32)[:, None]
    nodes = [
        helper.make_node("Unsqueeze", ["input_values", "one"], ["row"]),
        helper.make_node("Conv", ["row", "waves"], ["heard"], strides=[HOP]),
        helper.make_node("Mul", ["heard", "heard"], ["power"]),
        helper.make_node("Add", ["power", "floor"], ["above"]),
        helper.make_node("Log", ["above"], ["loud"]),
        helper.make_node("Transpose", ["loud"], ["last_hidden_state"], perm=[0, 2, 1]),
    ]
    weights = {"one": np.array([1]), "waves": waves, "floor": np.array(1e-3, np.float32)}
    graph = helper.make_graph(
        nodes,
        "band_levels",
        [
            helper.make_tensor_value_info("input_values", TensorProto.FLOAT, ["batch", "samples"]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "samples"]),
        ],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "frames", 2 * BANDS])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(model, path)
    return path


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> tuple[AudioStore, Path]:
    """The store before, and the data folder with soft labels."""
    folder = tmp_path_factory.mktemp("labelled")
    data = write_data(folder / "data", copies=6)
    words = {word for text in TEXTS for word in text.split()}
    dictionary = read_dictionary(Path(get_model_path("en-us/cmudict-en-us.dict")))
    np.save(data / "pronunciations.npy", learn_tree([entry for entry in dictionary if entry[0] in words]))
    before = AudioStore(data / "train")
    label_phones(data, PretrainedEncoder(band_encoder(folder / "encoder.onnx")), passes=50)
    return before, data


def _phones_at(store: AudioStore, number: int) -> np.ndarray:
    item = store.items[number]
    steps = np.zeros(steps_of(item.samples), int)
    for span in item.phones:
        steps[span.start_ms // 10 : span.end_ms // 10] = PHONES.index(span.label)
    return steps


def test_recordings_are_aligned_as_before_by_the_posteriors(labelled: tuple[AudioStore, Path]) -> None:
    before, data = labelled
    after = AudioStore(data / "train")
    agree = []
    for number, item in enumerate(after.items):
        assert [span.label for span in item.words] == item.text.split()
        agree.append((_phones_at(before, number) == _phones_at(after, number)).mean())
    assert np.mean(agree) > 0.6


def test_soft_labels_are_probabilities_at_the_times_of_the_phones(labelled: tuple[AudioStore, Path]) -> None:
    before, data = labelled
    soft_labels = SoftLabels.of(AudioStore(data / "train"))
    right = []
    for number, item in enumerate(before.items):
        soft = soft_labels.of_clip(number)
        assert soft.shape == (steps_of(item.samples), len(PHONES))
        assert np.abs(soft.astype(int).sum(axis=1) - 255).max() <= len(PHONES) // 2
        right.append((soft.argmax(axis=1) == _phones_at(before, number)).mean())
    assert np.mean(right) > 0.6


def test_a_batch_holds_soft_labels_where_there_are_any(labelled: tuple[AudioStore, Path]) -> None:
    _, data = labelled
    table = read_clip_table([data / "train", data / "dev"], Pieces(data / "tokens.model"), 16.0)
    with_labels, without = (int(np.flatnonzero(table.store == number)[0]) for number in (0, 1))
    assert table.soft_begin[without] == NO_SOFT_LABELS
    clips = ResidentClips(table, torch.device("cpu"))
    batch = clips.batch(whole_clips(table, np.array([with_labels, without])))
    assert batch.soft_labels.shape == (2, table.steps[[with_labels, without]].max(), len(PHONES))
    stored = SoftLabels.of(AudioStore(data / "train")).of_clip(with_labels)
    assert np.array_equal(batch.soft_labels[0, : len(stored)].numpy(), stored)
    assert not batch.soft_labels[1].any()


def test_labelling_twice_changes_nothing(labelled: tuple[AudioStore, Path]) -> None:
    _, data = labelled
    index, soft_labels = data / "train" / "index.jsonl", data / "train" / SOFT_LABELS_NAME
    stamps = [file.stat().st_mtime_ns for file in (index, soft_labels)]
    label_phones(data, PretrainedEncoder(band_encoder(data / "encoder.onnx")))
    assert [file.stat().st_mtime_ns for file in (index, soft_labels)] == stamps


def test_soft_labels_of_other_recordings_are_a_clear_error(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    (data / "train" / SOFT_LABELS_NAME).write_bytes(bytes(123))
    with pytest.raises(DataError, match="recordings beside it"):
        SoftLabels.of(AudioStore(data / "train"))


def test_an_invalid_encoder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"no graph")
    with pytest.raises(DataError, match="as a model"):
        PretrainedEncoder(tmp_path / "encoder.onnx")


def test_frames_stand_where_the_convolutions_hear() -> None:
    kernels, strides = (127, 7, 3), (64, 3, 2)
    reach, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        reach, step = reach + (kernel - 1) * step, step * stride
    assert FRAME_TIMES.step_ms == step / 16
    assert FRAME_TIMES.first_ms + 250 == pytest.approx((reach - 1) / 2 / 16, abs=0.1)
