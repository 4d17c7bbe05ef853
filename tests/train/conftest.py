"""For all tests of training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tinydata import tiny_config, write_data

from voiceassist.train.loop.config import TrainingConfig


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    """Torch's threads wait for each other where other programs want the processor too.

    For a module, so that it comes before fixtures of modules.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared data of a dozen phrases, which nobody changes."""
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture
def config(data: Path) -> TrainingConfig:
    """A short run on that data."""
    return tiny_config(data)
