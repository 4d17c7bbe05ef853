"""The exported graph computes what the trained model computes."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from packfactory import CALIBRATION, TOKENS, make_encoder, make_pack, word_files

from voiceassist.errors import ConfigError, PackError
from voiceassist.packs.pack import open_pack
from voiceassist.train.export.graph import WEIGHT_LIMIT, quantize_weight
from voiceassist.train.export.onnx_export import PackCard, export_onnx, parameters, write_pack
from voiceassist.train.model.encoder import Encoder, ModelConfig
from voiceassist.train.phones import PHONES

LAYERS = 6
FLOAT_BOUND = 1e-4
INT8_MEAN_BOUND, INT8_MAX_BOUND = 0.02, 0.2
"""Of the difference in log-probability that rounding weights to 7 and activations to 8 bits may make."""
SHAPES = [(1, 1), (4, 1), (4, 2), (3, 3)]


def _waveform(batch: int, samples: int, seed: int = 1) -> NDArray[np.float32]:
    """Noise under a gliding tone, so that the spectrum has hills and valleys."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(samples) / 16_000
    tone = 0.3 * np.sin(2 * np.pi * (200 + 700 * time_s) * time_s + rng.uniform(0, 6, size=(batch, 1)))
    return (tone + rng.normal(scale=0.03, size=(batch, samples))).astype(np.float32)


Run = Callable[[NDArray[np.float32], int], NDArray[np.float32]]


def _open(path: Path) -> Run:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(waveform: NDArray[np.float32], depth: int) -> NDArray[np.float32]:
        result: NDArray[np.float32] = session.run(None, {"waveform": waveform, "turns": np.array(depth)})[0]
        return result

    return run


def _export(encoder: Encoder, path: Path, *, quantize: bool = False) -> Run:
    export_onnx(encoder, path, quantize=quantize)
    return _open(path)


def _torch(encoder: Encoder, waveform: NDArray[np.float32], depth: int) -> NDArray[np.float32]:
    with torch.no_grad():
        result: NDArray[np.float32] = encoder(torch.from_numpy(waveform), depth=depth).numpy()
    return result


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _graphs(attribute.g)


