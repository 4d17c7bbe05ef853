"""The layers as CUDA graphs against the layers run one by one; without a GPU both run the same kernels."""

from __future__ import annotations

import torch

from voiceassist.train.loop.loss import DepthOutputs, MultiDepthEncoder
from voiceassist.train.model.encoder import Encoder, ModelConfig

SHAPE = ModelConfig(tokens=20, phones=12, dim=32, layers=4, phone_layer=2, condition_layer=2, dropout=0.0)
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def gradients(
    encoder: MultiDepthEncoder, sound: torch.Tensor, depths: tuple[int, ...]
) -> tuple[DepthOutputs, torch.Tensor]:
    model = encoder.model
    model.zero_grad()
    outputs = encoder(sound, depths, depths[:1])
    torch.stack(
        [value.square().mean() for part in (outputs.pieces, outputs.phones) for value in part.values()]
    ).sum().backward()
    return outputs, torch.cat([value.grad.flatten() for value in model.parameters() if value.grad is not None])


def test_graphs_give_the_outputs_and_gradients_of_any_of_their_depths() -> None:
    torch.manual_seed(0)
    model = Encoder(SHAPE).to(DEVICE)
    plain, graphed = MultiDepthEncoder(model), MultiDepthEncoder(model, graph_depths=(2, 3, 4))
    for samples in (8_000, 8_000, 12_000, 8_000, 12_000):  # a graph is captured when a shape comes again
        for depths in ((2, 4), (3, 4)):
            sound = 0.1 * torch.randn(3, samples, device=DEVICE)
            outputs, found = gradients(graphed, sound, depths)
            outputs = DepthOutputs(
                *({k: v.detach().clone() for k, v in part.items()} for part in (outputs.pieces, outputs.phones))
            )
            expected, wanted = gradients(plain, sound, depths)
            assert outputs.pieces.keys() == expected.pieces.keys() == set(depths)
            assert outputs.phones.keys() == expected.phones.keys() == set(depths[:1])
            for depth, value in expected.pieces.items():
                assert torch.allclose(outputs.pieces[depth], value, atol=1e-4)
            assert torch.allclose(found, wanted, rtol=1e-3, atol=1e-5)
