"""A run may go on from the weights of a pack."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper
from packfactory import CALIBRATION, TOKENS, make_pack, word_files
from torch import Tensor

from voiceassist.errors import DataError, PackError
from voiceassist.packs.pack import open_pack
from voiceassist.packs.writer import WordFiles, write_pack_folder
from voiceassist.train.export.graph import WEIGHT_LIMIT
from voiceassist.train.export.onnx_export import PackCard, write_pack
from voiceassist.train.model.block import MATRICES
from voiceassist.train.model.checkpoint import load_weights
from voiceassist.train.model.encoder import Encoder, ModelConfig
from voiceassist.train.phones import PHONES

CONFIGS = [
    ModelConfig(tokens=TOKENS, dim=64, layers=4, blocks=2, condition_layer=2),
    ModelConfig(tokens=TOKENS, dim=64, layers=3, blocks=1, delta_rank=4),
    ModelConfig(tokens=TOKENS, dim=64, layers=2, blocks=2, phone_layer=1, phone_context=16),
]
FLOAT_BOUND, INT8_BOUND = 1e-6, 0.51 / WEIGHT_LIMIT


def _trained(config: ModelConfig) -> Encoder:
    """An encoder of which no weight is what a new one begins with."""
    torch.manual_seed(3)
    encoder = Encoder(config)
    with torch.no_grad():
        for value in encoder.parameters():
            value.add_(torch.randn_like(value), alpha=0.05)
    return encoder.eval()


def _written(encoder: Encoder, folder: Path, *, quantize: bool) -> Path:
    card = PackCard("tiny", "Tiny", "Apache-2.0", ["the test suite"], [-3.7] * len(PHONES), CALIBRATION)
    with tempfile.TemporaryDirectory() as temporary:
        return write_pack(folder, encoder, word_files(Path(temporary)), card=card, quantize=quantize).folder


def _comparable(encoder: Encoder) -> dict[str, Tensor]:
    """Its weights; of deltas the product, since only that has a meaning."""
    weights = {name: value for name, value in encoder.state_dict().items() if not name.startswith("deltas.")}
    if encoder.config.delta_rank:
        products = {name: encoder.deltas[f"{name}_a"] @ encoder.deltas[f"{name}_b"] for name in MATRICES}
        weights |= {f"deltas.{name}": value.detach() for name, value in products.items()}
    return weights


@pytest.mark.parametrize("quantize", [False, True])
@pytest.mark.parametrize("config", CONFIGS)
def test_what_was_exported_comes_back(tmp_path: Path, config: ModelConfig, quantize: bool) -> None:
    encoder, again = _trained(config), Encoder(config)
    load_weights(again, _written(encoder, tmp_path / "tiny", quantize=quantize))
    found = _comparable(again)
    for name, value in _comparable(encoder).items():
        bound = (INT8_BOUND if quantize else FLOAT_BOUND) * max(1.0, float(value.abs().max()))
        torch.testing.assert_close(found[name], value, atol=bound, rtol=0, msg=name)


def test_a_shared_pack_starts_an_unshared_model(tmp_path: Path) -> None:
    shared = _trained(ModelConfig(tokens=TOKENS, dim=64, layers=2, blocks=1))
    unshared = Encoder(ModelConfig(tokens=TOKENS, dim=64, layers=2, blocks=2))
    load_weights(unshared, _written(shared, tmp_path / "tiny", quantize=False))
    for number in (0, 1):
        torch.testing.assert_close(unshared.blocks[number].ff1_in.weight, shared.blocks[0].ff1_in.weight)


def test_another_shape_is_a_clear_error(tmp_path: Path) -> None:
    folder = make_pack(tmp_path / "tiny", layers=2, blocks=1, dim=64)
    with pytest.raises(DataError, match="do not fit the model"):
        load_weights(Encoder(ModelConfig(tokens=TOKENS, dim=32, layers=2, blocks=1, kernel=7)), folder)


def test_no_pack_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PackError):
        load_weights(Encoder(ModelConfig(tokens=TOKENS, dim=64, layers=2)), tmp_path)


def test_the_graph_of_another_program_is_a_clear_error(tmp_path: Path) -> None:
    folder = make_pack(tmp_path / "tiny", layers=2, blocks=1, dim=64)

    def rename(path: Path) -> None:
        model = onnx.load(folder / "model.onnx")
        model.graph.initializer.append(numpy_helper.from_array(np.zeros(3, np.float32), "theirs"))
        kept = [one for one in model.graph.initializer if one.name != "private"]
        del model.graph.initializer[:]
        model.graph.initializer.extend(kept)
        path.write_bytes(model.SerializeToString())

    pack = open_pack(folder)
    write_pack_folder(folder, pack.manifest, WordFiles(pack.tokens_file, pack.pronunciations_file), rename)
    with pytest.raises(DataError, match="unknown names"):
        load_weights(Encoder(ModelConfig(tokens=TOKENS, dim=64, layers=2, kernel=7)), folder)
