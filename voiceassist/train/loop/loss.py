"""The training loss of one batch: CTC at several depths, phone cross-entropy, distillation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from voiceassist.errors import ConfigError
from voiceassist.train.data.augmentation import Augmented, SpecAugment
from voiceassist.train.data.batches import Batch
from voiceassist.train.loop.config import TrainingConfig
from voiceassist.train.loop.distributed import ProcessGroup
from voiceassist.train.loop.losses import (
    allowed_pieces,
    ctc_loss,
    frame_phones,
    frame_soft_labels,
    kl_divergence,
    phone_frames,
    phone_loss,
)
from voiceassist.train.loop.schedule import StepPlan
from voiceassist.train.model.cuda_graphs import GraphedModule
from voiceassist.train.model.encoder import Encoder
from voiceassist.train.model.frontend import LogMel, Subsampling
from voiceassist.train.model.fused_layers import layer_runner


@dataclass(frozen=True, slots=True)
class DepthOutputs:
    """Log-probabilities of the pieces ``(batch, frames, pieces)`` and phone logits, if any, by depth."""

    pieces: dict[int, Tensor]
    phones: dict[int, Tensor]


class LayerStates(nn.Module):
    """The states of a model after some of its layers.

    Batches are filled with silence, so no frame is masked.
    """

    def __init__(self, model: Encoder, depths: Collection[int], *, fused: bool = False, frozen_layers: int = 0) -> None:
        super().__init__()
        self.model, self.depths = model, tuple(sorted(depths))
        self._fused, self._frozen_layers = fused, frozen_layers

    def forward(self, features: Tensor) -> tuple[Tensor, ...]:
        """Shape: log-mel features ``(batch, mel frames, mels)`` to one ``(batch, frames, dim)`` for each depth."""
        model, states = self.model, []
        learns = torch.is_grad_enabled()
        with torch.set_grad_enabled(learns and not self._frozen_layers):
            x = model.subsampling(features).float()  # the type after every layer: a compiled block sees only one
        run_layer = layer_runner(model, x, fused=self._fused)
        for index in range(self.depths[-1]):
            with torch.set_grad_enabled(learns and index >= self._frozen_layers):
                x = run_layer(index, x)
            if index + 1 in self.depths:
                states.append(x)
        return tuple(states)


class MultiDepthEncoder(nn.Module):
    """The forward pass of a model with its heads at several depths, in one go.

    Args:
        model: the encoder.
        spec_augment: masks of its features.
        fused: on a GPU run the blocks with few kernels.
        frozen_layers: first layers without a gradient.
        graph_depths: on a GPU run the layers as CUDA graphs, which have a result at each of these depths; none for no
            graphs. Only these depths can be asked for then, and a backward pass must follow each forward pass.
    """

    def __init__(
        self,
        model: Encoder,
        spec_augment: nn.Module | None = None,
        *,
        fused: bool = False,
        frozen_layers: int = 0,
        graph_depths: Collection[int] = (),
    ) -> None:
        super().__init__()
        self.model, self.spec_augment = model, spec_augment
        self._new_states = partial(LayerStates, model, fused=fused, frozen_layers=frozen_layers)
        self._graph_depths = sorted(graph_depths)
        self._graphs = GraphedModule(partial(self._new_states, self._graph_depths)) if graph_depths else None

    def forward(self, sound: Tensor, depths: tuple[int, ...], phone_depths: tuple[int, ...]) -> DepthOutputs:
        """The outputs of the piece head at ``depths`` and of the phone head at ``phone_depths``.

        Shape: ``(batch, samples)``.
        """
        model, outputs = self.model, DepthOutputs({}, {})
        features = model.log_mel(sound)
        if self.spec_augment is not None:
            features = self.spec_augment(features)
        wanted = sorted({*depths, *phone_depths})
        if self._graphs is None:
            states = dict(zip(wanted, self._new_states(wanted)(features), strict=True))
        else:
            states = dict(zip(self._graph_depths, self._graphs(features), strict=True))
        for depth in wanted:
            if depth in depths:
                outputs.pieces[depth] = model.classify(states[depth])
            if depth in phone_depths and model.phone_head is not None:
                outputs.phones[depth] = model.classify_phones(states[depth])
        return outputs


def compile_blocks(model: Encoder) -> None:
    """Lets torch compile each block once for all lengths and layers; the names of the weights stay."""
    torch._dynamo.config.cache_size_limit = max(64, 2 * model.config.layers)  # noqa: SLF001
    for block in model.blocks:
        block.compile(dynamic=True)


class TrainingLoss:
    """Computes this process's share of the loss of a batch.

    Gradients averaged over all processes equal those of one process with the whole batch.

    Raises:
        ConfigError: the teacher has other outputs than the model.
    """

    def __init__(
        self, model: Encoder, config: TrainingConfig, group: ProcessGroup, teacher: Encoder | None = None
    ) -> None:
        self._config, self._group = config, group
        graphs = config.graphs and next(model.parameters()).is_cuda and not config.compile
        self._student = MultiDepthEncoder(
            model,
            SpecAugment(config.augment),
            fused=config.fused,
            frozen_layers=config.frozen_layers,
            graph_depths=sorted({*config.depths, *config.random_depths}) if graphs else (),
        )
        self._teacher: MultiDepthEncoder | None = None
        if teacher is not None:
            outputs = [(one.config.tokens, one.config.phones) for one in (teacher, model)]
            if outputs[0] != outputs[1]:
                raise ConfigError(
                    f"the teacher has {outputs[0]} pieces and phones, the model {outputs[1]}",
                    hint="train both on the same prepared data",
                )
            teacher.eval().requires_grad_(False)
            shape = teacher.config
            self._teacher = MultiDepthEncoder(
                teacher, fused=config.fused, graph_depths={shape.layers, shape.phone_depth} if graphs else ()
            )
        if config.compile:
            compile_blocks(model)

    def loss(self, batch: Batch, augmented: Augmented, plan: StepPlan) -> tuple[Tensor, dict[str, Tensor]]:
        """The value to minimise, and its parts for the curve."""
        config, depths = self._config, plan.depths
        with self._autocast(augmented.sound):
            outputs = self._student(augmented.sound, depths, depths)
        frames = Subsampling.frames(LogMel.frames(augmented.lengths))
        losses = self._ctc(outputs, frames, batch, augmented, plan)
        weights = dict(zip(losses, config.depth_weights(len(depths)), strict=True))
        device_frames = frames.to(augmented.sound.device, non_blocking=True)
        phones, known_frames = _phones(outputs, device_frames, batch, augmented)
        if phones is not None:
            losses["phone"], weights["phone"] = phones, config.phone_weight
        if self._teacher is not None:
            for name, value in self._distillation(self._teacher, outputs, augmented).items():
                losses[name] = value
                weights[name] = config.teacher_phone_weight if name == "teacher_phone" else config.teacher_weight
        piece_share, phone_share = self._shares(batch, known_frames)
        shares = {name: phone_share if name == "phone" else piece_share for name in losses}
        total = torch.stack([weights[name] * shares[name] * value for name, value in losses.items()]).sum()
        return total, {name: value.detach() for name, value in losses.items()}

    def _shares(self, batch: Batch, known_frames: Tensor) -> tuple[Tensor | float, Tensor | float]:
        """This process's share of all pieces and of all frames with a known phone, times the number of processes."""
        if self._group.size == 1:
            return 1.0, 1.0
        own = torch.stack([batch.piece_counts.sum().to(known_frames.device).float(), known_frames.float()])
        piece_share, phone_share = self._group.size * own / self._group.sum(own.clone()).clamp(min=1)
        return piece_share, phone_share

    def _autocast(self, sound: Tensor) -> torch.autocast:
        """Weights are cast once a step on a CPU; in a CUDA graph each time, because the graph outlives the cache."""
        device = sound.device.type
        return torch.autocast(device, torch.bfloat16, enabled=self._config.bf16, cache_enabled=not sound.is_cuda)

    def _ctc(
        self, outputs: DepthOutputs, frames: Tensor, batch: Batch, augmented: Augmented, plan: StepPlan
    ) -> dict[str, Tensor]:
        depths, losses, allowed = self._config.depths, {}, None
        first = next(iter(outputs.pieces.values()))
        if plan.restrict_ctc:
            allowed = allowed_pieces(batch, first.shape[1], first.shape[2], augmented.offset_ms, augmented.speed)
        names = {depths[0]: "early", depths[-1]: "ctc"}
        for depth, log_probs in outputs.pieces.items():
            name = names.get(depth, f"ctc_{depth}" if depth in depths else "ctc_random")
            losses[name] = ctc_loss(log_probs, frames, batch, allowed)
        return losses

    def _distillation(
        self, teacher: MultiDepthEncoder, outputs: DepthOutputs, augmented: Augmented
    ) -> dict[str, Tensor]:
        """Divergences from the teacher's pieces at its last layer and from its phones at its phone layer."""
        config, layers = self._config, teacher.model.config.layers
        phone_layer = teacher.model.config.phone_depth
        depths = [depth for depth in config.teacher_depths or config.depths[-1:] if depth in outputs.pieces]
        with torch.no_grad(), self._autocast(augmented.sound):
            taught = teacher(augmented.sound, (layers,), (phone_layer,))
        losses = {}
        if depths:
            target = taught.pieces[layers]
            losses["teacher"] = torch.stack([kl_divergence(outputs.pieces[depth], target) for depth in depths]).mean()
        if config.teacher_phone_weight and outputs.phones:
            target = taught.phones[phone_layer].float().log_softmax(-1)
            found = [kl_divergence(logits.float().log_softmax(-1), target) for logits in outputs.phones.values()]
            losses["teacher_phone"] = torch.stack(found).mean()
        return losses


def _phones(outputs: DepthOutputs, frames: Tensor, batch: Batch, augmented: Augmented) -> tuple[Tensor | None, Tensor]:
    """The mean phone loss of all depths, and the number of frames with a known phone."""
    if not outputs.phones:
        return None, torch.ones((), device=frames.device)
    logits = list(outputs.phones.values())
    known = frame_phones(batch, logits[0].shape[1], augmented.offset_ms, augmented.speed)
    soft = None
    if batch.soft_labels.shape[1]:
        soft = frame_soft_labels(batch, known.shape[1], augmented.offset_ms, augmented.speed)
    losses = torch.stack([phone_loss(one, known, frames, soft) for one in logits])
    return losses.mean(), phone_frames(known, frames)
