from __future__ import annotations

from collections.abc import Iterator

import pytest
from soundserver import SoundServer


@pytest.fixture
def server() -> Iterator[SoundServer]:
    """A private sound server with a virtual microphone."""
    with SoundServer() as running:
        yield running
