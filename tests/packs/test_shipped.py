"""The packs that come with the program, and the list that their manifests are checked against."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from voiceassist.errors import PackError
from voiceassist.packs.pack import LIST_NAME, listed_manifests, open_pack
from voiceassist.packs.writer import write_manifest
from voiceassist.paths import default_paths

MODELS = default_paths().shipped_models
PACKS = sorted(path.parent.name for path in MODELS.glob("*/manifest.json"))


def test_every_shipped_pack_is_in_the_list() -> None:
    assert PACKS
    assert sorted(listed_manifests(MODELS)) == PACKS


@pytest.mark.parametrize("name", PACKS)
def test_every_shipped_pack_is_what_the_list_says(name: str) -> None:
    assert open_pack(MODELS / name).name == name


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in (LIST_NAME, PACKS[0]):
        copy = shutil.copytree if (MODELS / name).is_dir() else shutil.copyfile
        copy(MODELS / name, tmp_path / name)
    return tmp_path


def test_a_changed_threshold_is_noticed_although_every_file_fits_the_manifest(models: Path) -> None:
    path = models / PACKS[0] / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["calibration"]["act_prob"] = 0.5
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(PackError, match=rf"manifest\.json was changed.*{LIST_NAME}"):
        open_pack(path.parent)


def test_who_measures_a_pack_anew_writes_the_list_too(models: Path) -> None:
    pack = open_pack(models / PACKS[0])
    before = listed_manifests(models)
    changed = write_manifest(pack.folder, replace(pack.manifest, title="another one"))
    assert changed.manifest.title == "another one"
    assert listed_manifests(models) != before
