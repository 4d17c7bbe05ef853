"""Packs are verified before use, replaced only by good ones, and never reach outside their folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voiceassist.config.files import locked
from voiceassist.errors import PackError
from voiceassist.packs.archive import pack_to_vapack
from voiceassist.packs.pack import Pack, open_pack
from voiceassist.packs.store import PackStore

FILES = ("manifest.json", "model.onnx", "pronunciations.npy", "tokens.model")


@pytest.fixture
def store(shipped: Path, tmp_path: Path) -> PackStore:
    return PackStore(shipped, tmp_path / "installed")


@pytest.fixture
def vapack(shipped: Path, tmp_path: Path) -> Path:
    return pack_to_vapack(shipped / "tiny", tmp_path / "tiny.vapack")


def _rename(folder: Path, **changes: object) -> Path:
    """Changes the manifest of a pack."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return folder


def _rezip(vapack: Path, edit: Callable[[zipfile.ZipFile], None]) -> Path:
    with zipfile.ZipFile(vapack, "a") as opened:
        edit(opened)
    return vapack


def _state(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_good_pack_opens(shipped: Path) -> None:
    pack = open_pack(shipped / "tiny")
    assert pack.name == "tiny"
    assert pack.model_file.is_file()
    assert pack.manifest.size_bytes == sum((shipped / "tiny" / name).stat().st_size for name in FILES[1:])


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(pack_folder: Path, name: str) -> None:
    (pack_folder / name).unlink()
    with pytest.raises(PackError, match=f"{name} is missing"):
        open_pack(pack_folder)


@pytest.mark.parametrize("name", FILES[1:])
def test_a_changed_byte_is_seen(pack_folder: Path, name: str) -> None:
    data = bytearray((pack_folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (pack_folder / name).write_bytes(data)
    with pytest.raises(PackError, match="was changed"):
        open_pack(pack_folder)


def test_all_problems_are_told_at_once(pack_folder: Path) -> None:
    (pack_folder / "model.onnx").write_bytes(b"short")
    (pack_folder / "tokens.model").unlink()
    (pack_folder / "weights.bin").write_bytes(b"x")
    with pytest.raises(PackError) as caught:
        open_pack(pack_folder)
    for part in ("model.onnx has 5 bytes", "tokens.model is missing", "'weights.bin' does not belong"):
        assert part in caught.value.message


def test_a_bad_manifest_and_a_foreign_file_are_told_together(pack_folder: Path) -> None:
    _rename(pack_folder, layers=-1)
    (pack_folder / "x.pkl").touch()
    with pytest.raises(PackError, match=r"layers is -1.*x\.pkl"):
        open_pack(pack_folder)


@pytest.mark.parametrize("name", FILES)
def test_links_are_refused(pack_folder: Path, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (pack_folder / name).rename(elsewhere)
    (pack_folder / name).symlink_to(elsewhere)
    with pytest.raises(PackError, match=f"{name} is not a regular file"):
        open_pack(pack_folder)


def test_weights_in_another_file_are_refused(pack_folder: Path) -> None:
    path = pack_folder / "model.onnx"
    model = onnx.load(path)
    model.graph.initializer[0].external_data.add(key="location", value="/etc/passwd")
    model.graph.initializer[0].data_location = onnx.TensorProto.EXTERNAL
    data = model.SerializeToString()
    path.write_bytes(data)
    files = json.loads((pack_folder / "manifest.json").read_text())["files"]
    files["model.onnx"] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    _rename(pack_folder, files=files)
    with pytest.raises(PackError, match="external data"):
        open_pack(pack_folder)


def test_no_pack_there(tmp_path: Path, store: PackStore) -> None:
    with pytest.raises(PackError, match="no model pack"):
        open_pack(tmp_path / "nowhere")
    for name in ("nowhere", "../tiny", ""):
        with pytest.raises(PackError):
            store.get(name)
    with pytest.raises(PackError, match="no model pack") as caught:
        store.get("nowhere")
    assert "tiny" in caught.value.hint


def test_get_by_name_and_by_path(store: PackStore, shipped: Path, pack_folder: Path, vapack: Path) -> None:
    assert store.get("tiny").folder == shipped / "tiny"
    assert store.get(pack_folder).folder == pack_folder
    assert store.get(str(pack_folder)).folder == pack_folder
    with pytest.raises(PackError, match="is a file"):
        store.get(vapack)


def test_install_list_remove(store: PackStore, vapack: Path, shipped: Path, tmp_path: Path) -> None:
    pack = store.install(vapack)
    assert pack.folder == tmp_path / "installed" / "tiny"
    assert store.get("tiny").folder == pack.folder
    assert [(listing.name, listing.shipped) for listing in store.list()] == [("tiny", False)]
    assert _state(pack.folder) == _state(shipped / "tiny")
    store.remove("tiny")
    assert [(listing.name, listing.shipped) for listing in store.list()] == [("tiny", True)]
    assert list((tmp_path / "installed").iterdir()) == []


def test_a_new_pack_replaces_the_old_one_of_its_name(store: PackStore, vapack: Path, pack_folder: Path) -> None:
    store.install(vapack)
    newer = pack_to_vapack(_rename(pack_folder, title="Newer"), vapack.with_name("newer.vapack"))
    assert store.install(newer).manifest.title == "Newer"
    assert store.get("tiny").manifest.title == "Newer"
    store.install(newer)
    assert len(store.list()) == 1


def test_a_pack_that_fails_its_check_replaces_nothing(
    store: PackStore, tmp_path: Path, vapack: Path, pack_folder: Path
) -> None:
    store.install(vapack)
    newer = pack_to_vapack(_rename(pack_folder, title="Newer"), vapack.with_name("newer.vapack"))

    def check(pack: Pack) -> None:
        raise PackError(f"{pack.manifest.title} is deaf", hint="none")

    with pytest.raises(PackError, match="Newer is deaf"):
        PackStore(tmp_path / "shipped", tmp_path / "installed", check).install(newer)
    assert store.get("tiny").manifest.title != "Newer"


def test_shipped_packs_stay(store: PackStore) -> None:
    for name, reason in (("tiny", "came with the program"), ("other", "no installed pack"), ("..", "no installed")):
        with pytest.raises(PackError, match=reason):
            store.remove(name)
    assert store.get("tiny")


def test_broken_packs_are_listed_with_their_problem(store: PackStore, vapack: Path, tmp_path: Path) -> None:
    folder = store.install(vapack).folder
    (folder / "model.onnx").unlink()
    folder.rename(folder.with_name("broken"))
    (tmp_path / "installed" / "not-a-pack").mkdir()
    broken, good = store.list()
    assert (broken.name, broken.pack) == ("broken", None)
    assert "model.onnx is missing" in (broken.problem or "")
    assert good.pack
    assert good.problem is None


def test_a_pack_under_another_name_is_a_problem(store: PackStore, vapack: Path) -> None:
    folder = store.install(vapack).folder
    folder.rename(folder.with_name("other"))
    assert "rename" in (store.list()[0].problem or "")


def test_an_interrupted_replacement_is_put_right(store: PackStore, vapack: Path) -> None:
    folder = store.install(vapack).folder
    aside = folder.with_name(".replaced-tiny")
    folder.rename(aside)
    assert store.get("tiny").folder == folder
    shutil.copytree(folder, aside)
    assert store.get("tiny").folder == folder
    assert not aside.exists()


def test_the_archive_is_the_same_for_the_same_pack(shipped: Path, tmp_path: Path, pack_folder: Path) -> None:
    for path in pack_folder.iterdir():
        os.utime(path, (0, 0))
    first = pack_to_vapack(shipped / "tiny", tmp_path / "a.vapack").read_bytes()
    assert pack_to_vapack(pack_folder, tmp_path / "b.vapack").read_bytes() == first


def test_a_damaged_pack_is_not_packed(pack_folder: Path, tmp_path: Path) -> None:
    (pack_folder / "model.onnx").write_bytes(b"x")
    with pytest.raises(PackError):
        pack_to_vapack(pack_folder, tmp_path / "a.vapack")
    assert not (tmp_path / "a.vapack").exists()


def _link(opened: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("README.md")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    opened.writestr(entry, "/etc/passwd")


EVIL: dict[str, tuple[Callable[[zipfile.ZipFile], None], str]] = {
    "path upwards": (lambda z: z.writestr("../evil.txt", "x"), "evil.txt' does not belong"),
    "absolute path": (lambda z: z.writestr("/tmp/evil.txt", "x"), "does not belong"),  # noqa: S108
    "backslashes": (lambda z: z.writestr("..\\evil.txt", "x"), "does not belong"),
    "pickle": (lambda z: z.writestr("weights.pkl", "x"), "'weights.pkl' does not belong"),
    "folder": (lambda z: z.writestr("models/", ""), "does not belong"),
    "link": (_link, "README.md is a link"),
    "bomb": (lambda z: z.writestr("README.md", bytes(1_000_000), zipfile.ZIP_DEFLATED), "unpacks to more than"),
    "too large": (lambda z: z.writestr("README.md", os.urandom(1_048_577)), "the limit is 1048576"),
    "lzma": (lambda z: z.writestr("README.md", b"x" * 100, zipfile.ZIP_LZMA), "unusual way"),
    "crowd": (lambda z: [z.writestr(f"{n}", "") for n in range(20)] and None, "it holds 24 files"),
}


@pytest.mark.parametrize("kind", EVIL)
def test_evil_archives_change_nothing(kind: str, store: PackStore, vapack: Path, tmp_path: Path) -> None:
    store.install(vapack)
    before = _state(tmp_path / "installed")
    edit, complaint = EVIL[kind]
    evil = _rezip(Path(shutil.copy(vapack, tmp_path / "evil.vapack")), edit)
    with pytest.raises(PackError) as caught:
        store.install(evil)
    assert complaint in caught.value.message
    assert _state(tmp_path / "installed") == before
    assert not list(tmp_path.rglob("evil.txt"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_file_twice_is_refused(store: PackStore, vapack: Path) -> None:
    _rezip(vapack, lambda opened: opened.writestr("manifest.json", "{}"))
    with pytest.raises(PackError, match=r"manifest\.json is in it 2 times"):
        store.install(vapack)


def test_an_incomplete_archive_is_refused(store: PackStore, tmp_path: Path) -> None:
    _rezip(tmp_path / "part.vapack", lambda opened: opened.writestr("manifest.json", "{}"))
    with pytest.raises(PackError, match=r"model\.onnx is missing; tokens\.model is missing; pronunciations"):
        store.install(tmp_path / "part.vapack")


def test_what_is_no_archive_is_refused(store: PackStore, tmp_path: Path) -> None:
    with pytest.raises(PackError, match="does not exist"):
        store.install(tmp_path / "nowhere.vapack")
    (tmp_path / "text.vapack").write_text("hello")
    with pytest.raises(PackError, match="damaged or no"):
        store.install(tmp_path / "text.vapack")
    with pytest.raises(PackError, match="is a folder, not a"):
        store.install(tmp_path)


def test_an_archive_of_the_packs_folder_is_told_apart_from_a_damaged_one(store: PackStore, pack_folder: Path) -> None:
    archive = shutil.make_archive(str(pack_folder.parent / "zipped"), "zip", pack_folder.parent, pack_folder.name)
    with pytest.raises(PackError, match="its files are in a folder") as caught:
        store.install(Path(archive))
    assert "without a folder" in caught.value.hint


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8))
def test_a_damaged_archive_is_refused_or_whole(store: PackStore, vapack: Path, at: float, patch: bytes) -> None:
    data = bytearray(vapack.read_bytes())
    start = int(at * len(data))
    data[start : start + len(patch)] = patch
    damaged = vapack.with_name("damaged.vapack")
    damaged.write_bytes(data)
    with suppress(PackError):
        store.install(damaged)
    assert all(listing.problem is None for listing in store.list())


def test_a_damaged_pack_gives_way_to_the_one_that_came_with_the_program(
    store: PackStore, vapack: Path, shipped: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = store.install(vapack).folder
    (folder / "model.onnx").write_bytes(b"damaged")
    assert store.get("tiny").folder == shipped / "tiny"
    assert "model.onnx" in caplog.text
    assert "came with the program is used instead" in caplog.text


def test_a_missing_pack_gives_way_to_a_shipped_one_where_that_is_wanted(
    store: PackStore, shipped: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert store.get_or_shipped("gone", "tiny").folder == shipped / "tiny"
    assert "there is no model pack 'gone'" in caplog.text
    with pytest.raises(PackError, match="gone"):
        PackStore(shipped / "none", shipped / "none").get_or_shipped("gone", "tiny")


def test_a_manifest_that_was_changed_after_the_installation_is_noticed(store: PackStore, vapack: Path) -> None:
    folder = store.install(vapack).folder
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["calibration"]["act_prob"] = 0.5
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(PackError, match=r"manifest\.json was changed"):
        open_pack(folder)


def test_two_installations_at_once_leave_one_good_pack(tmp_path: Path, shipped: Path, vapack: Path) -> None:
    stores = [PackStore(shipped, tmp_path / "installed") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda store: store.install(vapack), stores))
    assert [listing.problem for listing in stores[0].list()] == [None]
    assert sorted(path.name for path in (tmp_path / "installed").iterdir()) == ["manifests.sha256", "tiny"]


def test_a_folder_is_never_there_unclaimed_for_another_process_to_sweep(
    store: PackStore, vapack: Path, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [PackStore(shipped, tmp_path / "installed")]
    left: list[bool] = []

    def locked_late(path: Path, **options: float) -> AbstractContextManager[None]:
        if path.parent.name.startswith(".incoming-") and others:
            others.pop().list()
            left.append(path.parent.is_dir())
        return locked(path, **options)

    monkeypatch.setattr("voiceassist.packs.store.locked", locked_late)
    assert store.install(vapack).name == "tiny"
    assert left == [True]


def test_what_interrupted_installations_left_is_swept_but_not_what_somebody_works_on(
    store: PackStore, vapack: Path, tmp_path: Path
) -> None:
    store.install(vapack)
    installed = tmp_path / "installed"
    for name in (".incoming-abc", ".removed-abc", ".replaced-tiny"):
        (installed / name).mkdir()
        (installed / name / "big").write_bytes(b"x")
    (installed / ".manifests.sha256.abc").write_bytes(b"half")
    (installed / ".incoming-busy").mkdir()
    with locked(installed / ".incoming-busy" / "pack"):  # as an installation in another process does
        store.list()
        assert sorted(path.name for path in installed.iterdir()) == [".incoming-busy", "manifests.sha256", "tiny"]
    store.list()
    assert sorted(path.name for path in installed.iterdir()) == ["manifests.sha256", "tiny"]


def test_installed_packs_are_for_their_user_alone_whatever_the_umask(store: PackStore, vapack: Path, tmp_path) -> None:
    before = os.umask(0)
    try:
        store.install(vapack)
    finally:
        os.umask(before)
    for path in [tmp_path / "installed", *(tmp_path / "installed").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_model_that_is_replaced_after_it_was_opened_is_not_used(store: PackStore, vapack: Path) -> None:
    pack = store.install(vapack)
    pack.model_file.write_bytes(b"another one")
    with pytest.raises(PackError, match=r"model\.onnx was changed"):
        pack.read("model.onnx")


def test_a_folder_that_cannot_be_written_is_told_in_words_without_the_numbers_of_the_system(
    vapack: Path, shipped: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PackError, match=r"cannot be installed: Not a directory: ") as caught:
        PackStore(shipped, tmp_path / "file" / "models").install(vapack)
    assert "Errno" not in caught.value.message
