"""A second pair of ears: a real ONNX encoder, which here hears but how loud a few bands are."""

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
from voiceassist.train.data.batches import PHONES, collate, make_examples
from voiceassist.train.data.g2p_training import learn_tree, read_dictionary
from voiceassist.train.data.pretrained_encoder import FRAME_TIMES, PretrainedEncoder, listen
from voiceassist.train.data.soft_labels import OPINIONS_NAME, SoftLabels, steps_of
from voiceassist.train.data.store import AudioStore
from voiceassist.train.data.word_pieces import Pieces

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
        "ears",
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
def listened(tmp_path_factory: pytest.TempPathFactory) -> tuple[AudioStore, Path]:
    """What the recordings were aligned to before, and the folder in which they were listened to."""
    folder = tmp_path_factory.mktemp("listened")
    data = write_data(folder / "data", copies=6)
    words = {word for text in TEXTS for word in text.split()}
    dictionary = read_dictionary(Path(get_model_path("en-us/cmudict-en-us.dict")))
    np.save(data / "pronunciations.npy", learn_tree([entry for entry in dictionary if entry[0] in words]))
    before = AudioStore(data / "train")
    listen(data, PretrainedEncoder(band_encoder(folder / "ears.onnx")), passes=100)
    return before, data


def _phones_at(store: AudioStore, number: int) -> np.ndarray:
    item = store.items[number]
    steps = np.zeros(steps_of(item.samples), int)
    for span in item.phones:
        steps[span.start_ms // 10 : span.end_ms // 10] = PHONES.index(span.label)
    return steps


def test_recordings_are_aligned_as_they_were_by_what_is_heard_now(listened: tuple[AudioStore, Path]) -> None:
    before, data = listened
    after = AudioStore(data / "train")
    agree = []
    for number, item in enumerate(after.items):
        assert [span.label for span in item.words] == item.text.split()
        agree.append((_phones_at(before, number) == _phones_at(after, number)).mean())
    assert np.mean(agree) > 0.6


def test_opinions_are_probabilities_at_the_times_of_the_phones(listened: tuple[AudioStore, Path]) -> None:
    before, data = listened
    opinions = SoftLabels.of(AudioStore(data / "train"))
    right = []
    for number, item in enumerate(before.items):
        thought = opinions.of_clip(number)
        assert thought.shape == (steps_of(item.samples), len(PHONES))
        assert np.abs(thought.astype(int).sum(axis=1) - 255).max() <= len(PHONES) // 2
        right.append((thought.argmax(axis=1) == _phones_at(before, number)).mean())
    assert np.mean(right) > 0.6


def test_training_reads_them_and_what_has_none_stays_without(listened: tuple[AudioStore, Path]) -> None:
    _, data = listened
    pieces = Pieces(data / "tokens.model")
    with_them, without = (make_examples(AudioStore(data / split), pieces, 16.0) for split in ("train", "dev"))
    assert without[0].opinions.shape == (0, len(PHONES))
    batch = collate([with_them[0], without[0]], torch.device("cpu"))
    assert batch.opinions.shape == (2, len(with_them[0].opinions), len(PHONES))
    assert batch.opinions[0].any(dim=1).all()
    assert not batch.opinions[1].any()


def test_listening_twice_changes_nothing(listened: tuple[AudioStore, Path]) -> None:
    _, data = listened
    index, opinions = data / "train" / "index.jsonl", data / "train" / OPINIONS_NAME
    stamps = [file.stat().st_mtime_ns for file in (index, opinions)]
    listen(data, PretrainedEncoder(band_encoder(data / "ears.onnx")))
    assert [file.stat().st_mtime_ns for file in (index, opinions)] == stamps


def test_opinions_about_other_recordings_are_a_clear_error(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    (data / "train" / OPINIONS_NAME).write_bytes(bytes(123))
    with pytest.raises(DataError, match="other recordings"):
        SoftLabels.of(AudioStore(data / "train"))


def test_what_is_no_encoder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "ears.onnx").write_bytes(b"no graph")
    with pytest.raises(DataError, match="no encoder"):
        PretrainedEncoder(tmp_path / "ears.onnx")


def test_frames_stand_where_the_convolutions_hear() -> None:
    kernels, strides = (127, 7, 3), (64, 3, 2)
    reach, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        reach, step = reach + (kernel - 1) * step, step * stride
    assert FRAME_TIMES.step_ms == step / 16
    assert FRAME_TIMES.first_ms + 250 == pytest.approx((reach - 1) / 2 / 16, abs=0.1)
