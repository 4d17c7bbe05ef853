"""Hostile input of every kind, bounded and seeded: a clear refusal or an answer, no traceback, no hang, no growth.

Every test changes good input a little, or makes it out of what the format's reader looks for, and gives it to the code
that a user's input meets first.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from packfactory import make_pack

from voiceassist.actions.platforms.entries import read_applications
from voiceassist.asr.pronunciation import Pronunciations
from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.files import read_recording
from voiceassist.config.settings import load, load_or_default
from voiceassist.errors import ConfigError, GrammarError, PackError, SoundFileError, VoiceAssistError
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.files.file_cache import FileCache
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.importers.writer import read_grammar
from voiceassist.grammar.values.lists import TextList
from voiceassist.ipc.messages import Reply, answer_line, decode_reply
from voiceassist.packs.archive import pack_to_vapack
from voiceassist.packs.pack import open_pack
from voiceassist.packs.store import PackStore

ROOT = Path(__file__).parent.parent
ROUNDS = 60
MAX_S = 5.0
MAX_GROWTH_BYTES = 300 << 20
NASTY_TEXTS = (
    "", " ", "\0", "\x1b[2J", "a" * 170, "a" * 100_000, "so " * 500, "9" * 60, "1/0", "é" * 50, "ж", "日本", "\u202e", "\ud800",  # noqa: E501
    "🙂", "(", "[", "{x}", "<r>", "|", ";", "*", "&a", "!!python/object/apply:os.system [id]", "../../etc/passwd", "%s%n",  # noqa: E501
    "nan", "-inf", "1e999", "0x" + "f" * 40, "½²", "''", '"', "\\", "\n", "\r\n", "\t", "true", "null", "- ", ": ", "#",
)  # fmt: skip


@contextmanager
def bounded() -> Iterator[None]:
    """Fails where the block takes longer or more memory than anything may."""

    def late(*_: object) -> None:
        raise AssertionError(f"took longer than {MAX_S:g} s")

    before = psutil.Process().memory_info().rss
    old = signal.signal(signal.SIGALRM, late)
    used_s = time.process_time()
    signal.setitimer(signal.ITIMER_REAL, 20 * MAX_S)  # a busy machine may take longer than the processor time
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    assert time.process_time() - used_s < MAX_S
    assert psutil.Process().memory_info().rss - before < MAX_GROWTH_BYTES


@contextmanager
def refusals(*kinds: type[VoiceAssistError]) -> Iterator[None]:
    """What is refused is refused with a message and a hint."""
    refused: VoiceAssistError | None = None
    try:
        yield
    except kinds as error:
        refused = error
    assert refused is None or (refused.message and refused.hint)


def mangled(data: bytes, rng: random.Random) -> bytes:
    """Good bytes with a few faults: flipped, cut, doubled, or with something nasty put in."""
    content = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(content) + 1)
        match rng.randrange(6):
            case 0 if content:
                content[at % len(content)] ^= 1 << rng.randrange(8)
            case 1:
                content[at:at] = rng.choice(NASTY_TEXTS).encode("utf-8", "surrogatepass")
            case 2:
                del content[at : at + rng.randint(1, 200)]
            case 3:
                content[at:at] = content[at : at + rng.randint(1, 400)] * rng.randint(1, 5)
            case 4:
                content[at:at] = rng.randbytes(rng.randint(1, 20))
            case _:
                content[at:at] = bytes([rng.choice((0, 0x7F, 0x80, 0xFF))]) * rng.randint(1, 40)
    return bytes(content)


def rounds(seed: int, count: int = ROUNDS) -> Iterator[random.Random]:
    for number in range(count):
        yield random.Random(1000 * seed + number)  # noqa: S311 - seeded on purpose


def test_settings(tmp_path: Path):
    good = b'version = 1\nmodel = "shared-int8"\nhotkey = "ctrl+alt+space"\nstay_open_s = 6.0\ncommand_files = ["a.yaml"]\n'  # noqa: E501
    path = tmp_path / "settings.toml"
    for rng in rounds(1, 4 * ROUNDS):
        path.write_bytes(mangled(good, rng))
        with bounded(), refusals(ConfigError):
            load(path)
            load_or_default(path)
    for kept in tmp_path.glob("*.broken*"):
        kept.unlink()


def test_lines_of_the_protocol():
    good = b'{"voiceassist":1,"verb":"toggle","activation":"token"}\n'
    for rng in rounds(2, 10 * ROUNDS):
        with bounded():
            reply = decode_reply(answer_line(lambda _: Reply(True, rng.choice(NASTY_TEXTS)), mangled(good, rng)))  # noqa: B023
            assert isinstance(reply.text, str)


def test_command_files(tmp_path: Path):
    files = sorted((ROOT / "assets" / "commands").glob("*.yaml"))
    path = tmp_path / "fuzzed.yaml"
    known_good = tmp_path / "good.yaml"
    known_good.write_text("intents: {Good: [all is well]}", encoding="utf-8")
    for rng in rounds(3):
        path.write_bytes(mangled(rng.choice(files).read_bytes(), rng))
        with bounded():
            loaded = FileCache().read([known_good, path], {}, lambda _: None)
        assert "Good" in loaded.commands.intents
        assert all(problem.hint for problem in loaded.problems)


@pytest.mark.parametrize("nesting", ["(", "[", "{", "<", "(a|", "[a;"])
@pytest.mark.parametrize("depth", [10, 1_000, 50_000])
def test_nested_templates(tmp_path: Path, nesting: str, depth: int):
    closing = {"(": ")", "[": "]", "{": "}", "<": ">"}[nesting[0]]
    text = nesting * depth + "go" + closing * depth
    path = tmp_path / "deep.yaml"
    path.write_text(f"intents: {{I: ['{text}']}}", encoding="utf-8")
    with bounded(), refusals(GrammarError):
        FileCache().read([path], {}, lambda _: None)


def test_foreign_grammars(tmp_path: Path):
    ini = b"[SetTimer]\nset a timer for (:){minutes} minutes\n[Light]\nturn (on|off){state} <place>\nplace = the (kitchen|hall)\n"  # noqa: E501
    rhino = b"context:\n  expressions:\n    Light:\n      - turn [on, off] the $room:place\n  slots:\n    room: [kitchen, hall]\n"  # noqa: E501
    for rng in rounds(4):
        name, good = rng.choice((("a.ini", ini), ("a.yml", rhino)))
        (tmp_path / name).write_bytes(mangled(good, rng))
        with bounded(), refusals(VoiceAssistError):
            read_grammar(tmp_path / name)


def test_window_titles_and_other_names(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_text("intents: {Open: ['open {app}'], Stop: [stop it]}", encoding="utf-8")
    commands = lambda names: load_commands([path], lists={"app": TextList.of([(name, name) for name in names])})  # noqa: E731
    with bounded():
        assert compile_automaton(commands(NASTY_TEXTS), spell).parse("stop it") is not None
    for rng in rounds(5, 20):
        names = ["".join(rng.choice(NASTY_TEXTS)[:300] for _ in range(rng.randint(1, 4))) for _ in range(50)]
        with bounded():
            automaton = compile_automaton(commands(["mail", *names]), spell)
        assert automaton.parse("open mail") is not None


def spell(word: str) -> list[list[int]]:
    return [[1 + ord(letter) % 30 for letter in word]]


def test_desktop_entries(tmp_path: Path):
    good = (
        b'[Desktop Entry]\nType=Application\nName=Mail\nExec=mail "a b" %U\nCategories=Email;\nPath=/tmp\nTryExec=sh\n'
    )
    (tmp_path / "good.desktop").write_bytes(good)
    for rng in rounds(6, 2 * ROUNDS):
        (tmp_path / f"{rng.randrange(8)}.desktop").write_bytes(mangled(good, rng))
        with bounded():
            found = read_applications([tmp_path], {"PATH": "/bin:/usr/bin"})
        assert "Mail" in [application.name for application in found]


@pytest.fixture(scope="module")
def pack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pack(tmp_path_factory.mktemp("shipped") / "tiny", quantize=True)


@pytest.mark.parametrize("name", ["manifest.json", "model.onnx", "tokens.model", "pronunciations.npy"])
def test_files_of_packs(pack_folder: Path, tmp_path: Path, name: str):
    for rng in rounds(len(name), 25):
        folder = shutil.copytree(pack_folder, tmp_path / str(rng.random()) / "tiny")
        (folder / name).write_bytes(mangled((folder / name).read_bytes(), rng))
        if name != "manifest.json":
            sign_again(folder)
        with bounded(), refusals(PackError, GrammarError), Recognizer(open_pack(folder)) as recognizer:
            recognizer.pronounce("timer")


def sign_again(folder: Path) -> None:
    """Make the manifest agree with its files, as an attacker would."""
    from voiceassist.packs.writer import file_entry  # noqa: PLC0415 - needed here only

    raw = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in raw["files"]:
        entry = file_entry(folder / name)
        raw["files"][name] = {"sha256": entry.sha256, "bytes": entry.size_bytes}
    (folder / "manifest.json").write_text(json.dumps(raw), encoding="utf-8")


def test_archives_leave_the_installed_pack_alone(pack_folder: Path, tmp_path: Path):
    store = PackStore(tmp_path / "none", tmp_path / "installed")
    good = pack_to_vapack(pack_folder, tmp_path / "good.vapack")
    store.install(good)
    for rng in rounds(7, 40):
        broken = tmp_path / "broken.vapack"
        broken.write_bytes(mangled(good.read_bytes(), rng))
        with bounded(), refusals(PackError):
            store.install(broken)
        assert store.get("tiny").name == "tiny"
        assert sorted(path.name for path in (tmp_path / "installed").iterdir()) == ["manifests.sha256", "tiny"]


def test_a_bomb_in_an_archive(tmp_path: Path):
    bomb = tmp_path / "bomb.vapack"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in ("manifest.json", "model.onnx", "tokens.model", "pronunciations.npy"):
            opened.writestr(name, b"\0" * (100 << 20 if name == "model.onnx" else 1000))
    with bounded(), pytest.raises(PackError, match="times its size"):
        PackStore(tmp_path / "none", tmp_path / "installed").install(bomb)


@pytest.mark.parametrize(
    "header",
    [
        b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65_535,
        b"\x93NUMPY\x01\x00\x46\x00{'descr': '<u8', 'fortran_order': False, 'shape': (1000000000000,), }\n" + b" " * 4,
        b"\x93NUMPY\x01\x00\x40\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }          \n\x80\x04cposix\nsystem\n",  # noqa: E501
        b"\x93NUMPY\x03\x00\xff\xff\xff\x7f{",
        b"",
    ],
    ids=["deep", "huge", "pickle", "long", "empty"],
)
def test_headers_of_arrays(header: bytes):
    with bounded(), pytest.raises(PackError):
        Pronunciations(header, ("SIL", "AA"))


def test_recordings(tmp_path: Path):
    samples = [path for path in (ROOT / "assets" / "samples").iterdir() if path.suffix != ".json"]
    for rng in rounds(8, 40):
        source = rng.choice(samples)
        path = tmp_path / f"fuzzed{source.suffix}"
        path.write_bytes(mangled(source.read_bytes(), rng))
        with bounded(), refusals(SoundFileError):
            read_recording(path)
