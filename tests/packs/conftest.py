"""One tiny pack for all tests of packs; they copy it before they break it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from packfactory import make_pack


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one good pack, ``tiny``. Not to be changed."""
    root = tmp_path_factory.mktemp("shipped")
    make_pack(root / "tiny", quantize=True)
    return root


@pytest.fixture
def pack_folder(shipped: Path, tmp_path: Path) -> Path:
    """A copy of the pack, to be broken."""
    return shutil.copytree(shipped / "tiny", tmp_path / "copy" / "tiny")