@pytest.mark.parametrize(("layers", "blocks"), SHAPES)
def test_float32_equals_torch_at_any_depth_length_and_batch(tmp_path: Path, layers: int, blocks: int) -> None:
    encoder = make_encoder(layers=layers, blocks=blocks)
    run = _export(encoder, tmp_path / "model.onnx")
    for depth in sorted({1, (layers + 1) // 2, layers}):
        for batch, samples in ((1, 1_600), (1, 16_017), (3, 8_240)):
            waveform = _waveform(batch, samples)
            expected = _torch(encoder, waveform, depth)
            found = run(waveform, depth)
            np.testing.assert_allclose(found, expected, atol=FLOAT_BOUND, rtol=0)


def _changed(layers: int, blocks: int, **changes: Any) -> Encoder:
    """A random encoder of another order, or with deltas that do something."""
    plain = make_encoder(layers=layers, blocks=blocks)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        encoder = Encoder(dataclasses.replace(plain.config, **changes)).eval()
        encoder.load_state_dict(plain.state_dict(), strict=False)
        with torch.no_grad():
            for name, value in encoder.deltas.items():
                if name.endswith("_b"):
                    value.copy_(torch.randn_like(value) * 0.1)
            if encoder.told is not None:
                encoder.told.weight.copy_(torch.randn_like(encoder.told.weight))
    return encoder


@pytest.mark.parametrize(("quantize", "bound"), [(False, FLOAT_BOUND), (True, INT8_MAX_BOUND)])
@pytest.mark.parametrize(
    ("layers", "blocks", "order"), [(6, 1, "cycle"), (6, 2, "cycle"), (4, 2, "sequence"), (4, 4, "cycle")]
)
def test_phones_come_out_after_their_layer(
    tmp_path: Path, layers: int, blocks: int, order: str, quantize: bool, bound: float
) -> None:
    encoder = _changed(layers, blocks, order=order, phone_layer=3, phone_context=16)
    assert encoder.phone_context is not None
    torch.nn.init.normal_(encoder.phone_context.out.weight)
    export_onnx(encoder, tmp_path / "model.onnx", quantize=quantize)
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    waveform = _waveform(2, 8_000)
    for depth in range(1, layers + 1):
        with torch.no_grad():
            logits = encoder.classify_phones(encoder.encode(torch.from_numpy(waveform), depth=depth)[1])
        (found,) = session.run(["phones"], {"waveform": waveform, "turns": np.array(depth)})
        np.testing.assert_allclose(found, torch.log_softmax(logits, -1).numpy(), atol=bound, rtol=0)


@pytest.mark.parametrize("order", ["cycle", "sequence"])
@pytest.mark.parametrize(("layers", "blocks"), [(4, 2), (6, 3), (6, 2)])
def test_order_of_blocks_is_kept_at_every_depth(tmp_path: Path, layers: int, blocks: int, order: str) -> None:
    encoder = _changed(layers, blocks, order=order)
    run = _export(encoder, tmp_path / "model.onnx")
    waveform = _waveform(1, 8_000)
    for depth in range(1, layers + 1):
        np.testing.assert_allclose(run(waveform, depth), _torch(encoder, waveform, depth), atol=FLOAT_BOUND, rtol=0)


@pytest.mark.parametrize(
    ("layers", "blocks", "order"), [(3, 1, "cycle"), (4, 2, "cycle"), (4, 2, "sequence"), (2, 2, "cycle")]
)
def test_deltas_belong_to_their_layer(tmp_path: Path, layers: int, blocks: int, order: str) -> None:
    encoder = _changed(layers, blocks, order=order, delta_rank=3)
    plain = _changed(layers, blocks, order=order)
    run = _export(encoder, tmp_path / "model.onnx")
    waveform = _waveform(2, 8_000)
    for depth in range(1, layers + 1):
        expected = _torch(encoder, waveform, depth)
        np.testing.assert_allclose(run(waveform, depth), expected, atol=FLOAT_BOUND, rtol=0)
        assert np.abs(expected - _torch(plain, waveform, depth)).max() > 100 * FLOAT_BOUND


@pytest.mark.parametrize(
    ("layers", "blocks", "order"), [(3, 1, "cycle"), (4, 2, "cycle"), (4, 2, "sequence"), (3, 3, "cycle")]
)
def test_a_model_is_told_what_it_writes_after_its_layer_and_not_before(
    tmp_path: Path, layers: int, blocks: int, order: str
) -> None:
    encoder = _changed(layers, blocks, order=order, condition_layer=2)
    plain = _changed(layers, blocks, order=order)
    plain.load_state_dict(encoder.state_dict(), strict=False)
    run = _export(encoder, tmp_path / "model.onnx")
    waveform = _waveform(2, 8_000)
    for depth in range(1, layers + 1):
        expected = _torch(encoder, waveform, depth)
        np.testing.assert_allclose(run(waveform, depth), expected, atol=FLOAT_BOUND, rtol=0)
        apart = np.abs(expected - _torch(plain, waveform, depth)).max()
        assert apart > 100 * FLOAT_BOUND if depth > 2 else apart == 0


def test_deltas_are_rounded_with_care(tmp_path: Path) -> None:
    """Small in the file, and no further from torch than a model without deltas."""
    encoder, plain = _changed(LAYERS, 1, delta_rank=4), _changed(LAYERS, 1)
    run = _export(encoder, tmp_path / "model.onnx", quantize=True)
    waveform = _waveform(1, 48_000)
    difference = np.abs(run(waveform, LAYERS) - _torch(encoder, waveform, LAYERS))
    assert difference.mean() < INT8_MEAN_BOUND
    assert difference.max() < INT8_MAX_BOUND
    _export(plain, tmp_path / "plain.onnx", quantize=True)
    sizes = [(tmp_path / name).stat().st_size for name in ("model.onnx", "plain.onnx")]
    numbers = sum(value.numel() for value in encoder.deltas.values())
    assert sizes[0] - sizes[1] < 1.6 * numbers + 10_000


def test_a_loop_holds_the_operators_of_a_block_once(tmp_path: Path) -> None:
    def norms(layers: int, blocks: int, order: str) -> int:
        export_onnx(_changed(layers, blocks, order=order), tmp_path / "model.onnx", quantize=False)
        graphs = _graphs(onnx.load(tmp_path / "model.onnx").graph)
        return sum(node.op_type == "LayerNormalization" for graph in graphs for node in graph.node)

    one = norms(4, 1, "cycle")
    assert norms(8, 1, "cycle") == one
    assert norms(8, 2, "cycle") == norms(8, 2, "sequence") == 2 * one


def test_silence_and_full_scale_are_no_special_case(tmp_path: Path) -> None:
    encoder = make_encoder()
    run = _export(encoder, tmp_path / "model.onnx")
    loud = np.sign(_waveform(1, 9_000))
    for waveform in (np.zeros((1, 9_000), dtype=np.float32), loud):
        found = run(waveform, 2)
        np.testing.assert_allclose(found, _torch(encoder, waveform, 2), atol=FLOAT_BOUND, rtol=0)


@pytest.mark.parametrize("blocks", [1, LAYERS])
def test_int8_stays_near_torch(tmp_path: Path, blocks: int) -> None:
    encoder = make_encoder(layers=LAYERS, blocks=blocks)
    run = _export(encoder, tmp_path / "model.onnx", quantize=True)
    waveform = _waveform(1, 48_000)
    for depth in (1, LAYERS):
        difference = np.abs(run(waveform, depth) - _torch(encoder, waveform, depth))
        assert difference.mean() < INT8_MEAN_BOUND
        assert difference.max() < INT8_MAX_BOUND


def test_more_depth_than_layers_runs_all_layers(tmp_path: Path) -> None:
    for blocks in (1, 2):
        run = _export(make_encoder(blocks=blocks), tmp_path / "model.onnx")
        waveform = _waveform(1, 8_000)
        many, all_layers = (run(waveform, depth) for depth in (99, 2))
        np.testing.assert_array_equal(many, all_layers)


def test_a_batch_is_as_its_rows(tmp_path: Path) -> None:
    run = _export(make_encoder(), tmp_path / "model.onnx")
    waveform = _waveform(2, 16_000)
    together = run(waveform, 2)
    single_process = np.concatenate([run(row[None], 2) for row in waveform])
    np.testing.assert_allclose(together, single_process, atol=1e-5)


def test_unshared_copies_of_one_block_equal_shared(tmp_path: Path) -> None:
    shared, unshared = make_encoder(layers=3, blocks=1), make_encoder(layers=3, blocks=3)
    state = copy.deepcopy(shared.state_dict())
    for name in list(state):
        if name.startswith("blocks.0."):
            state |= {name.replace("blocks.0.", f"blocks.{block}.", 1): state[name] for block in (1, 2)}
    unshared.load_state_dict(state)
    one, many = (_export(encoder, tmp_path / "model.onnx", quantize=True) for encoder in (shared, unshared))
    waveform = _waveform(1, 20_000)
    for depth in (1, 2, 3):
        np.testing.assert_allclose(one(waveform, depth), many(waveform, depth), atol=1e-5)


@pytest.mark.parametrize(("blocks", "quantize"), [(1, False), (1, True), (2, False), (4, True)])
def test_every_weight_stands_in_the_file_once(tmp_path: Path, blocks: int, quantize: bool) -> None:
    encoder = make_encoder(layers=4, blocks=blocks)
    path = tmp_path / "model.onnx"
    export_onnx(encoder, path, quantize=quantize)
    model = onnx.load(path)
    outermost, *inner = _graphs(model.graph)
    assert inner
    assert not any(graph.initializer for graph in inner)
    assert all(node.op_type != "Constant" for graph in (outermost, *inner) for node in graph.node)
    names = [tensor.name for tensor in outermost.initializer]
    assert len(names) == len(set(names))
    big = [tensor.raw_data for tensor in outermost.initializer if len(tensor.raw_data) > 1_000]
    assert len(big) == len(set(big)), "the same values are stored under two names"
    used = {name for graph in (outermost, *inner) for node in graph.node for name in node.input}
    assert set(names) <= used
    assert path.stat().st_size < sum(len(tensor.raw_data) for tensor in outermost.initializer) + 100_000


def test_the_file_grows_with_blocks_and_not_with_depth(tmp_path: Path) -> None:
    sizes = {}
    for layers, blocks in ((2, 1), (8, 1), (8, 4)):
        export_onnx(make_encoder(layers=layers, blocks=blocks), tmp_path / "model.onnx", quantize=False)
        sizes[layers, blocks] = (tmp_path / "model.onnx").stat().st_size
    block_bytes = 4 * sum(value.numel() for value in make_encoder().blocks[0].parameters())
    assert sizes[8, 1] - sizes[2, 1] < block_bytes / 8
    assert sizes[8, 4] - sizes[8, 1] > 3 * block_bytes


def test_graph_is_readable_by_the_oldest_supported_runtime_and_says_nothing_else(tmp_path: Path) -> None:
    export_onnx(make_encoder(), tmp_path / "model.onnx", quantize=True)
    model = onnx.load(tmp_path / "model.onnx")
    assert model.ir_version <= 10
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 20)]
    assert not model.metadata_props
    assert not model.doc_string
    assert not model.graph.value_info
    assert [value.name for value in model.graph.input] == ["waveform", "turns"]
    assert [value.name for value in model.graph.output] == ["log_probs", "phones"]


