"""Compiled commands that are kept for the next run: the same automaton, or none."""

import hashlib
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from automaton_language import language
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler import compiled_file
from voiceassist.grammar.compiler.automaton import Automaton, Compiler, compile_automaton
from voiceassist.grammar.compiler.compiled_file import InvalidFileError, decode, encode
from voiceassist.grammar.compiler.compiled_store import MAX_FILES, CompiledStore
from voiceassist.grammar.compiler.dag import DEFAULT_LIMITS
from voiceassist.grammar.compiler.graph_builder import GraphCompiler
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.values.lists import TextList

SENTENCES = [
    "go now",
    "go {place}",
    "set it to {0..30}",
    "set it to {half}",
    "wait for {spelled}",
    "stop <what>",
    "TV on",
    "note {*text}",
    "tell {*who} to {place}",
    "open {app}",
    "switch to [the] {window}",
    "close <window>",
    "[please] go {percent}",
]
TEXTS = (
    *("go now", "go home", "go the park", "set it to twelve", "set it to 99", "set it to half", "wait for a b c"),
    *("stop all of it", "tv on", "t v on", "note So it is", "tell Ann Lee to home", "open firefox", "open letter"),
    *("switch to the letter", "switch to letter", "close letter to ann", "go ten percent", "please go now"),
)
LISTS = [
    {},
    {"window": {"letter": "Letter"}},
    {"window": {"letter": "Other letter", "letter to ann": "Ann"}, "app": {"firefox": 1}},
    {"app": {"firefox": 1, "letter": [2.5, None, {"a": True}]}},
]
PARK = 7


def characters(word: str) -> list[list[int]]:
    return [[ord(char) for char in word]]


def commands_in(folder: Path, sentences: list[str], *, park: object = PARK, **lists: dict[str, object]) -> CommandSet:
    file = folder / "commands.yaml"
    intents = "".join(f"  I{number}: ['{sentence}']\n" for number, sentence in enumerate(sentences))
    file.write_text(
        f"intents:\n{intents}"
        f"lists: {{place: [home, {{in: the park, out: {park}}}], half: {{range: {{from: 0, to: 5, multiplier: 2}}}}}}\n"
        "expansion_rules: {what: '[all] [of] it', window: '[the] {window}'}\nskip_words: [please]\n",
        encoding="utf-8",
    )
    return load_commands([file], lists={name: TextList.of(values) for name, values in lists.items()})


def store_in(folder: Path) -> CompiledStore:
    return CompiledStore(folder / "cache" / "commands", changing_lists=("window",))


def files_in(folder: Path) -> list[Path]:
    return sorted((folder / "cache" / "commands").glob("*"))


def same(one: Automaton, other: Automaton) -> bool:
    """Whether two automata are equal state by state."""
    columns = ("phone", "source", "target", "word", "accepting", "tail", "first_state")
    equal = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in columns)
    return equal and one.words == other.words and all(one.parse(text) == other.parse(text) for text in TEXTS)


def content_of(folder: Path, sentences: list[str]) -> bytes:
    compiled = GraphCompiler(characters, DEFAULT_LIMITS).compile(commands_in(folder, sentences))
    return encode("a key", compiled, "a digest")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6, unique=True),
            st.sampled_from(LISTS),
            st.sampled_from([PARK, 8, "seven"]),
            st.sampled_from([None, WakePrefix("computer"), WakePrefix("computer", required=True)]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_with_a_store_commands_are_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    versions: list[tuple[list[str], dict[str, dict[str, object]], object, WakePrefix | None]],
) -> None:
    folder = tmp_path_factory.mktemp("commands")
    store, compiler = store_in(folder), Compiler(characters)
    for sentences, lists, park, wake in versions:
        commands = commands_in(folder, sentences, park=park, **lists)
        plain = compile_automaton(commands, characters, wake)
        reused = compiler.compile(commands, wake, store=store)
        loaded = compile_automaton(commands, characters, wake, store=store)
        assert language(plain) == language(reused) == language(loaded)
        for text in (*TEXTS, "computer", "computer go home"):
            assert plain.parse(text) == reused.parse(text) == loaded.parse(text)
            assert plain.begins(text) == loaded.begins(text)


