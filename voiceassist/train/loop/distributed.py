"""Data-parallel training: the processes that ``torchrun`` started, or a single one."""

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
    """The processes of a run. Each one sees its share of every batch, and all make the same optimizer step.

    Attributes:
        rank: number of this process; rank 0 writes the files.
        size: number of processes.
        device: the device that this process computes on.
    """

    rank: int
    size: int
    device: torch.device

    @property
    def is_main(self) -> bool:
        """Whether this process writes checkpoints and logs."""
        return self.rank == 0

    def sum(self, values: Tensor) -> Tensor:
        """Sums a tensor over all processes, in place."""
        if self.size > 1:
            dist.all_reduce(values)
        return values

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Replaces each gradient by its mean over all processes, in one exchange.

        All processes must have gradients for the same parameters.
        """
        if self.size == 1:
            return
        gradients = [value.grad for value in parameters if value.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.size
        parts = torch.split(flat, [gradient.numel() for gradient in gradients])
        torch._foreach_copy_(gradients, [part.view_as(own) for part, own in zip(parts, gradients, strict=True)])

    def broadcast(self, value: float) -> float:
        """The value of rank 0, on every process."""
        if self.size == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=self.device)
        dist.broadcast(shared, src=0)
        return float(shared)

    def barrier(self) -> None:
        """Blocks until all processes have come here."""
        if self.size > 1:
            dist.barrier()


def single_process(device: torch.device) -> ProcessGroup:
    """A group of one process."""
    return ProcessGroup(0, 1, device)


@contextmanager
def process_group() -> Iterator[ProcessGroup]:
    """The group that ``torchrun`` started, with nccl on GPUs and gloo elsewhere; a single process without it."""
    gpu = torch.cuda.is_available()
    if "WORLD_SIZE" not in os.environ:
        yield single_process(torch.device("cuda" if gpu else "cpu"))
        return
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if gpu else torch.device("cpu")
    if gpu:
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if gpu else "gloo")
    try:
        yield ProcessGroup(dist.get_rank(), dist.get_world_size(), device)
    finally:
        dist.destroy_process_group()