def test_quantized_weights_are_near_and_within_their_limit() -> None:
    weight = np.random.default_rng(0).normal(size=(40, 7)).astype(np.float32)
    weight[:, 3] = 0
    values, scale = quantize_weight(weight)
    assert values.dtype == np.int8
    assert np.abs(values).max() == WEIGHT_LIMIT
    assert np.all(np.abs(values * scale - weight) <= scale / 2 + 1e-7)


def test_a_model_without_phones_cannot_be_a_pack(tmp_path: Path) -> None:
    encoder = Encoder(ModelConfig(tokens=20, dim=32, layers=2, heads=2, phones=0))
    with pytest.raises(ConfigError, match="no phone head"):
        export_onnx(encoder, tmp_path / "model.onnx", quantize=False)
    assert list(tmp_path.iterdir()) == []


def test_a_pack_says_what_it_is(tmp_path: Path) -> None:
    manifest = open_pack(make_pack(tmp_path / "tiny", layers=4, blocks=2, quantize=True)).manifest
    assert (manifest.name, manifest.layers, manifest.blocks, manifest.dim) == ("tiny", 4, 2, 64)
    assert (manifest.quantization, manifest.tokens, manifest.blank, manifest.frame_ms) == ("int8", TOKENS, 0, 40.0)
    assert manifest.parameters == parameters(make_encoder(layers=4, blocks=2))


def test_a_pack_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    folder = make_pack(tmp_path / "tiny")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    words = word_files(tmp_path)
    card = PackCard("tiny", "title", "Apache-2.0", ["nobody"], [float("nan")] * len(PHONES), CALIBRATION)
    with pytest.raises(PackError, match=r"log_prior|JSON"):
        write_pack(folder, make_encoder(seed=5), words, card=card, quantize=False)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pronunciations.npy", "tiny", "tokens.model"]


def test_writing_again_replaces_the_pack(tmp_path: Path) -> None:
    folder = make_pack(tmp_path / "tiny", layers=2)
    assert open_pack(make_pack(folder, layers=4)).manifest.layers == 4
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]
