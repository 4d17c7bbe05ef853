"""A module as CUDA graphs, one for each shape of its input: one launch instead of a thousand.

The step of a small model is bound by the host, which launches its kernels one after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import torch
from torch import Tensor, nn

States = tuple[Tensor, ...]
EAGER_RUNS = 1
"""Runs of a shape before its graph is captured: what comes once is not worth one."""


class GraphedModule:
    """Runs modules of one tensor as CUDA graphs, forward and backward.

    The results of a shape are overwritten by its next run, and one backward pass must come before the next forward
    pass: all graphs share their memory. Whoever keeps the loss of an earlier step keeps its gradients tied to the
    default stream, and nothing can be captured.

    Args:
        new_module: a new module for each shape; all have the same parameters.
    """

    def __init__(self, new_module: Callable[[], nn.Module]) -> None:
        self._new_module, self._eager = new_module, new_module()
        self._runs: Counter[torch.Size] = Counter()
        self._graphs: dict[torch.Size, nn.Module] = {}
        self._pool = torch.cuda.graph_pool_handle() if torch.cuda.is_available() else None

    def __call__(self, x: Tensor) -> States:
        """The results of the module for a tensor that needs no gradient."""
        shape = x.shape
        if x.device.type == "cuda" and shape not in self._graphs:
            self._runs[shape] += 1
            if self._runs[shape] > EAGER_RUNS:
                self._graphs[shape] = self._capture(x)
        states: States = self._graphs.get(shape, self._eager)(x)
        return states

    def _capture(self, x: Tensor) -> nn.Module:
        module = self._new_module()
        torch.cuda.make_graphed_callables(
            module, (x.clone(),), num_warmup_iters=1, allow_unused_input=True, pool=self._pool
        )  # replaces the module's forward method
        return module
