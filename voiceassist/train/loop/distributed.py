"""Several processes that train one model: started by ``torchrun``, or one alone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor
from torch import distributed as dist


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """The processes of a run. Each sees its share of every batch and makes the same step as all others.

    Attributes:
        rank: number of this process; the first one writes files.
        size: how many there are.
        device: that this process computes on.
    """

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes."""
        return self.rank == 0

    def add_up(self, values: Tensor) -> Tensor:
        """The sum over all processes."""
        if self.size > 1:
            dist.all_reduce(values)
        return values

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Gives every process the mean gradient, in one exchange; all have the same parameters with gradients."""
        if self.size == 1:
            return
        gradients = [value.grad for value in parameters if value.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.size
        parts = torch.split(flat, [gradient.numel() for gradient in gradients])
        torch._foreach_copy_(gradients, [part.view_as(own) for part, own in zip(parts, gradients, strict=True)])

    def agree(self, values: Iterable[Tensor]) -> None:
        """Gives every process the first one's values."""
        if self.size > 1:
            for value in values:
                dist.broadcast(value, src=0)

    def wait(self) -> None:
        """Until all have come as far."""
        if self.size > 1:
            dist.barrier()


def alone(device: torch.device) -> ProcessGroup:
    """One process."""
    return ProcessGroup(0, 1, device)


@contextmanager
def gathered() -> Iterator[ProcessGroup]:
    """The team that ``torchrun`` started, with nccl on GPUs and gloo elsewhere; one process where it did not."""
    gpu = torch.cuda.is_available()
    if "WORLD_SIZE" not in os.environ:
        yield alone(torch.device("cuda" if gpu else "cpu"))
        return
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if gpu else torch.device("cpu")
    if gpu:
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if gpu else "gloo")
    try:
        yield ProcessGroup(dist.get_rank(), dist.get_world_size(), device)
    finally:
        dist.destroy_process_group()