def test_the_whole_of_the_default_commands_is_kept(tmp_path: Path) -> None:
    files = sorted((Path(__file__).parents[2] / "assets" / "commands").glob("*.yaml"))
    lists = {"app": TextList.of({"Firefox": "Firefox"}), "window": TextList.of({"My Letter": "My Letter - Writer"})}
    commands = load_commands(files, lists=lists)
    plain = compile_automaton(commands, characters)
    written, loaded = (compile_automaton(commands, characters, store=store_in(tmp_path)) for _ in range(2))
    assert same(written, loaded)
    assert language(plain) == language(loaded)
    sentence = "switch to the window my letter"
    assert plain.parse(sentence) is not None
    assert plain.parse(sentence) == loaded.parse(sentence)
    assert len(files_in(tmp_path)) == 1


def test_what_is_loaded_is_not_compiled(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from voiceassist.grammar.compiler.automaton import compile_automaton\n"
        "from voiceassist.grammar.compiler.compiled_store import CompiledStore\n"
        "from voiceassist.grammar.files.merge import load_commands\n"
        "commands = load_commands(sorted(pathlib.Path(sys.argv[1]).glob('*.yaml')))\n"
        "store = CompiledStore(pathlib.Path(sys.argv[2]))\n"
        "found = compile_automaton(commands, lambda word: [[ord(char) for char in word]], store=store)\n"
        "print(found.parse('mute').command.intent, 'voiceassist.grammar.compiler.graph_builder' in sys.modules)\n"
    )
    folder = Path(__file__).parents[2] / "assets" / "commands"
    run = [
        subprocess.run(
            [sys.executable, "-c", program, str(folder), str(tmp_path)], capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert [one.stdout.split() for one in run] == [["Mute", "True"], ["Mute", "False"]]


def test_titles_of_windows_are_not_kept(tmp_path: Path) -> None:
    for title in ("secret letter", "other letter"):
        commands = commands_in(tmp_path, ["go now", "close <window>"], window={title: title})
        automaton = compile_automaton(commands, characters, store=store_in(tmp_path))
        found = automaton.parse(f"close {title}")
        assert found is not None
        assert found.slots == {"window": title}
    (file,) = files_in(tmp_path)
    assert b"letter" not in file.read_bytes()


def test_another_pronunciation_is_not_overlooked(tmp_path: Path) -> None:
    commands = commands_in(tmp_path, ["go now"])
    compile_automaton(commands, characters, store=store_in(tmp_path))
    # a model that says only this word in another way, and one that says everything in another way
    for pronounce in (lambda word: [[1, 2]] if word == "go" else characters(word), lambda word: [[1, len(word)]]):
        found = compile_automaton(commands, pronounce, store=store_in(tmp_path))
        assert same(found, compile_automaton(commands, pronounce))


def test_a_word_that_the_model_cannot_say_any_more_is_an_error(tmp_path: Path) -> None:
    commands = commands_in(tmp_path, ["go now"])
    compile_automaton(commands, characters, store=store_in(tmp_path))

    def pronounce(word: str) -> list[list[int]]:
        if word == "go":
            raise GrammarError("cannot say it", hint="another word")
        return characters(word)

    with pytest.raises(GrammarError, match="cannot say it"):
        compile_automaton(commands, pronounce, store=store_in(tmp_path))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_not_used_and_is_written_anew(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("commands")
    commands = commands_in(folder, SENTENCES[5:8])
    good = compile_automaton(commands, characters, store=store_in(folder))
    (file,) = files_in(folder)
    intact = file.read_bytes()
    damaged = bytearray(intact)
    how = data.draw(st.sampled_from(["changed", "cut", "longer", "other"]))
    if how == "changed":
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] ^= data.draw(st.integers(1, 255))
    elif how == "cut":
        del damaged[data.draw(st.integers(0, len(damaged) - 1)) :]
    elif how == "longer":
        damaged += data.draw(st.binary(min_size=1, max_size=50))
    else:
        damaged = bytearray(data.draw(st.binary(max_size=200)))
    file.write_bytes(bytes(damaged))
    assert same(compile_automaton(commands, characters, store=store_in(folder)), good)
    assert file.read_bytes() == intact


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return content_of(tmp_path_factory.mktemp("commands"), SENTENCES[:9])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_file_with_a_right_digest_is_checked_all_the_same(intact: bytes, data: st.DataObject) -> None:
    start = len(compiled_file._MAGIC) + hashlib.sha256().digest_size
    body = bytearray(intact[start:])
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    forged = compiled_file._MAGIC + compiled_file._digest("a key", bytes(body)) + bytes(body)
    try:
        compiled, _ = decode("a key", forged)
    except InvalidFileError:
        return
    arcs, graph = compiled.arcs, compiled.graph
    assert len(arcs.phone) == len(arcs.source) == len(arcs.target) == len(arcs.word)
    assert arcs.word.max(initial=-1) < len(compiled.words)
    assert max(arcs.source.max(initial=0), arcs.target.max(initial=0)) < arcs.nodes
    assert graph.count_sentences() >= 0


def test_a_file_of_other_commands_is_not_used(tmp_path: Path) -> None:
    content = content_of(tmp_path, ["go now"])
    assert decode("a key", content)[1] == "a digest"
    with pytest.raises(InvalidFileError):
        decode("another key", content)


def test_states_in_a_circle_are_refused(tmp_path: Path) -> None:
    compiled, digest = decode("a key", content_of(tmp_path, ["go now"]))
    source = compiled.arcs.source.copy()
    source[:2] = 2, 1  # the first state leads to node 1, the second one to node 2
    compiled = replace(compiled, arcs=replace(compiled.arcs, source=source))
    with pytest.raises(InvalidFileError, match="circle"):
        decode("a key", encode("a key", compiled, digest))


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    old_mask = os.umask(0)
    try:
        compile_automaton(commands_in(tmp_path, ["go now"]), characters, store=store_in(tmp_path))
    finally:
        os.umask(old_mask)
    (file,) = files_in(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_there_are_never_many_files(tmp_path: Path) -> None:
    first = commands_in(tmp_path, ["go now"])
    for number in range(MAX_FILES + 3):
        compile_automaton(first, characters, store=store_in(tmp_path))
        for path in files_in(tmp_path):  # whatever the resolution of the clock: all are older than the next one
            earlier_s = path.stat().st_mtime - 1
            os.utime(path, (earlier_s, earlier_s))
        compile_automaton(commands_in(tmp_path, [f"say {'a' * (number + 3)}"]), characters, store=store_in(tmp_path))
    assert len(files_in(tmp_path)) == MAX_FILES
    before = files_in(tmp_path)
    compile_automaton(first, characters, store=store_in(tmp_path))
    assert before == files_in(tmp_path), "what was used all the time was deleted"


@pytest.mark.parametrize("obstacle", ["a file", "a pipe", "a folder", "a link"])
def test_an_obstacle_is_no_error(tmp_path: Path, obstacle: str) -> None:
    commands = commands_in(tmp_path, ["go now"])
    good = compile_automaton(commands, characters, store=store_in(tmp_path))
    (file,) = files_in(tmp_path)
    file.unlink()
    if obstacle == "a file":
        file.parent.rmdir()
        file.parent.write_text("in the way", encoding="utf-8")
    elif obstacle == "a pipe":
        os.mkfifo(file)
    elif obstacle == "a folder":
        file.mkdir()
    else:
        file.symlink_to(tmp_path / "nowhere")
    assert same(compile_automaton(commands, characters, store=store_in(tmp_path)), good)


def test_a_value_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    value = (1, 2)
    commands = commands_in(tmp_path, ["open {app}"], app={"firefox": value})
    for _ in range(2):
        found = compile_automaton(commands, characters, store=store_in(tmp_path)).parse("open firefox")
        assert found is not None
        assert found.slots == {"app": value}
    assert not files_in(tmp_path)
